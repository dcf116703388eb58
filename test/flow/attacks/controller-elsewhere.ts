// The attacks with the controller's credential on everything but Nodes and MachineSets; what nothing stops; and its work.
import { forbidden, type Threat } from "./attack.ts";
import { event } from "./controller-events.ts";
import {
  accounts,
  admission,
  bootImageCheck,
  byController,
  labels,
  nodes,
  notes,
  oldSet,
  oldSetTemplate,
  osDigest,
  pods,
  previousTemplate,
  provider,
  rbac,
  report,
  set,
  setTemplate,
  verdict,
  verdictMessage,
  verdictReason,
} from "./objects.ts";

const openshift = "/api/v1/namespaces/openshift-machine-api";
const ours = "/api/v1/namespaces/bootwarden";
const config = "/api/v1/namespaces/openshift-config/configmaps";
const bootImagePolicy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const machineConfig = "/apis/machineconfiguration.openshift.io/v1";
const machineApi = "/apis/machine.openshift.io";
const crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/bootimagepolicies.bootwarden.io";

const byRbac = { with: "controller", stoppedBy: "RBAC", answer: forbidden } as const;
const valuePath = "/spec/template/spec/providerSpec/value/template";
/** As the controller does it. */
const move = (was: string) => [
  { op: "test", path: valuePath, value: was },
  { op: "replace", path: valuePath, value: "lab-7x2kq-rhcos-fd-east-9.8.20261116-0" },
  { op: "add", path: `/metadata/annotations/${previousTemplate.replace("/", "~1")}`, value: was },
];
const told = {
  labels: { [verdict]: "Verified", [osDigest]: "0123456789abcdef" },
  annotations: { [verdictReason]: "DigestMatch", [verdictMessage]: "x", [bootImageCheck]: "Match" },
};

