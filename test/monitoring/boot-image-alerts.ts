// The cases of the alerts on boot images.
import { type AlertCase, always, day, failure } from "./alert-case.ts";

const standing = (reason: string, release = "9.6.1") =>
  `bootwarden_machineset_template_info{pod="c-1",machineset="a",managed_by="Bootwarden",release="${release}",reason="${reason}"}`;
const condition = (status: string) =>
  `bootwarden_condition{pod="c-1",type="TakeoverAhead",status="${status}",reason="r"}`;
const freeBytes = (pod: string, datastore: string) =>
  `bootwarden_datastore_free_bytes{pod="${pod}",server="vc",datastore="${datastore}"}`;

export const bootImageCases: AlertCase[] = [
  {
    alert: "BootwardenTemplateMissing",
    fires: { [standing("TemplateMissing", "")]: always },
    at: 16,
    labels: { machineset: "a", reason: "TemplateMissing" },
    description:
      "The template that MachineSet a names cannot be cloned (TemplateMissing): its next Machine ends Failed, and stays so.",
    silent: [
      { why: "while bootwarden mends it", series: { [standing("TemplateMissing", "")]: "1x4 stale" }, at: 16 },
      { why: "of one that is only old", series: { [standing("Behind")]: always } },
    ],
  },
  {
    alert: "BootwardenTemplateMissing",
    fires: { [standing("TemplateAmbiguous", "")]: always },
    at: 16,
    labels: { machineset: "a", reason: "TemplateAmbiguous" },
    description:
      "The template that MachineSet a names cannot be cloned (TemplateAmbiguous): its next Machine ends Failed, and stays so.",
    silent: [],
  },
  {
    alert: "BootwardenTemplateOutdated",
    // A restart of the controller in between begins nothing anew.
    fires: {
      [standing("Behind")]: "1x700 stale",
      [standing("Behind").replace("c-1", "c-2")]: "_x706 1x900",
    },
    at: day + 5,
    labels: { machineset: "a", release: "9.6.1" },
    description: "For a day the template of MachineSet a has had release 9.6.1, which is not that of the cluster.",
    silent: [
      { why: "before a day is over", series: { [standing("Behind")]: always }, at: day - 5 },
      {
        why: "of an upgrade that takes long",
        series: { [standing("Behind")]: "1x600 stale", [standing("ClusterUpdating")]: "_x601 1x300 stale" },
        at: day + 5,
      },
      { why: "on hold", series: { [standing("OnHold")]: always }, at: day + 5 },
    ],
  },
  {
    alert: "BootwardenImportFailing",
    fires: { [failure('kind="MachineSet",name="a",reason="ChecksumMismatch"')]: always },
    labels: { kind: "MachineSet", name: "a", reason: "ChecksumMismatch" },
    description:
      "For an hour MachineSet a has been failing: ChecksumMismatch. The Event of that reason at the object says what to do.",
    silent: [
      {
        why: "for what has an alert of its own",
        series: {
          [failure('kind="MachineSet",name="a",reason="Contested"')]: always,
          [failure('kind="BootImagePolicy",name="cluster",reason="Halted"')]: always,
          [failure('kind="BootImagePolicy",name="cluster",reason="LoginRefused"')]: always,
          [failure('kind="Machine",name="m",reason="NotInTime"')]: always,
        },
      },
      {
        why: "for what keeps a vCenter from answering",
        series: {
          [failure('kind="BootImagePolicy",name="cluster",reason="NoPermission"')]: always,
          [failure('kind="BootImagePolicy",name="cluster",reason="ObjectNotFound"')]: always,
          'bootwarden_vcenter_up{pod="c-1",server="vc"}': "0x1600",
          'bootwarden_vcenter_up{pod="c-1",server="b"}': always,
        },
      },
      { why: "for an hour", series: { [failure('kind="MachineSet",name="a",reason="UploadFailed"')]: "1x50 stale" } },
    ],
  },
  {
    alert: "BootwardenImportFailing",
    fires: { [failure('kind="BootImagePolicy",name="cluster",reason="BootImagesInvalid"')]: always },
    labels: { kind: "BootImagePolicy", name: "cluster", reason: "BootImagesInvalid" },
    description:
      "For an hour BootImagePolicy cluster has been failing: BootImagesInvalid. The Event of that reason at the object says what to do.",
    silent: [],
  },
  {
    alert: "BootwardenDatastoreLow",
    // Each of them is looked at for itself, by whatever pod.
    fires: {
      [freeBytes("c-1", "/dc/datastore/a")]: "1e10x12 stale",
      [freeBytes("c-2", "/dc/datastore/a")]: "_x13 1.073741824e10x1600",
      [freeBytes("c-1", "/dc/datastore/b")]: "1e12x1600",
    },
    at: 30,
    labels: { server: "vc", datastore: "/dc/datastore/a" },
    description:
      "Datastore /dc/datastore/a of vCenter vc, which MachineSets name, has 10GiB free. An import wants up to 17 GiB, and each new Machine its disk.",
    silent: [
      { why: "with room", series: { [freeBytes("c-1", "/dc/datastore/a")]: "3e10x1600" } },
      { why: "while a template is made", series: { [freeBytes("c-1", "/dc/datastore/a")]: "3e10x10 1e10x9 3e10x100" } },
      { why: "where it is not known", series: { [freeBytes("c-1", "/dc/datastore/a")]: "1e10x5 stale" } },
    ],
  },
  {
    // Every vCenter answers: it is an old template that may not be removed.
    alert: "BootwardenImportFailing",
    fires: {
      [failure('kind="BootImagePolicy",name="cluster",reason="NoPermission"')]: always,
      'bootwarden_vcenter_up{pod="c-1",server="vc"}': always,
    },
    labels: { kind: "BootImagePolicy", name: "cluster", reason: "NoPermission" },
    description:
      "For an hour BootImagePolicy cluster has been failing: NoPermission. The Event of that reason at the object says what to do.",
    silent: [],
  },
  {
    // What an import lacks is told also while another vCenter does not answer.
    alert: "BootwardenImportFailing",
    fires: {
      [failure('kind="MachineSet",name="a",reason="NoPermission"')]: always,
      'bootwarden_vcenter_up{pod="c-1",server="vc"}': "0x1600",
    },
    labels: { kind: "MachineSet", name: "a", reason: "NoPermission" },
    description:
      "For an hour MachineSet a has been failing: NoPermission. The Event of that reason at the object says what to do.",
    silent: [],
  },
  {
    alert: "BootwardenNewNodeNotInTime",
    fires: { [failure('kind="Machine",name="m",reason="NotInTime"')]: always },
    labels: { name: "m", reason: "NotInTime" },
    description: "Machine m: NotInTime. Others of its template may share its fate.",
    silent: [
      {
        why: "when the Machine is gone",
        series: { [failure('kind="Machine",name="m",reason="NotInTime"')]: "1x60 stale" },
      },
    ],
  },
  {
    alert: "BootwardenHalted",
    fires: { [failure('kind="BootImagePolicy",name="cluster",reason="Halted"')]: always },
    at: 6,
    labels: { name: "cluster" },
    description:
      "The first Machine of a new template went wrong: no further MachineSet is moved until a person decides. status.rollout.halted of BootImagePolicy cluster names the Machine and the way back.",
    silent: [
      {
        why: "when it was resumed",
        series: { [failure('kind="BootImagePolicy",name="cluster",reason="Halted"')]: "1x60 stale" },
      },
    ],
  },
  {
    alert: "BootwardenContested",
    fires: { [failure('kind="MachineSet",name="a",reason="Contested"')]: always },
    labels: { name: "a" },
    description: "MachineSet a was pointed back three times after bootwarden had moved it, and is left alone now.",
    silent: [
      {
        why: "at the first reverts",
        series: { [failure('kind="MachineSet",name="a",reason="MachineSetReverted"')]: always },
      },
    ],
  },
  {
    alert: "BootwardenTakeoverAhead",
    fires: { [condition("True")]: always },
    labels: {},
    description:
      "managedBootImages of MachineConfiguration cluster is not set: from 4.22 on the Machine Config Operator manages the boot image of every MachineSet, and replaces the content of templates.",
    silent: [{ why: "when somebody has decided", series: { [condition("False")]: always } }],
  },
];
