// The aleph: what the image builder wrote onto the disk about the release it was first flashed with; no update touches it.

import { oneLine } from "../../common/one-line.ts";
import type { BootImage } from "../../common/report.ts";
import { z } from "../../common/schema.ts";
import { readHostFile } from "./file.ts";

/**
 * In bootupd's order. The first is a plain file of coreos-assembler (key `build`) or a link to the second (osbuild, key `version`);
 * the third is written by `bootc install`.
 */
const files = ["sysroot/.coreos-aleph-version.json", "sysroot/.aleph-version.json", "sysroot/.bootc-aleph.json"];

const limit = 256 * 1024;

/** The release from the first file that names one. No file is no failure: such a disk was not made from a CoreOS image. */
export async function readAleph(root: string): Promise<{ bootImage: BootImage | null; warnings: string[] }> {
  const warnings: string[] = [];
  for (const file of files) {
    const source = `/${file}`;
    try {
      const text = await readHostFile(root, file, limit);
      if (text === null) continue;
      const release = parseAleph(text);
      if (release !== null) return { bootImage: { release, source }, warnings };
      warnings.push(`${source} names no release`);
    } catch (error) {
      warnings.push(oneLine(`${source} cannot be read: ${error instanceof Error ? error.message : error}`, 200));
    }
  }
  return { bootImage: null, warnings };
}

const release = z.string().check(z.regex(/^[\w.+~:-]{1,128}$/));
const known = z.catch(z.optional(release), undefined);
const Aleph = z.object({ version: known, build: known });

/** The release in the text of an aleph file; null when it is no such file. `imgid` is not used: it names the qemu image everywhere. */
export function parseAleph(text: string): string | null {
  try {
    const aleph = Aleph.safeParse(JSON.parse(text));
    return aleph.data?.version ?? aleph.data?.build ?? null;
  } catch {
    return null;
  }
}
