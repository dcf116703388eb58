// docs/install.md, followed as a new user would: applied, well, each alert made to fire and mended by its runbook, removed, nothing of ours left.
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { role } from "../../controller/vsphere/role.ts";
import { machineSetTemplates } from "../demo/stage.ts";
import type { Prometheus } from "../lab/prometheus.ts";
import { releaseB } from "../lab/releases.ts";
import { alertRules } from "../monitoring/alert-rules.ts";
import { blocksBelow, headingsOf } from "./followed-page.ts";
import { startHurriedPrometheus } from "./hurried-prometheus.ts";
import { type InstallStage, openInstallStage, serveCertificates } from "./install-stage.ts";
import { contested, down, failing, halted, unreachable } from "./manage-provocations.ts";
import { behind, firstMachine, observeProvocations } from "./observe-provocations.ts";
import { firing, followed, over, type Provocation, provoked } from "./provocation.ts";
import { accountOfPage, rolesOf } from "./role-commands.ts";
import { leftOfOurs } from "./what-is-left.ts";

/** Reasons of an account that lacks a right. */
const lacks =
  /NoPermission|PreflightFailed|TagsNotAllowed|TagNotAttached|HardwareNotRaised|DiskNotGrown|SnapshotNotAllowed/;

/** A section is done, and a batch of alerts fires and is over, in minutes. */
vi.setConfig({ testTimeout: 300_000 });

const page = "docs/install.md";
const end = new AbortController();
let stage: InstallStage;
let prometheus: Prometheus;
let templates: string[];

beforeAll(async () => {
  const account = await accountOfPage(blocksBelow(page, "An account in vCenter").join("\n"));
  stage = await openInstallStage(account, end.signal);
}, 300_000);
afterAll(() => stage?.lab.close());

/** Types the blocks of a section, but those that build: the lab has built image and command with the same scripts, and its nodes have the image. */
async function type(heading: string): Promise<string> {
  const printed: string[] = [];
  for (const block of blocksBelow(page, heading)) {
    // Which ends with 2 as there is something to do.
    const codes = /^kubectl bootwarden (?:plan|status)$/m.test(block) ? [0, 2] : [0];
    if (!block.startsWith("npm run ")) printed.push(await stage.shell.run(block, codes));
  }
  return printed.join("\n");
}

const batches: Provocation[][] = [[...observeProvocations, behind], contested, halted, failing, unreachable, down];
/** Alerts that cannot be made to fire in the lab, each with the reason. */
const excused = new Map<string, string>();

test("every alert is made to fire, or says why it cannot be", async () => {
  const { rules } = await alertRules();
  const tried = [...batches.flat().map(({ alert }) => alert), ...excused.keys()];
  expect(tried.sort()).toEqual(rules.map(({ alert }) => alert).sort());
});

test("every section of the page with commands is followed", () => {
  const sections = headingsOf(page).filter((heading) => blocksBelow(page, heading).length > 0);
  expect(sections).toEqual([
    "Build the image and the command",
    "An account in vCenter",
    "Apply",
    "Tell it of vCenter",
    "Is it well?",
    "Without access to the internet",
    "Go over to Manage",
    "Upgrade",
    "Uninstall",
  ]);
});

describe("the installation", () => {
  test("the objects that an account needs are those that the MachineSets name, and the roles are those of docs/vcenter-role.md", async () => {
    const printed = await type("An account in vCenter");
    for (const { path } of stage.account.granted ?? []) {
      if (path !== "/") expect(printed).toContain(path.startsWith("/dc-east/network/") ? path.split("/")[3] : path);
    }
    const granted = Object.entries(await rolesOf(stage.lab.vcenter.govc));
    const documented = role.map(
      ({ on, privilege }) => `bootwarden-${on.split(" ").at(-1)?.toLowerCase()} ${privilege}`,
    );
    expect(granted.flatMap(([name, privileges]) => privileges.map((one) => `${name} ${one}`)).sort()).toEqual(
      documented.sort(),
    );
  });

  test("one apply, and both programs are rolled out", async () => {
    const serving = serveCertificates(stage);
    await type("Apply");
    await serving;
  });

  test("told of vCenter, it is well, and says so in the page's words", async () => {
    await type("Tell it of vCenter");
    await type("Is it well?");
    const shown = blocksBelow(page, "Is it well?", "text").join("\n");
    for (const one of shown.split(/^\$ /m).slice(1)) {
      const [command = "", ...printed] = one.split("\n");
      await stage.wait(command, async () => {
        const now = await stage.shell.run(command, [0, 2]);
        if (masked(now) === masked(printed.join("\n"))) return true;
        throw new Error(now);
      });
    }
  });

  test("no alert is pending", async () => {
    // A lab has no time for what is looked at every five minutes, or tried again after them.
    const times = "RESYNC_SECONDS=5 MISMATCH_CONFIRM_SECONDS=5 REVERT_PAUSE_SECONDS=1";
    await stage.shell.run(`oc -n bootwarden set env deployment/bootwarden-controller ${times}`);
    prometheus = await startHurriedPrometheus(stage.lab, `${stage.shell.directory}/site`);
    await stage.wait("no alert, as everything is scraped", async () => {
      const up = await prometheus.query("count by (job) (up == 1)");
      const states = (await prometheus.rules()).flatMap(({ name, state }) => (state === "inactive" ? [] : [name]));
      if (up.length === 2 && states.length === 0) return true;
      throw new Error(`${JSON.stringify(up)} ${states}`);
    });
  });
});

