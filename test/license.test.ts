// The license: the standard text, whole, and the same name wherever a license is named.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { textOf } from "./source-text.ts";

/** Of https://www.apache.org/licenses/LICENSE-2.0.txt. */
const apache2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30";

test("LICENSE is the text of Apache License 2.0, to the byte", () => {
  expect(createHash("sha256").update(textOf("LICENSE")).digest("hex")).toBe(apache2);
});

test("package.json, the lock file and the image name it", () => {
  expect(JSON.parse(textOf("package.json")).license).toBe("Apache-2.0");
  expect(JSON.parse(textOf("package-lock.json")).packages[""].license).toBe("Apache-2.0");
  expect(textOf("Dockerfile")).toContain('org.opencontainers.image.licenses="Apache-2.0"');
});
