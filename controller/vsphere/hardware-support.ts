// The hardware versions that a host can have virtual machines of.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { hardwareNumber } from "./hardware.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

export interface HardwareSupport {
  /** The host's name. */
  host: string;
  /** The highest version, such as 21 of `vmx-21`; null where vCenter does not say. */
  highest: number | null;
}

/**
 * What the host can have. Asked of vCenter, since a table of ESXi versions would be out
 * of date with the next one; System.View is enough. Throws VimFault.
 */
export async function hardwareSupport(session: Session, host: Reference): Promise<HardwareSupport> {
  const what = `Hardware versions of ${host.value} at vCenter ${session.server}`;
  const { name, parent } = readAnswer(Host, await readProperties(session, host, ["name", "parent"]), what);
  const { environmentBrowser: on } = readAnswer(
    Browsed,
    await readProperties(session, parent, ["environmentBrowser"]),
    what,
  );
  if (on === undefined) return { host: name, highest: null };
  const { value } = await session.call("QueryConfigOptionDescriptor", { on });
  return { host: name, highest: highestOf(readAnswer(Descriptors, value, what), host) };
}

const Host = z.object({ name: z.string(), parent: Reference });
const Browsed = z.object({ environmentBrowser: Reference.optional() });
const Descriptors = listOf(
  z.object({ key: z.string(), host: listOf(Reference), createSupported: z.stringbool().default(true) }),
);

/** The highest that the host is named for; one without hosts goes for all. */
export function highestOf(descriptors: z.output<typeof Descriptors>, { value }: Reference): number | null {
  const numbers = descriptors
    .filter(({ createSupported }) => createSupported)
    .filter(({ host }) => host.length === 0 || host.some((one) => one.value === value))
    .flatMap(({ key }) => hardwareNumber(key) ?? []);
  return numbers.length === 0 ? null : Math.max(...numbers);
}
