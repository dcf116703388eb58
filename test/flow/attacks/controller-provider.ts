// The attacks on the provider spec of a MachineSet with the controller's credential.
import type { Threat } from "./attack.ts";
import { notes, oldSet, oldSetTemplate, previousTemplate, provider, set, setTemplate } from "./objects.ts";

const valuePath = "/spec/template/spec/providerSpec/value";
const tag = "urn:vmomi:InventoryServiceTag:5736bf56-49f5-4667-b38c-b97e09dc9578:GLOBAL";
const move = (template: string, was = setTemplate) => ({
  ...notes({ [previousTemplate]: was }),
  ...provider({ template }),
});

const policy = { with: "controller", stoppedBy: "bootwarden's policy" } as const;

export const attacksOnProvider: Threat[] = [
  {
    ...policy,
    threat: "Change of a provider spec more than the template",
    answer: /changes of a MachineSet only the template/,
    rows: [
      ["the vCenter, which gets the account", "merge", set, provider({ workspace: { server: "evil.example.com" } })],
      ["the datacenter", "merge", set, provider({ workspace: { datacenter: "evil", folder: "/evil/vm/x" } })],
      ["the folder", "merge", set, provider({ workspace: { folder: "/dc-east/vm/evil" } })],
      ["the datastore", "merge", set, provider({ workspace: { datastore: "/dc-east/datastore/ds-b" } })],
      [
        "the resource pool",
        "merge",
        set,
        provider({ workspace: { resourcePool: "/dc-east/host/cluster-b/Resources" } }),
      ],
      ["no workspace", "merge", set, provider({ workspace: null })],
      ["the network", "merge", set, provider({ network: { devices: [{ networkName: "evil" }] } })],
      [
        "a second network",
        "json",
        set,
        [{ op: "add", path: `${valuePath}/network/devices/-`, value: { networkName: "e" } }],
      ],
      [
        "an address",
        "json",
        set,
        [{ op: "add", path: `${valuePath}/network/devices/0/ipAddrs`, value: ["10.0.0.9/24"] }],
      ],
      [
        "a name server",
        "json",
        set,
        [{ op: "add", path: `${valuePath}/network/devices/0/nameservers`, value: ["10.0.0.9"] }],
      ],
      ["the user data, which is Ignition's", "merge", set, provider({ userDataSecret: { name: "evil" } })],
      ["the account", "merge", set, provider({ credentialsSecret: { name: "evil" } })],
      ["the clone mode", "merge", set, provider({ cloneMode: "linkedClone" })],
      ["the snapshot", "merge", set, provider({ snapshot: "evil" })],
      ["the disk", "merge", set, provider({ diskGiB: 9999 })],
      ["the processors", "merge", set, provider({ numCPUs: 64 })],
      ["the cores", "merge", set, provider({ numCoresPerSocket: 64 })],
      ["the memory", "merge", set, provider({ memoryMiB: 1048576 })],
      ["tags", "merge", set, provider({ tagIDs: [tag] })],
      ["a data disk", "merge", set, provider({ dataDisks: [{ name: "evil", sizeGiB: 999 }] })],
      ["the kind", "merge", set, provider({ kind: "AWSMachineProviderConfig" })],
      ["the API version", "merge", set, provider({ apiVersion: "vsphereprovider.openshift.io/v1" })],
      ["labels of the provider spec", "merge", set, provider({ metadata: { labels: { evil: "x" } } })],
      [
        "a value in the old serialisation",
        "merge",
        oldSet,
        { ...move("evil", oldSetTemplate), ...provider({ template: "evil", numCPUs: 8 }) },
      ],
      [
        "an account in the old serialisation, which names none",
        "merge",
        oldSet,
        provider({ credentialsSecret: { name: "evil" } }),
      ],
      ["all of it, with another memory", "json", set, [{ op: "replace", path: `${valuePath}/memoryMiB`, value: 4096 }]],
      [
        "the template moved into the snapshot",
        "json",
        set,
        [{ op: "copy", from: `${valuePath}/template`, path: `${valuePath}/snapshot` }],
      ],
    ],
  },
  {
    ...policy,
    threat: "Own a field of a provider spec that OpenShift does not know",
    answer: /owns of a MachineSet only the template/,
    rows: [["one that OpenShift drops", "merge", set, provider({ evil: "x" })]],
  },
];
