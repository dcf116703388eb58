// The vCenters side by side: each with its own imports, its own clones, its own moves and its own failures.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { kubectl, machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { furtherZones, machineSetName, westZones, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import type { VCenter } from "../lab/vcenter.ts";
import { conditions, expectFailure, expectRecovery } from "./fault-stage.ts";
import { importing, release } from "./held-import.ts";
import { openStage } from "./open-stage.ts";

const eastZones = [...zones, ...furtherZones];
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ nodes: false, imageMiB: 4, west: true, further: true });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

function west(): VCenter {
  const { lab } = stage;
  if (lab.west === undefined) throw new TypeError("the lab has no second vCenter");
  return lab.west;
}

const Call = z.object({ method: z.string() });

/** The methods that were called at the vCenter, from the call `since` on. */
async function calls({ trace }: VCenter, since = 0): Promise<string[]> {
  const lines = (await readFile(trace, "utf8")).trim().split("\n").slice(since);
  return lines.map((line) => Call.parse(JSON.parse(line)).method);
}

/** How many are open; govc leaves none, and the Machine API has no Machines to look after. */
async function sessions({ control }: VCenter): Promise<number> {
  const { soap, rest } = await control.sessions();
  expect(rest.length).toBeLessThanOrEqual(1);
  return soap.length;
}

function count(methods: readonly string[], wanted: string): number {
  return methods.filter((method) => method === wanted).length;
}

/** Waits until the MachineSets of the zones name templates of the release. */
async function moved(into: readonly Zone[], name: string): Promise<void> {
  await until({ signal: stage.signal, what: `MachineSets at ${name}`, within: 90_000 }, async () => {
    const templates = await machineSetTemplates(stage);
    return into.every((zone) => templates.get(machineSetName(zone))?.endsWith(name));
  });
}

/** Points the cluster at other ports of its vCenters. */
async function point(ports: { east: number; west: number }): Promise<void> {
  const vcenters = [
    { server: "127.0.0.1", port: ports.east, datacenters: ["dc-east"] },
    { server: "localhost", port: ports.west, datacenters: ["dc-east"] },
  ];
  const path = "/apis/config.openshift.io/v1/infrastructures/cluster";
  await stage.lab.api.merge(path, { spec: { platformSpec: { vsphere: { vcenters } } } });
}

describe("both vCenters up", () => {
  const name = "9.8.20261201-0";

  test("their imports overlap, with one download and one upload each however many places", async () => {
    const before = stage.lab.mirror.sent().requests;
    const marks = await Promise.all([stage.lab.vcenter, west()].map(async (one) => (await calls(one)).length));
    const { open } = await release(stage, name, { held: true });
    await importing(stage, name, ["127.0.0.1", "localhost"]);
    expect(stage.lab.mirror.sent().requests - before).toBe(2);
    expect(await Promise.all([stage.lab.vcenter, west()].map(sessions))).toEqual([1, 1]);
    open();
    await moved([...eastZones, ...westZones], name);
    await expectRecovery(stage);
    expect(stage.lab.mirror.sent().requests - before).toBe(2);
    const [east, far] = await Promise.all([calls(stage.lab.vcenter, marks[0]), calls(west(), marks[1])]);
    expect(count(east, "ImportVApp")).toBe(1);
    expect(count(east, "CloneVM_Task")).toBe(3);
    expect(count(far, "ImportVApp")).toBe(1);
    expect(count(far, "CloneVM_Task")).toBe(1);
  });

  test("three places are cloned side by side: all begin before one is a template", async () => {
    const all = await calls(stage.lab.vcenter);
    const marks = all
      .slice(all.indexOf("CloneVM_Task"))
      .flatMap((method, at) => (method === "MarkAsTemplate" ? [at] : []));
    const begun = all
      .slice(all.indexOf("CloneVM_Task"))
      .flatMap((method, at) => (method === "CloneVM_Task" ? [at] : []));
    expect(Math.max(...begun)).toBeLessThan(Math.min(...marks));
  });
});

