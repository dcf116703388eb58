// The cases of the alerts on bootwarden's own work.
import { type AlertCase, always, failure, scraped } from "./alert-case.ts";

export const ownCases: AlertCase[] = [
  {
    alert: "BootwardenVCenterUnreachable",
    fires: {
      'bootwarden_vcenter_up{pod="c-1",server="vc"}': "0x1600",
      'bootwarden_vcenter_up{pod="c-1",server="b"}': always,
    },
    at: 31,
    labels: { server: "vc" },
    description:
      "For 30 minutes vCenter vc has not answered: its templates are neither watched nor made. Nodes are verified all the same.",
    silent: [
      {
        why: "that answers now and then",
        series: { 'bootwarden_vcenter_up{pod="c-1",server="vc"}': "0x20 1 0x20 1 0x20" },
      },
    ],
  },
  {
    alert: "BootwardenTLSUnverified",
    fires: { 'bootwarden_tls_unverified{pod="c-1",server="vc"}': always },
    labels: { server: "vc" },
    description:
      "The policy says insecureSkipVerify for vCenter vc: whoever stands between can read the account and change the boot image on its way.",
    silent: [{ why: "that is verified", series: { 'bootwarden_tls_unverified{pod="c-1",server="vc"}': "0x1600" } }],
  },
  {
    alert: "BootwardenPolicyMissing",
    fires: { [failure('kind="BootImagePolicy",name="cluster",reason="PolicyMissing"')]: always },
    labels: {},
    description:
      "What RBAC cannot forbid to bootwarden's accounts and to kubelets is not forbidden at present: a policy, or its binding, is missing or does not deny.",
    silent: [
      {
        why: "while the manifests are applied anew",
        series: { [failure('kind="BootImagePolicy",name="cluster",reason="PolicyMissing"')]: "1x8 stale" },
      },
    ],
  },
  {
    alert: "BootwardenControllerDown",
    fires: {
      [scraped("controller", "1")]: always,
      [scraped("agent", "1")]: always,
      'bootwarden_leader{pod="c-1"}': "0x1600",
    },
    labels: {},
    description:
      "For 15 minutes Prometheus has reached no controller of bootwarden that leads: no node is judged, and no other alert on nodes' verdicts or boot images can fire.",
    silent: [
      {
        why: "while one of two leads",
        series: { 'bootwarden_leader{pod="c-1"}': "0x1600", 'bootwarden_leader{pod="c-2"}': always },
      },
      {
        why: "while the other one waits for the lease of one that is gone",
        series: { 'bootwarden_leader{pod="c-1"}': "1x9 stale", 'bootwarden_leader{pod="c-2"}': "0x14 1x1600" },
      },
    ],
  },
];
