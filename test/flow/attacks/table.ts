// The attack table: every attack that is tried, by whose credential is stolen; docs/security.md has a row for each threat.
import { attacksOnOwnership } from "./agent-credential.ts";
import { attacksElsewhere, workOfAgent } from "./agent-elsewhere.ts";
import { attacksOnNode } from "./agent-node.ts";
import { attacksByPatch } from "./agent-patch.ts";
import type { Threat } from "./attack.ts";
import { attacksByController, workOfController } from "./controller-elsewhere.ts";
import { attacksWithEvents } from "./controller-events.ts";
import { attacksOnLeases } from "./controller-lease.ts";
import { attacksOnMachineSet } from "./controller-machineset.ts";
import { attacksOnNodes } from "./controller-node.ts";
import { attacksOnProvider } from "./controller-provider.ts";
import { attacksByKubelet } from "./kubelet.ts";
import { attacksByKubeletElsewhere, workOfKubelet } from "./kubelet-elsewhere.ts";

/** By the words of docs/security.md, and by the file of this folder. */
export const attacks: Record<string, Record<string, Threat[]>> = {
  "An agent's credential": {
    "agent-node.ts": attacksOnNode,
    "agent-patch.ts": attacksByPatch,
    "agent-credential.ts": attacksOnOwnership,
    "agent-elsewhere.ts": attacksElsewhere,
  },
  "The controller's credential": {
    "controller-machineset.ts": attacksOnMachineSet,
    "controller-provider.ts": attacksOnProvider,
    "controller-node.ts": attacksOnNodes,
    "controller-events.ts": attacksWithEvents,
    "controller-lease.ts": attacksOnLeases,
    "controller-elsewhere.ts": attacksByController,
  },
  "A kubelet's credential": {
    "kubelet.ts": attacksByKubelet,
    "kubelet-elsewhere.ts": attacksByKubeletElsewhere,
  },
};

/** What is done every day, and must not be refused. */
export const work: Threat[] = [...workOfAgent, ...workOfController, ...workOfKubelet];
