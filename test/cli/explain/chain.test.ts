// The chain from the release to the verdict: whole, and where parts of it cannot be read.
import { describe, expect, test } from "vitest";
import type { MachineSetChainFacts, NodeChainFacts } from "../../../cli/explain/facts.ts";
import { machineSetChain } from "../../../cli/explain/machine-set-chain.ts";
import { nodeChain } from "../../../cli/explain/node-chain.ts";
import { chainBlocks, isBroken } from "../../../cli/explain/view.ts";
import { shown } from "../facts.ts";
import { image, machine, machineSet, machineSetChainFacts, node, nodeChainFacts, rendered } from "./chains.ts";

const chain = (change: Partial<NodeChainFacts> = {}) => nodeChain(nodeChainFacts(change));
const setChain = (change: Partial<MachineSetChainFacts> = {}) => machineSetChain(machineSetChainFacts(change));

test("a node as it should be: every link holds, each with its source", () => {
  const links = chain();
  expect(links.map(({ object, standing }) => `${standing} ${object}`)).toEqual([
    "Holds ClusterVersion version",
    "Holds ConfigMap openshift-machine-config-operator/coreos-bootimages",
    "Holds BootImagePolicy cluster",
    "Holds Who manages MachineSet worker-a",
    "Holds Template lab-rhcos-fd-a-9.8.20261116-0",
    "Holds MachineSet worker-a",
    "Holds Machine worker-a-1",
    "Holds Node worker-a-1",
    "Holds Report of the node's agent",
    "Holds Boot image: was the disk flashed from the Machine's template?",
    "Holds MachineConfigPool worker",
    `Holds MachineConfig ${rendered}`,
    "Holds OS image: does the node run what its pool asks for?",
    "Holds Verdict",
  ]);
  expect(shown(chainBlocks("Node worker-a-1", links))).toMatch(/^Node worker-a-1\n\n {2}ok .*\nThe chain holds\.\n$/s);
  expect(links.some(({ todo }) => todo)).toBe(false);
});

describe("of what could not be read", () => {
  test("the links say so, and the rest is shown", () => {
    const links = chain({
      clusterVersion: null,
      bootImages: null,
      policy: null,
      machineSet: null,
      machine: null,
      pools: null,
    });
    expect(links.filter(({ standing }) => standing === "NotKnown").map(({ object }) => object)).toEqual([
      "ClusterVersion version",
      "ConfigMap openshift-machine-config-operator/coreos-bootimages",
      "BootImagePolicy cluster",
      "MachineSet",
      "Machine",
      "MachineConfigPool",
    ]);
    expect(shown(chainBlocks("x", links))).toMatch(
      /The chain holds, as far as it is known \(6 of 10 links are not\)\.\n$/,
    );
  });

  test("a node of no Machine, and a check without an answer, break nothing", () => {
    const links = chain({
      machine: undefined,
      machineSet: undefined,
      node: node({ "bootwarden.io/boot-image-check": "NotKnown/NoMachine" }),
    });
    expect(links.filter(({ standing }) => standing === "NotKnown").map(({ object }) => object.split(":")[0])).toEqual([
      "Machine",
      "Boot image",
    ]);
    expect(isBroken(links)).toBe(false);
  });

  test("a layered node's image is told by the Machine Config Operator", () => {
    const layered = node({
      "machineconfiguration.openshift.io/currentImage": image,
      "machineconfiguration.openshift.io/desiredImage": image,
    });
    const links = chain({ node: layered, osImageURL: undefined, machineOSConfigs: [{ pool: "worker", image }] });
    expect(links.every(({ standing }) => standing === "Holds")).toBe(true);
    expect(links.find(({ object }) => object.startsWith("MachineOSConfig"))?.says).toContain("0823d6fd");
  });
});

describe("of a MachineSet", () => {
  test("ends in its Machines, by phase and by verdict", () => {
    const links = setChain();
    expect(links.at(-1)).toEqual({
      object: "Machines of worker-a",
      standing: "Holds",
      says: "1 Running. Their nodes: 1 Verified.",
    });
    expect(isBroken(links)).toBe(false);
  });

  test("names the Machine that failed, those of another template, and nodes that are not Verified", () => {
    const failed = {
      ...machine,
      name: "worker-a-2",
      phase: "Failed",
      error: "no network",
      node: null,
      template: "old",
    };
    const links = setChain({ machines: [machine, failed], verdicts: new Map([["worker-a-1", "Mismatch"]]) });
    expect(links.at(-1)).toMatchObject({
      standing: "Broken",
      says: "1 Running, 1 Failed. Their nodes: 1 Mismatch (worker-a-1). Made from another template than it names now: 1. worker-a-2 failed: no network",
      todo: "kubectl bootwarden explain machine/worker-a-2",
    });
  });

  test("on hold says so, with where it came from", () => {
    const links = setChain({ machineSet: { ...machineSet, held: true } });
    expect(links.find(({ object }) => object === "MachineSet worker-a")?.says).toMatch(
      /It is on hold\. Before its last move it named lab-rhcos-fd-a\.$/,
    );
  });

  test("without Machines, and where they could not be read", () => {
    expect(setChain({ machines: [] }).at(-1)?.says).toBe("There are none.");
    expect(setChain({ machines: null }).at(-1)).toMatchObject({ standing: "NotKnown" });
  });
});