export const attacksByController: Threat[] = [
  {
    ...byRbac,
    threat: "Read Secrets and configuration of others",
    rows: [
      ["Secrets of the Machine API", "list", `${openshift}/secrets`],
      ["the user data of the control plane", "get", `${openshift}/secrets/master-user-data`],
      ["another Secret of the Machine API", "get", `${openshift}/secrets/windows-user-data`],
      ["user data, watched", "list", `${openshift}/secrets?watch=true&fieldSelector=metadata.name=worker-user-data`],
      ["user data, put elsewhere", "merge", `${openshift}/secrets/worker-user-data`, { data: null }],
      ["the list of Secrets of its namespace", "list", `${ours}/secrets`],
      ["the key of the agents' metrics", "get", `${ours}/secrets/bootwarden-agent-tls`],
      ["OpenShift's own vCenter account", "get", "/api/v1/namespaces/kube-system/secrets/vsphere-creds"],
      ["Secrets of the cluster", "list", "/api/v1/secrets"],
      ["the pull secret", "get", "/api/v1/namespaces/openshift-config/secrets/pull-secret"],
      ["all ConfigMaps of the configuration", "list", config],
      ["another ConfigMap of the configuration", "get", `${config}/user-ca-bundle`],
      ["pods of others", "list", `${openshift}/pods`],
    ],
  },
  {
    ...byRbac,
    threat: "Become somebody else",
    rows: [
      ["a token of the agent", "post", `${accounts}/bootwarden-agent/token`, {}],
      ["a token of its own", "post", `${accounts}/bootwarden-controller/token`, {}],
      ["a certificate", "post", "/apis/certificates.k8s.io/v1/certificatesigningrequests", {}],
      ["more rights for itself", "merge", `${rbac}/clusterroles/bootwarden-controller`, { rules: [] }],
      ["more rights in its namespace", "merge", `${rbac}/namespaces/bootwarden/roles/bootwarden-controller`, {}],
      ["the role of an admin", "post", `${rbac}/clusterrolebindings`, {}],
    ],
  },
  {
    with: "controller impersonating",
    stoppedBy: "RBAC",
    threat: "Impersonate somebody",
    answer: /cannot impersonate resource/,
    rows: [["a kubelet, to read Nodes", "list", nodes]],
  },
  {
    with: "controller as an agent",
    stoppedBy: "RBAC",
    threat: "Impersonate the agent of a node",
    answer: /cannot impersonate resource/,
    rows: [["to write its report", "merge", `${nodes}/other?fieldManager=bootwarden-agent`, notes({ [report]: "{}" })]],
  },
  {
    ...byRbac,
    threat: "Act on pods",
    rows: [
      ["a command in the agent's pod, which is root", "post", `${pods}/on-own/exec?command=id`],
      ["an ephemeral container", "strategic", `${pods}/on-own/ephemeralcontainers`, {}],
      ["an eviction", "post", `${pods}/on-own/eviction`, {}],
      ["a deletion", "delete", `${pods}/on-own`],
      ["a new one", "post", pods, {}],
      ["another image for the agent", "merge", "/apis/apps/v1/namespaces/bootwarden/daemonsets/bootwarden-agent", {}],
    ],
  },
  {
    ...byRbac,
    threat: "Take its guards away, or write anything else",
    rows: [
      ["a policy of its own", "delete", `${admission}/validatingadmissionpolicies/bootwarden-controller-nodes`],
      ["a binding", "delete", `${admission}/validatingadmissionpolicybindings/bootwarden-kubelet`],
      ["a weaker binding", "merge", `${admission}/validatingadmissionpolicybindings/bootwarden-agent`, {}],
      ["OpenShift's webhooks", "delete", `${admission}/validatingwebhookconfigurations/machine-api`],
      ["its orders", "merge", bootImagePolicy, { spec: { mode: "Manage" } }],
      ["no orders", "delete", bootImagePolicy],
      ["the definition of its orders", "merge", crd, {}],
      ["a Machine", "delete", `${machineApi}/v1beta1/namespaces/openshift-machine-api/machines/a`],
      [
        "the control plane",
        "delete",
        `${machineApi}/v1/namespaces/openshift-machine-api/controlplanemachinesets/cluster`,
      ],
      ["a MachineConfig", "post", `${machineConfig}/machineconfigs`, {}],
      ["a pool", "merge", `${machineConfig}/machineconfigpools/worker`, {}],
      [
        "the image that is wanted",
        "merge",
        "/api/v1/namespaces/openshift-machine-config-operator/configmaps/coreos-bootimages",
        {},
      ],
      ["another ConfigMap of its namespace", "merge", `${ours}/configmaps/lab-ca`, { data: {} }],
      ["no client CA", "delete", `${ours}/configmaps/metrics-client-ca`],
      ["the Secret with an account", "merge", `${openshift}/secrets/vsphere-cloud-credentials`, {}],
    ],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Lie in the policy's status, and to those who scrape",
    because:
      "Status and client CA of the metrics are the controller's to write. Nothing acts on the status; the metrics hold no secrets.",
    rows: [
      [
        "a healthy status",
        "merge",
        `${bootImagePolicy}/status?${byController}`,
        { status: { summary: { nodes: "9/9" } } },
      ],
      [
        "another client CA",
        "merge",
        `${ours}/configmaps/metrics-client-ca?${byController}`,
        { data: { "client-ca.crt": "x" } },
      ],
    ],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Read the vCenter account",
    because:
      "It imports with it. Give it one of its own, with the role of docs/vcenter-role.md; the pod runs on the control plane.",
    rows: [["OpenShift's, for Machines", "get", `${openshift}/secrets/vsphere-cloud-credentials`]],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Read the user data of workers",
    because:
      "It is asked whether a newer boot image can read it. As OpenShift makes it, it says where the machine config server is, and its CA.",
    rows: [
      ["the installer's", "get", `${openshift}/secrets/worker-user-data`],
      ["the Machine Config Operator's", "get", `${openshift}/secrets/worker-user-data-managed`],
    ],
  },
];

/** What the controller is there for. */
export const workOfController: Threat[] = [
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "The controller's own work",
    rows: [
      ["a MachineSet moved", "json", set, move(setTemplate)],
      [
        "a MachineSet in the old serialisation moved, which the webhook writes anew",
        "json",
        oldSet,
        move(oldSetTemplate),
      ],
      [
        "a MachineSet moved, by merge patch",
        "merge",
        set,
        { ...notes({ [previousTemplate]: setTemplate }), ...provider({ template: "x" }) },
      ],
      ["a verdict", "merge", `${nodes}/own?${byController}`, { metadata: told }],
      ["a verdict where ten others have written", "merge", `${nodes}/busy?${byController}`, { metadata: told }],
      ["no verdict any more", "merge", `${nodes}/own?${byController}`, labels({ [verdict]: null, [osDigest]: null })],
      ["a status", "merge", `${bootImagePolicy}/status?${byController}`, { status: { observedGeneration: 1 } }],
      ["an Event", "post", `/api/v1/namespaces/default/events?${byController}`, event()],
      [
        "the clients' CA",
        "merge",
        `${ours}/configmaps/metrics-client-ca?${byController}`,
        { data: { "client-ca.crt": "" } },
      ],
      ["Nodes, Machines and MachineSets read", "list", nodes],
      ["the cloud configuration read", "list", `${config}?fieldSelector=metadata.name=cloud-provider-config`],
      ["its policies read", "get", `${admission}/validatingadmissionpolicies/bootwarden-agent`],
    ],
  },
];
