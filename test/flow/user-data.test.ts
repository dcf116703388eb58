// The user data of MachineSets: looked at before anything is made for one, by name only; docs/user-data.md tells the way out.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { kubectl, machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { installedTemplate, machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { conditions } from "./fault-stage.ts";
import { type NamedMachineSet, namedMachineSet } from "./named-machine-set.ts";
import { inFolder, moveTo, release, setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const page = await readFile(new URL("../../docs/user-data.md", import.meta.url), "utf8");
const block = (language: string) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(page)?.[1] ?? "";
const secrets = "/api/v1/namespaces/openshift-machine-api/secrets";
const policyPath = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const [first, second] = ["9.8.20261201-0", "9.8.20261202-0"];
/** In every user data of this lab; in nothing that bootwarden writes. */
const secret = "user-data-secret-4711";

const spec2 = {
  ignition: {
    config: { append: [{ source: "https://api-int.lab.example.com:22623/config/worker", verification: {} }] },
    security: { tls: { certificateAuthorities: [{ source: `data:,${secret}`, verification: {} }] } },
    version: "2.2.0",
  },
};

const remedies = [
  { name: "old", reason: "UserDataOld", remedy: /Ignition spec 2.2.0.*docs\/user-data.md/s },
  {
    name: "other",
    reason: "UserDataForbidden",
    remedy: /gpu-user-data may not be read.*Role and a RoleBinding.*docs\/user-data.md/s,
  },
];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  const naming = (name: string): NamedMachineSet => ({ zone: zoneB, provider: { userDataSecret: { name } } });
  const sets = { old: "worker-user-data-managed", missing: "gone-user-data", other: "gpu-user-data" };
  await userData("worker-user-data-managed", JSON.stringify(spec2));
  await userData("gpu-user-data", `no JSON ${secret}`);
  await setPolicy(stage, { mode: "Observe" });
  for (const [name, of] of Object.entries(sets))
    await stage.lab.api.apply(namedMachineSet(stage.lab.vcenter.server, name, naming(of)));
  // Its template is there already, and nothing has to be made for the others of its place.
  await stage.lab.api.merge(`${machineApi}/machinesets/${machineSetName(zoneB)}`, hold);
});
afterAll(() => stage?.lab.close());

const hold = { metadata: { annotations: { "bootwarden.io/hold": "true" } } };

async function userData(name: string, text: string): Promise<void> {
  const metadata = { name, namespace: "openshift-machine-api" };
  await stage.lab.api.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { userData: text } });
}

const Status = z.object({
  status: z.object({ machineSets: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string() })) }),
});

async function untilSaid(expected: Record<string, string>): Promise<void> {
  await until({ signal: stage.signal, what: JSON.stringify(expected), within: 45_000 }, async () => {
    const { machineSets } = Status.parse(await stage.lab.api.get(policyPath)).status;
    const said = Object.fromEntries(machineSets.map(({ name, state, reason }) => [name, `${state} ${reason}`]));
    if (Object.entries(expected).every(([name, words]) => said[name] === words)) return true;
    throw new Error(JSON.stringify(said));
  });
}

/** bash with the lab's kubeconfig, as docs/user-data.md has its commands. */
async function run(script: string): Promise<void> {
  const env = { ...inheritedEnvironment(), KUBECONFIG: stage.lab.controlPlane.kubeconfig };
  const cwd = stage.lab.ground.directory;
  await execa("bash", ["--norc", "-euo", "pipefail", "-c", script], { env, extendEnv: false, cwd, timeout: 30_000 });
}

test("in Observe mode it is said what would keep them from being moved", async () => {
  await release(stage, first);
  await untilSaid({
    [machineSetName(zoneA)]: "Outdated Behind",
    old: "Failed UserDataOld",
    missing: "Failed UserDataForbidden",
    other: "Failed UserDataForbidden",
  });
});

test("in Manage mode the others are moved, and nothing is made for these", async () => {
  await setPolicy(stage, { mode: "Manage" });
  await until({ signal: stage.signal, what: "the move of the first", within: 60_000 }, async () => {
    return (await machineSetTemplates(stage)).get(machineSetName(zoneA)) === templateOf(zoneA, first);
  });
  await untilSaid({ [machineSetName(zoneA)]: "UpToDate OnTarget", old: "Failed UserDataOld" });
  const templates = await machineSetTemplates(stage);
  for (const name of ["old", "missing", "other"]) expect(templates.get(name)).toBe(installedTemplate(zoneB));
  expect(await inFolder(stage)).not.toContain(templateOf(zoneB, first));
});

