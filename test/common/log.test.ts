// The log: what a program really prints, from a process of its own.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { z } from "zod";

const Line = z.looseObject({ level: z.string(), time: z.string(), name: z.string() });

/** The lines that a logger of `level` prints when `statements` are done with it. */
async function printed(statements: string, level = "info"): Promise<z.infer<typeof Line>[]> {
  const module = fileURLToPath(new URL("../../common/log.ts", import.meta.url));
  const program = `const { createLog } = await import(${JSON.stringify(module)});
    const log = createLog("a-program", ${JSON.stringify(level)}); ${statements}`;
  const { stdout, stderr } = await execa(process.execPath, ["--input-type=module", "--eval", program]);
  expect(stderr).toBe("");
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [Line.parse(JSON.parse(line))]));
}

test("a line has level, time, name and message, and neither pid nor host name", async () => {
  const [line, ...others] = await printed(`log.info({ node: "a" }, "done");`);
  expect(others).toEqual([]);
  expect(line).toEqual({ level: "info", time: expect.any(String), name: "a-program", node: "a", msg: "done" });
  expect(new Date(line?.time ?? "").toISOString()).toBe(line?.time);
});

test("lines below the level are not printed", async () => {
  const lines = await printed(`log.debug("a"); log.info("b"); log.warn("c"); log.error("d");`, "warn");
  expect(lines.map(({ level }) => level)).toEqual(["warn", "error"]);
});

test.each([
  `log.info({ password: secret }, "m")`,
  `log.info({ token: secret }, "m")`,
  `log.info({ account: { username: "u", password: secret } }, "m")`,
  `log.info({ user: { token: secret } }, "m")`,
  `log.info({ headers: { authorization: secret } }, "m")`,
  `log.info({ request: { headers: { authorization: secret } } }, "m")`,
  `log.info({ request: { headers: { Authorization: secret } } }, "m")`,
  `log.info({ vcenters: [{ server: "vc", password: secret }] }, "m")`,
  `log.info({ a: { b: { c: { password: secret } } } }, "m")`,
  `log.info({ a: { b: { c: { d: { token: secret } } } } }, "m")`,
  `log.info({ cookie: secret, headers: { "set-cookie": secret } }, "m")`,
  `log.error({ err: Object.assign(new Error("no"), { config: { password: secret } }) }, "m")`,
  `log.info({ url: "https://user:" + secret + "@vc.example.com/sdk" }, "m")`,
  `log.info({ a: { urls: ["https://user:" + secret + "@vc.example.com/sdk"] } }, "m")`,
  `log.info("GET https://user:" + secret + "@vc.example.com/sdk failed")`,
  `log.error({ err: new Error("GET https://user:" + secret + "@vc.example.com failed") }, "m")`,
  `log.info("sent Authorization: Bearer " + secret + ".0123456789")`,
  `log.info({ password: 'a"b\\\\' + secret + '"' }, "m")`,
  `log.child({ password: secret }).info("m")`,
])("%s prints no secret", async (statement) => {
  const lines = await printed(`const secret = "t0p-s3cret"; ${statement};`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toHaveProperty("msg");
  expect(JSON.stringify(lines)).not.toContain("t0p-s3cret");
});

test("what is no secret stays", async () => {
  const [line] = await printed(`log.info({ a: { b: [1, null, "x"] }, bytes: 7, none: undefined }, "m@n //o");`);
  expect(line).toMatchObject({ a: { b: [1, null, "x"] }, bytes: 7, msg: "m@n //o" });
});
