// The attacks on a MachineSet with the controller's credential.
import { forbidden, type Threat } from "./attack.ts";
import {
  at,
  byController,
  entry,
  hold,
  labels,
  machineSets,
  machineSpec,
  notes,
  owners,
  previousTemplate,
  provider,
  set,
  setTemplate,
  taints,
} from "./objects.ts";

const plain = set.replace(/\?.*/, "");
const as = (manager: string) => `${plain}?fieldManager=${manager}`;
const valuePath = "/spec/template/spec/providerSpec/value";
const autoscaler = "machine.openshift.io/cluster-api-autoscaler-node-group-max-size";
const move = (template: string, was = setTemplate) => ({
  ...notes({ [previousTemplate]: was }),
  ...provider({ template }),
});
const object = (fields: object) => ({
  apiVersion: "machine.openshift.io/v1beta1",
  kind: "MachineSet",
  metadata: { name: plain.split("/").at(-1), namespace: "openshift-machine-api" },
  ...fields,
});

const policy = { with: "controller", stoppedBy: "bootwarden's policy" } as const;

export const attacksOnMachineSet: Threat[] = [
  {
    ...policy,
    threat: "Change of a MachineSet more than the template",
    answer: /changes of a MachineSet only the template/,
    rows: [
      ["replicas", "merge", set, { spec: { replicas: 9 } }],
      ["no replicas, which are one", "merge", set, { spec: { replicas: null } }],
      [
        "replicas, with a move beside it",
        "merge",
        set,
        { ...move("evil"), spec: { ...move("evil").spec, replicas: 9 } },
      ],
      ["the selector", "merge", set, { spec: { selector: { matchLabels: { a: "b" } } } }],
      ["which Machine is deleted first", "merge", set, { spec: { deletePolicy: "Newest" } }],
      ["when a Machine is ready", "merge", set, { spec: { minReadySeconds: 9 } }],
      ["who is authoritative", "merge", set, { spec: { authoritativeAPI: "ClusterAPI" } }],
      ["labels", "merge", set, labels({ evil: "x" })],
      ["no labels", "merge", set, labels(null)],
      ["an owner", "merge", set, { metadata: { ownerReferences: owners } }],
      ["a finalizer", "merge", set, { metadata: { finalizers: ["evil.io/x"] } }],
      ["the generated name", "merge", set, { metadata: { generateName: "evil-" } }],
      ["Machines' labels", "merge", set, { spec: { template: labels({ evil: "x" }) } }],
      ["Machines' annotations", "merge", set, { spec: { template: notes({ evil: "x" }) } }],
      ["Nodes' labels", "merge", set, machineSpec(labels({ "node-role.kubernetes.io/infra": "" }))],
      ["Nodes' taints", "merge", set, machineSpec({ taints })],
      [
        "lifecycle hooks",
        "merge",
        set,
        machineSpec({ lifecycleHooks: { preDrain: [{ name: "wait", owner: "evil" }] } }),
      ],
      ["Machines' provider ID", "merge", set, machineSpec({ providerID: "vsphere://evil" })],
    ],
  },
  {
    ...policy,
    threat: "Change other annotations of a MachineSet",
    answer: /writes only the annotation bootwarden.io\/previous-template/,
    rows: [
      ["the autoscaler's limit", "merge", set, notes({ [autoscaler]: "99" })],
      ["the admin's hold, on or off", "merge", set, notes({ [hold]: "true" })],
      ["a key that looks alike at its end", "merge", set, notes({ [`${previousTemplate}2`]: "x" })],
      ["a key that looks alike at its beginning", "merge", set, notes({ [`x${previousTemplate}`]: "x" })],
      ["none", "merge", set, notes(null)],
      ["an empty map", "json", set, [{ op: "replace", path: "/metadata/annotations", value: {} }]],
    ],
  },
  {
    ...policy,
    threat: "Move a MachineSet without the way back, or with a false one",
    answer: /notes as previous template only what the template was/,
    rows: [
      ["no way back", "merge", set, provider({ template: "evil" })],
      ["another way back", "merge", set, move("evil", "evil")],
      ["an empty way back", "merge", set, move("evil", "")],
      ["another way back, without a move", "merge", set, notes({ [previousTemplate]: "evil" })],
      [
        "the way back moved elsewhere",
        "json",
        set,
        [{ op: "copy", from: at("capacity.cluster-autoscaler.kubernetes.io/labels"), path: at(previousTemplate) }],
      ],
    ],
  },
  {
    ...policy,
    threat: "Name a template that is none",
    answer: /names a template in at most 1024 bytes and without control characters/,
    rows: [
      ["an empty one", "merge", set, move("")],
      ["none", "json", set, [{ op: "remove", path: `${valuePath}/template` }]],
      ["one of 1,025 bytes", "merge", set, move("x".repeat(1025))],
      ["one with a line break", "merge", set, move("a\nb")],
    ],
  },
  {
    ...policy,
    threat: "Write a MachineSet under another name",
    answer: /field manager bootwarden-controller/,
    rows: [
      ["no name", "merge", plain, move("evil")],
      ["GitOps' name", "apply", `${as("gitops")}&force=true`, object(move("evil"))],
    ],
  },
  {
    ...policy,
    threat: "Change whose a MachineSet is",
    answer: /takes no MachineSet away|gives no MachineSet to|owns of a MachineSet only/,
    rows: [
      ["everybody's ownership reset", "merge", set, { metadata: { managedFields: [{}] } }],
      [
        "everybody's ownership reset, with a move beside it",
        "merge",
        set,
        { ...move("e"), metadata: { ...move("e").metadata, managedFields: [{}] } },
      ],
      [
        "an invented owner",
        "json",
        set,
        [
          {
            op: "add",
            path: "/metadata/managedFields/-",
            value: { ...entry("evil", { "f:spec": {} }), apiVersion: "machine.openshift.io/v1beta1" },
          },
        ],
      ],
      ["an owner removed", "json", set, [{ op: "remove", path: "/metadata/managedFields/0" }]],
      [
        "replicas that stay as they are, by server-side apply",
        "apply",
        `${set}&force=true`,
        object({ spec: { replicas: 0 } }),
      ],
    ],
  },
  {
    with: "controller",
    stoppedBy: "RBAC",
    answer: forbidden,
    behind: /the controller only updates MachineSets/,
    threat: "Create, scale or delete MachineSets",
    rows: [
      [
        "a new one",
        "post",
        `${machineSets}?${byController}`,
        object({
          metadata: { name: "evil" },
          spec: { selector: {}, ...provider({ kind: "VSphereMachineProviderSpec" }).spec },
        }),
      ],
      ["its scale", "merge", plain.concat("/scale"), { spec: { replicas: 9 } }],
      ["its status", "merge", plain.concat("/status"), { status: { replicas: 9 } }],
      ["one", "delete", plain],
      ["all of them", "deletecollection", machineSets],
    ],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Point a MachineSet at another template of the vCenter",
    because:
      "That is what it is there for. The next Machines boot from it; the way back is noted, and an Event and the verdict on each new node tell.",
    rows: [["any", "merge", set, move("evil")]],
  },
];
