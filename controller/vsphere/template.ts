// A template: what is read of it, and what is done to it.
import { z } from "zod";
import { type Reference, readAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { isGone } from "./fault.ts";
import { inventoryPath } from "./inventory.ts";
import { type Markers, markerPaths, markersOf } from "./markers.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import { runTask } from "./task.ts";

export interface TemplateFacts {
  reference: Reference;
  /** Absolute inventory path. */
  path: string;
  name: string;
  isTemplate: boolean;
  poweredOn: boolean;
  /** `summary.config.product.version`: the release, from the OVF it was made from; null if it has none. */
  productVersion: string | null;
  /** Null unless it carries all of ours. A worker cloned from our template carries them too. */
  markers: Markers | null;
  instanceUuid: string | null;
  /** `config.uuid`: the one in a Machine's providerID. */
  biosUuid: string | null;
  /** `config.createDate`, RFC 3339. */
  createDate: string | null;
}

/** The property paths that `templateFacts` reads: of extraConfig only the markers, by key. */
export function templatePaths(): string[] {
  return [...Object.keys(Config.shape), ...markerPaths];
}

/** Reads a template or VM. Throws VimFault; `isGone` tells one that does not exist. */
export async function readTemplate(session: Session, reference: Reference): Promise<TemplateFacts> {
  const [properties, path] = await Promise.all([
    readProperties(session, reference, templatePaths()),
    inventoryPath(session, reference),
  ]);
  return templateFacts(session.server, { reference, properties, path });
}

/** The facts in properties that were read by `templatePaths`. Throws VimFault UnreadableAnswer. */
export function templateFacts(server: string, { reference, properties, path }: ReadTemplate): TemplateFacts {
  const config = readAnswer(Config, properties, `Virtual machine ${path} at vCenter ${server}`);
  return {
    reference,
    path,
    name: config.name,
    isTemplate: config["config.template"],
    poweredOn: config["runtime.powerState"] !== "poweredOff",
    productVersion: config["summary.config.product.version"] || null,
    markers: markersOf(properties),
    instanceUuid: config["config.instanceUuid"] ?? null,
    biosUuid: config["config.uuid"] ?? null,
    createDate: config["config.createDate"] ?? null,
  };
}

interface ReadTemplate {
  reference: Reference;
  properties: Record<string, unknown>;
  /** Absolute inventory path. */
  path: string;
}

/** Turns a powered-off VM into a template. */
export async function markAsTemplate(session: Session, reference: Reference): Promise<void> {
  await session.call("MarkAsTemplate", { on: reference });
}

/** Throws VimFault NameTaken if the folder has an object of that name. */
export async function rename(session: Session, reference: Reference, name: string): Promise<void> {
  const fields = [element("newName", name)];
  await runTask(session, ["Rename_Task", { on: reference, fields }], {
    what: `Renaming ${reference.value} to ${name}`,
  });
}

/** Removes a VM or template and its disks; one that is gone already is no failure. */
export async function destroy(session: Session, reference: Reference): Promise<void> {
  try {
    await runTask(session, ["Destroy_Task", { on: reference }], { what: `Removing ${reference.value}` });
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

/** Lets a VM start without EFI secure boot, as OpenShift's own boot image controller does. Before it becomes a template. */
export async function disableSecureBoot(session: Session, reference: Reference): Promise<void> {
  const fields = [element("spec", [element("bootOptions", [element("efiSecureBootEnabled", false)])])];
  const what = `Turning secure boot of ${reference.value} off`;
  await runTask(session, ["ReconfigVM_Task", { on: reference, fields }], { what });
}

const Config = z.object({
  name: z.string(),
  "config.template": z.stringbool().default(false),
  "runtime.powerState": z.string(),
  "summary.config.product.version": z.string().optional(),
  "config.instanceUuid": z.string().optional(),
  "config.uuid": z.string().optional(),
  "config.createDate": z.string().optional(),
});
