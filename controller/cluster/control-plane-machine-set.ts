// The ControlPlaneMachineSet: what the control plane's machines are cloned from.
import { z } from "zod";
import { readProvider } from "./machine-objects.ts";
import { Metadata } from "./metadata.ts";

const kind = "machines_v1beta1_machine_openshift_io";

/** Machines of another type than the only one there is may name their template elsewhere: that is an error. */
const ControlPlaneMachineSetObject = z.object({
  metadata: Metadata,
  spec: z.object({
    template: z.object({
      machineType: z.literal(kind),
      [kind]: z.object({
        spec: z.object({ providerSpec: z.object({ value: z.unknown().optional() }).optional() }),
      }),
    }),
  }),
});

/**
 * The installer leaves `template` empty where there are failure domains: the operator then takes that of Infrastructure/cluster
 * (openshift/api `machine/v1`; a vSphere failure domain of this object is a name and nothing else).
 */
export function readControlPlaneMachineSet(object: unknown) {
  const { metadata, spec } = ControlPlaneMachineSetObject.parse(object);
  return {
    name: metadata.name,
    labels: metadata.labels,
    provider: readProvider(spec.template[kind].spec.providerSpec?.value),
  };
}
