// The writes of the agents, as the API server saw them.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { agentName, namespace } from "../../common/annotations.ts";
import type { Room } from "./room.ts";

const Entry = z.object({
  user: z.object({ username: z.string(), extra: z.record(z.string(), z.array(z.string())).default({}) }),
  verb: z.string(),
  objectRef: z.object({ resource: z.string(), name: z.string().optional() }).optional(),
});

/** What the agents have written so far: a line for each, as the API server saw it. */
export async function agentWrites({ lab }: Room) {
  const lines = (await readFile(lab.controlPlane.auditLog, "utf8")).trim().split("\n");
  const account = `system:serviceaccount:${namespace}:${agentName}`;
  return lines
    .map((line) => Entry.parse(JSON.parse(line)))
    .filter(({ user, verb }) => user.username === account && verb === "patch");
}
