// The hardware version of a virtual machine: what `vmx-21` says of the devices that it may have.
import { z } from "zod";
import { type Reference, readAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { VimFault } from "./fault.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import { runTask } from "./task.ts";

/** The number in `config.version`, such as 21 of `vmx-21`; null for anything else. */
export function hardwareNumber(version: string): number | null {
  const digits = /^vmx-(\d{1,4})$/.exec(version)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Upgrades a powered-off VM to the hardware version if it has a lower one; resolves with what it had. Not a template.
 * Throws VimFault: that of vCenter where the host is too old for it.
 */
export async function raiseHardware(session: Session, reference: Reference, version: number): Promise<number | null> {
  const what = `Hardware version of ${reference.value} at vCenter ${session.server}`;
  const { "config.version": text } = readAnswer(
    Config,
    await readProperties(session, reference, ["config.version"]),
    what,
  );
  const had = hardwareNumber(text);
  if (had !== null && had >= version) return had;
  const fields = [element("version", `vmx-${version}`)];
  const waiting = { what: `Upgrading the hardware of ${reference.value} to vmx-${version}` };
  await runTask(session, ["UpgradeVM_Task", { on: reference, fields }], waiting).catch((thrown: unknown) => {
    if (!(thrown instanceof VimFault && thrown.fault === "AlreadyUpgraded")) throw thrown;
  });
  return had;
}

const Config = z.object({ "config.version": z.string() });
