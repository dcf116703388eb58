// The used rights: what an account has asked the API server for, by its audit log.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Right, resourceName } from "./right.ts";

const Event = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z
    .object({
      resource: z.string(),
      apiGroup: z.string().default(""),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  annotations: z.object({ "authorization.k8s.io/decision": z.string() }).partial().default({}),
});

export interface Used extends Right {
  allowed: boolean;
}

/** Each once. What is no object (versions, health) is left out, and so is what every account may ask of itself. */
export async function usedRights(auditLog: string, account: { namespace: string; name: string }): Promise<Used[]> {
  const username = `system:serviceaccount:${account.namespace}:${account.name}`;
  const lines = (await readFile(auditLog, "utf8")).split("\n").filter((line) => line.includes(username));
  const used = new Map<string, Used>();
  for (const line of lines) {
    const { verb, user, objectRef, annotations } = Event.parse(JSON.parse(line));
    if (user.username !== username || objectRef === undefined || /^self/.test(objectRef.resource)) continue;
    const { resource, subresource, apiGroup, namespace = null, name = null } = objectRef;
    const kind = subresource === undefined ? resource : `${resource}/${subresource}`;
    const allowed = annotations["authorization.k8s.io/decision"] !== "forbid";
    const one = { verb, resource: resourceName({ apiGroup, resource: kind }), namespace, name, allowed };
    used.set(JSON.stringify(one), one);
  }
  return [...used.values()];
}

/** Whether the request needed this right. */
export function covers(right: Right, used: Used): boolean {
  return (
    right.verb === used.verb &&
    right.resource === used.resource &&
    (right.namespace === null || right.namespace === used.namespace) &&
    (right.name === null || right.name === used.name)
  );
}
