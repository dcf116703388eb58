// The attacks with the controller's credential on leases, its own and others'.
import { forbidden, type Threat } from "./attack.ts";

const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const lease = (name: string) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name },
  spec: { holderIdentity: "a thief", leaseDurationSeconds: 1_000_000 },
});

export const attacksOnLeases: Threat[] = [
  {
    with: "controller",
    stoppedBy: "RBAC",
    answer: forbidden,
    threat: "Hold or free what others lead by",
    rows: [
      [
        "a lease of the Machine API",
        "put",
        `${leases("openshift-machine-api")}/cluster-api-provider-leader`,
        lease("x"),
      ],
      ["the heartbeat of a Node", "put", `${leases("kube-node-lease")}/own`, lease("own")],
      ["a new one elsewhere", "post", leases("kube-system"), lease("kube-scheduler")],
      ["those of its namespace", "list", leases("bootwarden")],
      ["no lease of its own", "delete", `${leases("bootwarden")}/bootwarden-controller`],
    ],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Hold the lease, so that no controller acts",
    because:
      "One of them has to hold it. Nothing is written meanwhile, and the metric bootwarden_leader is 0 everywhere.",
    rows: [
      ["its own", "post", leases("bootwarden"), lease("bootwarden-controller")],
      ["one that nobody asks for", "post", leases("bootwarden"), lease("another")],
    ],
  },
];
