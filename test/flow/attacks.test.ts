// The attacks of the table, with real credentials on the real API server: what can be refused is, and what has to be done can be.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Row, Threat } from "./attacks/attack.ts";
import { withoutWebhooks } from "./attacks/machine-set-victims.ts";
import { bootedImage, bootImageCheck, byController, nodes, osDigest, provider, set } from "./attacks/objects.ts";
import { type AttackRoom, openAttackRoom } from "./attacks/room.ts";
import { attacks, work } from "./attacks/table.ts";

let room: AttackRoom;
beforeAll(async () => {
  room = await openAttackRoom();
});
afterAll(() => room?.lab.close());

const tables = Object.entries(attacks).map(([thief, files]) => [thief, Object.values(files).flat()] as const);
const all = tables.flatMap(([, threats]) => threats);
const rows = (threats: Threat[]) => threats.reduce((sum, threat) => sum + threat.rows.length, 0);
const done = ({ answer }: Threat) => answer === undefined;
const behind = all.filter((threat) => threat.behind !== undefined);

async function expectRefusal(thief: Threat["with"], row: Row, answer: RegExp): Promise<void> {
  const before = await room.victims();
  await expect(room.attempt(thief, row)).rejects.toThrow(answer);
  expect(await room.victims()).toEqual(before);
}

describe(`${rows(work)} things that are done every day`, () => {
  afterEach(() => room.restore());
  describe.each(work)("$threat", ({ with: worker, rows }) => {
    test.each(rows)("%s (%s)", async (...row) => {
      // One MachineSet stands there as OpenShift's webhook would not have left it.
      expect(JSON.stringify(await room.victims())).toContain('"metadata":{"creationTimestamp":null}');
      await room.attempt(worker, row);
    });
  });
});

describe.each(tables)("%s", (_, threats) => {
  const refused = threats.filter((threat) => !done(threat));
  describe(`${rows(refused)} attacks that are refused`, () => {
    describe.each(refused)("$threat: stopped by $stoppedBy", ({ with: thief, rows, answer }) => {
      test.each(rows)("%s (%s)", async (...row) => {
        if (answer instanceof RegExp) return await expectRefusal(thief, row, answer);
        const before = await room.victims();
        await room.attempt(thief, row);
        expect(await room.victims()).toEqual(before);
      });
    });
  });
  const open = threats.filter(done);
  describe(`${rows(open)} attacks that nothing stops`, () => {
    afterEach(() => room.restore());
    describe.each(open)("$threat, because: $because", ({ with: thief, rows }) => {
      test.each(rows)("%s (%s)", async (...row) => {
        await room.attempt(thief, row);
      });
    });
  });
});

describe(`${rows(behind)} attacks that RBAC refuses, when RBAC allows everything`, () => {
  beforeAll(() => room.grantEverything());
  describe.each(behind)(
    "$threat: stopped by bootwarden's policy",
    ({ with: thief, rows, behind: answer = /never/ }) => {
      test.each(rows)("%s (%s)", async (...row) => {
        await expectRefusal(thief, row, answer);
      });
    },
  );
});

test("a field of a provider spec that an OpenShift to come will know, and not drop, is not added", async () => {
  await withoutWebhooks(room.lab, async () => {
    await expectRefusal("controller", ["", "merge", set, provider({ x: "y" })], /adds nothing to a MachineSet/);
  });
});

describe("a Node to which its kubelet gives 90,000 labels", () => {
  const write = (metadata: object): Row => [
    "more",
    "merge",
    `${nodes}/own`,
    { metadata: { ...metadata, managedFields: [{}] } },
  ];
  beforeAll(async () => {
    await room.restore();
    const many = (size: number) =>
      Object.fromEntries(Array.from({ length: size }, (_, at) => [`x${at.toString(36)}`, ""]));
    await room.attempt("kubelet", write({ labels: many(90_000), annotations: many(1001) }));
  });

  // A search for a prefix among so many is given up, and a policy that must not stop a kubelet lets pass what it gave up.
  test.each<[string, object]>([
    ["its digest", { labels: { [osDigest]: null } }],
    ["its check", { annotations: { [bootImageCheck]: null } }],
    ["its report", { annotations: { [bootedImage]: null } }],
  ])("does not lose %s", async (_, metadata) => {
    await expect(room.attempt("kubelet", write(metadata))).rejects.toThrow(/the node's to write|the agent's to write/);
  });

  test("costs the API server no search, whoever writes it: what no policy looks at takes as long", async () => {
    const path = `${nodes}/own/status`;
    const admins = await timeOf(() => room.lab.api.merge(path, { status: { phase: "Running" } }));
    const kubelets = await timeOf(() =>
      room.attempt("kubelet", ["a heartbeat", "merge", path, { status: { phase: "Pending" } }]),
    );
    const verdict = { metadata: { labels: { [osDigest]: "0123456789abcdef" } } };
    const controllers = await timeOf(() =>
      expect(room.attempt("controller", ["", "merge", `${nodes}/own?${byController}`, verdict])).rejects.toThrow(
        /more than 1000 labels/,
      ),
    );
    expect(Math.max(kubelets, controllers) / admins).toBeLessThan(4);
  });
});

async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}
