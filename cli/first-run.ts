// The check-list for the first run on a real vCenter: what no lab can tell. docs/first-run.md holds the same, which a test compares.
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
    look: "the image: npm run image, then podman run --rm bootwarden:latest /opt/bootwarden/kubectl-bootwarden version and podman run --rm --entrypoint chroot bootwarden:latest --version",
    because:
      "the Dockerfile's base is UBI's Node.js 24; the tests build by buildah, on a base that they make of Node and chroot: neither UBI nor podman nor docker was ever tried",
    expected: "bootwarden's version, then that of chroot",
    otherwise: "build on another image with Node.js 24 and chroot (--base), and tell us",
  },
  {
    look: "the annotation openshift.io/scc of the pods: oc -n bootwarden get pods -o yaml",
    because: "the lab's API server has no SCCs, and its kubelets run containerd",
    expected: "privileged of the agents, restricted-v2 of the controllers, and every pod runs",
    otherwise: "docs/troubleshooting.md has the messages of pods that are not admitted",
  },
  {
    look: "oc -n bootwarden get secret bootwarden-agent-tls bootwarden-controller-tls",
    because: "in the lab certificates are not made by service-ca",
    expected: "both are there, of type kubernetes.io/tls",
    otherwise: "docs/troubleshooting.md, by bootwarden-agent-tls",
  },
  {
    look: "oc -n bootwarden rollout status ds/bootwarden-agent",
    because:
      "nothing in the lab enforces a NetworkPolicy: that a pod which is let out to port 6443 alone reaches the API server by its Service, at port 443, is unproved for OVN",
    expected: "every agent is Ready, so it has written its Node",
    otherwise: "ApiUnreachable in the agent's log: add a NetworkPolicy that lets out to 443, and tell us",
  },
  {
    look: 'with the address of a vCenter: oc -n bootwarden exec ds/bootwarden-agent -- node -e \'require("net").connect({host:"ADDRESS",port:443,timeout:9000}).on("connect",()=>console.log("open")).on("timeout",process.exit)\'',
    because: "nothing in the lab enforces the denial either",
    expected: "nothing is printed, for 9 s",
    otherwise: "open: the cluster's network does not enforce NetworkPolicies; bootwarden goes on, with one wall less",
  },
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
    look: "oc -n openshift-monitoring exec -c prometheus prometheus-k8s-0 -- promtool query instant http://localhost:9090 'up{namespace=\"bootwarden\"}'",
    because:
      "the lab has Prometheus, and no operator that makes its configuration of ServiceMonitors and scrape classes",
    expected: "1 of each agent and of both controllers",
    otherwise: "the console, Observe › Targets, has the error; 401 and 403 are ours: docs/metrics.md",
  },
  {
    look: "the console, Observe › Dashboards, bootwarden",
    because: "the console is not in the lab",
    expected: "every panel is drawn, with data where there is something to tell",
    otherwise: "tell us",
  },
  {
    look: "with the component credentials: oc -n bootwarden get credentialsrequest bootwarden-controller -o jsonpath='{.status.provisioned}' and oc -n bootwarden describe secret bootwarden-vcenters",
    because: "the Cloud Credential Operator is not in the lab, and this request is not in its own namespace",
    expected: "true; a user name and a password for each vCenter",
    otherwise: "make the Secret by hand: docs/vcenters.md",
  },
  {
    look: "oc adm top pods -n bootwarden, once during an import",
    because: "what the pods request was measured on kubelets with cgroups of version 1; OpenShift's have version 2",
    expected: "at most what they request",
    otherwise: "more in requests, by your overlay; tell us",
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
    look: "InvalidRequest in the log: oc -n bootwarden logs -l app.kubernetes.io/name=bootwarden-controller --tail=-1",
    because:
      "vCenter takes fields in the order of its schema only; ours are held against the schema, and the simulator takes any order",
    expected: "it is not there",
    otherwise: "send us the line: it names the call",
  },
  {
    look: "bootwarden_datastore_free_bytes beside govc datastore.info",
    because: "the simulator's free space is that of its machine's disk, or what a test says",
    expected: "the same, within a few minutes",
    otherwise: "look for room yourself before an import; tell us",
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
    look: "the first move: oc -n openshift-machine-api get machineset NAME -o yaml before and after it",
    because: "the lab's webhooks of the Machine API are those of one version, and nobody else's are there",
    expected:
      "template and the annotation bootwarden.io/previous-template differ, and at most what the webhooks fill in",
    otherwise: "MachineSetWriteRefused has the webhook's words; way back: docs/rollback.md",
  },
  {
    look: "a new Machine",
    because: "the Machine API looks templates up by its own rules",
    expected: "it becomes Running; its Node is Verified, boot-image check Match",
    otherwise: "way back: docs/rollback.md",
    condition: { type: "NodesVerified", status: "True" },
  },
  {
    look: "a new worker: govc vm.info -e MACHINE, which prints its Ignition, too: show it to nobody; and status.templates of the policy",
    because:
      "vCenter copies the markers of a template into every worker; the simulator copies them because that is said of vCenter",
    expected: "the worker's bootwarden.name is that of its template, and status.templates has no worker",
    otherwise: "no markers: nothing is amiss. A worker in the list: spec.mode: Observe, and tell us",
  },
  {
    look: "kill the controller's pod in mid-import",
    because: "the lock that a dead lease keeps, and its length",
    expected: "another import is made; the leftover is gone within 10 minutes of the last step in that vCenter",
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
