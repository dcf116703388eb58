// The verdict board: what stands on the Nodes, as a watch tells it, and when it came to stand there.
import { pino } from "pino";
import { z } from "zod";
import { nodeLabels } from "../../common/annotations.ts";
import { collect } from "../../controller/cluster/collection.ts";
import { createKube } from "../../controller/cluster/kube.ts";
import { readKubeConfig } from "../../controller/cluster/kube-config.ts";
import { until } from "../lab/until.ts";

export interface VerdictBoard {
  /** How many Nodes have this verdict. */
  count: (verdict: string) => number;
  /** Resolves when the Node has got this verdict, with the moment (performance.now()); rejects after a minute. */
  when: (node: string, verdict: string) => Promise<number>;
  /** Until the signal. */
  ended: Promise<void>;
}

const Node = z.object({ metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }) });

function read(object: unknown) {
  const { name, labels } = Node.parse(object).metadata;
  return { name, verdict: labels[nodeLabels.verdict] };
}

/** With the rights of the kubeconfig. */
export async function openVerdictBoard(kubeconfig: string, signal: AbortSignal): Promise<VerdictBoard> {
  const waiting = new Map<string, { verdict: string; tell: (moment: number) => void }>();
  const nodes = collect({
    kube: createKube(readKubeConfig(kubeconfig), "bench", { signal }),
    path: "/api/v1/nodes",
    read,
    changed: (change) => {
      const [name, wait] = [change?.after?.name ?? "", waiting.get(change?.after?.name ?? "")];
      if (wait === undefined || wait.verdict !== change?.after?.verdict) return;
      waiting.delete(name);
      wait.tell(performance.now());
    },
    log: pino({ level: "silent" }),
    signal,
  });
  const ended = nodes.run();
  await until({ signal, what: "the list of Nodes", within: 60_000 }, async () => nodes.synced());
  return {
    count: (verdict) => [...nodes.items.values()].filter((node) => node.verdict === verdict).length,
    when: (node, verdict) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${node} is not ${verdict} after a minute`)), 60_000);
        const tell = (moment: number) => {
          clearTimeout(late);
          resolve(moment);
        };
        waiting.set(node, { verdict, tell });
      }),
    ended,
  };
}
