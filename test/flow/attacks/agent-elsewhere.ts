// The attacks with an agent's credential on everything but Nodes; what nothing stops; and what the agent is there for.
import { forbidden, type Threat } from "./attack.ts";
import {
  accounts,
  admission,
  at,
  bootedDigest,
  bootedImage,
  bootedVersion,
  bootImage,
  byAgent,
  machineSets,
  node,
  nodes,
  notes,
  own,
  pods,
  provider,
  rbac,
  report,
  set,
  sha,
  stagedDigest,
} from "./objects.ts";

const plain = own.replace(/\?.*/, "");
const openshift = "/api/v1/namespaces/openshift-machine-api";

const byRbac = { with: "agent", stoppedBy: "RBAC", answer: forbidden } as const;

export const attacksElsewhere: Threat[] = [
  {
    ...byRbac,
    threat: "Read what is not its Node",
    rows: [
      ["the list of Nodes", "list", nodes],
      ["changes of Nodes", "list", `${nodes}?watch=true&timeoutSeconds=1`],
      ["a vCenter account", "get", `${openshift}/secrets/vsphere-cloud-credentials`],
      ["Secrets of its namespace", "list", "/api/v1/namespaces/bootwarden/secrets"],
      ["Secrets of the cluster", "list", "/api/v1/secrets"],
      ["Ignition's user data", "get", `${openshift}/secrets/worker-user-data`],
      ["ConfigMaps", "list", "/api/v1/configmaps"],
      ["pods of its namespace", "list", pods],
      ["Machines", "list", machineSets.replace("machinesets", "machines")],
      ["the BootImagePolicy", "get", "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster"],
    ],
  },
  {
    ...byRbac,
    threat: "Become somebody else",
    rows: [
      ["a token of the controller", "post", `${accounts}/bootwarden-controller/token`, {}],
      ["a token of its own without a node", "post", `${accounts}/bootwarden-agent/token`, {}],
      ["a token of another namespace", "post", "/api/v1/namespaces/kube-system/serviceaccounts/default/token", {}],
      ["a certificate", "post", "/apis/certificates.k8s.io/v1/certificatesigningrequests", {}],
      ["more rights for itself", "merge", `${rbac}/clusterroles/bootwarden-agent`, { rules: [] }],
      ["the role of an admin", "post", `${rbac}/clusterrolebindings`, {}],
    ],
  },
  {
    with: "agent impersonating",
    stoppedBy: "RBAC",
    threat: "Impersonate somebody",
    answer: /cannot impersonate resource/,
    rows: [["an admin, to read Secrets", "list", "/api/v1/secrets"]],
  },
  {
    ...byRbac,
    threat: "Act on pods and their hosts",
    rows: [
      ["a command in a pod", "post", `${pods}/on-own/exec?command=id`],
      ["a command in a pod, by GET", "get", `${pods}/on-other/exec?command=id`],
      ["to attach", "post", `${pods}/on-other/attach`],
      ["a forwarded port", "post", `${pods}/on-other/portforward`],
      ["an ephemeral container", "strategic", `${pods}/on-other/ephemeralcontainers`, {}],
      ["an eviction", "post", `${pods}/on-other/eviction`, {}],
      ["a deletion", "delete", `${pods}/on-other`],
      ["a privileged pod of its own", "post", pods, {}],
      ["the log of a pod", "get", `${pods}/on-other/log`],
      ["a binding to a node", "post", `${pods}/on-other/binding`, {}],
    ],
  },
  {
    ...byRbac,
    threat: "Take its guards away, or write anything else",
    rows: [
      ["its policy", "delete", `${admission}/validatingadmissionpolicies/bootwarden-agent`],
      ["its policy's binding", "delete", `${admission}/validatingadmissionpolicybindings/bootwarden-agent`],
      ["a weaker policy", "merge", `${admission}/validatingadmissionpolicies/bootwarden-agent`, {}],
      ["a webhook", "post", `${admission}/mutatingwebhookconfigurations`, {}],
      ["a MachineSet", "merge", set, provider({ template: "evil" })],
      ["the policy's mode", "merge", "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster", {}],
      ["an Event", "post", "/api/v1/namespaces/default/events", {}],
      ["a ConfigMap", "post", "/api/v1/namespaces/bootwarden/configmaps", {}],
      ["a lease of its node", "merge", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/own", {}],
    ],
  },
  {
    with: "agent",
    stoppedBy: "nothing",
    threat: "Lie about its own node",
    because:
      "Whoever is root on a node decides what the agent there sees: a verdict rests on that node's word. It is of that node alone.",
    rows: [
      ["another digest", "merge", own, notes({ [bootedDigest]: sha })],
      ["a report of a healthy node", "merge", own, notes({ [report]: '{"v":1}' })],
      ["no report", "merge", own, notes({ [report]: null, [bootedImage]: null })],
      ["a copy of something else on the Node", "json", own, [{ op: "copy", from: at("a"), path: at(report) }]],
    ],
  },
  {
    with: "agent",
    stoppedBy: "nothing",
    threat: "Read a Node of which it knows the name",
    because: 'RBAC cannot say "its own" of a read. Nodes hold no secrets.',
    rows: [["another's Node", "get", `${nodes}/other`]],
  },
];

/** What the agent is there for. */
export const workOfAgent: Threat[] = [
  {
    with: "agent",
    stoppedBy: "nothing",
    threat: "The agent's own work",
    rows: [
      ["its Node read", "get", plain],
      [
        "six keys written, over one of an admin's",
        "merge",
        own,
        notes({
          [report]: "{}",
          [bootedDigest]: sha,
          [stagedDigest]: sha,
          [bootedImage]: "i",
          [bootedVersion]: "v",
          [bootImage]: "r",
        }),
      ],
      ["values at their limits", "merge", own, notes({ [report]: "é".repeat(2048), [bootedImage]: "x".repeat(512) })],
      [
        "six keys taken away",
        "merge",
        own,
        notes({
          [report]: null,
          [bootedDigest]: null,
          [stagedDigest]: null,
          [bootedImage]: null,
          [bootedVersion]: null,
          [bootImage]: null,
        }),
      ],
      ["a report, by server-side apply", "apply", `${own}&force=true`, node(notes({ [report]: "{}" }))],
    ],
  },
  {
    with: "agent of a busy Node",
    stoppedBy: "nothing",
    threat: "The agent's own work where ten others have written",
    rows: [["a report", "merge", `${nodes}/busy?${byAgent}`, notes({ [report]: "{}" })]],
  },
];
