// The stage of the demo: the lab, and the questions that its steps ask of it.
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import { agentAnnotations, nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import type { KubeObject } from "../lab/api.ts";
import type { Lab } from "../lab/lab.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { until } from "../lab/until.ts";
import type { Narrator } from "./narrator.ts";

export interface Stage {
  lab: Lab;
  narrator: Narrator;
  signal: AbortSignal;
}

export const machineApi = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api";
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";

export interface JudgedNode {
  name: string;
  uid: string;
  verdict: string | undefined;
  reason: string | undefined;
  message: string | undefined;
  bootImage: string | undefined;
  bootedDigest: string | undefined;
}

/** The Nodes with what bootwarden has written on them. */
export async function judgedNodes({ lab }: Pick<Stage, "lab">): Promise<JudgedNode[]> {
  return (await lab.api.list("/api/v1/nodes")).map(({ metadata: { name, uid, labels, annotations } }) => ({
    name,
    uid: uid ?? "",
    verdict: labels?.[nodeLabels.verdict],
    reason: annotations?.[nodeAnnotations.verdictReason],
    message: annotations?.[nodeAnnotations.verdictMessage],
    bootImage: annotations?.[agentAnnotations.bootImage],
    bootedDigest: annotations?.[agentAnnotations.bootedDigest],
  }));
}

/** Waits until `count` Nodes satisfy the test, and gives them. */
export async function waitForNodes(
  stage: Stage,
  what: string,
  { count, test }: { count: number; test: (node: JudgedNode) => boolean },
): Promise<JudgedNode[]> {
  return await until({ signal: stage.signal, what, within: 90_000, every: 250 }, async () => {
    const all = await judgedNodes(stage);
    const nodes = all.filter(test);
    if (nodes.length >= count) return nodes;
    throw new Error(all.map((node) => `${node.name}: ${node.verdict} (${node.reason})`).join(", ") || "no Node");
  });
}

const Template = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ providerSpec: z.object({ value: z.object({ template: z.string() }) }) }) }),
  }),
});

/** What each MachineSet's machines are cloned from, by MachineSet. */
export async function machineSetTemplates({ lab }: Pick<Stage, "lab">): Promise<Map<string, string>> {
  const sets = await lab.api.list(`${machineApi}/machinesets`);
  const templateOf = (set: KubeObject) => Template.parse(set).spec.template.spec.providerSpec.value.template;
  return new Map(sets.map((set) => [set.metadata.name, templateOf(set)]));
}

export async function scale({ lab }: Pick<Stage, "lab">, machineSet: string, replicas: number): Promise<void> {
  await lab.api.merge(`${machineApi}/machinesets/${machineSet}`, { spec: { replicas } });
}

const Progress = z.object({
  status: z
    .object({
      templates: z
        .array(
          z.object({
            server: z.string(),
            path: z.string(),
            state: z.string(),
            bytesDone: z.number().optional(),
            bytesTotal: z.number().optional(),
            bytesPerSecond: z.number().optional(),
          }),
        )
        .default([]),
    })
    .default({ templates: [] }),
});

/** The templates in the policy's status. */
export async function policyTemplates({ lab }: Stage) {
  return Progress.parse(await lab.api.get(policy)).status.templates;
}

/** How often each method was called at the vCenter. */
export async function vcenterCalls({ lab }: Stage): Promise<Map<string, number>> {
  const calls = new Map<string, number>();
  for (const line of (await readFile(lab.vcenter.trace, "utf8")).trim().split("\n")) {
    const { method } = z.object({ method: z.string() }).parse(JSON.parse(line));
    calls.set(method, (calls.get(method) ?? 0) + 1);
  }
  return calls;
}

/** The output of kubectl. */
export async function kubectl({ lab, signal }: Stage, ...commandLine: string[]): Promise<string> {
  const { stdout } = await execa("kubectl", ["--kubeconfig", lab.controlPlane.kubeconfig, ...commandLine], {
    env: inheritedEnvironment(),
    extendEnv: false,
    cancelSignal: signal,
    timeout: 30_000,
  });
  return stdout;
}
