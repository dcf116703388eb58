// The input of a judgement: a worker that is as it should be, and what a case changes of it.
import type { Report } from "../../../common/report.ts";
import type { JudgeInput } from "../../../controller/decide/verdict.ts";
import { nodeFacts, workerPool } from "./facts.ts";
import { release, rendered, report } from "./reports.ts";

const plain = nodeFacts("node-worker");
const pool = workerPool();
export const now = Date.parse("2026-11-20T12:00:00Z");

export interface Case extends Partial<Omit<JudgeInput, "node">> {
  report?: Partial<Report> | string | null;
  annotations?: Record<string, string>;
  node?: Partial<JudgeInput["node"]>;
}

export function input({ report: given = {}, annotations = {}, node = plain, ...over }: Case): JudgeInput {
  const text = typeof given === "string" ? given : JSON.stringify(given && report(given));
  const own = { ...(node.annotations ?? plain.annotations), ...annotations };
  return {
    node: {
      ...plain,
      ...node,
      annotations: given === null ? own : { ...own, "agent.bootwarden.io/report": text },
    },
    agentPod: { ready: true, since: 0 },
    pools: [pool],
    machineConfigs: new Map([[rendered.metadata.name, rendered.spec.osImageURL]]),
    machineOSConfigs: [],
    machine: { name: plain.name, createdAt: "2026-11-20T10:10:00Z", template: "lab-7x2kq-rhcos-fd-east-a" },
    template: { release, marker: true, createDate: null },
    standing: null,
    now,
    ...over,
  };
}
