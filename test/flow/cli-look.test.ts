// What people see of a cluster by `kubectl bootwarden`, in order and in trouble, in a pipe and on a terminal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineApi, machineSetTemplates, type Stage, scale, waitForNodes } from "../demo/stage.ts";
import { playAnnotation } from "../lab/machine-room.ts";
import { osDigest, releaseA, releaseB } from "../lab/releases.ts";
import { machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { ask, askOnTerminal, withoutColours } from "./cli-room.ts";
import { setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const [first, second] = [machineSetName(zoneA), machineSetName(zoneB)];
const judged = osDigest(releaseB).slice("sha256:".length, "sha256:".length + 16);
let stage: Stage;
let node = "";

beforeAll(async () => {
  stage = await openStage();
  await scale(stage, first, 1);
  const [found] = await waitForNodes(stage, "a Node Verified", {
    count: 1,
    test: ({ verdict }) => verdict === "Verified",
  });
  node = found?.name ?? "";
});
afterAll(() => stage?.lab.close());

/** Waits until the status says so; the rest of it is what the test then looks at. */
async function untilShown(args: string[], wanted: RegExp): Promise<string> {
  return await until(
    { signal: stage.signal, what: `${args} shows ${wanted}`, within: 60_000, every: 500 },
    async () => {
      const { stdout } = await ask(stage, args);
      if (wanted.test(stdout)) return stdout;
      throw new Error(stdout);
    },
  );
}

describe("of a cluster in order", () => {
  test("status says that there is nothing to do, and ends with 0", async () => {
    const told = await untilShown(
      ["status"],
      /2 of 2 managed MachineSets are at the release, 1 of 1 nodes are Verified\./,
    );
    expect(told).toMatch(
      new RegExp(
        `^${first} +bootwarden +UpToDate +lab-7x2kq-rhcos-fd-east-a +${releaseA.replaceAll(".", "\\.")} +\\d+ days$`,
        "m",
      ),
    );
    expect(told).toMatch(/Nothing to do\.$/);
    expect(await ask(stage, ["status"])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("nodes says what the node runs, and where it comes from", async () => {
    const { exitCode, stdout, stderr } = await ask(stage, ["nodes"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n")[1]).toMatch(
      new RegExp(
        `^${node} +${first} +Verified +DigestMatch +${judged} +${releaseA.replaceAll(".", "\\.")} +- +\\d+[sm]$`,
      ),
    );
    expect((await ask(stage, ["nodes", "--verdict=Mismatch,Unknown"])).stdout).toBe("No Nodes.");
    expect((await ask(stage, ["nodes", "-l", "no-such-label"])).stdout).toBe("No Nodes.");
    expect(
      (await ask(stage, ["nodes", "-l", "node-role.kubernetes.io/worker", "--verdict=verified"])).stdout,
    ).toContain(node);
  });

  test("and as JSON and CSV", async () => {
    const { nodes } = JSON.parse((await ask(stage, ["nodes", "-o", "json"])).stdout);
    expect(nodes).toMatchObject([
      {
        name: node,
        machine: node,
        machineSet: first,
        verdict: "Verified",
        bootImageCheck: "Match",
        bootedDigest: osDigest(releaseB),
        bootImage: releaseA,
        stagedDigest: null,
      },
    ]);
    expect((await ask(stage, ["nodes", "-o", "csv"])).stdout.split("\r\n")[1]).toMatch(
      new RegExp(`^${node},${node},${first},Verified,DigestMatch,`),
    );
  });

  test("plan has no steps, and ends with 0", async () => {
    expect(await ask(stage, ["plan"])).toMatchObject({
      exitCode: 0,
      stderr: "",
      stdout: `Nothing to do for ${releaseA}.\n\nAt ${releaseA} already: ${first}, ${second}`,
    });
  });

  test("explain finds a chain that holds, from whatever end it is asked", async () => {
    for (const name of [node, `node/${node}`, `machine/${node}`, first, `machineset/${first}`]) {
      const { exitCode, stdout, stderr } = await ask(stage, ["explain", name]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/\nThe chain holds\.$/);
      expect(stdout).not.toMatch(/BROKEN|\bnull\b|undefined/);
    }
    expect((await ask(stage, ["explain", node])).stdout.match(/^ {2}ok {5}/gm)).toHaveLength(14);
  });

  test("explain of a name that is of nothing names the closest", async () => {
    const { exitCode, stderr } = await ask(stage, ["explain", `${first}x`]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `Error (NameUnknown): There is no Node, MachineSet, Machine of the name ${first}x. Did you mean ${first}?`,
    });
  });
});

describe("of a cluster in trouble", () => {
  beforeAll(async () => {
    await setPolicy(stage, { mode: "Observe" });
    await stage.lab.api.apply(bootImages("4.20.15", stage.lab.images[1]));
    await stage.lab.api.merge(`${machineApi}/machines/${node}`, {
      metadata: { annotations: { [playAnnotation]: "wrong-image" } },
    });
    await untilShown(["status"], /1 Mismatch/);
  });

  test("status says what to do next, and ends with 2", async () => {
    const told = await untilShown(["status"], /2\. 2 MachineSets are behind the release/);
    expect(told).toContain(`Mismatch  OSImageMismatch: ${node}. The node runs another OS image`);
    expect(told).toContain(`1. ${node}: OSImageMismatch.`);
    expect(told).toContain(`     kubectl bootwarden explain node/${node}\n`);
    expect((await ask(stage, ["status"])).exitCode).toBe(2);
  });

  test("plan says what Manage would do, and ends with 2; and so it is done", async () => {
    const { exitCode, stdout } = await ask(stage, ["plan"]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^Observe: nothing is done\. In mode Manage bootwarden would take 4 steps to 9\.8/);
    const [a, b] = [templateOf(zoneA, releaseB), templateOf(zoneB, releaseB)];
    expect([...stdout.matchAll(/^ +\d {2}(\w+) /gm)].map(([, step]) => step)).toEqual([
      "import",
      "move",
      "clone",
      "move",
    ]);
    expect(stdout).toContain(
      `move MachineSet ${first} from lab-7x2kq-rhcos-fd-east-a to ${a}; its Machines are not touched`,
    );
    await setPolicy(stage, { mode: "Manage" });
    await until({ signal: stage.signal, what: "the moves", within: 60_000 }, async () => {
      const templates = await machineSetTemplates(stage);
      return templates.get(first) === a && templates.get(second) === b;
    });
    await untilShown(["plan"], /^Nothing to do for 9\.8/);
  });

  test("explain shows where the chain breaks, and ends with 2", async () => {
    const { exitCode, stdout } = await ask(stage, ["explain", node]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("  BROKEN OS image: does the node run what its pool asks for?");
    expect(stdout).toMatch(/The chain is broken first at: OS image/);
  });

  test("on a terminal there are colours, and nothing is wider than it", async () => {
    const { shown } = await askOnTerminal(stage, ["nodes"], { columns: 80 });
    expect(shown).toContain("\u001b[31mMismatch");
    const plain = withoutColours(shown);
    expect(Math.max(...plain.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const { shown: colourless } = await askOnTerminal(stage, ["nodes", "--no-color"], { columns: 200 });
    expect(colourless).not.toContain("\u001b[");
  });

  test("status -w stays, shows what changes, and ends with Ctrl-C", async () => {
    const { exitCode, shown } = await askOnTerminal(stage, ["status", "-w"], {
      typed: "\u0003",
      when: (now) => now.includes("\u001b[H\u001b[J") && now.includes("nodes are Verified"),
    });
    expect(exitCode).toBe(130);
    expect(withoutColours(shown)).toMatch(/2 of 2 managed MachineSets are at the release.*\^C$/s);
    expect(shown).not.toMatch(/Error|\n\s+at /);
  });
});
