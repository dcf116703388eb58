// Observe mode: with an account that may only read, read-only calls from start to SIGTERM over SOAP and REST, two of them for a pass,
// and no secret of a live node in anything that we say.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { namespace, vcenterSecret } from "../../common/annotations.ts";
import { kubectl, machineApi, type Stage, scale } from "../demo/stage.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import type { Ground } from "../lab/ground.ts";
import { policyObjects } from "../lab/policy-objects.ts";
import { folder, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { accountsFlag } from "../lab/vcenter-flags.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { conditions } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";
import { isReadingRest } from "./reading-rest.ts";

const reading = [
  "RetrieveServiceContent",
  "Login",
  "Logout",
  "FindByInventoryPath",
  "RetrievePropertiesEx",
  "ContinueRetrievePropertiesEx",
];
/** An account of the controller's own, by which its calls are told from those of the Machine API. It has the role Read-only. */
const observer = { username: "observer@vsphere.local", password: "observer-password", privileges: [] };

const [zoneA] = zones as [Zone];
const setA = `${machineApi}/machinesets/${machineSetName(zoneA)}`;

let stage: Stage;
let controller: ControllerProgram;
/** The controller's session. */
let session: string;
/** Lines of the trace before it. */
let earlier: number;

beforeAll(async () => {
  const vcenterFlags = async (ground: Ground) => [await accountsFlag(ground, [observer])];
  stage = await openStage({ controller: false, nodes: false, vcenterFlags });
  const { lab, signal } = stage;
  await scale(stage, machineSetName(zoneA), 1);
  await until({ signal, what: "a worker with its Ignition config", within: 60_000 }, async () => {
    return (await workerOptions()).includes("guestinfo.ignition.config.data");
  });
  earlier = (await calls()).length;
  await applyPolicy();
  controller = await startController({ ground: lab.ground, api: lab.api, url: lab.controlPlane.url });
  await until({ signal, what: "a look at vCenter", within: 30_000 }, async () => {
    return (await conditions(stage)).get("VCentersReachable")?.reason === "AllReachable";
  });
  const sessions = (await lab.vcenter.control.sessions()).soap.filter(({ user }) => user === observer.username);
  expect(sessions).toHaveLength(1);
  session = sessions.map(({ key }) => key).join();
});
afterAll(async () => {
  await controller?.stop();
  await stage?.lab.close();
});

async function applyPolicy(): Promise<void> {
  const { api, ground, vcenter } = stage.lab;
  const { server } = vcenter;
  const credentialsSecret = { name: vcenterSecret, namespace };
  await api.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: credentialsSecret,
    stringData: { [`${server}.username`]: observer.username, [`${server}.password`]: observer.password },
  });
  for (const object of policyObjects(server, ground.authority.certificate, "Observe")) await api.apply(object);
  const caBundle = { name: "lab-ca", namespace, key: "ca-bundle.crt" };
  await api.merge("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster", {
    spec: { vcenters: [{ server, caBundle, credentialsSecret }] },
  });
}

const Call = z.object({ kind: z.string(), method: z.string(), user: z.string().default("") });
type Call = z.output<typeof Call>;

async function calls(): Promise<Call[]> {
  const lines = (await readFile(stage.lab.vcenter.trace, "utf8")).trim().split("\n");
  return lines.map((line) => Call.parse(JSON.parse(line)));
}

async function ours(): Promise<Call[]> {
  return (await calls()).filter(({ user }) => user === observer.username);
}

function isReading({ kind, method }: Call): boolean {
  return kind === "rest" ? isReadingRest(method) : reading.includes(method);
}

async function workerOptions(): Promise<string> {
  const { govc } = stage.lab.vcenter;
  const found = await govc("find", folder, "-type", "m", "-name", `${machineSetName(zoneA)}-*`);
  const [path] = found.split("\n").filter(Boolean);
  return path === undefined ? "" : await govc("object.collect", "-json", "-s", path, "config.extraConfig");
}

test("a pass without a change costs two calls", async () => {
  for (let time = 0; time < 4; time++) {
    const before = (await ours()).length;
    await stage.lab.api.merge(setA, { metadata: { annotations: { "lab/look": randomUUID() } } });
    await until({ signal: stage.signal, what: "a pass" }, async () => (await ours()).length >= before + 2);
    await sleep(1_500);
    expect((await ours()).slice(before).map(({ method }) => method)).toEqual(Array(2).fill("RetrievePropertiesEx"));
  }
});

test("an upgrade is seen, and nothing but read", async () => {
  const { api, images } = stage.lab;
  await api.apply(bootImages("4.20.15", images[1]));
  await until({ signal: stage.signal, what: "MachineSets that are Outdated" }, async () => {
    const status = await kubectl(stage, "get", "bootimagepolicy", "cluster", "-o", "json");
    return status.includes(`In Manage mode bootwarden would import template lab-7x2kq-rhcos-fd-east-a-`);
  });
  await sleep(1_500);
  expect((await ours()).filter((call) => !isReading(call))).toEqual([]);
});

test("guestinfo with a live node's secrets, password and session id are in no log, metric, Event and object of ours", async () => {
  const options = await workerOptions();
  const [, data = ""] =
    /guestinfo\.ignition\.config\.data","value":"([^"]+)"/.exec(options.replaceAll(/\s+/g, "")) ?? [];
  expect(data.length).toBeGreaterThan(50);
  const dumps = {
    log: await readFile(join(stage.lab.ground.logs, "controller.log"), "utf8"),
    metrics: await (await fetch(controller.metrics)).text(),
    objects: await kubectl(stage, "get", "bootimagepolicies,events,nodes", "-A", "-o", "json"),
  };
  for (const [name, text] of Object.entries(dumps)) {
    expect(text.length, name).toBeGreaterThan(100);
    expect(text, name).not.toMatch(/guestinfo/i);
    for (const secret of [data.slice(0, 40), observer.password, stage.lab.vcenter.password, session]) {
      expect(text.includes(secret), name).toBe(false);
    }
  }
});

test("SIGTERM logs out, and all of it was reading", async () => {
  await controller.stop("SIGTERM");
  const all = await ours();
  expect(all.filter((call) => !isReading(call))).toEqual([]);
  expect(all.filter(({ kind }) => kind === "soap").map(({ method }) => method)).toMatchObject({ 0: "Login" });
  expect(all.filter(({ kind }) => kind === "soap").at(-1)?.method).toBe("Logout");
  // Nor was anything uploaded.
  expect((await calls()).slice(earlier).filter(({ kind }) => kind === "nfc")).toEqual([]);
  const { soap, rest } = await stage.lab.vcenter.control.sessions();
  expect([...soap, ...rest].filter(({ user }) => user === observer.username)).toEqual([]);
});
