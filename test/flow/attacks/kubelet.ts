// The attacks with the credential of a kubelet, which whoever is root on a node has, on what is not the node's to write.
import type { Threat } from "./attack.ts";
import {
  at,
  bootedDigest,
  bootImageCheck,
  keptTaints,
  labels,
  node,
  nodes,
  notes,
  osDigest,
  report,
  sha,
  verdict,
  verdictMessage,
  verdictReason,
} from "./objects.ts";

const own = `${nodes}/own`;
const status = `${own}/status`;
const fresh = (metadata: object) => node({ metadata }, "fresh");

const policy = { with: "kubelet", stoppedBy: "bootwarden's policy" } as const;

export const attacksByKubelet: Threat[] = [
  {
    ...policy,
    threat: "Write its own verdict",
    answer: /the verdict is not the node's to write|are not the node's to write/,
    rows: [
      ["the label", "merge", own, labels({ [verdict]: "Verified" })],
      ["the label, by strategic merge patch", "strategic", own, labels({ [verdict]: "Verified" })],
      ["the label, by JSON patch", "json", own, [{ op: "add", path: at(verdict, "labels"), value: "Verified" }]],
      [
        "the label, by server-side apply",
        "apply",
        `${own}?fieldManager=kubelet`,
        node(labels({ [verdict]: "Verified" })),
      ],
      [
        "the label, as the controller",
        "apply",
        `${own}?fieldManager=bootwarden-controller&force=true`,
        node(labels({ [verdict]: "Verified" })),
      ],
      ["no label", "merge", own, labels({ [osDigest]: null })],
      ["no label, by $patch: replace", "strategic", own, labels({ $patch: "replace", a: "b" })],
      ["no label, by an empty map", "json", own, [{ op: "replace", path: "/metadata/labels", value: {} }]],
      ["the label moved", "json", own, [{ op: "move", from: at(osDigest, "labels"), path: at("x", "labels") }]],
      ["the digest", "merge", own, labels({ [osDigest]: "0123456789abcdef" })],
      ["the reason", "merge", own, notes({ [verdictReason]: "DigestMatch" })],
      ["the message", "merge", own, notes({ [verdictMessage]: "x" })],
      ["the check of the boot image", "merge", own, notes({ [bootImageCheck]: "Mismatch" })],
      ["no check of the boot image", "merge", own, notes({ [bootImageCheck]: null })],
      ["the label, through the status", "merge", status, labels({ [verdict]: "Verified" })],
      ["the reason, through the status", "strategic", status, notes({ [verdictReason]: "DigestMatch" })],
      ["no check, through the status", "json", status, [{ op: "remove", path: at(bootImageCheck) }]],
      ["another key of the prefix", "merge", own, labels({ "bootwarden.io/trusted": "true" })],
      ["the Node as a whole", "put", own, node({ ...labels({ [verdict]: "Verified" }), spec: { taints: keptTaints } })],
    ],
  },
  {
    ...policy,
    threat: "Write the agent's report",
    answer: /the report is the agent's to write|are not the node's to write/,
    rows: [
      ["the report", "merge", own, notes({ [report]: "{}" })],
      ["the report, as the agent", "merge", `${own}?fieldManager=bootwarden-agent`, notes({ [report]: "{}" })],
      [
        "the report, by server-side apply",
        "apply",
        `${own}?fieldManager=kubelet&force=true`,
        node(notes({ [report]: "{}" })),
      ],
      ["the report, through the status", "merge", status, notes({ [report]: "{}" })],
      ["the digest", "merge", own, notes({ [bootedDigest]: sha })],
      ["no report", "merge", own, notes({ "agent.bootwarden.io/booted-image": null })],
      ["a copy", "json", own, [{ op: "copy", from: at("a"), path: at(report) }]],
      ["another key of the prefix", "merge", own, notes({ "agent.bootwarden.io/more": "x" })],
    ],
  },
  {
    with: "kubelet of a new node",
    stoppedBy: "bootwarden's policy",
    threat: "Be born with a verdict or a report",
    answer: /not the node's to write|the agent's to write/,
    rows: [
      ["the verdict", "post", nodes, fresh({ labels: { [verdict]: "Verified" } })],
      ["the reason", "post", nodes, fresh({ annotations: { [verdictReason]: "DigestMatch" } })],
      ["a report", "post", nodes, fresh({ annotations: { [report]: "{}" } })],
    ],
  },
];
