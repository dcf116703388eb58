// The attack table: every attack that is tried, by whose credential is stolen; docs/security.md has a row for each threat.
import { attacksOnOwnership } from "./agent-credential.ts";
import { attacksElsewhere, workOfAgent } from "./agent-elsewhere.ts";
import { attacksOnNode } from "./agent-node.ts";
import type { Threat } from "./attack.ts";
import { attacksByController, workOfController } from "./controller-elsewhere.ts";
import { attacksOnMachineSet } from "./controller-machineset.ts";
import { attacksOnNodes } from "./controller-node.ts";
import { attacksOnProvider } from "./controller-provider.ts";
import { attacksByKubelet, workOfKubelet } from "./kubelet.ts";

/** By the words of docs/security.md. */
export const attacks: Record<string, Threat[]> = {
  "An agent's credential": [...attacksOnNode, ...attacksOnOwnership, ...attacksElsewhere],
  "The controller's credential": [
    ...attacksOnMachineSet,
    ...attacksOnProvider,
    ...attacksOnNodes,
    ...attacksByController,
  ],
  "A kubelet's credential": attacksByKubelet,
};

/** What is done every day, and must not be refused. */
export const work: Threat[] = [...workOfAgent, ...workOfController, ...workOfKubelet];