test("each is said in every place, with what to do", async () => {
  await until({ signal: stage.signal, what: "the condition" }, async () => {
    const said = (await conditions(stage)).get("BootImageUpdateDegraded")?.message ?? "";
    if (remedies.every(({ remedy }) => remedy.test(said))) return true;
    throw new Error(said);
  });
  for (const { name, reason, remedy } of remedies) {
    const selector = `involvedObject.kind=MachineSet,involvedObject.name=${name},reason=${reason},type=Warning`;
    expect(await kubectl(stage, "get", "events", "-A", "--field-selector", selector)).toMatch(remedy);
    const metrics = await (await fetch(stage.lab.controller?.metrics ?? "")).text();
    expect(metrics).toContain(`bootwarden_failure{kind="MachineSet",name="${name}",reason="${reason}"} 1`);
  }
});

describe("the right to read a Secret, as the page gives it", () => {
  test("lets what is in it be looked at, and each missing one be told from a forbidden one", async () => {
    const allowed = block("yaml").replace("[gpu-user-data]", "[gpu-user-data, gone-user-data]");
    expect(allowed).toContain("gone-user-data");
    const file = join(stage.lab.ground.directory, "role.yaml");
    await writeFile(file, allowed);
    await run(`kubectl apply -f ${file}`);
    // A change of the policy: it is looked at again.
    await setPolicy(stage, { template: { retain: 3 } });
    await untilSaid({ missing: "Failed UserDataMissing", other: "Failed UserDataInvalid" });
  });
});

test("user data of spec 2 becomes spec 3 by the commands of the page, and the MachineSet is moved", async () => {
  await run(block("sh").replaceAll("worker-user-data", "worker-user-data-managed"));
  const converted = z
    .object({ data: z.object({ userData: z.string() }) })
    .parse(await stage.lab.api.get(`${secrets}/worker-user-data-managed`));
  expect(JSON.parse(Buffer.from(converted.data.userData, "base64").toString())).toEqual({
    ignition: {
      version: "3.2.0",
      config: { merge: [{ source: "https://api-int.lab.example.com:22623/config/worker" }] },
      security: spec2.ignition.security,
    },
  });
  await setPolicy(stage, { template: { retain: 4 } });
  await until({ signal: stage.signal, what: "the move", within: 60_000 }, async () => {
    return (await machineSetTemplates(stage)).get("old") === templateOf(zoneB, first);
  });
});

test("what is mended is seen when the MachineSet changes", async () => {
  await userData("gpu-user-data", JSON.stringify({ ignition: { version: "3.4.0" }, secret }));
  await stage.lab.api.merge(`${machineApi}/machinesets/other`, { metadata: { annotations: { "mended-by": "me" } } });
  await until({ signal: stage.signal, what: "the move", within: 60_000 }, async () => {
    return (await machineSetTemplates(stage)).get("other") === templateOf(zoneB, first);
  });
});

test("one bad Secret is nobody else's trouble", async () => {
  await stage.lab.api.merge(`${machineApi}/machinesets/${machineSetName(zoneB)}`, {
    metadata: { annotations: { "bootwarden.io/hold": null } },
  });
  await moveTo(stage, second);
  await untilSaid({ missing: "Failed UserDataMissing", other: "UpToDate OnTarget", old: "UpToDate OnTarget" });
});

/** How often bootwarden has asked for user data, by the API server's audit log. */
async function reads(): Promise<number> {
  const lines = (await readFile(stage.lab.controlPlane.auditLog, "utf8")).split("\n");
  return lines.filter((line) => line.includes("bootwarden-controller") && line.includes("user-data")).length;
}

test("it is read when something changes that it may have changed with, and not at every look", async () => {
  const { api, vcenter } = stage.lab;
  const looks = async () => (await readFile(vcenter.trace, "utf8")).split("\n").length;
  // What the last moves have changed is read anew, and the audit log tells of it a moment later.
  let quiet = -1;
  await until({ signal: stage.signal, what: "no reading any more", within: 60_000, every: 3_000 }, async () => {
    const last = quiet;
    quiet = await reads();
    return quiet === last;
  });
  const before = { reads: await reads(), looks: await looks() };
  expect(before.reads).toBeGreaterThan(0);
  for (const look of ["1", "2", "3"]) {
    const data = { look };
    const seen = await looks();
    await api.merge("/api/v1/namespaces/bootwarden/configmaps/lab-ca", { data });
    await until({ signal: stage.signal, what: "a look" }, async () => (await looks()) > seen);
  }
  expect(await reads()).toBe(before.reads);
});

test("nothing of any user data is in the log, an Event or the policy", async () => {
  const log = await readFile(join(stage.lab.ground.logs, "controller.log"), "utf8");
  const events = JSON.stringify(await stage.lab.api.list("/api/v1/events"));
  const policy = JSON.stringify(await stage.lab.api.get(policyPath));
  expect(log).toContain("UserDataOld");
  for (const text of [log, events, policy]) expect(text).not.toContain(secret);
});
