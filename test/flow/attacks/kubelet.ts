// The attacks with the credential of a kubelet, which whoever is root on a node has; what nothing stops; and a kubelet's work.
import { forbidden, type Threat } from "./attack.ts";
import {
  accounts,
  admission,
  at,
  bootedDigest,
  bootImageCheck,
  keptTaints,
  labels,
  machineSets,
  node,
  nodes,
  notes,
  osDigest,
  pods,
  report,
  sha,
  taints,
  verdict,
  verdictMessage,
  verdictReason,
} from "./objects.ts";

const own = `${nodes}/own`;
const status = `${own}/status`;
const fresh = (metadata: object) => node({ metadata }, "fresh");
const openshift = "/api/v1/namespaces/openshift-machine-api";
const bound = (pod: string) => ({
  apiVersion: "authentication.k8s.io/v1",
  kind: "TokenRequest",
  spec: { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: pod, uid: `uid of ${pod}` } },
});

const policy = { with: "kubelet", stoppedBy: "bootwarden's policy" } as const;
const byRbac = { with: "kubelet", stoppedBy: "RBAC", answer: forbidden } as const;

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
  {
    with: "kubelet",
    stoppedBy: "NodeRestriction",
    threat: "Write another Node, or what a kubelet may not of its own",
    answer: /is not allowed to|no relationship found|token not bound|on a different node/,
    rows: [
      ["another's report", "merge", `${nodes}/other`, notes({ [report]: "{}" })],
      ["another's verdict, through the status", "merge", `${nodes}/other/status`, labels({ [verdict]: "Verified" })],
      ["its own taints", "merge", own, { spec: { taints } }],
      ["a token of another node's agent", "post", `${accounts}/bootwarden-agent/token`, bound("on-other")],
      [
        "a token of the controller, which is not here",
        "post",
        `${accounts}/bootwarden-controller/token`,
        bound("on-own"),
      ],
      ["a token that is bound to nothing", "post", `${accounts}/bootwarden-agent/token`, { ...bound(""), spec: {} }],
      ["a Node of another name", "post", nodes, node({}, "evil")],
    ],
  },
  {
    ...byRbac,
    threat: "Read or write what is not on its node",
    rows: [
      ["a vCenter account", "get", `${openshift}/secrets/vsphere-cloud-credentials`],
      ["Secrets of bootwarden", "list", "/api/v1/namespaces/bootwarden/secrets"],
      ["its own Node, deleted", "delete", own],
      ["all Nodes, deleted", "deletecollection", nodes],
      ["MachineSets", "list", machineSets],
      ["the BootImagePolicy", "get", "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster"],
      ["the kubelet's guard", "delete", `${admission}/validatingadmissionpolicybindings/bootwarden-kubelet`],
      ["a command in a pod", "post", `${pods}/on-other/exec?command=id`],
      ["the proxy of another node", "get", `${nodes}/other/proxy/pods`],
    ],
  },
  {
    with: "kubelet impersonating",
    stoppedBy: "RBAC",
    threat: "Impersonate somebody",
    answer: /cannot impersonate resource/,
    rows: [["another kubelet", "list", nodes]],
  },
  {
    with: "kubelet",
    stoppedBy: "nothing",
    threat: "Speak for the agent of its own node",
    because: "A kubelet makes the tokens of the pods on its node. What it writes with one is held to its own Node.",
    rows: [["a token of its agent", "post", `${accounts}/bootwarden-agent/token`, bound("on-own")]],
  },
  {
    with: "kubelet",
    stoppedBy: "nothing",
    threat: "Lie about its own node in what the verdict is found from",
    because:
      "OpenShift's own daemon on the node writes these with the same credential. The verdict is of that node alone.",
    rows: [
      ["the boot id", "merge", status, { status: { nodeInfo: { bootID: "evil" } } }],
      ["the operating system", "merge", status, { status: { nodeInfo: { osImage: "x", operatingSystem: "windows" } } }],
      ["the configuration it has", "merge", own, notes({ "machineconfiguration.openshift.io/currentConfig": "evil" })],
    ],
  },
  {
    with: "kubelet",
    stoppedBy: "nothing",
    threat: "Make its own Node too large to be written",
    because:
      "A kubelet may label its Node. An old verdict then stays on the Node; status and metrics have the present one, and the log says why.",
    rows: [
      [
        "more than a thousand labels",
        "merge",
        own,
        labels(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`x${at}`, ""]))),
      ],
    ],
  },
];

/** What a kubelet is there for. */
export const workOfKubelet: Threat[] = [
  {
    with: "kubelet",
    stoppedBy: "nothing",
    threat: "A kubelet's own work",
    rows: [
      [
        "a heartbeat",
        "strategic",
        status,
        { status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-11-16T12:00:00Z" }] } },
      ],
      ["a label of its own", "merge", own, labels({ "feature.example.com/x": "y" })],
      [
        "an annotation of the Machine Config Operator",
        "merge",
        own,
        notes({ "machineconfiguration.openshift.io/state": "Working" }),
      ],
    ],
  },
  {
    with: "kubelet of a new node",
    stoppedBy: "nothing",
    threat: "A new kubelet's own work",
    rows: [["its Node", "post", nodes, fresh({ labels: { "kubernetes.io/hostname": "fresh" } })]],
  },
];
