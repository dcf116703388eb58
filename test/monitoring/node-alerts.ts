// The cases of the alerts on nodes and their agents.
import { type AlertCase, always, day, scraped } from "./alert-case.ts";

const verdict = (labels: string) => `bootwarden_node_verdict{pod="c-1",node="w-0",${labels}}`;

export const nodeCases: AlertCase[] = [
  {
    alert: "BootwardenWrongImage",
    fires: { [verdict('verdict="Mismatch",reason="OSImageMismatch"')]: always },
    at: 31,
    labels: { node: "w-0", reason: "OSImageMismatch" },
    description:
      "For 30 minutes node w-0 has been a Mismatch (OSImageMismatch). Its annotation bootwarden.io/verdict-message says what was expected and what was seen.",
    silent: [
      { why: "not yet", series: { [verdict('verdict="Mismatch",reason="OSImageMismatch"')]: always }, at: 29 },
      { why: "while it is updated", series: { [verdict('verdict="Updating",reason="NodeUpdating"')]: always } },
      {
        why: "when it is mended",
        series: {
          [verdict('verdict="Mismatch",reason="OSImageMismatch"')]: "1x60 stale",
          [verdict('verdict="Verified",reason="DigestMatch"')]: "_x60 1x60",
        },
        at: 70,
      },
    ],
  },
  {
    alert: "BootwardenAgentNotReporting",
    fires: {
      // The reason may change from one to another meanwhile, and the controller move.
      [verdict('verdict="Unknown",reason="AgentNotReady"')]: "1x15 stale",
      'bootwarden_node_verdict{pod="c-2",node="w-0",verdict="Unknown",reason="AgentError/TimedOut"}': "_x16 1x60",
    },
    at: 32,
    labels: { node: "w-0" },
    description:
      "For 30 minutes there has been no report on node w-0 that could be used. Its annotation bootwarden.io/verdict-reason says why.",
    silent: [
      { why: "while it joins", series: { [verdict('verdict="Unknown",reason="Joining"')]: always } },
      { why: "without an expectation", series: { [verdict('verdict="Unknown",reason="NoExpectation"')]: always } },
    ],
  },
  {
    alert: "BootwardenStagedTooLong",
    fires: { 'bootwarden_node_staged_deployment_timestamp_seconds{pod="a-1",node="w-0"}': "600x1600" },
    at: day + 30,
    labels: { node: "w-0" },
    description: "On node w-0 a deployment has been staged for 1d 0h 20m 0s, and the node has not rebooted.",
    silent: [
      {
        why: "before a day is over",
        series: { 'bootwarden_node_staged_deployment_timestamp_seconds{pod="a-1",node="w-0"}': "3600x1600" },
        at: day + 30,
      },
      {
        why: "after the reboot",
        series: { 'bootwarden_node_staged_deployment_timestamp_seconds{pod="a-1",node="w-0"}': "600x1400 stale" },
        at: day + 30,
      },
    ],
  },
  {
    alert: "BootwardenFinalizationFailed",
    fires: { 'bootwarden_node_finalize_failed{pod="a-1",node="w-0"}': always },
    at: 16,
    labels: { node: "w-0" },
    description:
      "Node w-0 had a deployment staged, could not finalize it when it went down, and runs the old one again.",
    silent: [
      { why: "at the next boot", series: { 'bootwarden_node_finalize_failed{pod="a-1",node="w-0"}': "1x60 stale" } },
    ],
  },
  {
    alert: "BootwardenLocallyModified",
    fires: { 'bootwarden_node_local_modifications{pod="a-1",node="w-0",kind="replaced"}': "2x1600" },
    labels: { node: "w-0", kind: "replaced" },
    description: "For an hour node w-0 has differed from its image in what no MachineConfig asks for (replaced: 2).",
    silent: [
      {
        why: "of what MachineConfigs ask for",
        series: {
          'bootwarden_node_local_modifications{pod="a-1",node="w-0",kind="layered"}': "3x1600",
          'bootwarden_node_local_modifications{pod="a-1",node="w-0",kind="removed"}': "3x1600",
          'bootwarden_node_local_modifications{pod="a-1",node="w-0",kind="local"}': "0x1600",
          'bootwarden_node_image_info{pod="a-1",node="w-0",unlocked="none"}': always,
        },
      },
    ],
  },
  {
    alert: "BootwardenLocallyModified",
    fires: { 'bootwarden_node_local_modifications{pod="a-1",node="w-0",kind="local"}': always },
    labels: { node: "w-0", kind: "local" },
    description: "For an hour node w-0 has differed from its image in what no MachineConfig asks for (local: 1).",
    silent: [],
  },
  {
    alert: "BootwardenLocallyModified",
    fires: { 'bootwarden_node_image_info{pod="a-1",node="w-0",unlocked="hotfix"}': always },
    labels: { node: "w-0", kind: "unlocked" },
    description: "For an hour node w-0 has differed from its image in what no MachineConfig asks for (unlocked: 1).",
    silent: [
      {
        why: "for an hour",
        series: { 'bootwarden_node_image_info{pod="a-1",node="w-0",unlocked="development"}': always },
        at: 59,
      },
    ],
  },
  {
    alert: "BootwardenAgentsDown",
    fires: { [scraped("agent", "1")]: always, [scraped("agent", "2")]: "0x1600" },
    labels: {},
    description:
      "For 15 minutes Prometheus has not reached 50% of the agents: what they see of their nodes beyond the verdict (staged and lost updates, changes by hand) alerts nobody.",
    silent: [
      {
        why: "of one in ten",
        series: Object.fromEntries(
          [...Array(10).keys()].map((at) => [scraped("agent", `${at}`), at === 0 ? "0x1600" : always]),
        ),
      },
    ],
  },
];
