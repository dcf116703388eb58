// The bundles of agent and controller, as the image ships them: `npm run bundle` writes them into dist/.
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle-program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
for (const [program, bundle] of [
  ["agent", "agent.cjs"],
  ["controller", "controller.js"],
] as const) {
  await bundleProgram(`${root}${program}/main.ts`, `${root}dist/${bundle}`);
}
