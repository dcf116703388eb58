// The collectors without a host: what they run, and which of them is taken.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootc } from "../../../agent/host/bootc.ts";
import { chooseCollector } from "../../../agent/host/choose-collector.ts";
import { rpmOstree } from "../../../agent/host/rpm-ostree.ts";
import type { Run } from "../../../agent/host/run.ts";
import { HostError } from "../../../agent/host/status.ts";

const host = { root: "/", timeout: 60_000, signal: new AbortController().signal };
const status = '{"deployments":[{"booted":true}],"transaction":null}';
const answer =
  (text: string, log: unknown[] = []): Run =>
  async (argv, { timeout }) => {
    log.push([argv.join(" "), timeout]);
    return text;
  };

describe("rpm-ostree", () => {
  test("asks the daemon for everything, and ostree for a lost update", async () => {
    const log: unknown[] = [];
    await rpmOstree(answer(status, log), answer("ActiveState=inactive\n", log)).collect(host);
    expect(log).toEqual([
      ["rpm-ostree status --json", 60_000],
      ["systemctl show --property=ActiveState ostree-boot-complete.service", 5_000],
    ]);
  });

  test.each([
    ["ActiveState=failed\n", 1],
    ["ActiveState=active\n", 0],
    ["ActiveState=inactive\n", 0],
    ["", 0],
  ])("%j is %d warnings", async (text, count) => {
    const { warnings } = await rpmOstree(answer(status), answer(text)).collect(host);
    expect(warnings).toEqual(Array(count).fill(expect.stringMatching(/^failed to finalize previous deployment/)));
  });

  test("a systemctl that fails is no failure, an abort while it runs is one", async () => {
    const failing: Run = async () => {
      throw new HostError("NotInstalled", "There is no systemctl.");
    };
    expect((await rpmOstree(answer(status), failing).collect(host)).warnings).toEqual([]);
    const stop = new AbortController();
    const stopping: Run = async () => {
      stop.abort(new Error("asked to stop"));
      throw stop.signal.reason;
    };
    await expect(rpmOstree(answer(status), stopping).collect({ ...host, signal: stop.signal })).rejects.toThrow(
      "asked to stop",
    );
  });
});

test("bootc is asked for JSON", async () => {
  const log: unknown[] = [];
  const printed = '{"apiVersion":"org.containers.bootc/v1","status":{"booted":{"ostree":{"checksum":"c"}}}}';
  expect((await bootc(answer(printed, log)).collect(host)).deployments).toHaveLength(1);
  expect(log).toEqual([["bootc status --format=json", 60_000]]);
});

describe("the choice", () => {
  const ostree = ["run/ostree-booted", "usr/bin/rpm-ostree"];
  const both = [...ostree, "usr/bin/bootc"];
  let top: string;
  beforeAll(async () => {
    top = await mkdtemp(join(tmpdir(), "bootwarden-choice-"));
  });
  afterAll(() => rm(top, { recursive: true }));

  test.each([
    ["auto", ostree, "rpm-ostree"],
    ["auto", both, "rpm-ostree"],
    ["auto", ["run/ostree-booted", "usr/bin/bootc"], "bootc"],
    ["auto", ["usr/bin/rpm-ostree", "usr/bin/bootc"], "bootc"],
    ["auto", [], "rpm-ostree"],
    ["rpm-ostree", ["usr/bin/bootc"], "rpm-ostree"],
    ["bootc", ostree, "bootc"],
  ] as const)("%s on a host with %j is %s", async (setting, files, name) => {
    const root = await mkdtemp(join(top, "host-"));
    for (const file of files) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), "");
    }
    expect((await chooseCollector(setting, root)).name).toBe(name);
  });
});
