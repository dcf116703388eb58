// The template of a MachineSet: the one field of it that is written, and the annotation that leads back.

import { machineSetAnnotations } from "../../common/annotations.ts";
import { Failure } from "../../common/failure.ts";
import { type Kube, KubeError } from "./kube.ts";
import type { MachineSetObject } from "./machine-objects.ts";

/** The MachineSet could not be moved: MachineSetChanged, MachineSetWriteRefused or ApiUnreachable. */
export class MachineSetError extends Failure {}

const templatePath = "/spec/template/spec/providerSpec/value/template";

/** Points the MachineSet at `template`, if it still names `was`, in one JSON Patch. Throws MachineSetError. */
export async function pointMachineSet(
  kube: Kube,
  machineSet: Pick<MachineSetObject, "name" | "namespace" | "annotations">,
  { was, template }: { was: string; template: string },
): Promise<void> {
  const { name, namespace, annotations } = machineSet;
  const path = `/apis/machine.openshift.io/v1beta1/namespaces/${namespace}/machinesets/${name}`;
  const noted = `/metadata/annotations/${machineSetAnnotations.previousTemplate.replace("/", "~1")}`;
  const body = [
    { op: "test", path: templatePath, value: was },
    { op: "replace", path: templatePath, value: template },
    // A pointer into a map that is missing is an error in JSON Patch.
    ...(Object.keys(annotations).length === 0 ? [{ op: "add", path: "/metadata/annotations", value: {} }] : []),
    { op: "add", path: noted, value: was },
  ];
  try {
    await kube.patch(path, "json-patch", body);
  } catch (cause) {
    throw explained(cause, name, was);
  }
}

function explained(cause: unknown, name: string, was: string): unknown {
  if (!(cause instanceof KubeError)) return cause;
  // An API server answers a failed `test` with 422 and "the server rejected our request due to an error in our request".
  if (cause.status === 409 || (cause.status === 422 && /rejected our request|test/i.test(cause.message))) {
    const message = `MachineSet ${name} no longer names template ${was}: somebody changed it; it is looked at again.`;
    return new MachineSetError("MachineSetChanged", message, { cause });
  }
  if (cause.status === 0) return cause;
  return new MachineSetError("MachineSetWriteRefused", `MachineSet ${name} was not moved: ${cause.message}`, { cause });
}