/** Without what changes from one run to the next: ages, and the width of columns. */
function masked(text: string): string {
  return text
    .trim()
    .replaceAll(/\b(?:\d+m)?\d+[ms]\b/g, "AGE")
    .replaceAll(/ +/g, " ");
}

async function walk(provocations: readonly Provocation[]): Promise<void> {
  await provoked(stage, prometheus, provocations);
  await followed(stage, prometheus, provocations);
  await over(stage, prometheus, provocations);
}

describe("in mode Observe", () => {
  test("a Machine becomes a node that is Verified", () => firstMachine(stage));

  test(`${observeProvocations.length + 1} alerts fire`, () =>
    provoked(stage, prometheus, [...observeProvocations, behind]));

  test("each is ended by its runbook, but that of old templates, which is ended by going over to Manage", async () => {
    await followed(stage, prometheus, [...observeProvocations, behind]);
    await over(stage, prometheus, observeProvocations);
    expect([...(await firing(prometheus)).keys()]).toEqual([behind.alert]);
  });
});

describe("over to Manage", () => {
  test("from a mirror, with the account that has the page's rights and no others", async () => {
    const { release } = stage.lab.images[1];
    const path = `/mirror/rhcos-${release}-vmware.x86_64.ova`;
    stage.lab.mirror.publish({ release, diskBytes: 8 * 2 ** 20, path });
    const [, image] = stage.lab.images;
    expect(await type("Without access to the internet")).toContain(`${image.url}\n${image.sha256}\n`);
    expect(await type("Go over to Manage")).toContain(`to ${releaseB}`);
    await stage.wait("the MachineSets moved", async () =>
      [...(await machineSetTemplates(stage)).values()].every((template) => template.endsWith(releaseB)),
    );
    await over(stage, prometheus, [behind]);
    const warnings = await stage.shell.run("oc get events -A --field-selector type=Warning");
    expect(warnings).not.toMatch(lacks);
  });

  test.each([
    ["of a contest, and of agents that cannot be scraped", contested],
    ["of a new Machine that fails, and the halt", halted],
    ["of an import that fails", failing],
    ["of a vCenter that refuses the account", unreachable],
    ["of a controller that is stopped", down],
  ])("the alerts %s fire, and are ended by their runbooks", (_, provocations) => walk(provocations));

  test("applied once more, as for an upgrade, it is as well as before", async () => {
    await type("Upgrade");
    await type("Is it well?");
    await stage.wait("no alert", async () => (await firing(prometheus)).size === 0);
  });
});

describe("the uninstallation", () => {
  test("goes by the page's commands", async () => {
    templates = await templateNames();
    expect((await leftOfOurs(stage)).length).toBeGreaterThan(50);
    await type("Uninstall");
  });

  test("leaves nothing of ours in the cluster and in vCenter, but the templates", async () => {
    expect(await leftOfOurs(stage)).toEqual([]);
    expect(await rolesOf(stage.lab.vcenter.govc)).toEqual({});
    const { soap, rest } = await stage.lab.vcenter.control.sessions();
    expect([...soap, ...rest].filter(({ user }) => user === stage.account.username)).toEqual([]);
    expect(await templateNames()).toEqual(templates);
    expect(templates.length).toBeGreaterThanOrEqual(4);
  });
});

async function templateNames(): Promise<string[]> {
  return (await stage.lab.vcenter.govc("find", "/", "-type", "m", "-name", "*-rhcos-*")).trim().split("\n").sort();
}
