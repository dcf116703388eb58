// The hardware versions that a host can have virtual machines of.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { hardwareNumber } from "./hardware.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

/**
 * The highest, such as 21 of `vmx-21`; null where vCenter does not say. Asked of vCenter, since a table of ESXi versions would be out
 * of date with the next one; System.View is enough. Throws VimFault.
 */
export async function highestHardware(session: Session, host: Reference): Promise<number | null> {
  const what = `Hardware versions of ${host.value} at vCenter ${session.server}`;
  const { parent } = readAnswer(Parent, await readProperties(session, host, ["parent"]), what);
  const { environmentBrowser: on } = readAnswer(
    Browsed,
    await readProperties(session, parent, ["environmentBrowser"]),
    what,
  );
  if (on === undefined) return null;
  const { value } = await session.call("QueryConfigOptionDescriptor", { on });
  return highestOf(readAnswer(Descriptors, value, what), host);
}

const Parent = z.object({ parent: Reference });
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
