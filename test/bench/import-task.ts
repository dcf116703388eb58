// The task of an import benchmark, as its process is told it, and the cost that the process prints.
import { z } from "zod";

/** The process's first line. */
export const running = "running";

/** What the process is told. */
export const Task = z.object({
  access: z.object({ server: z.string(), url: z.string(), username: z.string(), password: z.string(), ca: z.string() }),
  image: z.object({ release: z.string(), url: z.string(), sha256: z.string(), ca: z.string() }),
  infrastructureName: z.string(),
  place: z.object({
    datacenter: z.string(),
    datastore: z.string(),
    folder: z.string(),
    resourcePool: z.string(),
    network: z.string(),
  }),
  finalName: z.string(),
});
export type Task = z.infer<typeof Task>;

/** What it prints: its own seconds of CPU, highest RSS in MiB, and bytes that it caused to be written to disk. */
export const Cost = z.object({ cpuSeconds: z.number(), rssMiB: z.number(), diskBytes: z.number() });
export type Cost = z.infer<typeof Cost>;
