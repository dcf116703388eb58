// The lease of an import: granted, kept alive while the disk flows, completed or aborted.
import { z } from "zod";
import { deadline, pause } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { referenceElement } from "./element.ts";
import { methodFault, VimFault } from "./fault.ts";
import { withGrace } from "./grace.ts";
import type { ImportSpec } from "./import-spec.ts";
import { type Keeping, keepAlive } from "./keep-alive.ts";
import { type Received, receivedDisk } from "./manifest.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

const readyMilliseconds = 300_000;
/** Whoever is not there for the answer leaves a lease that nobody knows. */
const granting = { whole: 120_000, stopped: 4_000 };
const aborting = { whole: 30_000, stopped: 4_000 };
const askingMilliseconds = 15_000;

export interface ImportPlace {
  resourcePool: Reference;
  folder: Reference;
  host: Reference;
}

export interface Lease {
  /** The virtual machine that is being imported. */
  entity: Reference;
  /** The one disk that vCenter wants, and what the lease says of the host; "" for what it does not. */
  disk: { url: string; certificate: string; thumbprint: string };
  /** Ends with the session's signal, and when the lease is lost. */
  signal: AbortSignal;
  /** What vCenter is told at the next keep-alive, 0 to 100. */
  progress: (percent: number) => void;
  /** What vCenter received of the disk. */
  received: () => Promise<Received>;
}

/**
 * Starts an import and lets `use` fill it. When `use` ends well the lease is completed, else aborted. vCenter may leave the
 * virtual machine of an aborted lease behind: removing it is the caller's.
 * Throws VimFault (LeaseFailed, SessionLost, …) and what `use` throws.
 */
export async function withLease<Result>(
  session: Session,
  [place, spec]: [ImportPlace, ImportSpec],
  use: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  const fields = [spec.spec, referenceElement("folder", place.folder), referenceElement("host", place.host)];
  const request = { on: place.resourcePool, fields, namespaces: spec.namespaces };
  const what = `Import lease at vCenter ${session.server}`;
  const { value } = await withGrace(session.signal, granting, (signal) =>
    session.call("ImportVApp", { ...request, signal }),
  );
  const on = readAnswer(Reference, value, what);
  const lost = new AbortController();
  const done = new AbortController();
  const state: Keeping = { on, percent: 0, done: done.signal, lost };
  try {
    const lease = await readyLease(session, state, what);
    const keeping = keepAlive(session, state);
    const result = await use(lease).finally(() => done.abort());
    await keeping;
    lost.signal.throwIfAborted();
    await session.call("HttpNfcLeaseComplete", { on });
    return result;
  } catch (thrown) {
    done.abort();
    const failure = lost.signal.aborted ? lost.signal.reason : thrown;
    const own = await ownError(session, on, failure);
    await abort(session, on);
    throw own ?? failure;
  }
}

async function readyLease(session: Session, state: Keeping, what: string): Promise<Lease> {
  const { entity, deviceUrl } = await ready(session, state.on, what);
  const disks = deviceUrl.filter((device) => device.disk);
  const [device] = disks;
  if (device === undefined || disks.length > 1) {
    throw new VimFault("LeaseFailed", `${what}: it asks for ${disks.length} disks in place of one.`);
  }
  return {
    entity,
    disk: { url: device.url, certificate: device.sslCertificate, thumbprint: device.sslThumbprint },
    signal: AbortSignal.any([session.signal, state.lost.signal]),
    progress: (percent) => {
      state.percent = Math.min(99, Math.max(0, Math.floor(percent)));
    },
    received: () => receivedDisk(session, state.on, device.key),
  };
}

async function ready(session: Session, on: Reference, what: string): Promise<z.output<typeof Info>> {
  const end = Date.now() + readyMilliseconds;
  for (let wait = 5; Date.now() < end; wait = Math.min(wait * 2, 2000)) {
    const read = readAnswer(State, await readProperties(session, on, Object.keys(State.shape)), what);
    if (read.state === "ready") return readAnswer(Info, read.info, what);
    if (read.state !== "initializing") throw leaseFault(read.error, what);
    await pause(session.signal, wait);
  }
  throw new VimFault("LeaseFailed", `${what} was not granted within ${readyMilliseconds / 1000} s.`);
}

/**
 * What the lease itself says of its end, such as that the datastore is full; null where it does not: a broken upload or a lost lease
 * tells only that something went wrong. Never throws.
 */
async function ownError(session: Session, on: Reference, failure: unknown): Promise<VimFault | null> {
  const isVague = failure instanceof VimFault && ["UploadFailed", "LeaseFailed"].includes(failure.reason);
  if (!isVague || session.signal.aborted) return null;
  const what = `Import lease at vCenter ${session.server}`;
  try {
    const asking = session.under(deadline(session.signal, askingMilliseconds));
    const { state, error } = readAnswer(State, await readProperties(asking, on, ["state", "error"]), what);
    return state === "error" && error !== undefined ? leaseFault(error, what, failure) : null;
  } catch {
    return null;
  }
}

/** The fault's own reason where it has one, else LeaseFailed. */
function leaseFault(error: unknown, what: string, cause?: VimFault): VimFault {
  const fault = methodFault(error, what);
  const reason = fault.reason === "VCenterFault" ? "LeaseFailed" : fault.reason;
  return new VimFault(reason, fault.message, {
    cause: cause ?? fault,
    ...(fault.fault !== null && { fault: fault.fault }),
  });
}

/** An import that is interrupted is aborted too. The failure that led here is the one to tell. */
async function abort(session: Session, on: Reference): Promise<void> {
  await withGrace(session.signal, aborting, (signal) => session.call("HttpNfcLeaseAbort", { on, signal })).catch(
    (thrown: unknown) => {
      const fields = { server: session.server, lease: on.value, ...failureOf(thrown) };
      session.log.warn(fields, "The lease could not be aborted.");
    },
  );
}

const State = z.object({
  state: z.enum(["initializing", "ready", "done", "error"]),
  info: z.unknown().optional(),
  error: z.unknown().optional(),
});
const Info = z.object({
  entity: Reference,
  deviceUrl: listOf(
    z.object({
      key: z.string(),
      url: z.string(),
      sslThumbprint: z.string().default(""),
      sslCertificate: z.string().default(""),
      disk: z.stringbool().default(true),
    }),
  ),
});
