// The check-list for the first run on a real vCenter: what no simulator can tell. docs/first-run.md holds the same, which a test compares.
import type { conditionTypes } from "../controller/decide/conditions.ts";

export interface Check {
  look: string;
  because: string;
  expected: string;
  otherwise: string;
  /** The condition of the policy that tells how it went, and the status that it should have. */
  condition?: { type: (typeof conditionTypes)[number]; status: "True" | "False" };
}

/** Without the marks of Markdown. */
export const firstRun: readonly Check[] = [
  {
    look: "bootwarden_agent_up of each node",
    because:
      "SELinux, and rpm-ostree itself, are not in the lab: that its client needs no more than root, chroot and type spc_t is read in its source",
    expected: "1",
    otherwise: "the agent's log has the reason; give it all rights (below), and tell us",
    condition: { type: "NodesVerified", status: "True" },
  },
  {
    look: "AdmissionPoliciesInstalled",
    because: "policies are compiled by the cluster's own version",
    expected: "True, and kubectl get validatingadmissionpolicy -o yaml has no type-checking warnings",
    otherwise: "Event PolicyMissing says which",
    condition: { type: "AdmissionPoliciesInstalled", status: "True" },
  },
  {
    look: "VCentersReachable",
    because: "TLS and accounts are the site's",
    expected: "True",
    otherwise: "docs/vcenters.md",
    condition: { type: "VCentersReachable", status: "True" },
  },
  {
    look: "the Event ImportSpecWarnings",
    because: "only vCenter says what it thinks of the OVA",
    expected: "none, or remarks on guest OS and hardware",
    otherwise: "read them; the import goes on",
  },
  {
    look: "VApp.Import on folder and resource pool",
    because: "some sites report that it is wanted on the datacenter, too",
    expected: "the import begins",
    otherwise: "give it on the datacenter, and tell us",
  },
  {
    look: 'bootwarden_notices_total{reason="ReceivedNotCompared"}',
    because: "the checksums of a manifest differ by version",
    expected: "0: vCenter tells a sha1",
    otherwise: "only the size was compared",
  },
  {
    look: "the Event HostNotVerified",
    because: "ESXi certificates are the site's",
    expected: "none",
    otherwise: "add the CA of the hosts to the vCenter's caBundle",
  },
  {
    look: "the VM bootwarden-import-… while it is imported",
    because: "extraConfig may be refused for a role",
    expected: "it has bootwarden.cluster and four keys more in its advanced configuration",
    otherwise: "give VirtualMachine.Config.AdvancedConfig",
  },
  {
    look: "the template: Edit notes, Configure",
    because: "product information comes from the OVF",
    expected: "version equal to the release",
    otherwise: "the MachineSet is not moved; tell us",
  },
  {
    look: "the template's tags",
    because: "tag accounts are stricter than the simulator's",
    expected: "the cluster's tag is attached",
    otherwise: "Event ClusterTagMissing says why",
  },
  {
    look: "further places",
    because: "hosts, datastores and distributed switches are the site's",
    expected: "one upload, the rest clones",
    otherwise: "Event ClonedByUpload says why",
  },
  {
    look: "a new Machine",
    because: "the Machine API looks templates up by its own rules",
    expected: "it becomes Running; its Node is Verified, boot-image check Match",
    otherwise: "way back: docs/rollback.md",
    condition: { type: "NodesVerified", status: "True" },
  },
  {
    look: "kill the controller's pod in mid-import",
    because: "the lock that a dead lease keeps, and its length",
    expected: "another import is made; the leftover is gone within 10 minutes",
    otherwise: "kubectl logs: it says by which fault vCenter refuses",
  },
  {
    look: "the log while an import is interrupted (scale --replicas=0)",
    because:
      "only vCenter says by which fault it refuses to destroy a VM under a live lease, and whether a lease in error takes an abort",
    expected: "at most warnings, nothing left",
    otherwise: "send us the fault's name",
  },
  {
    look: "VCentersReachable on a large inventory",
    because: "the time that a look takes there is not known",
    expected: "below 15 s",
    otherwise: "it goes on, see docs/vcenters.md",
  },
  {
    look: "sessions in vCenter (Monitor › Sessions)",
    because: "",
    expected: "two of the account (SOAP and REST), none after scale --replicas=0",
    otherwise: "",
  },
];
