// The links of the OS image: from the node's pool to the digest that is expected, held against the booted one.

import type { Decision } from "../../controller/decide/decision.ts";
import { machineConfigAnnotations } from "../../controller/decide/machine-config.ts";
import { type ExpectedOSImage, expectedOSImage, transition } from "../../controller/decide/os-image.ts";
import { compareOSImage } from "../../controller/decide/os-image-comparison.ts";
import { type Pool, poolOf } from "../../controller/decide/pool.ts";
import type { NodeFacts } from "../../controller/decide/verdict.ts";
import { remedy } from "../remedy.ts";
import type { NodeChainFacts } from "./facts.ts";
import { type Link, unseen } from "./link.ts";
import { reportOf } from "./machine-links.ts";

export function osLinks(node: NodeFacts, facts: NodeChainFacts): Link[] {
  if (facts.pools === null) return [unseen("MachineConfigPool")];
  const pool = poolOf(node.labels, facts.pools ?? []);
  const expected = expectation(node, facts);
  return [
    poolLink(node, pool, facts),
    ...(expected === null ? [unseen("MachineConfig")] : [configLink(node, expected), comparison(node, expected)]),
  ];
}

function poolLink(node: NodeFacts, pool: Decision<Pool>, { machineOSConfigs }: NodeChainFacts): Link {
  if (!pool.ok)
    return {
      object: "MachineConfigPool",
      standing: pool.reason === "Joining" ? "Waits" : "Broken",
      says: pool.message,
      todo: remedy(pool.reason),
    };
  const object = `MachineConfigPool ${pool.value.name}`;
  const config = machineConfigAnnotations(node.annotations);
  const moving = transition(config, pool.value, { machineOSConfigs: machineOSConfigs ?? [] });
  if (moving !== undefined) return { object, standing: "Waits", says: moving.message, todo: remedy(moving.reason) };
  return {
    object,
    standing: "Holds",
    says: `It asks for ${pool.value.configuration ?? "nothing yet"}, and the node has it.`,
  };
}

/** null: what it needs could not be read. */
function expectation(node: NodeFacts, { osImageURL }: NodeChainFacts): Decision<ExpectedOSImage> | null {
  const config = machineConfigAnnotations(node.annotations);
  if (config.currentImage === "" && osImageURL === null) return null;
  const machineConfigs = new Map(osImageURL == null ? [] : [[config.currentConfig, osImageURL]]);
  return expectedOSImage(config, { machineConfigs, machineOSConfigs: [] });
}

function configLink(node: NodeFacts, expected: Decision<ExpectedOSImage>): Link {
  const { currentConfig, currentImage } = machineConfigAnnotations(node.annotations);
  const object =
    currentImage === ""
      ? `MachineConfig ${currentConfig || "(none yet)"}`
      : "MachineOSConfig of the node's pool (currentImage)";
  const source =
    currentImage === "" ? "spec.osImageURL" : "annotation currentImage, which the Machine Config Operator sets";
  if (!expected.ok)
    return { object, source, standing: "Broken", says: expected.message, todo: remedy(expected.reason) };
  return { object, source, standing: "Holds", says: `The expected digest is ${expected.value.digest}.` };
}

function comparison(node: NodeFacts, expected: Decision<ExpectedOSImage>): Link {
  const object = "OS image: does the node run what its pool asks for?";
  const report = reportOf(node);
  if (report === undefined || !report.ok || report.value.booted === null)
    return { object, standing: "NotKnown", says: "Without a report it cannot be told." };
  const { reason, message } = compareOSImage(report.value.booted, expected);
  const says = `${reason}: ${message}.`;
  if (reason === "OSImageMismatch") return { object, standing: "Broken", says, todo: remedy(reason) };
  return { object, standing: reason === "NoExpectation" ? "NotKnown" : "Holds", says };
}
