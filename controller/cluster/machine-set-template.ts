// The template of a MachineSet: the one field of it that is written, and the annotation that leads back.
import { machineSetAnnotations } from "../../common/annotations.ts";
import { Failure } from "../../common/failure.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import type { MachineSetObject } from "./machine-objects.ts";

/** The MachineSet could not be moved: MachineSetChanged, MachineSetWriteRefused or ApiUnreachable. */
class MachineSetError extends Failure {}

export interface TemplateChange {
  /** What the MachineSet names now; empty where it names none. */
  was: string;
  template: string;
}

interface Operation {
  op: "test" | "replace" | "add";
  path: string;
  value: unknown;
}

const templatePath = "/spec/template/spec/providerSpec/value/template";

/** Points the MachineSet at `template`, if it still names `was`, in one JSON Patch. Throws MachineSetError. */
export async function pointMachineSet(
  kube: Kube,
  machineSet: Pick<MachineSetObject, "name" | "namespace" | "resourceVersion" | "annotations">,
  { was, template }: TemplateChange,
): Promise<void> {
  const { name, namespace } = machineSet;
  const path = `/apis/machine.openshift.io/v1beta1/namespaces/${namespace}/machinesets/${name}`;
  try {
    await kube.patch(path, "json-patch", patchOf(machineSet, { was, template }));
  } catch (cause) {
    throw explained(cause, name, was);
  }
}

/**
 * The JSON Patch (RFC 6902). What cannot be guarded by the old template (there is none, or the annotations have to be made
 * and would replace somebody else's) is guarded by the version of the whole object.
 */
export function patchOf(
  { annotations, resourceVersion }: Pick<MachineSetObject, "annotations" | "resourceVersion">,
  { was, template }: TemplateChange,
): Operation[] {
  const makesMap = Object.keys(annotations).length === 0;
  const unchanged: Operation = { op: "test", path: "/metadata/resourceVersion", value: resourceVersion };
  const noted = `/metadata/annotations/${machineSetAnnotations.previousTemplate.replaceAll("/", "~1")}`;
  return [
    ...(was === "" ? [] : [{ op: "test", path: templatePath, value: was } as const]),
    ...(was === "" || makesMap ? [unchanged] : []),
    { op: was === "" ? "add" : "replace", path: templatePath, value: template },
    // A pointer into a map that is missing is an error in JSON Patch.
    ...(makesMap ? [{ op: "add", path: "/metadata/annotations", value: {} } as const] : []),
    { op: "add", path: noted, value: was },
  ];
}

function explained(cause: unknown, name: string, was: string): unknown {
  if (!(cause instanceof KubeError)) return cause;
  // An API server answers a failed `test` with 422 and "the server rejected our request due to an error in our request".
  if (cause.status === 409 || (cause.status === 422 && /rejected our request/.test(cause.message))) {
    const message = `MachineSet ${name}, which named template ${was}, was changed by somebody else: it is looked at again.`;
    return new MachineSetError("MachineSetChanged", message, { cause });
  }
  if (cause.status === 0) return cause;
  return new MachineSetError("MachineSetWriteRefused", `MachineSet ${name} was not moved: ${cause.message}`, { cause });
}
