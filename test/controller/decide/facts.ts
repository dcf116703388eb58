// The facts of the fixtures: OpenShift objects from test/fixtures, narrowed to what decisions are made from.
import { readFileSync } from "node:fs";
import { loadYaml } from "@kubernetes/client-node";
import { z } from "zod";
import { architectureOf } from "../../../controller/decide/architecture.ts";
import { bootImages } from "../../../controller/decide/boot-image.ts";
import type { MachineSetFacts } from "../../../controller/decide/machine-set.ts";
import { osStream } from "../../../controller/decide/os-stream.ts";
import type { FailureDomain } from "../../../controller/decide/place.ts";
import type { Pool } from "../../../controller/decide/pool.ts";
import type { NodeFacts } from "../../../controller/decide/verdict.ts";

export function fixture<T>(name: string, schema: z.ZodType<T>): T {
  const text = readFileSync(new URL(`../../fixtures/${name}.yaml`, import.meta.url), "utf8");
  return schema.parse(loadYaml(text));
}

const strings = z.record(z.string(), z.string()).default({});

const MachineSet = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: strings,
    annotations: strings,
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
  }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: strings }),
      spec: z.object({
        providerSpec: z.object({
          value: z.object({
            template: z.string(),
            workspace: z.record(z.string(), z.string()),
            network: z.object({ devices: z.array(z.object({ networkName: z.string() })) }),
            cloneMode: z.string().optional(),
          }),
        }),
      }),
    }),
  }),
});

const imageOf = bootImages(fixture("configmap-coreos-bootimages", z.object({ data: strings })).data);

export function machineSetFacts(name: string, multiArch = false): MachineSetFacts {
  const { metadata, spec } = fixture(`machineset-${name}`, MachineSet);
  const architecture = architectureOf(metadata.annotations, multiArch);
  const { template, workspace, network, cloneMode } = spec.template.spec.providerSpec.value;
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    labels: metadata.labels,
    annotations: metadata.annotations,
    owners: metadata.ownerReferences,
    templateLabels: spec.template.metadata.labels,
    image: architecture.ok
      ? imageOf({ stream: osStream(metadata.labels), architecture: architecture.value })
      : architecture,
    provider: { template, workspace, networkName: network.devices[0]?.networkName ?? "", cloneMode },
  };
}

const Infrastructure = z.object({
  spec: z.object({
    platformSpec: z.object({
      vsphere: z.object({
        failureDomains: z.array(
          z.object({
            name: z.string(),
            server: z.string(),
            topology: z.object({
              datacenter: z.string(),
              datastore: z.string(),
              computeCluster: z.string(),
              resourcePool: z.string(),
              folder: z.string(),
            }),
          }),
        ),
      }),
    }),
  }),
});

export function failureDomains(name: string): FailureDomain[] {
  const { failureDomains } = fixture(name, Infrastructure).spec.platformSpec.vsphere;
  return failureDomains.map(({ topology, ...domain }) => ({ ...domain, ...topology }));
}

const Node = z.object({
  metadata: z.object({ name: z.string(), labels: strings, annotations: strings }),
  status: z.object({ nodeInfo: z.object({ bootID: z.string(), osImage: z.string(), operatingSystem: z.string() }) }),
});

export function nodeFacts(name: string): NodeFacts {
  const { metadata, status } = fixture(name, Node);
  return { ...metadata, ...status.nodeInfo };
}

const MachineConfigPool = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    paused: z.boolean(),
    nodeSelector: z.object({ matchLabels: strings }),
    configuration: z.object({ name: z.string() }),
  }),
});

export function workerPool(): Pool {
  const { metadata, spec } = fixture("machineconfigpool-worker", MachineConfigPool);
  const { nodeSelector, configuration, paused } = spec;
  return { name: metadata.name, nodeSelector, configuration: configuration.name, paused };
}
