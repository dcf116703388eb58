// The peer's scenarios: what the Machine Config Operator's own tests of vSphere boot images hold it to, and what bootwarden does in each.

interface PeerScenario {
  /** U: its unit tests, E: end to end, A: what its API refuses. */
  id: string;
  scenario: string;
  peer: string;
  /** What bootwarden does; in a scenario that does not apply, why it does not. */
  ours: string;
  /** `otherwise`: on purpose, as `ours` says. `no`: there is nothing of the kind in bootwarden. */
  applies: "the same" | "otherwise" | "no";
}

type Row = readonly [id: string, scenario: string, peer: string, applies: PeerScenario["applies"], ours: string];

const skew = "It is the operator's: bootwarden never keeps a cluster from upgrading.";

const rows: readonly Row[] = [
  [
    "U1",
    "history of the ClusterVersion empty, or its newest entry Partial",
    "not stable",
    "the same",
    "templates wait, `ClusterUpdating`",
  ],
  ["U2", "its newest entry Completed", "stable", "the same", "templates are made and MachineSets moved"],
  ["U3", "the newest entry becomes Completed", "looks again", "the same", "the next look has a target"],
  [
    "U4",
    "it stays as it was, or an upgrade begins",
    "does not look again",
    "otherwise",
    "looks at every event and decides the same; when an upgrade begins, moves stop at once",
  ],
  [
    "U5",
    "the same value written a fourth time",
    "hot loop: an error",
    "the same",
    "`Contested` after the third revert, counted in the policy's status; no fourth move, and no import before it",
  ],
  [
    "U6",
    "two writes of the same value; another value each time",
    "no hot loop",
    "the same",
    "two reverts are waited out; a move to another release is no contest",
  ],
  ["U7", "`kubernetes.io/arch=amd64`, in a cluster of one or several architectures", "x86_64", "the same", "x86_64"],
  [
    "U8",
    "the architecture first, in the middle or last in the list, with blanks; arm64, s390x, ppc64le",
    "by its name",
    "the same",
    "by its name; vSphere has images of x86_64 only: the others are `NoVmwareImage`",
  ],
  [
    "U9",
    "an architecture that there is not; an annotation without one",
    "an error",
    "otherwise",
    "passed over, `ArchitectureUnknown`",
  ],
  [
    "U10",
    "no annotation in a cluster of one architecture; of several",
    "the control plane's; skipped",
    "the same",
    "x86_64, the only one on vSphere; nobody's, `ArchitectureUnknown`",
  ],
  [
    "U11",
    "stream rhel-10; a stream of one's own",
    "skipped without a word in the status",
    "otherwise",
    "rhel-10 is followed where the release has it; another is nobody's, `OtherStream`, and the status says so",
  ],
  ["U12", "stream rhel-9, or none", "processed", "the same", "the release's default image"],
  [
    "U13",
    "U11 and U12 for a ControlPlaneMachineSet",
    "as there",
    "otherwise",
    "a ControlPlaneMachineSet is reported and never written, whatever its stream",
  ],
  ["U14", "skew: the cluster's install version is its oldest Completed one", "recorded", "no", skew],
  ["U15", "skew: mode None, or the install version already recorded", "unchanged", "no", skew],
  ["U16", "skew: no history; only a Partial entry", "0.0.0; its version", "no", skew],
  [
    "U17",
    "a workspace that is no failure domain",
    "an error that degrades",
    "otherwise",
    "a template of its own place, with six digits in its name; clusters without failure domains are served too",
  ],
  [
    "U18",
    "a template directly in the workspace's folder; beside it, above it, below it; no folder",
    "only the first is used; without a folder, any",
    "otherwise",
    "each folder is a place of its own; without a folder `NoWorkspace`",
  ],
  [
    "U19",
    "where a template is looked for: folder and name, no folder, an absolute path, a trailing slash",
    "joined; the name; as it is; one slash",
    "the same",
    "the place's folder and the name, one slash; an absolute path as it is",
  ],
  [
    "U20",
    "no opinion in MachineConfiguration, OpenShift 4.22",
    "all MachineSets enrolled",
    "the same",
    "they are the peer's: verified, never written",
  ],
  [
    "U21",
    "an empty list of managers",
    "nothing enrolled",
    "the same",
    "they are bootwarden's, and `TakeoverAhead` is over",
  ],
  [
    "U22",
    "All, None, Partial in MachineConfiguration",
    "as it says",
    "the same",
    "the peer's; bootwarden's; the peer's where the selector takes them",
  ],
  ["U23", "another platform", "no managers", "the same", "nobody's, `NotVSphere`"],
  [
    "U24",
    "an opinion on ControlPlaneMachineSets only",
    "all MachineSets enrolled beside it",
    "the same",
    "only an entry for machinesets counts",
  ],
  ["U25", "skew: a single node", "none, or as given", "no", skew],
  ["U26", "a version of a nightly build, `4.18.0-0.ci-…`", "4.18.0", "the same", "counts as 4.18"],
  ["U27", "skew: no object, no mode, mode None", "upgradeable", "no", skew],
  ["U28", "skew: automatic and degraded", "not upgradeable", "no", skew],
  ["U29", "skew: automatic and progressing", "not looked at", "no", skew],
  [
    "U30",
    "skew: which of two releases, in either numbering, is the older",
    "blocks below RHEL 9.2 and OpenShift 4.13",
    "otherwise",
    "the same order; the oldest that new machines boot is told in `status.oldestRelease`, and blocks nothing",
  ],
  [
    "E1",
    "no opinion, and an old template; then None; then Partial of all",
    "new content under the old name; left; updated",
    "otherwise",
    "a new name for each release, and the MachineSet moved to it (from 4.22 on it is the peer's: verified); left; moved",
  ],
  [
    "E2",
    "All; Partial by label",
    "only what is enrolled is updated",
    "the same",
    "only what the policy selects is moved",
  ],
  [
    "E3",
    "a wrong architecture: not enrolled, enrolled, mended",
    "no word; degraded; updated",
    "otherwise",
    "`ArchitectureUnknown` at the MachineSet from the beginning, degraded nothing; moved when mended",
  ],
  [
    "E4",
    "the user-data Secret is missing, no JSON, of an unknown version",
    "degraded with the text",
    "the same",
    "not moved, before anything is made: `UserDataMissing` or `UserDataInvalid`, and degraded; of a spec above 3 it says nothing, and moves",
  ],
  [
    "E5",
    "user data of Ignition spec 2",
    "rewritten to spec 3, with an annotation; no copy is kept",
    "otherwise",
    "read and never written: not moved, `UserDataOld`, with how to replace it",
  ],
  [
    "E6",
    "the default is reflected in the status",
    "All",
    "otherwise",
    "before 4.22 condition `TakeoverAhead` says what the upgrade will do; from then on the peer manages",
  ],
  ["E7", "several labels in the capacity annotation", "handled", "the same", "handled"],
  [
    "E8",
    "skew by hand and automatic, good and bad",
    "upgradeable, or not",
    "no",
    "It is the operator's: `status.oldestRelease` is what `bootImageSkewEnforcement.manual` asks for.",
  ],
  [
    "A1",
    "Partial without a selector; a selector with another mode",
    "refused",
    "the same",
    "refused: mode Partial needs the field partial, and no other mode may have it",
  ],
  ["A2", "two entries for the same", "refused: Duplicate value", "the same", "refused: two vCenters of the same name"],
  ["A3", "Partial for ControlPlaneMachineSets", "refused", "no", "The policy has no word for ControlPlaneMachineSets."],
  ["A4", "skew: automatic in the spec", "refused", "no", skew],
];

export const peerScenarios = rows.map(
  ([id, scenario, peer, applies, ours]): PeerScenario => ({ id, scenario, peer, applies, ours }),
);
