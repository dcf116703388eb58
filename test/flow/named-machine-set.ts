// A MachineSet beside those of the lab, under a name of its own, and odd in what a test wants.
import { z } from "zod";
import type { KubeObject } from "../lab/api.ts";
import type { Zone } from "../lab/topology.ts";
import { machineSet } from "../lab/vsphere-objects.ts";
import { zoneA } from "./old-templates.ts";

export interface NamedMachineSet {
  /** Left out: the first. */
  zone?: Zone;
  metadata?: object;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  machineLabels?: Record<string, string>;
  /** Fields of its provider spec. */
  provider?: object;
}

const Labelled = z.looseObject({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) });
const Made = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.unknown(), annotations: z.unknown() }),
  spec: z.looseObject({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: Labelled.extend({
      spec: z.looseObject({ providerSpec: z.object({ value: z.record(z.string(), z.unknown()) }) }),
    }),
  }),
});

/** That of a zone, but for its name and what is `own`. */
export function namedMachineSet(server: string, name: string, own: NamedMachineSet = {}): KubeObject {
  const { metadata, spec } = Made.parse(machineSet(server, own.zone ?? zoneA));
  const { template } = spec;
  const set = { "machine.openshift.io/cluster-api-machineset": name };
  const value = { ...template.spec.providerSpec.value, ...own.provider };
  return {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "MachineSet",
    metadata: {
      ...{ name, namespace: "openshift-machine-api", ...own.metadata },
      labels: { ...Object(metadata.labels), ...own.labels },
      annotations: { ...Object(metadata.annotations), ...own.annotations },
    },
    spec: {
      ...spec,
      selector: { matchLabels: { ...spec.selector.matchLabels, ...set } },
      template: {
        metadata: { labels: { ...template.metadata.labels, ...set, ...own.machineLabels } },
        spec: { ...template.spec, providerSpec: { value } },
      },
    },
  };
}
