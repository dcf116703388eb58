// The faults: every kill point, every fault of the lines, of the API server and of the peer's table, with what came of each. `npm run faults` ends non-zero if one went wrong.
import { parseArgs } from "node:util";
import { type ApiFault, apiFaults } from "./api-fault.ts";
import { sufferApiFault } from "./api-fault-run.ts";
import { type ApiRoom, openApiRoom } from "./api-room.ts";
import { type BadLine, badLines } from "./bad-line.ts";
import { suffer } from "./bad-line-run.ts";
import { crash, rehearse } from "./crash-matrix.ts";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { everyPoint, type KillPoint } from "./kill-points.ts";
import type { PeerFault } from "./peer-fault.ts";
import { peerFaults, sufferPeerFault } from "./peer-faults.ts";
import { releases } from "./releases.ts";

const usage = "npm run faults -- [--table kills|lines|peer|api] [--only TEXT] [--from N] [--to N]";
const { values } = parseArgs({
  options: {
    table: { type: "string" },
    only: { type: "string", default: "" },
    from: { type: "string", default: "1" },
    to: { type: "string" },
  },
});

interface Table {
  title: (rows: number) => string;
  rows: () => Promise<Row[]>;
}

interface Row {
  name: string;
  /** Resolves with what was well, in some words, or what was wrong. */
  run: () => Promise<{ well: string; wrong: string[] }>;
}

const crashing = ["kills", "lines", "peer"] as const;
const nextRelease = releases();

/** Reads differ a little from run to run, so a few points may not be reached. */
const mostUnkilled = 10;
let unkilled = 0;

function crashTables(room: CrashRoom): Record<(typeof crashing)[number], Table> {
  return {
    kills: {
      title: (rows) => `Killed after each of the ${rows} calls of import, clone, moves and retirement`,
      rows: async () => {
        await rehearse(room, nextRelease());
        return everyPoint(await rehearse(room, nextRelease())).map((point) => killRow(room, point));
      },
    },
    lines: {
      title: (rows) => `${rows} faults of the lines and servers`,
      rows: async () => badLines.map((line) => lineRow(room, line)),
    },
    peer: {
      title: (rows) => `${rows} faults that OpenShift's own boot image controller was run against`,
      rows: async () => peerFaults.map((fault) => peerRow(room, fault)),
    },
  };
}

function killRow(room: CrashRoom, point: KillPoint): Row {
  return {
    name: `${point.call} #${point.nth}`,
    run: async () => {
      const { killed, seconds, wrong } = await crash(room, nextRelease(), point);
      if (!killed) unkilled += 1;
      const well = killed ? `${seconds.toFixed(1)} s, as undisturbed` : "not killed: this run made no such call";
      return { well, wrong: unkilled > mostUnkilled ? [...wrong, "too many rows were not killed"] : wrong };
    },
  };
}

function lineRow(room: CrashRoom, line: BadLine): Row {
  const { ends } = line;
  return {
    name: line.name,
    run: async () => {
      const { seconds, wrong } = await suffer(room, line, nextRelease);
      const said = ends === "Recovers" ? "recovers by itself" : `${ends.reason}, then recovers`;
      return { well: `${seconds.toFixed(1)} s, ${said}`, wrong };
    },
  };
}

function peerRow(room: CrashRoom, fault: PeerFault): Row {
  return {
    name: fault.name,
    run: async () => {
      const wrong = await sufferPeerFault(room, fault, nextRelease);
      return { well: `${fault.ours}\n    (there: ${fault.peer})`, wrong };
    },
  };
}

function apiTable(room: ApiRoom): Table {
  return {
    title: (rows) => `${rows} faults of the API server, with reports that change before, in their midst and after`,
    rows: async () => apiFaults.map((fault) => apiRow(room, fault)),
  };
}

function apiRow(room: ApiRoom, fault: ApiFault): Row {
  return {
    name: fault.name,
    run: async () => {
      const { seconds, wrong } = await sufferApiFault(room, fault);
      return { well: `${seconds.toFixed(1)} s until every verdict stood`, wrong };
    },
  };
}

/** Prints each row as soon as it is known; resolves with how many were wrong. */
async function print({ title, rows }: Table): Promise<number> {
  const all = await rows();
  const wanted = all.slice(Number(values.from) - 1, values.to === undefined ? undefined : Number(values.to));
  const chosen = wanted.filter(({ name }) => name.includes(values.only));
  console.log(`\n${title(chosen.length)}:`);
  let bad = 0;
  for (const { name, run } of chosen) {
    const { well, wrong } = await run();
    if (wrong.length > 0) bad += 1;
    console.log(`${wrong.length === 0 ? "  " : "! "}${name}: ${wrong.join("; ") || well}`);
  }
  console.log(`${chosen.length - bad} of ${chosen.length} ended as they must.`);
  return bad;
}

async function suffered(): Promise<number> {
  let bad = 0;
  const wants = (name: string) => values.table === undefined || values.table === name;
  if (crashing.some(wants)) {
    const room = await openCrashRoom();
    try {
      for (const [name, table] of Object.entries(crashTables(room))) if (wants(name)) bad += await print(table);
    } finally {
      await room.close();
    }
  }
  if (wants("api")) {
    const room = await openApiRoom();
    try {
      bad += await print(apiTable(room));
    } finally {
      await room.close();
    }
  }
  return bad;
}

if (values.table !== undefined && ![...crashing, "api"].includes(values.table)) {
  console.error(`There is no table ${values.table}.\n${usage}`);
  process.exit(64);
}
process.exit((await suffered()) === 0 ? 0 : 1);
