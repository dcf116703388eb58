// The bad line: what may happen between controller, vCenter and image server, how it is brought about, and how it must end.
import type { CrashRoom } from "./crash-room.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import type { Fault } from "./flaw.ts";

export interface BadLine {
  name: string;
  /** `Recovers` by itself, or the reason that stands in the policy's conditions until the fault is over. */
  ends: "Recovers" | { reason: string };
  /** Brings it about, before the release appears. */
  arrange: (room: CrashRoom) => Promise<Arranged>;
  wrongHash?: boolean;
  /** Left to `npm run faults`: another line that `npm test` suffers differs from it in a number only. */
  seldom?: true;
}

interface Arranged {
  /** Ends it; resolves with whether it came to pass at all. */
  end: () => Promise<boolean>;
}

/** Bytes of the disk that goes over the line. */
export const diskBytes = 4 << 20;
const shares = [1, 50, 99].map((percent) => ({ percent, after: Math.floor((diskBytes * percent) / 100) }));

export const badLines: BadLine[] = [
  ...shares.flatMap(({ percent, after }) => resets(percent, after)),
  recovers("upload half closed", once("vcenter", isUpload, { kind: "end", side: "request", after: diskBytes / 2 })),
  recovers("download half closed", once("mirror", isAny, { kind: "end", side: "answer", after: diskBytes / 2 })),
  recovers("upload answered 503", once("vcenter", isUpload, { kind: "status", status: 503 })),
  recovers(
    "upload answered 503 in its middle",
    once("vcenter", isUpload, { kind: "status", status: 503, after: diskBytes / 2 }),
  ),
  recovers("download answered 503", once("mirror", isAny, { kind: "status", status: 503 })),
  recovers("download stands still for 30 s", once("mirror", isAny, still("answer"))),
  recovers("upload stands still for 30 s", once("vcenter", isUpload, still("request"))),
  recovers("a download of 1 Mbit/s", once("mirror", isAny, { kind: "slow", side: "answer", bytesPerSecond: 125_000 })),
  recovers(
    "an upload of 1 Mbit/s",
    once("vcenter", isUpload, { kind: "slow", side: "request", bytesPerSecond: 125_000 }),
  ),
  lasting("vCenter answers 503", "VCenterUnreachable", always("vcenter", isAny, { kind: "status", status: 503 })),
  lasting("image server answers 503", "DownloadFailed", always("mirror", isAny, { kind: "status", status: 503 })),
  lasting("vCenter has another certificate", "CertificateUntrusted", otherCertificate),
  lasting("vCenter has another certificate from mid-import on", "CertificateUntrusted", otherCertificateInMidImport),
  recovers(
    "session ends in mid-import",
    during((room) => room.lab.vcenter.control.expireSessions()),
  ),
  recovers(
    "lease ends in error",
    during((room) => room.lab.vcenter.control.failLeases("Timedout")),
  ),
  recovers("the clone's task fails", ruled({ method: "CloneVM_Task", taskFault: "GenericVmConfigFault" })),
  recovers("the rename's task fails", ruled({ method: "Rename_Task", taskFault: "InvalidState" })),
  lasting("the datastore is full", "DatastoreFull", noSpace),
  lasting(
    "the datastore fills up in mid-upload",
    "DatastoreFull",
    during((room) => room.lab.vcenter.control.failLeases("NoDiskSpace")),
  ),
  lasting("an import finds no room", "DatastoreFull", ruled({ method: "ImportVApp", fault: "NoDiskSpace", times: -1 })),
  {
    ...lasting("the image has another hash", "ChecksumMismatch", async () => ({ end: async () => true })),
    wrongHash: true,
  },
];

function resets(percent: number, after: number): BadLine[] {
  const lines = [
    recovers(`upload reset at ${percent} %`, once("vcenter", isUpload, { kind: "reset", side: "request", after })),
    recovers(`download reset at ${percent} %`, once("mirror", isAny, { kind: "reset", side: "answer", after })),
  ];
  return percent === 50 ? lines : lines.map((line) => ({ ...line, seldom: true }));
}

function recovers(name: string, arrange: BadLine["arrange"]): BadLine {
  return { name, ends: "Recovers", arrange };
}

function lasting(name: string, reason: string, arrange: BadLine["arrange"]): BadLine {
  return { name, ends: { reason }, arrange };
}

type Side = "vcenter" | "mirror";
type Matches = (call: string) => boolean;

function isUpload(call: string): boolean {
  return call.startsWith("POST /nfc/");
}

function isAny(): boolean {
  return true;
}

function still(side: "request" | "answer"): Fault {
  return { kind: "stall", side, after: diskBytes / 2, milliseconds: 30_000 };
}

function once(side: Side, matches: Matches, fault: Fault): BadLine["arrange"] {
  return async (room) => {
    let done = false;
    return judged(room[side], ({ call }) => {
      if (done || !matches(call)) return null;
      done = true;
      return fault;
    });
  };
}

function always(side: Side, matches: Matches, fault: Fault): BadLine["arrange"] {
  return async (room) => {
    room[side].cut();
    return judged(room[side], ({ call }) => (matches(call) ? fault : null));
  };
}

function judged(proxy: FaultProxy, judge: FaultProxy["judge"]): Arranged {
  let happened = false;
  proxy.judge = (seen) => {
    const fault = judge(seen);
    happened ||= fault !== null;
    return fault;
  };
  return {
    end: async () => {
      proxy.judge = () => null;
      return happened;
    },
  };
}

/** Holds the first upload in its middle, and does something to vCenter meanwhile. */
function during(act: (room: CrashRoom) => Promise<unknown>): BadLine["arrange"] {
  return async (room) => {
    let done = false;
    return judged(room.vcenter, ({ call }) => {
      if (done || !isUpload(call)) return null;
      done = true;
      setTimeout(() => void act(room), 500);
      return { kind: "stall", side: "request", after: diskBytes / 2, milliseconds: 3_000 };
    });
  };
}

type Rule = Parameters<CrashRoom["lab"]["vcenter"]["control"]["fault"]>[0];

function ruled(rule: Rule): BadLine["arrange"] {
  return async ({ lab }) => {
    const { control } = lab.vcenter;
    await control.fault(rule);
    return {
      end: async () => {
        const happened = (await control.faults()).some(({ hits }) => hits > 0);
        await control.clearFaults();
        return happened;
      },
    };
  };
}

async function noSpace({ lab }: CrashRoom): Promise<Arranged> {
  await lab.vcenter.control.freeSpace(diskBytes / 2);
  return {
    end: async () => {
      await lab.vcenter.control.freeSpace(2 ** 40);
      return true;
    },
  };
}

async function otherCertificateInMidImport(room: CrashRoom): Promise<Arranged> {
  const other: { end?: Arranged["end"] } = {};
  const { end } = await during(async () => Object.assign(other, await otherCertificate(room)))(room);
  return { end: async () => (await end()) && (await other.end?.()) === true };
}

async function otherCertificate({ vcenter, stranger }: CrashRoom): Promise<Arranged> {
  const before = vcenter.identity;
  vcenter.present(stranger);
  vcenter.cut();
  return {
    end: async () => {
      vcenter.present(before);
      vcenter.cut();
      return true;
    },
  };
}
