// The image command where nothing can build an image, and where it is asked for what it does not know.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test, vi } from "vitest";

const script = fileURLToPath(new URL("../../scripts/image.ts", import.meta.url));

// Each starts a process of Node's.
vi.setConfig({ testTimeout: 60_000 });

test("without a container engine it says so in a sentence, and what would do", async () => {
  const env = { PATH: "/nonexistent" };
  const ended = await execa(process.execPath, [script], { env, extendEnv: false, reject: false });
  expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ended.stderr).toMatch(/^No container engine works here: podman is not installed, docker .*, buildah .*\.$/);
});

test("an unknown option ends in the usage", async () => {
  const ended = await execa(process.execPath, [script, "--push"], { reject: false });
  expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ended.stderr).toMatch(/'--push'.*\nUsage: npm run image/s);
});
