// What the template of a place is to keep, asked of the MachineSets that will use it.
import { readKept } from "./apply/read-kept.ts";
import type { KeepInput, Kept } from "./decide/keep.ts";
import type { PlanInput } from "./decide/plan.ts";
import type { Session } from "./vsphere/session.ts";

/** An assessment. */
interface Asked {
  policy: { template: KeepInput["template"] } | undefined;
  planInput: Pick<PlanInput, "machineSets">;
}

/** For a step that makes a template in the place with that key, right before it does. Reads only. Throws VimFault. */
export async function readKeptOf(session: Session, { policy, planInput }: Asked, placeKey: string): Promise<Kept> {
  const providers = planInput.machineSets.flatMap(({ facts: { provider }, manager, place }) => {
    const isHere = place.ok && place.value.key === placeKey;
    // What others manage (a Windows MachineSet, one on hold) has nothing to do with the new template.
    return isHere && manager.managedBy === "Bootwarden" && provider !== null ? [provider] : [];
  });
  const { diskProvisioning = "Auto", snapshot = "Auto" } = policy?.template ?? {};
  return await readKept(session, { template: { diskProvisioning, snapshot }, providers });
}
