// The story of the demo: what happens to a cluster when a boot image is released, step by step, each held to its outcome.

import { playAnnotation } from "../lab/machine-room.ts";
import { machineSetName, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import type { Chapter } from "./performance.ts";
import {
  type JudgedNode,
  judgedNodes,
  kubectl,
  machineApi,
  machineSetTemplates,
  policyTemplates,
  type Stage,
  scale,
  vcenterCalls,
  waitForNodes,
} from "./stage.ts";

export const story: Chapter[] = [
  { title: "Release A: one worker per MachineSet", play: firstWorkers },
  { title: "Release B appears", play: newRelease },
  { title: "A new worker boots release B", play: scaleUp },
  { title: "A node boots an image that nobody asked for", play: wrongImage },
  { title: "What an admin sees", play: tables },
];

/** A step's outcome that did not come true. */
function demand(true_: boolean, what: string): asserts true_ {
  if (!true_) throw new Error(what);
}

async function firstWorkers(stage: Stage): Promise<void> {
  const { narrator, lab } = stage;
  const { release } = lab.images[0];
  for (const zone of zones) await scale(stage, machineSetName(zone), 1);
  narrator.says("admin", `scales ${zones.map(machineSetName).join(" and ")} to 1`);
  await until({ signal: stage.signal, what: "two VMs cloned by the Machine API", within: 90_000 }, async () => {
    const machines = await lab.api.list(`${machineApi}/machines`);
    return machines.length === 2 && machines.every((machine) => JSON.stringify(machine.spec).includes("providerID"));
  });
  narrator.says("machine-api", "has cloned two VMs from the installer's templates");
  const nodes = await waitForNodes(stage, "two Nodes Verified", {
    count: 2,
    test: ({ verdict, bootImage }) => verdict === "Verified" && bootImage === release,
  });
  for (const node of nodes) tellVerdict(stage, node);
  narrator.says("controller", nodes[0]?.message ?? "");
}

function tellVerdict({ narrator }: Stage, node: JudgedNode): void {
  narrator.says("agent", `${node.name} was flashed with ${node.bootImage} and booted ${node.bootedDigest}`);
  narrator.says("controller", `${node.name}: ${node.verdict} (${node.reason})`);
}

async function newRelease(stage: Stage): Promise<void> {
  const { narrator, lab, signal } = stage;
  const [, image] = lab.images;
  const before = { nodes: await judgedNodes(stage), sent: lab.mirror.sent(), calls: await vcenterCalls(stage) };
  await lab.api.apply(bootImages("4.20.15", image));
  narrator.says("release", `ConfigMap coreos-bootimages now names ${image.release}`);
  const shown = new Set<string>();
  await until({ signal, what: "both MachineSets moved to release B", within: 120_000, every: 150 }, async () => {
    for (const template of await policyTemplates(stage)) tellProgress(stage, shown, template);
    return [...(await machineSetTemplates(stage)).values()].every((template) => template.includes(image.release));
  });
  for (const [name, template] of await machineSetTemplates(stage)) narrator.says("controller", `${name} → ${template}`);
  const { requests, bytes } = lab.mirror.sent();
  const imports = calls(await vcenterCalls(stage), "ImportVApp") - calls(before.calls, "ImportVApp");
  demand(requests - before.sent.requests === 1, "the image was not downloaded exactly once");
  demand(imports === 1, `the image was uploaded ${imports} times`);
  const mib = Math.round((bytes - before.sent.bytes) / 2 ** 20);
  narrator.says("lab", `two templates from 1 download (${mib} MiB) and 1 upload; the second place was cloned`);
  const after = await judgedNodes(stage);
  const untouched = before.nodes.every((node) =>
    after.some((now) => now.uid === node.uid && now.verdict === "Verified"),
  );
  demand(untouched, "an existing node was touched");
  narrator.says("lab", "the existing nodes are untouched and still Verified");
}

function calls(counted: Map<string, number>, method: string): number {
  return counted.get(method) ?? 0;
}

function tellProgress(
  { narrator }: Stage,
  shown: Set<string>,
  template: { path: string; state: string; bytesDone?: number | undefined; bytesTotal?: number | undefined },
): void {
  const { path, state, bytesDone, bytesTotal } = template;
  const percent = bytesTotal ? Math.floor((10 * (bytesDone ?? 0)) / bytesTotal) * 10 : undefined;
  const line = `${state} ${path.slice(path.lastIndexOf("/") + 1)}${percent === undefined ? "" : ` ${percent} %`}`;
  if (shown.has(line)) return;
  shown.add(line);
  narrator.says("controller", line);
}

async function scaleUp(stage: Stage): Promise<void> {
  const { narrator, lab } = stage;
  const zone = zones[0];
  demand(zone !== undefined, "the lab has no zone");
  await scale(stage, machineSetName(zone), 2);
  narrator.says("admin", `scales ${machineSetName(zone)} to 2`);
  const { release } = lab.images[1];
  const [node] = await waitForNodes(stage, "a Node with boot image B Verified", {
    count: 1,
    test: ({ verdict, bootImage }) => verdict === "Verified" && bootImage === release,
  });
  demand(node !== undefined, "no node came");
  narrator.says("machine-api", `has cloned ${node.name} from the new template`);
  tellVerdict(stage, node);
  narrator.says("controller", node.message ?? "");
}

async function wrongImage(stage: Stage): Promise<void> {
  const { narrator, lab } = stage;
  const [victim] = await judgedNodes(stage);
  demand(victim !== undefined, "there is no node");
  const patch = { metadata: { annotations: { [playAnnotation]: "wrong-image" } } };
  await lab.api.merge(`${machineApi}/machines/${victim.name}`, patch);
  narrator.says("somebody", `makes ${victim.name} boot another OS image`);
  const [node] = await waitForNodes(stage, "Mismatch", {
    count: 1,
    test: ({ name, verdict }) => name === victim.name && verdict === "Mismatch",
  });
  demand(node?.reason === "OSImageMismatch", `the reason is ${node?.reason}`);
  demand(
    victim.bootedDigest !== undefined && node.message?.includes(victim.bootedDigest) === true,
    "no expected digest",
  );
  demand(node.bootedDigest !== undefined && node.message?.includes(node.bootedDigest) === true, "no observed digest");
  narrator.says("controller", `${node.name}: ${node.verdict} (${node.reason})`);
  narrator.says("controller", node.message ?? "");
  const events = await until({ signal: stage.signal, what: "a Warning Event on the Node" }, async () => {
    const table = await kubectl(
      stage,
      "get",
      "events",
      "--field-selector",
      `involvedObject.name=${node.name},type=Warning`,
    );
    return table.includes("OSImageMismatch") && table;
  });
  narrator.shows(events);
  const metric = await until({ signal: stage.signal, what: "the metric of the Mismatch" }, async () => {
    const text = await (await fetch(lab.controller?.metrics ?? "")).text();
    return text
      .split("\n")
      .find((line) => line.startsWith("bootwarden_node_verdict{") && line.includes("OSImageMismatch"));
  });
  narrator.shows(metric);
}

async function tables(stage: Stage): Promise<void> {
  const labels = "bootwarden.io/verdict,bootwarden.io/os-digest";
  const columns = [
    "NAME:.metadata.name",
    "REPLICAS:.spec.replicas",
    "TEMPLATE:.spec.template.spec.providerSpec.value.template",
  ];
  const commands = [
    ["get", "nodes", "-L", labels],
    ["-n", "openshift-machine-api", "get", "machinesets", "-o", `custom-columns=${columns.join(",")}`],
    ["get", "bootimagepolicies"],
  ];
  for (const command of commands) {
    stage.narrator.shows(`$ kubectl ${command.join(" ")}\n${await kubectl(stage, ...command)}\n`);
  }
}
