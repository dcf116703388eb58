// The fault of the API server: how it comes about, how it ends, and within what time no verdict is missing any more.
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../lab/until.ts";
import type { ApiRoom } from "./api-room.ts";
import type { Fault } from "./flaw.ts";

export interface ApiFault {
  name: string;
  /** Brings it about, has reports change meanwhile, and ends it. */
  suffer: (room: ApiRoom) => Promise<void>;
  /** Seconds from its end within which every verdict stands. */
  within: number;
  /** Left to `npm run faults`: another that `npm test` suffers is alike. */
  seldom?: true;
}

export const apiFaults: ApiFault[] = [
  { name: "what the controller has seen is compacted away (410)", suffer: compacted, within: 60 },
  { name: "the API server is killed and started again", suffer: restarted, within: 60 },
  { name: "a minute without etcd: it stands still", suffer: etcdStopped, within: 60 },
  { name: "a minute without etcd: it is killed", suffer: etcdKilled, within: 60, seldom: true },
  { name: "half a minute of 429", suffer: judged({ kind: "status", status: 429 }), within: 60 },
  {
    name: "half a minute of answers of 20 KB/s",
    suffer: judged({ kind: "slow", side: "answer", bytesPerSecond: 20_000 }),
    within: 60,
  },
  { name: "open connections fall silent, new ones work", suffer: blackHole, within: 120 },
  { name: "half a minute in which nothing is answered", suffer: silence, within: 120, seldom: true },
];

const [half, whole] = [30_000, 60_000];

/** The line is dead while reports change; then etcd forgets, and the API server with it, what the controller would go on from. */
async function compacted({ lab, line, proxy, change, signal }: ApiRoom): Promise<void> {
  line.dead(true);
  line.cut();
  await change();
  await lab.controlPlane.compact();
  await restartApiServer({ lab, signal });
  await change();
  let listed = false;
  proxy.judge = ({ call }) => {
    if (/^GET \/api\/v1\/nodes\?limit/.test(call)) listed = true;
    return null;
  };
  line.dead(false);
  line.cut();
  await until({ signal, what: "a new list of the Nodes: else it was no 410", within: 90_000 }, async () => listed);
  proxy.judge = () => null;
}

async function restarted({ lab, change, signal }: ApiRoom): Promise<void> {
  const changed = change();
  await restartApiServer({ lab, signal });
  await changed;
}

async function restartApiServer({ lab, signal }: Pick<ApiRoom, "lab" | "signal">): Promise<void> {
  const { controlPlane, api } = lab;
  await controlPlane.children[1].stop("SIGKILL");
  controlPlane.restart("kube-apiserver");
  await until({ signal, what: "the API server", within: 60_000 }, () => api.list("/api/v1/nodes"));
}

async function etcdStopped({ lab, change }: ApiRoom): Promise<void> {
  const [{ pid }] = lab.controlPlane.children;
  process.kill(pid, "SIGSTOP");
  const changed = change();
  await pause(whole);
  process.kill(pid, "SIGCONT");
  await changed;
}

async function etcdKilled({ lab, change }: ApiRoom): Promise<void> {
  await lab.controlPlane.children[0].stop("SIGKILL");
  const changed = change();
  await pause(whole);
  lab.controlPlane.restart("etcd");
  await changed;
}

/** For new requests, and all that were under way are cut. */
function judged(fault: Fault): ApiFault["suffer"] {
  return async ({ line, proxy, change }) => {
    proxy.judge = () => fault;
    line.cut();
    await pause(half / 2);
    await change();
    await pause(half / 2);
    proxy.judge = () => null;
  };
}

async function blackHole({ line, change }: ApiRoom): Promise<void> {
  line.swallow();
  await change();
}

async function silence({ line, change }: ApiRoom): Promise<void> {
  line.dead(true);
  line.swallow();
  await change();
  await pause(half);
  line.dead(false);
}