describe("one vCenter down", () => {
  const name = "9.8.20261202-0";

  test("the other's MachineSets are moved all the same, and its own follow when it is up again", async () => {
    await point({ east: stage.lab.vcenter.port, west: 1 });
    await expectFailure(stage, {
      reason: "VCenterUnreachable",
      object: "BootImagePolicy/cluster",
      condition: { type: "VCentersReachable", status: "False" },
      remedy: /localhost/,
    });
    await release(stage, name);
    await moved(eastZones, name);
    const templates = await machineSetTemplates(stage);
    for (const zone of westZones) expect(templates.get(machineSetName(zone))).not.toContain(name);
    await point({ east: stage.lab.vcenter.port, west: west().port });
    await moved(westZones, name);
    await expectRecovery(stage);
  });

  test("both down: the condition names both, and each has its own Event", async () => {
    const before = await unreachableEvents();
    await point({ east: 1, west: 1 });
    await until({ signal: stage.signal, what: "a condition that names both", within: 45_000 }, async () => {
      const { message = "" } = (await conditions(stage)).get("VCentersReachable") ?? {};
      return message.includes("127.0.0.1: ") && message.includes("localhost: ");
    });
    await until({ signal: stage.signal, what: "an Event about each" }, async () => {
      const now = await unreachableEvents();
      return now.east > before.east && now.west > before.west;
    });
    await point({ east: stage.lab.vcenter.port, west: west().port });
    await expectRecovery(stage);
  });
});

/** How many Events tell of each vCenter that it does not answer. */
async function unreachableEvents(): Promise<{ east: number; west: number }> {
  const selector = "involvedObject.kind=BootImagePolicy,reason=VCenterUnreachable,type=Warning";
  const message = "jsonpath={range .items[*]}{.message}{'\\n'}{end}";
  const told = (await kubectl(stage, "get", "events", "-A", "--field-selector", selector, "-o", message)).split("\n");
  const about = (server: string) => told.filter((line) => line.includes(`vCenter ${server}`)).length;
  return { east: about("127.0.0.1"), west: about("localhost") };
}

describe("a CA bundle that changes in mid-import", () => {
  const name = "9.8.20261202-3";

  test("opens another session, and the import goes on in its own until its end", async () => {
    const { open } = await release(stage, name, { held: true });
    await importing(stage, name, ["127.0.0.1", "localhost"]);
    const mark = (await calls(stage.lab.vcenter)).length;
    const bundle = "/api/v1/namespaces/bootwarden/configmaps/lab-ca";
    const { certificate } = stage.lab.ground.authority;
    await stage.lab.api.merge(bundle, { data: { "ca-bundle.crt": `${certificate}\n# the same\n` } });
    // Bundles are read at each look, and looked at when something changes.
    const machineSet = `${machineApi}/machinesets/${machineSetName(eastZones[0] as Zone)}`;
    await stage.lab.api.merge(machineSet, { metadata: { annotations: { "lab/look": name } } });
    await until({ signal: stage.signal, what: "another session" }, async () => {
      return (await sessions(stage.lab.vcenter)) === 2;
    });
    open();
    await moved([...eastZones, ...westZones], name);
    expect(count(await calls(stage.lab.vcenter, mark), "HttpNfcLeaseAbort")).toBe(0);
    await until({ signal: stage.signal, what: "the end of the old session" }, async () => {
      return (await sessions(stage.lab.vcenter)) === 1;
    });
  });
});

describe("SIGTERM in mid-import", () => {
  const name = "9.8.20261203-0";

  test("ends both imports in order: no virtual machine of theirs and no session is left", async () => {
    const both = [stage.lab.vcenter, west()];
    const marks = await Promise.all(both.map(async (one) => (await calls(one)).length));
    const { open } = await release(stage, name, { held: true });
    await importing(stage, name, ["127.0.0.1", "localhost"]);
    await stage.lab.controller?.stop("SIGTERM");
    for (const [index, vcenter] of both.entries()) {
      const since = await calls(vcenter, marks[index]);
      expect(count(since, "HttpNfcLeaseAbort"), vcenter.server).toBe(1);
      expect(await sessions(vcenter), vcenter.server).toBe(0);
      expect(await vcenter.govc("find", "/", "-type", "m", "-name", "bootwarden-import-*")).toBe("");
    }
    open();
    await stage.lab.controller?.start();
    await moved([...eastZones, ...westZones], name);
    await expectRecovery(stage);
  });
});

describe("one vCenter lost in mid-import", () => {
  const name = "9.8.20261204-0";

  test("the other's import goes on, and its MachineSets are moved", async () => {
    const { open } = await release(stage, name, { held: true });
    await importing(stage, name, ["127.0.0.1", "localhost"]);
    await west().child.stop("SIGKILL");
    open();
    await moved(eastZones, name);
    const templates = await machineSetTemplates(stage);
    for (const zone of westZones) expect(templates.get(machineSetName(zone))).not.toContain(name);
  });
});
