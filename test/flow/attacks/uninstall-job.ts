// The attacks with the credential of the uninstallation Job, which is there from its overlay's coming to its going; docs/security.md has a row for each.
import { machineSets, nodes } from "./objects.ts";

/** In the words of docs/security.md; then a list of which the first object is tried, and the merge patch. The policy `bootwarden-uninstall` stops each. */
export const attacksByUninstallation: [threat: string, list: string, patch: unknown][] = [
  ["Cordon a Node", nodes, { spec: { unschedulable: true } }],
  ["Label a Node", nodes, { metadata: { labels: { "node-role.kubernetes.io/master": "" } } }],
  ["Take a label of others away", nodes, { metadata: { labels: { "kubernetes.io/os": null } } }],
  ["Write a verdict", nodes, { metadata: { labels: { "bootwarden.io/verdict": "Mismatch" } } }],
  ["Scale a MachineSet", machineSets, { spec: { replicas: 0 } }],
  [
    "Move a MachineSet",
    machineSets,
    { spec: { template: { spec: { providerSpec: { value: { template: "evil" } } } } } },
  ],
];
