// The attacks on a Node with an agent's credential that lie in the form of the patch, or in what a key or an object is called.
import type { Threat } from "./attack.ts";
import { at, bootedImage, byAgent, labels, node, nodes, notes, own, report, taints } from "./objects.ts";

const policy = { with: "agent", stoppedBy: "bootwarden's policy" } as const;
const metadata = { name: "own", annotations: { [report]: "{}" } };

export const attacksByPatch: Threat[] = [
  {
    ...policy,
    threat: "Hide a change in the form of a patch",
    answer: /ValidatingAdmissionPolicy 'bootwarden-agent'/,
    rows: [
      ["the metadata as a whole", "json", own, [{ op: "replace", path: "/metadata", value: metadata }]],
      [
        "the Node as a whole, at the root",
        "json",
        own,
        [{ op: "replace", path: "", value: node(notes({ [report]: "" })) }],
      ],
      [
        "a copy into the report, and its source removed",
        "json",
        own,
        [
          { op: "copy", from: at("a"), path: at(report) },
          { op: "remove", path: at("a") },
        ],
      ],
      [
        "a map of its own put in place of the annotations, and then a key of it",
        "json",
        own,
        [
          { op: "add", path: "/metadata/annotations", value: {} },
          { op: "add", path: at(report), value: "{}" },
        ],
      ],
      [
        "labels copied over the annotations",
        "json",
        own,
        [{ op: "copy", from: "/metadata/labels", path: "/metadata/annotations" }],
      ],
      ["annotations, all but some, by $retainKeys", "strategic", own, notes({ $retainKeys: [report], [report]: "{}" })],
      [
        "metadata, all but some, by $retainKeys",
        "strategic",
        own,
        { metadata: { $retainKeys: ["name", "annotations"], ...notes({ [report]: "{}" }).metadata } },
      ],
      ["the spec, all but nothing, by $retainKeys", "strategic", own, { spec: { $retainKeys: ["podCIDR"] } }],
      [
        "taints of its own, behind a $patch: replace of the spec",
        "strategic",
        own,
        { spec: { $patch: "replace", taints } },
      ],
      ["the spec, by $patch: delete", "strategic", own, { spec: { $patch: "delete" } }],
      [
        "the owners, in the place of none, by $patch: replace",
        "strategic",
        own,
        {
          metadata: {
            ownerReferences: [{ $patch: "replace" }, { apiVersion: "v1", kind: "Pod", name: "a", uid: "b" }],
          },
        },
      ],
      [
        "a finalizer, by a list of primitives",
        "strategic",
        own,
        { metadata: { finalizers: ["evil.io/x"], "$setElementOrder/finalizers": ["evil.io/x"] } },
      ],
      ["without a check of fields", "merge", `${own}&fieldValidation=Ignore`, { ...labels({ evil: "x" }), unknown: 1 }],
      ["as a trial", "merge", `${own}&dryRun=All`, labels({ evil: "x" })],
    ],
  },
  {
    ...policy,
    threat: "Write under a key that reads like the agent's",
    answer: /writes only its own annotations/,
    rows: [
      ["in capitals before the slash", "merge", own, notes({ "Agent.bootwarden.io/report": "{}" })],
      ["in capitals behind the slash", "merge", own, notes({ "agent.bootwarden.io/Report": "{}" })],
      ["without its prefix", "merge", own, notes({ report: "{}" })],
      ["with another dash", "merge", own, notes({ "agent.bootwarden.io/booted_image": "x" })],
      ["under the controller's prefix", "merge", own, notes({ "bootwarden.io/report": "{}" })],
      ["under Kubernetes' prefix", "merge", own, notes({ "node.kubernetes.io/report": "{}" })],
    ],
  },
  {
    with: "agent",
    stoppedBy: "API server",
    threat: "Write under a key that is none",
    answer: /: 422 .*Invalid value/,
    rows: [
      ["with a letter of another alphabet", "merge", own, notes({ "\u0430gent.bootwarden.io/report": "{}" })],
      ["with a letter that is not seen", "merge", own, notes({ "agent.bootwarden.io/re\u200bport": "{}" })],
      ["with two slashes", "merge", own, notes({ "agent.bootwarden.io/report/x": "{}" })],
      [
        "with an escape of a JSON pointer",
        "json",
        own,
        [{ op: "add", path: "/metadata/annotations/agent.bootwarden.io~01report", value: "" }],
      ],
      ["without a name", "merge", own, notes({ "agent.bootwarden.io/": "{}" })],
    ],
  },
  {
    with: "agent",
    stoppedBy: "API server",
    threat: "Change what a Node is",
    answer: /: (?:400|409|422) /,
    rows: [
      ["its uid", "merge", own, { metadata: { uid: "00000000-0000-4000-8000-000000000000" } }],
      ["its name", "merge", own, { metadata: { name: "other" } }],
      ["its kind", "merge", own, { kind: "Pod" }],
      [
        "an older version of it",
        "merge",
        own,
        { metadata: { resourceVersion: "1", ...notes({ [report]: "{}" }).metadata } },
      ],
      ["a body with managed fields, by server-side apply", "apply", own, node({ metadata: { managedFields: [{}] } })],
      ["another Node in the body, by server-side apply", "apply", own, node(notes({ [report]: "{}" }), "other")],
      ["when it is deleted", "merge", own, { metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } }],
      ["how long that takes", "merge", own, { metadata: { deletionGracePeriodSeconds: 0 } }],
      ["a value that is no text", "merge", own, notes({ [bootedImage]: { a: "b" } })],
    ],
  },
  {
    with: "agent",
    stoppedBy: "API server",
    threat: "Change when a Node began, and how often it changed",
    answer: "ignored",
    rows: [
      ["when it was made", "merge", own, { metadata: { creationTimestamp: "2020-01-01T00:00:00Z" } }],
      ["its generation", "merge", own, { metadata: { generation: 99 } }],
    ],
  },
  {
    with: "agent as itself on another node",
    stoppedBy: "RBAC",
    threat: "Impersonate itself on another node",
    answer: /cannot impersonate resource/,
    rows: [["to write that node's report", "merge", `${nodes}/other?${byAgent}`, notes({ [report]: "{}" })]],
  },
];
