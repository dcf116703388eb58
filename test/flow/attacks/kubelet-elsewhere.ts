// The attacks with a kubelet's credential on all but the keys of its Node; what nothing stops; and a kubelet's work.
import { namespace } from "../../../common/annotations.ts";
import { forbidden, type Threat } from "./attack.ts";
import {
  accounts,
  admission,
  labels,
  machineSets,
  node,
  nodes,
  notes,
  owners,
  pods,
  report,
  taints,
  verdict,
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

const eviction = (name: string) => ({ apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } });
const ready = (status: string) => ({ status: { conditions: [{ type: "Ready", status }] } });
const mirror = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "mirror-own",
    namespace,
    annotations: { "kubernetes.io/config.mirror": "x" },
    ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "own", uid: "uid of Node own", controller: true }],
  },
  spec: { nodeName: "own", serviceAccountName: "bootwarden-agent", containers: [{ name: "a", image: "a" }] },
};

const byRbac = { with: "kubelet", stoppedBy: "RBAC", answer: forbidden } as const;

export const attacksByKubeletElsewhere: Threat[] = [
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
      ["an owner, with which it is born again", "merge", own, { metadata: { ownerReferences: owners } }],
    ],
  },
  {
    with: "kubelet",
    stoppedBy: "NodeRestriction",
    threat: "Act on pods, or as one",
    answer:
      /can only (?:delete|evict|update pod status for) pods with spec.nodeName|can not create pods that reference serviceaccounts/,
    rows: [
      ["another node's agent, deleted", "delete", `${pods}/on-other`],
      ["another node's agent, evicted", "post", `${pods}/on-other/eviction`, eviction("on-other")],
      ["another node's agent, said to be not ready", "merge", `${pods}/on-other/status`, ready("False")],
      ["a pod of its own with the agent's account", "post", pods, mirror],
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
      ["labels of its own agent's pod", "merge", `${pods}/on-own`, labels({ app: "x" })],
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
    with: "kubelet as an agent",
    stoppedBy: "RBAC",
    threat: "Impersonate the agent of another node",
    answer: /cannot impersonate resource/,
    rows: [["to write its report", "merge", `${nodes}/other?fieldManager=bootwarden-agent`, notes({ [report]: "{}" })]],
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
      ["that its agent is ready", "merge", `${pods}/on-own/status`, ready("True")],
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
