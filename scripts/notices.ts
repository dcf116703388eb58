// The notices: names, versions, licenses and notices of the packages of which something is in the bundles, as their licenses ask for.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Package = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]),
});

/** The text for `modules` (paths of source files; those outside of node_modules are our own). */
export async function noticesOf(modules: readonly string[]): Promise<string> {
  const directories = new Set(modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const notices = await Promise.all([...directories].map(noticeOf));
  return `${[...new Set(notices)].sort().join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function noticeOf(directory: string): Promise<string> {
  const { name, version, license } = Package.parse(JSON.parse(await readFile(join(directory, "package.json"), "utf8")));
  const names = await readdir(directory);
  const files = [/^licen[cs]e(\.|$)/i, /^notice(\.|$)/i].flatMap((form) => names.find((one) => form.test(one)) ?? []);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
  return [`${name} ${version} (${license})\n`, ...texts.map((text) => `${text.trim()}\n`)].join("\n");
}
