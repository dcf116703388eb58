// The election on a real API server: what stands in the Lease, and what a leader may still do when it was held up.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { controllerName, namespace } from "../../common/annotations.ts";
import { createLog } from "../../common/log.ts";
import { createKube } from "../../controller/cluster/kube.ts";
import { readKubeConfig } from "../../controller/cluster/kube-config.ts";
import { KubeError } from "../../controller/cluster/kube-error.ts";
import type { LeaseTimes } from "../../controller/decide/lease.ts";
import { createElection } from "../../controller/election.ts";
import type { Leader } from "../../controller/leader.ts";
import { type Api, connect } from "../lab/api.ts";
import { binaries } from "../lab/binaries.ts";
import { type ControlPlane, startControlPlane } from "../lab/control-plane.ts";
import { kubectlApply } from "../lab/crds.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { writeKubeconfig } from "../lab/kubeconfig.ts";
import { until } from "../lab/until.ts";

const manifests = fileURLToPath(new URL("../../manifests/base", import.meta.url));
const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${controllerName}`;
const times: LeaseTimes = { duration: 3_000, renewal: 2_000, retry: 200 };
const end = new AbortController();
let ground: Ground;
let controlPlane: ControlPlane;
let api: Api;
let kubeconfig: string;

beforeAll(async () => {
  ground = await layGround(await binaries(end.signal, console.error), end.signal);
  controlPlane = await startControlPlane(ground);
  api = await connect(controlPlane.kubeconfig, ground.dispatcher);
  for (const name of ["config", "config-managed", "machine-api", "machine-config-operator"])
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: `openshift-${name}` } });
  await kubectlApply(ground, controlPlane.kubeconfig, ["-k", manifests]);
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const answer = await api.send(
    "POST",
    `/api/v1/namespaces/${namespace}/serviceaccounts/${controllerName}/token`,
    request,
  );
  const { token } = z.object({ status: z.object({ token: z.string() }) }).parse(answer).status;
  kubeconfig = await writeKubeconfig(ground, join(ground.directory, "kubeconfig"), { url: controlPlane.url, token });
});
afterAll(async () => {
  end.abort();
  await Promise.all((controlPlane?.children ?? []).map(({ ended }) => ended));
  await ground?.clear();
});
beforeEach(() => api.remove(path));

const Lease = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }),
  spec: z.object({
    holderIdentity: z.string().optional(),
    leaseDurationSeconds: z.number(),
    leaseTransitions: z.number(),
    acquireTime: z.iso.datetime().optional(),
    renewTime: z.iso.datetime(),
  }),
});

async function lease() {
  return Lease.parse(await api.get(path));
}

interface Candidate {
  leader: Leader;
  /** What `leads` was told, and "exit". */
  told: unknown[];
  stop: AbortController;
  /** Ends with the term. */
  term: Promise<void>;
}

/** Its work is to wait for the stop. */
function candidate(own: LeaseTimes = times): Candidate {
  const told: unknown[] = [];
  const stop = new AbortController();
  const parts = { config: readKubeConfig(kubeconfig), log: createLog("test", "silent"), stop };
  const leads = (leads: boolean) => void told.push(leads);
  const leader = createElection({ ...parts, times: own, leads, exit: () => void told.push("exit") });
  const work = () => new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  return { leader, told, stop, term: leader.term(work) };
}

async function leading({ leader }: Candidate): Promise<void> {
  await until({ signal: end.signal, what: "a leader", every: 10 }, async () => leader.role() === "Leader");
}

/** The whole process stands still, as when its machine is held up: no timer fires, no answer is heard. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test("the first one makes the lease, keeps what others note on it, and gives it back", async () => {
  const one = candidate();
  await leading(one);
  const { spec } = await lease();
  expect(spec).toMatchObject({ leaseDurationSeconds: 3, leaseTransitions: 0, acquireTime: expect.any(String) });
  expect(spec.holderIdentity).toMatch(/^[^_]+_[0-9a-f-]{36}$/);
  await api.merge(path, { metadata: { labels: { noted: "yes" } } });
  await until({ signal: end.signal, what: "a renewal" }, async () => (await lease()).spec.renewTime > spec.renewTime);
  expect((await lease()).spec).toMatchObject({ holderIdentity: spec.holderIdentity, acquireTime: spec.acquireTime });
  one.stop.abort();
  await one.term;
  const last = await lease();
  expect([last.spec.holderIdentity, last.metadata.labels]).toEqual([undefined, { noted: "yes" }]);
  expect(one.told).toEqual([true, false]);
});

test("the next one takes over at once from one that gave it back, and counts the transition", async () => {
  const long = { ...times, duration: 3_600_000, renewal: 3_000_000, retry: 600_000 };
  const [one, other] = [candidate(long), candidate(long)];
  await until(
    { signal: end.signal, what: "two roles" },
    async () => one.leader.role() !== null && other.leader.role() !== null,
  );
  const [leader, follower] = one.leader.role() === "Leader" ? [one, other] : [other, one];
  expect(follower.leader.role()).toBe("Follower");
  leader.stop.abort();
  await leader.term;
  await leading(follower);
  expect((await lease()).spec.leaseTransitions).toBe(1);
  follower.stop.abort();
  await follower.term;
});

test("held up beyond its renewal, it may only clean up", async () => {
  const one = candidate();
  await leading(one);
  standStill(2_200);
  expect(() => one.leader.permit()).not.toThrow();
  expect(one.stop.signal.aborted).toBe(true);
  await expect(one.term).rejects.toMatchObject({ reason: "LeadershipLost" });
  expect(one.told).toEqual([true, false, false]);
});

test("held up beyond all, it may do nothing, before any timer or answer has told it", async () => {
  const one = candidate();
  await leading(one);
  standStill(4_000);
  expect(() => one.leader.permit()).toThrow("not renewed within 2 s");
  expect(one.told).toEqual([true, false, "exit"]);
  expect(one.stop.signal.aborted).toBe(true);
  await expect(one.term).rejects.toMatchObject({ reason: "LeadershipLost" });
});

test("what may not be sent to the API server is not sent", async () => {
  const permit = () => {
    throw new KubeError(0, "not any more");
  };
  const kube = createKube(readKubeConfig(kubeconfig), controllerName, { signal: end.signal, permit });
  await expect(kube.create(path.replace(/\/[^/]+$/, ""), { metadata: { name: controllerName } })).rejects.toThrow(
    "not any more",
  );
  expect(await api.get(path)).toBeUndefined();
});

test("a follower has nothing to lose, and ends when it is told to", async () => {
  const one = candidate();
  await leading(one);
  const other = candidate();
  await until({ signal: end.signal, what: "a follower" }, async () => other.leader.role() === "Follower");
  other.stop.abort();
  await other.term;
  expect(other.told).toEqual([]);
  one.stop.abort();
  await one.term;
});
