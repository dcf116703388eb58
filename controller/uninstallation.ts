// The uninstallation: when no pod of bootwarden is left that would write them again, its labels and annotations go from Nodes and MachineSets.
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { agentName, controllerName, machineSetAnnotations, namespace } from "../common/annotations.ts";
import type { Log } from "../common/log.ts";
import type { Kube } from "./cluster/kube.ts";
import { KubeError } from "./cluster/kube-error.ts";
import { removalPatch } from "./decide/removal-patch.ts";

interface Parts {
  kube: Pick<Kube, "get" | "patch">;
  log: Log;
  signal: AbortSignal;
}

const nodes = "/api/v1/nodes";
const machineSets = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machinesets";
const writers = `app.kubernetes.io/name in (${agentName},${controllerName})`;

/** Resolves when all is gone; rejects with KubeError for the first thing that cannot be read or written, having tried all others. */
export async function uninstall(parts: Parts): Promise<void> {
  await writersGone(parts);
  await clean(parts, "Node", nodes);
  await clean(parts, "MachineSet", machineSets);
}

/** In milliseconds. */
const between = 2_000;

async function writersGone({ kube, log, signal }: Parts): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(writers)}`;
  for (let last = -1; ; await pause(between, undefined, { signal })) {
    const { length } = List.parse(await kube.get(path)).items;
    if (length === 0) return;
    if (length !== last) log.info({ pods: length }, "Agents or the controller still run: waiting for their end.");
    last = length;
  }
}

async function clean({ kube, log }: Parts, kind: string, path: string): Promise<void> {
  const refused: KubeError[] = [];
  let cleaned = 0;
  for await (const { metadata } of objectsOf(kube, path)) {
    const patch = removalPatch(metadata);
    if (patch === null) continue;
    const template = metadata.annotations[machineSetAnnotations.previousTemplate];
    if (template !== undefined) log.info({ [kind]: metadata.name, previousTemplate: template }, "The way back goes.");
    try {
      await kube.patch(`${path}/${metadata.name}`, "merge-patch", patch);
      cleaned += 1;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.status !== 404) refused.push(error);
    }
  }
  log.info({ kind, cleaned, refused: refused.length }, "Labels and annotations of bootwarden are gone.");
  if (refused[0] !== undefined) throw refused[0];
}

const strings = z.record(z.string(), z.string()).default({});
const Metadata = z.object({ name: z.string(), labels: strings, annotations: strings });
const List = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.object({ metadata: Metadata })),
});

/** In pages: a cluster has thousands of Nodes, and each is large. */
async function* objectsOf(kube: Pick<Kube, "get">, path: string) {
  let token = "";
  do {
    const page: z.infer<typeof List> = List.parse(await kube.get(`${path}?limit=250${token}`));
    yield* page.items;
    const next = page.metadata.continue;
    token = next ? `&continue=${encodeURIComponent(next)}` : "";
  } while (token !== "");
}
