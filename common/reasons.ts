// The reasons: one CamelCase word for each outcome, the same in log, Event, metric, condition, CLI and docs/reasons.md.

/** What each reason means and what to do about it, in one line. */
export const reasons = {
  // Verdict on a Node
  DigestMatch: "The node runs the image that its pool asks for: the manifest digests are equal.",
  ReferenceMatch: "Only the reference of the booted image equals the expected one; a weaker proof than DigestMatch.",
  OSImageMismatch: "The node runs another OS image than its pool asks for: look at its machine-config-daemon log.",
  BootImageMismatch:
    "The node's disk was flashed from another release than its Machine's template: replace the Machine.",
  NodeUpdating: "The Machine Config Operator is at work on the node: wait.",
  StagedForReboot: "A new deployment waits for the node's next reboot.",
  WaitingForPool: "The pool has a newer configuration, and the node's turn has not come.",
  PoolPaused: "The pool has a newer configuration, but it is paused: unpause it to go on.",
  Joining: "The node has no machine configuration or no pool yet.",
  NoReport: "No agent has reported on the node: look for its bootwarden-agent pod.",
  ReportOfOtherBoot: "The report is of an earlier boot: the agent has not yet looked since the node came up.",
  ReportInvalid: "The report on the node cannot be read: another agent version, or somebody else wrote it.",
  AgentNotReady: "The agent's pod on the node has not been Ready for 10 minutes.",
  AgentError: "The agent could not inspect the host; the report names the cause.",
  NoExpectation: "What the node should run is not pinned by digest, or its pool is ambiguous.",
  NotApplicable: "The node has no ostree host (Windows or another OS): nothing to verify.",
  // Boot-image check
  Match: "The disk was flashed from the release of the template that its Machine named.",
  Mismatch: "The disk was flashed from another release than that of the template its Machine named.",
  TemplateReleaseUnknown:
    "The release of the Machine's template is not known: it is gone or carries no product version.",
  TemplateChangedSince: "The template may have been replaced after the Machine was created.",
  NoMachine: "The node belongs to no Machine.",
  NoAleph: "The node has no aleph file: its disk was not made from a CoreOS image.",
  // Inspecting a host
  NotOSTreeHost: "The host was not booted via ostree: keep the agent off it with a node selector.",
  NotInstalled: "There is no rpm-ostree on the host: check that HOST_ROOT is the host's root.",
  DaemonUnreachable:
    "rpm-ostree cannot reach its daemon over D-Bus: look at `systemctl status rpm-ostreed` on the host.",
  DaemonStartFailed: "rpm-ostreed does not start: look at `journalctl -u rpm-ostreed` on the host.",
  DBusDenied: "D-Bus refuses the agent: check that its container is root with SELinux's type spc_t.",
  TransactionInProgress: "rpm-ostree is busy with a transaction: it is looked at again.",
  CommandFailed: "rpm-ostree ended with an error that is not known: its text is in the message.",
  TimedOut: "No answer within the deadline: it is tried again.",
  OutputTooLarge: "rpm-ostree printed more than the limit.",
  UnreadableOutput: "What rpm-ostree printed is no status: update bootwarden, or look at the host.",
  BootIDUnreadable: "The kernel's boot id cannot be read: check that HOST_ROOT is the host's root, with its /proc.",
  NoBootedDeployment: "rpm-ostree names no booted deployment: the host is in an odd state.",
  NeedsRpmOSTree:
    "The host has packages or overrides of its own, which bootc cannot tell: set COLLECTOR to auto or rpm-ostree.",
  InputUnreadable: "The file for `parse` cannot be read: check its path and rights.",
  // Agent's own Node
  NoNodeClaim:
    "The agent's token is not bound to a pod on this node: run it as a DaemonSet on Kubernetes 1.30 or later.",
  NodeWriteRefused: "The API server refuses the agent's write: apply the manifests again (RBAC, admission policy).",
  NodeMissing: "The API server has no Node of the name in NODE_NAME: it is looked for again.",
  ApiUnreachable: "The API server does not answer: it is tried again.",
  ApiRefused: "The API server refuses the request: see the message (RBAC, admission policy, expired token).",
  ApiAnswerUnreadable: "The API server's answer is no JSON or too large: check that the address is an API server's.",
  ApiCredentialsInvalid: "No usable kubeconfig or ServiceAccount token: every mistake is in the message.",
  // Expectation of the boot image
  BootImagesMissing: "ConfigMap openshift-machine-config-operator/coreos-bootimages is missing.",
  BootImagesInvalid: "ConfigMap coreos-bootimages cannot be read: compare its key `stream` with the release's.",
  NoVmwareImage: "The stream has no vSphere image for the architecture: nothing to import.",
  PrestagedMissing: "The template that spec.imageSource names is not there, or is none: make it, or name another one.",
  PrestagedMismatch: "The template that spec.imageSource names is of another release: name one of the wanted release.",
  PrestagedElsewhere:
    "spec.imageSource names a template of another datacenter: give its path relative to the VM folder, and each datacenter one.",
  ClusterObjectInvalid:
    "An object of OpenShift that decisions are made from is missing or cannot be read: it is named in the message.",
  ClusterUpdating: "The cluster is being installed or upgraded: templates wait until it is done.",
  // Who manages a MachineSet
  ManagedByMCO:
    "The Machine Config Operator manages the boot images of this MachineSet: it is verified, never written.",
  Enrolled: "bootwarden manages the MachineSet.",
  ObserveMode: "spec.mode is Observe: nothing is written. Set it to Manage to move MachineSets.",
  NotSelected: "The policy's selection does not take this MachineSet.",
  OnHold: "The MachineSet carries bootwarden.io/hold: true.",
  OwnedByOther: "The MachineSet has an owner that would revert a change.",
  WindowsMachineSet: "The MachineSet makes Windows machines.",
  OtherStream: "The MachineSet follows another OS stream.",
  ArchitectureUnknown: "The MachineSet does not say its architecture, and the cluster has several.",
  NotVSphere: "The MachineSet has no vSphere provider spec.",
  NoWorkspace:
    "The MachineSet's provider spec has no complete workspace (server, datacenter, datastore, folder, pool).",
  NotAuthoritative: "Machine API is not authoritative for the MachineSet.",
  // State of a MachineSet
  OnTarget: "The MachineSet's template has the target release.",
  Behind: "The MachineSet's template is of another release than the target.",
  NewerThanTarget:
    "The MachineSet's template is newer than the target: it stays, unless spec.rollout.allowDowngrade is true.",
  TemplateMissing: "The template that the MachineSet names does not exist: its next Machine will fail.",
  TemplateAmbiguous:
    "Several VMs of the datacenter have the name that the MachineSet names: its next Machine will fail. Name it by path.",
  OtherTemplate: "The MachineSet's template has the target release, but is not the one that spec.imageSource names.",
  UserDataMissing:
    "The Secret with the MachineSet's user data is missing or has none: its new machines could not join.",
  UserDataInvalid: "The MachineSet's user data is no Ignition configuration: its new machines could not join.",
  UserDataOld: "The MachineSet's user data is of Ignition spec 2, which no present boot image reads: replace it.",
  UserDataForbidden:
    "bootwarden may not read the MachineSet's user data: allow it by a Role, as docs/user-data.md says.",
  MovingTemplate: "The MachineSet is being moved to the target's template.",
  MachineSetMoved: "The MachineSet was pointed at the new template.",
  MachineSetChanged: "The MachineSet was changed by somebody else at the same moment: it is looked at again.",
  ObjectUnreadable: "The object has fields that cannot be read: mend it.",
  MachineSetReverted:
    "Somebody took a move back: it is tried again later, up to three times. Hold the MachineSet, or mend its source.",
  Contested:
    "Somebody took a move back three times: the MachineSet is left to them. Mend its source, then `kubectl bootwarden resume` it.",
  MachineSetWriteRefused: "The API server refuses to move the MachineSet: see the message.",
  // New Machines
  NotInTime:
    "A new Machine did not become a Verified node within spec.rollout.newNodeDeadline: look at the Machine, then at its node.",
  NewMachineFailed: "A new Machine ended Failed: its error is in the message.",
  NewMachineMismatch: "The node of a new Machine does not run what it should: see the node's verdict.",
  Halted:
    "The first Machine of a new template went wrong: no further MachineSet is moved until `kubectl bootwarden resume` or a change of the spec.",
  // vCenter
  CredentialsMissing: "The Secret with the vCenter account is missing or incomplete.",
  CABundleMissing: "The ConfigMap with the CA bundle is missing or holds no certificates.",
  CloudConfigInvalid:
    "The cluster's vSphere cloud configuration cannot be read: mend the ConfigMap that the message names.",
  LoginRefused: "vCenter refuses the user name or password: mend the Secret.",
  VCenterUnreachable: "vCenter does not answer: check the server name, the port and the network.",
  CertificateUntrusted: "The server's certificate is not signed by a known CA: name the CA bundle in the policy.",
  HostNotVerified: "The ESXi host that would take the image cannot be verified.",
  SessionLost: "vCenter ended the session: it is opened again.",
  ObjectNotFound: "An object that the workspace names does not exist in vCenter.",
  NoPermission: "The vCenter account lacks a privilege.",
  PreflightFailed:
    "Several things stand in the way of a template, each with its remedy in the message; nothing was transferred.",
  DatastoreFull: "The datastore has less free space than the template takes: make room, or name another one.",
  HardwareNotSupported:
    "The host's ESXi is too old for the image's hardware version: upgrade the hosts of the cluster.",
  NoUsableHost: "No ESXi host is connected, powered on, out of maintenance and sees datastore and network.",
  NameTaken: "Somebody else's VM has the name: it is left alone.",
  LeaseFailed: "vCenter did not grant, or ended, the import lease.",
  UploadFailed: "The upload of the disk broke: it starts again.",
  UploadMismatch: "vCenter received other bytes than were sent: it starts again.",
  ReceivedNotCompared:
    "vCenter tells no hash of the disk that it received: its size and the verified connection must do.",
  ImportSpecWarnings: "vCenter has remarks on the image's OVF descriptor; the import goes on.",
  ClusterTagMissing: "The template has not the cluster's tag in vCenter: destroying the cluster will leave it behind.",
  ClonedByUpload:
    "Neither the place's host nor the finished template's can copy it to the place, or its disk is larger than the place's MachineSets want: the image was uploaded a second time.",
  TemplateInvalid: "The template that was made is not what was asked for: it gets no final name and is removed.",
  VCenterFault: "vCenter answered with a fault: see the message.",
  UnreadableAnswer: "vCenter answered with something that cannot be read.",
  TooManyTags:
    "vCenter has more tags than are read: attach the cluster's tag to its VM folder, where it is looked for first.",
  TagsNotAllowed: "The vCenter account may not attach tags: the template is made without; see docs/vcenter-role.md.",
  NotKept: "The new template cannot have something that the present one has: the message names it; give it by hand.",
  HardwareNotRaised:
    "vCenter refuses the present template's hardware version for the new one, which stays at its image's.",
  TagNotAttached: "A tag could not be attached to the new template: see the message, and attach it by hand.",
  DiskNotGrown:
    "vCenter refuses to make the new template's disk as large as linked clones need: it gets no snapshot for them.",
  SnapshotNotAllowed:
    "The new template has no snapshot for linked clones, since the account may not make it: linkedClone MachineSets stay.",
  SnapshotMissing: "The template has not the snapshot that the MachineSet's linked clones need: it is not moved.",
  ContentReplaced:
    "A template under a name of ours holds another release than its name says: it is not used, not touched.",
  DiskTooLarge:
    "The template's disk is larger than the MachineSet's diskGiB: its Machines would fail, so it is not moved.",
  TemplateImported: "A boot image was imported as a template.",
  TemplateCloned: "A template was cloned to a further place.",
  TemplateRetired: "An old template of ours that nothing names any more was removed.",
  // OVA
  DownloadFailed: "The image cannot be downloaded: check the URL, the mirror and its CA bundle.",
  ImageChanged: "The image was replaced at its URL while it was downloaded: it is downloaded anew.",
  ChecksumMismatch: "The image's sha256 is not the expected one: the mirror serves another file.",
  ImageTruncated: "The image ends too early: the mirror serves half a file.",
  DescriptorMissing: "The image holds no OVF descriptor: it is no OVA.",
  DescriptorInvalid: "The OVF descriptor cannot be read or asks for something that is not allowed.",
  // The controller itself
  AllReachable: "Every vCenter answers.",
  AllVerified: "Every node that applies is Verified.",
  NotAllVerified: "Some nodes are not Verified: see status.nodes and the label bootwarden.io/verdict.",
  NoTakeover: "The Machine Config Operator will not take these MachineSets over at the next upgrade.",
  TakeoverAhead:
    "OpenShift 4.22 turns the MCO's boot image management on: set MachineConfiguration's machineManagers first.",
  PoliciesInstalled: "Every admission policy of bootwarden is installed, and denies.",
  PolicyMissing:
    "An admission policy of bootwarden or its binding is missing or does not deny: apply the manifests again.",
  AsExpected: "Nothing to do.",
  Reconciling: "Templates are being made or MachineSets moved.",
  Unexpected: "An error that bootwarden does not know: please report it with the log.",
  Interrupted: "bootwarden was asked to stop.",
  LeadershipLost:
    "The lease could not be renewed in time, or another replica holds it: this one ends, so that nothing is done twice.",
  TLSFilesInvalid:
    "The certificate, key or client CA of the metrics cannot be used: the file is in the message. Or set PLAIN_HTTP=true.",
  SettingsInvalid: "The program's environment is not valid: every mistake is in the message.",
  // The command line
  UsageInvalid: "The command line of kubectl bootwarden is wrong: the message says where, and --help the rest.",
  RightMissing: "You lack a right on the API server: ask for it by the command that is printed.",
  PolicyAbsent: "There is no BootImagePolicy, or bootwarden is not installed: apply the manifests, then a policy.",
  StatusAbsent: "The controller has not written the policy's status yet: wait, or look for its pod.",
  NameUnknown: "No Node, MachineSet or Machine has this name.",
  NoPreviousTemplate: "The MachineSet carries no bootwarden.io/previous-template: bootwarden has never moved it.",
  PreviousTemplateGone:
    "The previous template is not in vCenter any more, or holds another release: point the MachineSet at one that is there.",
  NotHalted: "The rollout is not halted, so there is nothing that all of it could go back to: name a MachineSet.",
  NotConfirmed: "Nobody said yes: nothing was changed.",
} as const;

export type Reason = keyof typeof reasons;

export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text);
}
