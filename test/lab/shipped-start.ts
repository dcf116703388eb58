// The shipped start of a program: the flags of Node and the environment that the manifests give it, for the lab to start it alike.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";

const Container = z.object({
  command: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
});
const Workload = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.tuple([Container]) }) }) }),
});

export interface ShippedStart {
  flags: string[];
  /** Without what the kubelet would fill in. */
  environment: Record<string, string>;
}

/** `manifest`: a file of manifests/base that holds the workload alone, such as `controller-deployment.yaml`. */
export async function shippedStart(manifest: string): Promise<ShippedStart> {
  const text = await readFile(new URL(`../../manifests/base/${manifest}`, import.meta.url), "utf8");
  const [{ command, env }] = Workload.parse(parse(text)).spec.template.spec.containers;
  return {
    flags: command.filter((part) => part.startsWith("--")),
    environment: Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
  };
}
