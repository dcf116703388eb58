// The names under which a template is made: a temporary one that nobody uses, and a final one that nobody has.
import { createHash } from "node:crypto";
import { VimFault } from "../vsphere/fault.ts";
import { findByPath } from "../vsphere/inventory.ts";
import type { Session } from "../vsphere/session.ts";
import { readTemplate, type TemplateFacts } from "../vsphere/template.ts";
import { isUsable, type Owner } from "./ownership.ts";

/** vSphere's limit on the name of a virtual machine. */
const longestName = 80;
const tries = 9;
const temporaryPrefix = "bootwarden-import-";

export interface Naming {
  owner: Owner;
  image: { release: string; sha256: string };
  /** Absolute path of the folder. */
  folderPath: string;
  finalName: string;
}

/**
 * The final name, or the next with `-2`, `-3`, … that is free; `existing` is a template of the image that has it already. What
 * has the name and is no such template is left alone. Throws VimFault NameTaken if there is no name left.
 */
export async function chooseName(
  session: Session,
  naming: Naming,
): Promise<{ name: string; existing: TemplateFacts | null }> {
  for (const name of numbered(naming.finalName)) {
    const standing = await standingAt(session, `${naming.folderPath}/${name}`);
    if (standing === "free") return { name, existing: null };
    if (standing !== "other" && isUsable(standing, naming.image, naming.owner)) return { name, existing: standing };
  }
  throw taken(session, naming, naming.finalName);
}

/**
 * A temporary name that is free: neither somebody else's VM is touched, nor is a leftover of ours waited for that is locked.
 * Throws VimFault NameTaken.
 */
export async function freeTemporaryName(session: Session, naming: Naming): Promise<string> {
  const temporary = temporaryName(naming.owner.infrastructureName, naming.finalName);
  for (const name of numbered(temporary)) {
    if ((await findByPath(session, `${naming.folderPath}/${name}`)) === null) return name;
  }
  throw taken(session, naming, temporary);
}

/** The same for the same template in every run: so that a leftover is found. */
export function temporaryName(cluster: string, finalName: string): string {
  const digest = createHash("sha256").update(`${cluster}/${finalName}`).digest("hex");
  return `${temporaryPrefix}${digest.slice(0, 8)}`;
}

export function isTemporaryName(name: string): boolean {
  return name.startsWith(temporaryPrefix);
}

function numbered(name: string): string[] {
  const names = [name, ...Array.from({ length: tries - 1 }, (_, index) => `${name}-${index + 2}`)];
  return names.filter((one) => one.length <= longestName);
}

/** What has a path: nothing, a virtual machine or template, or an object of another kind. */
async function standingAt(session: Session, path: string): Promise<"free" | "other" | TemplateFacts> {
  const reference = await findByPath(session, path);
  if (reference === null) return "free";
  return reference.type === "VirtualMachine" ? await readTemplate(session, reference) : "other";
}

function taken(session: Session, { folderPath }: Naming, name: string): VimFault {
  const where = `${folderPath} of vCenter ${session.server}`;
  return new VimFault(
    "NameTaken",
    `The name ${name} and its numbered variants are taken in ${where}: remove or rename one.`,
  );
}
