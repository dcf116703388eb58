// What the template of a place is to keep, asked of the MachineSets that will use it.
import { readKept } from "./apply/read-kept.ts";
import { isSameImage } from "./decide/boot-image.ts";
import type { KeepInput, Kept } from "./decide/keep.ts";
import type { PlanInput } from "./decide/plan.ts";
import type { Step } from "./decide/steps.ts";
import type { Session } from "./vsphere/session.ts";

/** An assessment. */
interface Asked {
  policy: { template: KeepInput["template"] } | undefined;
  planInput: Pick<PlanInput, "machineSets">;
}

/** For a step that makes a template of the image in the place, right before it does. Reads only. Throws VimFault. */
export async function readKeptOf(
  session: Session,
  { policy, planInput }: Asked,
  made: Pick<Step, "place" | "image">,
): Promise<Kept> {
  const providers = planInput.machineSets.flatMap(({ facts: { provider }, manager, target, place }) => {
    const isHere = place.ok && place.value.key === made.place.key;
    const isIt = target.ok && isSameImage(target.value, made.image);
    // What others manage (a Windows MachineSet, one on hold) has nothing to do with the new template.
    return isHere && isIt && manager.managedBy === "Bootwarden" && provider !== null ? [provider] : [];
  });
  const { diskProvisioning = "Auto", snapshot = "Auto" } = policy?.template ?? {};
  return await readKept(session, { template: { diskProvisioning, snapshot }, providers });
}
