// bootc's status: what `bootc status --format=json` prints, read into the same record as rpm-ostree's.

import type { Deployment } from "../../common/report.ts";
import { z } from "../../common/schema.ts";
import { digestOf } from "./image-digest.ts";
import { remarksOn } from "./remarks.ts";
import { HostError, noModifications, type Status } from "./status.ts";

const text = z.string().check(z.maxLength(4096));

const Entry = z.object({
  image: z.nullish(
    z.object({
      image: z.object({ image: text, transport: text }),
      version: z.nullish(text),
      imageDigest: z.nullish(text),
    }),
  ),
  /** Its origin has what only rpm-ostree knows: packages or overrides of this host. Then `image` is missing. */
  incompatible: z.nullish(z.boolean()),
  pinned: z.nullish(z.boolean()),
  downloadOnly: z.nullish(z.boolean()),
  ostree: z.nullish(z.object({ checksum: text })),
});
type Entry = z.infer<typeof Entry>;

/** apiVersion org.containers.bootc/v1alpha1, later v1; the keys are the same, and newer ones may be missing. */
const Host = z.object({
  apiVersion: z.string().check(z.startsWith("org.containers.bootc/")),
  status: z.object({
    staged: z.nullish(Entry),
    booted: z.nullish(Entry),
    rollback: z.nullish(Entry),
    otherDeployments: z.nullish(z.array(Entry).check(z.maxLength(1000))),
    rollbackQueued: z.nullish(z.boolean()),
    usrOverlay: z.nullish(z.object({ accessMode: text, persistence: text })),
  }),
});

/** Of a host that runs. Throws HostError: UnreadableOutput, NoBootedDeployment, NeedsRpmOSTree. */
export function parseBootcStatus(printed: string): Status {
  let value: unknown;
  try {
    value = JSON.parse(printed);
  } catch (cause) {
    throw new HostError("UnreadableOutput", "bootc printed something that is no JSON.", { cause });
  }
  const status = readBootcStatus(value);
  if (status.deployments.some(({ booted }) => booted)) return status;
  throw new HostError("NoBootedDeployment", "bootc names no booted deployment: the host was not installed by it.");
}

/** Whether the JSON is of bootc and not of rpm-ostree. */
export function isBootc(printed: unknown): boolean {
  return z.object({ apiVersion: z.string().check(z.startsWith("org.containers.bootc/")) }).safeParse(printed).success;
}

/** Throws HostError: UnreadableOutput, NeedsRpmOSTree. bootc does not say whether it is busy. */
export function readBootcStatus(printed: unknown): Status {
  const host = Host.safeParse(printed);
  if (!host.success) {
    const why = host.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).slice(0, 3);
    throw new HostError("UnreadableOutput", `bootc printed JSON that is no status (${why.join("; ")}).`);
  }
  const { staged, booted, rollback, otherDeployments, rollbackQueued, usrOverlay } = host.data.status;
  if (booted?.incompatible) {
    throw new HostError("NeedsRpmOSTree", "The booted deployment has changes of this host that bootc cannot tell.");
  }
  const slots: [Entry | null | undefined, Partial<Deployment>][] = [
    [staged, { staged: true }],
    [booted, { booted: true, unlocked: unlockedBy(usrOverlay) }],
    [rollback, {}],
  ];
  // In boot order: what is booted next goes first.
  if (rollbackQueued) slots.unshift(...slots.splice(2));
  slots.push(...(otherDeployments ?? []).map((entry): [Entry, Partial<Deployment>] => [entry, {}]));
  const all = slots.flatMap(([entry, parts]) => (entry ? [{ entry, deployment: deploymentOf(entry, parts) }] : []));
  return {
    deployments: all.map(({ deployment }) => deployment),
    modifications: noModifications,
    state: null,
    transaction: null,
    warnings: all.flatMap(({ entry, deployment }) => remarksOn({ deployment, locked: entry.downloadOnly === true })),
  };
}

function deploymentOf({ image: found, pinned, ostree }: Entry, parts: Partial<Deployment>): Deployment {
  const image = found ? `${found.image.transport}:${found.image.image}` : null;
  return {
    booted: false,
    staged: false,
    image,
    ...digestOf([found?.imageDigest], image),
    version: found?.version ?? null,
    checksum: ostree?.checksum ?? null,
    baseChecksum: null,
    pinned: pinned === true,
    unlocked: "none",
    liveReplaced: null,
    ...parts,
  };
}

/** In ostree's words, which bootc derives its own from. */
function unlockedBy(overlay: { accessMode: string; persistence: string } | null | undefined): string {
  if (!overlay) return "none";
  if (overlay.persistence === "persistent") return "hotfix";
  return overlay.accessMode === "readOnly" ? "transient" : "development";
}
