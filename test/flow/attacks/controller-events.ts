// The attacks with Events with the controller's credential.
import { forbidden, type Threat } from "./attack.ts";
import { byController, owners } from "./objects.ts";

const events = `/api/v1/namespaces/default/events?${byController}`;
const victim = "/api/v1/namespaces/default/events/own.victim";
export const event = (fields: object = {}) => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { generateName: "own.", namespace: "default" },
  involvedObject: { apiVersion: "v1", kind: "Node", name: "own", uid: "a" },
  type: "Warning",
  reason: "OSImageMismatch",
  message: "x",
  source: { component: "bootwarden-controller" },
  reportingComponent: "bootwarden-controller",
  ...fields,
});

const newEvents = `/apis/events.k8s.io/v1/namespaces/default/events?${byController}`;
const newEvent = {
  apiVersion: "events.k8s.io/v1",
  kind: "Event",
  metadata: { generateName: "own-", namespace: "default" },
  eventTime: "2026-11-16T12:00:00.000000Z",
  regarding: { apiVersion: "v1", kind: "Pod", namespace: "default", name: "a" },
  reportingController: "example.com/kubelet",
  reportingInstance: "own",
  action: "x",
  reason: "x",
  type: "Warning",
};

const policy = { with: "controller", stoppedBy: "bootwarden's policy" } as const;

export const attacksWithEvents: Threat[] = [
  {
    ...policy,
    threat: "Tell Events in another's name, or of other things",
    answer: /the controller's Events/,
    rows: [
      ["the kubelet's", "post", events, event({ source: { component: "kubelet" } })],
      ["another controller's", "post", events, event({ reportingComponent: "machine-controller" })],
      ["under no name", "post", events.replace(/\?.*/, ""), event()],
      ["of a Pod", "post", events, event({ involvedObject: { kind: "Pod", name: "a" } })],
      ["with a finalizer", "post", events, event({ metadata: { ...event().metadata, finalizers: ["evil.io/x"] } })],
      ["with an owner", "post", events, event({ metadata: { ...event().metadata, ownerReferences: owners } })],
      ["with labels", "post", events, event({ metadata: { ...event().metadata, labels: { a: "b" } } })],
      ["with a turn of direction", "post", events, event({ message: "a\u202eb" })],
      ["with an escape of a terminal", "post", events, event({ message: "\u001b[2J" })],
    ],
  },
  {
    with: "controller",
    stoppedBy: "RBAC",
    answer: forbidden,
    behind: /the controller's Events/,
    threat: "Tell Events elsewhere",
    rows: [
      ["through the other API of Events", "post", newEvents, newEvent],
      [
        "in another namespace, in another's name",
        "post",
        `/api/v1/namespaces/kube-system/events?${byController}`,
        event({
          metadata: { generateName: "own.", namespace: "kube-system" },
          involvedObject: { kind: "Pod", namespace: "kube-system", name: "a" },
          source: { component: "kubelet" },
        }),
      ],
    ],
  },
  {
    with: "controller",
    stoppedBy: "RBAC",
    answer: forbidden,
    behind: /the controller only creates Events/,
    threat: "Take Events away, or change them",
    rows: [
      ["one", "delete", victim],
      ["all of them", "deletecollection", events.replace(/\?.*/, "")],
      ["its message", "merge", `${victim}?${byController}`, { message: "x" }],
    ],
  },
  {
    with: "controller",
    stoppedBy: "nothing",
    threat: "Tell Events that are not true",
    because: "It is the judge. What it judges by, the reports and MachineSets, stays as it is.",
    rows: [["of a Node", "post", events, event({ message: "Delete this node." })]],
  },
];
