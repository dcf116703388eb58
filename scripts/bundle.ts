// The bundle command: `npm run bundle` writes dist/, which the Dockerfile copies.
import { fileURLToPath } from "node:url";
import { writeBundles } from "./bundles.ts";

await writeBundles(fileURLToPath(new URL("../dist", import.meta.url)));
