// The screen of `status`: in order, in trouble, and of clusters that say little.
import { describe, expect, test } from "vitest";
import type { StatusFacts } from "../../cli/status-facts.ts";
import { statusBlocks } from "../../cli/status-view.ts";
import { conditionsWith, facts, machineSetStatus, policy, shown } from "./facts.ts";

const view = (change: Partial<StatusFacts> = {}, width: number | null = null) =>
  shown(statusBlocks(facts(change), width !== null), width);

test("a cluster in order", () => {
  expect(view()).toBe(`\
2 of 2 managed MachineSets are at the release, 3 of 3 nodes are Verified.

Release     9.8.20261116-0, the boot image of OpenShift 4.20.15, built 10 days ago
Cluster     The Machine Config Operator of OpenShift 4.20.14 (feature set Default) does not manage vSphere boot images, enrolled or not.
Mode        Manage: boot images are imported as templates, and MachineSets pointed at them
Managed by  bootwarden 2, the Machine Config Operator 0, nobody 0 of 2 MachineSets
vCenters    1 of 1 vCenters answer

MACHINESET  MANAGED BY  STATE     TEMPLATE                           RELEASE             AGE
worker-a    bootwarden  UpToDate  lab-rhcos-worker-a-9.8.20261116-0  9.8.20261116-0  10 days
worker-b    bootwarden  UpToDate  lab-rhcos-worker-b-9.8.20261116-0  9.8.20261116-0  10 days
AGE is the image's, by the date in its release: a new Machine boots something so old first, then updates itself.

Nodes  3 in all: 3 Verified, 0 Updating, 0 Mismatch, 0 Unknown. The oldest disk was flashed with 9.6.20261028-0.

Nothing to do.
`);
});

describe("before there is much to say", () => {
  test("no status: the mode, and where to look", () => {
    const told = view({ policy: policy({ spec: { mode: "Observe" }, status: null }) });
    expect(told).toContain("Mode  Observe: nodes are verified");
    expect(told).toContain("1. The controller has not written a status yet: see whether it runs.");
    expect(told).toContain("     kubectl -n bootwarden logs deployment/bootwarden-controller --tail=20\n");
  });

  test("no MachineSets and no nodes", () => {
    const nodes = { total: 0, verified: 0, updating: 0, mismatch: 0, unknown: 0, notApplicable: 0 };
    const told = view({
      policy: policy({ status: { machineSets: [], nodes, summary: { machineSets: "0/0", nodes: "0/0" } } }),
    });
    expect(told).toContain("0 of 0 managed MachineSets are at the release");
    expect(told).toContain("There are no MachineSets: nothing to keep up to date.");
    expect(told).toMatch(/Nothing to do\.\n$/);
  });

  test("a status of an older controller", () => {
    const old = { platform: undefined, plan: undefined, rollout: undefined, summary: undefined };
    const told = view({ policy: policy({ status: old }) });
    expect(told).toContain("? managed MachineSets are at the release");
    expect(told).not.toContain("Cluster  ");
    expect(told).not.toContain("undefined");
  });

  test("no target: why", () => {
    const conditions = conditionsWith("BootImageUpdateDegraded", "True", {
      reason: "BootImagesMissing",
      message: "BootImagesMissing: it is missing.",
    });
    const told = view({ policy: policy({ status: { target: undefined, conditions } }) });
    expect(told).toContain("Release     not known: BootImagesMissing: it is missing.");
  });

  test("a release whose scheme is not known has no age", () => {
    const target = { release: "nightly", version: "5.0.0" };
    const told = view({
      policy: policy({ status: { target, machineSets: [machineSetStatus("worker-a", { release: "nightly" })] } }),
    });
    expect(told).toContain("Release     nightly, the boot image of OpenShift 5.0.0\n");
    expect(told).toMatch(/worker-a .* nightly +-\n/);
  });

  test("images of several streams", () => {
    const targets = [
      { stream: "default", architecture: "x86_64", release: "9.8.20261116-0" },
      { stream: "rhel-10", architecture: "aarch64", release: "10.2.20261116-0" },
    ];
    expect(view({ policy: policy({ status: { targets } }) })).toContain(
      "Release     default x86_64: 9.8.20261116-0, built 10 days ago; rhel-10 aarch64: 10.2.20261116-0, built 10 days ago\n",
    );
  });
});

describe("an import", () => {
  const making = {
    server: "vcenter",
    path: "/dc/vm/lab/lab-rhcos-a-9.8",
    state: "Importing",
    bytesDone: 600_000_000,
    bytesTotal: 1_000_000_000,
    bytesPerSecond: 50_000_000,
  };
  const status = { templates: [making], plan: [{ step: "Import", server: "vcenter", template: making.path }] };

  test("on a terminal has a bar, a rate and the time that is left", () => {
    expect(view({ policy: policy({ status }) }, 120)).toContain(
      "  Importing lab-rhcos-a-9.8 at vcenter: [##############..........] 60 %, 600 MB of 1 GB, 50 MB/s, 8 s left\n",
    );
  });

  test("in a file has no bar, and nothing is to be done", () => {
    const told = view({ policy: policy({ status }) });
    expect(told).toContain("at vcenter: 60 %, 600 MB of 1 GB, 50 MB/s, 8 s left\n");
    expect(told).toContain("Nothing for you to do: bootwarden is at work.");
  });

  test.each([
    [{ bytesDone: undefined, bytesTotal: undefined }, ": under way\n"],
    [{ bytesTotal: 0 }, ": under way\n"],
    [{ bytesDone: -5, bytesPerSecond: 0 }, ": 0 %, 0 B of 1 GB\n"],
    [{ bytesDone: 2_000_000_000 }, ": 100 %, 2 GB of 1 GB, 50 MB/s, 0 s left\n"],
    [{ bytesDone: 0, bytesPerSecond: 1_000_000 }, ": 0 %, 0 B of 1 GB, 1 MB/s, 17 min left\n"],
  ])("that says %j", (change, said) => {
    expect(view({ policy: policy({ status: { templates: [{ ...making, ...change }] } }) })).toContain(said);
  });
});
