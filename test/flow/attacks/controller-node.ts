// The attacks on Nodes with the controller's credential.
import { forbidden, type Threat } from "./attack.ts";
import {
  at,
  byController,
  entry,
  labels,
  node,
  nodes,
  notes,
  osDigest,
  owners,
  report,
  taints,
  verdict,
  verdictMessage,
  verdictReason,
} from "./objects.ts";

const plain = `${nodes}/own`;
const own = `${plain}?${byController}`;
const strange = { "f:metadata": { "f:labels": { "f:a": {} } } };
const managed = (...managedFields: object[]) => ({ metadata: { managedFields } });

const policy = { with: "controller", stoppedBy: "bootwarden's policy" } as const;

export const attacksOnNodes: Threat[] = [
  {
    ...policy,
    threat: "Change of a Node more than the verdict",
    answer: /the controller (does not change|writes only its own|writes at most)/,
    rows: [
      ["taints", "merge", own, { spec: { taints } }],
      ["unschedulable", "merge", own, { spec: { unschedulable: true } }],
      ["the provider ID", "merge", own, { spec: { providerID: "vsphere://evil" } }],
      ["pod CIDRs", "merge", own, { spec: { podCIDR: "10.1.0.0/24" } }],
      ["an owner", "merge", own, { metadata: { ownerReferences: owners } }],
      ["a finalizer", "merge", own, { metadata: { finalizers: ["evil.io/x"] } }],
      ["the generated name", "merge", own, { metadata: { generateName: "evil-" } }],
      ["a label", "merge", own, labels({ evil: "x" })],
      ["a role", "merge", own, labels({ "node-role.kubernetes.io/control-plane": "" })],
      ["another's label", "merge", own, labels({ a: null })],
      ["a label with the key of its annotation", "merge", own, labels({ [verdictReason]: "x" })],
      ["a label that looks alike at its end", "merge", own, labels({ [`${verdict}2`]: "x" })],
      ["a label that looks alike at its beginning", "merge", own, labels({ [`x${verdict}`]: "x" })],
      ["the labels by an empty map", "json", own, [{ op: "replace", path: "/metadata/labels", value: {} }]],
      [
        "a label moved into the verdict",
        "json",
        own,
        [{ op: "move", from: at("a", "labels"), path: at(verdict, "labels") }],
      ],
      ["labels by $patch: replace", "strategic", own, labels({ $patch: "replace", [verdict]: "Verified" })],
      ["the agent's report", "merge", own, notes({ [report]: "{}" })],
      ["another's annotation", "merge", own, notes({ a: "x" })],
      ["an annotation with the key of its label", "merge", own, notes({ [verdict]: "x" })],
      ["no annotations", "merge", own, notes(null)],
      ["an annotation moved into the message", "json", own, [{ op: "move", from: at("a"), path: at(verdictMessage) }]],
      ["a message of 4,097 bytes", "merge", own, notes({ [verdictMessage]: "x".repeat(4097) })],
      ["a message that turns the direction", "merge", own, notes({ [verdictMessage]: "a\u202eb" })],
      ["a message that escapes a terminal", "merge", own, notes({ [verdictMessage]: "\u001b[2J" })],
      ["a reason of 250 KiB", "merge", own, notes({ [verdictReason]: "x".repeat(250 * 1024) })],
      ["the metadata as a whole", "json", own, [{ op: "replace", path: "/metadata", value: { name: "own" } }]],
      ["all labels but some, by $retainKeys", "strategic", own, labels({ $retainKeys: [verdict], [verdict]: "x" })],
      ["taints, behind a $patch: replace of the spec", "strategic", own, { spec: { $patch: "replace", taints } }],
    ],
  },
  {
    ...policy,
    threat: "Write a Node under another name",
    answer: /field manager bootwarden-controller/,
    rows: [
      ["no name", "merge", plain, labels({ [verdict]: "Verified" })],
      ["the agent's", "merge", `${plain}?fieldManager=bootwarden-agent`, labels({ [verdict]: "Verified" })],
      [
        "another, with force",
        "apply",
        `${plain}?fieldManager=kubelet&force=true`,
        node(labels({ [verdict]: "Verified" })),
      ],
    ],
  },
  {
    ...policy,
    threat: "Change whose the fields of a Node are",
    answer: /takes no field away|gives no field to|owns no field but its own/,
    rows: [
      ["everybody's ownership reset", "merge", own, managed({})],
      [
        "an invented owner",
        "json",
        own,
        [{ op: "add", path: "/metadata/managedFields/-", value: entry("evil", strange) }],
      ],
      ["an owner removed", "json", own, [{ op: "remove", path: "/metadata/managedFields/0" }]],
      ["a label that stays as it is", "apply", `${own}&force=true`, node(labels({ a: "b" }))],
    ],
  },
  {
    with: "controller",
    stoppedBy: "RBAC",
    answer: forbidden,
    behind: /the controller only updates Nodes/,
    threat: "Create or delete Nodes, or use their subresources",
    rows: [
      ["a new one", "post", `${nodes}?${byController}`, node({}, "evil")],
      ["one", "delete", plain],
      ["all of them", "deletecollection", nodes],
      ["the status", "merge", `${plain}/status?${byController}`, { status: { addresses: [] } }],
      ["the proxy", "get", `${plain}/proxy/pods`],
    ],
  },
  {
    with: "controller",
    stoppedBy: "RBAC",
    answer: forbidden,
    behind: /ValidatingAdmissionPolicy 'bootwarden-controller-nodes'/,
    threat: "Replace a Node (PUT)",
    rows: [
      ["its labels", "put", own, node(labels({ evil: "x" }))],
      ["its taints", "put", own, node({ spec: { taints } })],
    ],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Lie about Nodes",
    because: "It is the judge. Reports and metrics of the agents stay as they are, to be compared.",
    rows: [
      ["another verdict", "merge", own, labels({ [verdict]: "Verified", [osDigest]: "0123456789abcdef" })],
      [
        "no verdict",
        "merge",
        own,
        { metadata: { labels: { [verdict]: null }, annotations: { [verdictReason]: null } } },
      ],
    ],
  },
];
