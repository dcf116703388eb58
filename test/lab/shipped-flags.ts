// The flags of Node with which the manifests start a program: the lab starts it with the same.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";

const Workload = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ command: z.array(z.string()) })).min(1) }) }),
  }),
});

/** `manifest`: a file of manifests/base that holds the workload alone, such as `controller-deployment.yaml`. */
export async function shippedFlags(manifest: string): Promise<string[]> {
  const text = await readFile(new URL(`../../manifests/base/${manifest}`, import.meta.url), "utf8");
  const [container] = Workload.parse(parse(text)).spec.template.spec.containers;
  return container?.command.filter((part) => part.startsWith("--")) ?? [];
}
