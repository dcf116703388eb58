// The attacks with an agent's credential on who it is and on who owns what.
import { forbidden, type Threat } from "./attack.ts";
import { at, bootedImage, entry, keptTaints, labels, node, notes, own, report, taints } from "./objects.ts";

const plain = own.replace(/\?.*/, "");
const as = (manager: string) => `${plain}?fieldManager=${manager}`;
const managed = (...managedFields: object[]) => ({ metadata: { managedFields } });
const strange = { "f:metadata": { "f:annotations": { "f:a": {} } } };

const policy = { with: "agent", stoppedBy: "bootwarden's policy" } as const;
const byRbac = { with: "agent", stoppedBy: "RBAC", answer: forbidden } as const;

export const attacksOnOwnership: Threat[] = [
  {
    ...policy,
    threat: "Write under another name",
    answer: /writes as field manager bootwarden-agent/,
    rows: [
      ["no name, which makes it the program's", "merge", plain, notes({ [report]: "{}" })],
      ["the controller's", "merge", as("bootwarden-controller"), notes({ [report]: "{}" })],
      ["the kubelet's", "strategic", as("kubelet"), notes({ [report]: "{}" })],
      ["one that looks alike", "merge", as("bootwarden-agent2"), notes({ [report]: "{}" })],
      ["another, by server-side apply", "apply", as("gitops"), node(notes({ [report]: "{}" }))],
      ["another, with force", "apply", `${as("creator")}&force=true`, node(notes({ [report]: "{}" }))],
    ],
  },
  {
    ...policy,
    threat: "Steal, forge or reset the ownership of fields",
    answer: /takes no field away from its owner|gives no field to another owner|owns no field but its own annotations/,
    rows: [
      ["everybody's, reset by an empty entry", "merge", own, managed({})],
      ["everybody's, reset by an empty list", "merge", own, managed()],
      ["everybody's, by a list with its own entry alone", "merge", own, managed(entry("bootwarden-agent", {}))],
      [
        "everybody's, reset with the report beside it",
        "merge",
        own,
        { metadata: { managedFields: [{}], ...notes({ [report]: "" }).metadata } },
      ],
      ["another's annotation, in its own entry", "merge", own, managed(entry("bootwarden-agent", strange))],
      ["all but an invented owner", "merge", own, managed(entry("gitops", strange, "Apply"))],
      [
        "an invented owner more",
        "json",
        own,
        [{ op: "add", path: "/metadata/managedFields/-", value: entry("gitops", strange) }],
      ],
      [
        "an invented bucket of old changes",
        "json",
        own,
        [{ op: "add", path: "/metadata/managedFields/-", value: entry("ancient-changes", strange) }],
      ],
      ["the first owner removed", "json", own, [{ op: "remove", path: "/metadata/managedFields/0" }]],
      [
        "the first owner renamed",
        "json",
        own,
        [{ op: "replace", path: "/metadata/managedFields/0/manager", value: "bootwarden-agent" }],
      ],
      ["a label that stays as it is, by server-side apply", "apply", own, node(labels({ a: "b" }))],
      ["a label that stays as it is, with force", "apply", `${own}&force=true`, node(labels({ a: "b" }))],
      ["an annotation that stays as it is", "apply", `${own}&force=true`, node(notes({ a: "b" }))],
      ["taints that stay as they are", "apply", `${own}&force=true`, node({ spec: { taints: keptTaints } })],
    ],
  },
  {
    ...policy,
    with: "agent without a node",
    threat: "Write with a token that is bound to no pod",
    answer: /writes only the Node that its token is bound to/,
    rows: [
      ["a report", "merge", own, notes({ [report]: "{}" })],
      ["a report, by server-side apply", "apply", own, node(notes({ [report]: "{}" }))],
    ],
  },
  {
    ...policy,
    with: "agent of another node",
    threat: "Write with the token of another node's pod",
    answer: /writes only the Node that its token is bound to/,
    rows: [
      ["a report", "merge", own, notes({ [report]: "{}" })],
      ["the removal of one", "json", own, [{ op: "remove", path: at(bootedImage) }]],
    ],
  },
  {
    with: "agent of a pod that is gone",
    stoppedBy: "authentication",
    threat: "Use the token of a pod that is gone",
    answer: /: 401 /,
    rows: [
      ["to write a report", "merge", own, notes({ [report]: "{}" })],
      ["to read a Node", "get", plain],
    ],
  },
  {
    ...byRbac,
    threat: "Replace a Node (PUT)",
    behind: /ValidatingAdmissionPolicy 'bootwarden-agent'/,
    rows: [
      ["its labels", "put", own, node(labels({ evil: "x" }))],
      ["its annotations", "put", own, node(notes({ [report]: "{}" }))],
      ["its taints", "put", own, node({ spec: { taints } })],
      ["by an empty one", "put", own, node()],
      ["another's", "put", own.replace("own", "other"), node(notes({ [report]: "{}" }), "other")],
    ],
  },
];
