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
    fires: { [scraped("controller", "1")]: "0x1600", [scraped("agent", "1")]: always },
    labels: {},
    description:
      "For 15 minutes Prometheus has reached no controller of bootwarden: no node is judged, and no other alert on nodes' verdicts or boot images can fire.",
    silent: [
      {
        why: "while one of two is there",
        series: { [scraped("controller", "1")]: "0x1600", [scraped("controller", "2")]: always },
      },
    ],
  },
];
