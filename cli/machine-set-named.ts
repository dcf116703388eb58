// The MachineSet of a name that somebody typed.
import { Failure } from "../common/failure.ts";
import { hint } from "./did-you-mean.ts";
import type { Api } from "./kube/api.ts";
import { type MachineSetFacts, readMachineSet, readMachineSets } from "./read-machines.ts";

/** NameUnknown. */
class NameError extends Failure {}

/** `machineset/NAME` is taken as well. Throws NameError, RightMissing and ApiError. */
export async function machineSetNamed(api: Api, typed: string): Promise<MachineSetFacts> {
  const name = typed.replace(/^machinesets?\//i, "");
  const found = await readMachineSet(api, name);
  if (found !== null) return found;
  const names = await readMachineSets(api)
    .then((all) => all.map((one) => one.name))
    .catch(() => []);
  const listed =
    names.length === 0 ? "" : ` There are ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}.`;
  throw new NameError(
    "NameUnknown",
    `There is no MachineSet ${name} in openshift-machine-api.${hint(name, names) || listed}`,
  );
}
