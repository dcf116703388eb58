// Our manifests on real kubelets: the image, the pods and their rights, what becomes of them, and the work that they do.
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentName, controllerName, namespace } from "../../common/annotations.ts";
import { agentWrites } from "./agent-writes.ts";
import { addedLayers, configOf } from "./archive.ts";
import { fates } from "./fates.ts";
import { agentProcess, openRoom, type Room } from "./room.ts";
import { work } from "./work.ts";

const end = new AbortController();
let room: Room;

beforeAll(async () => {
  room = await openRoom(end.signal);
});
afterAll(() => room?.close());

describe("the image", () => {
  test("adds one layer of at most 15 MB to its base, and runs as nobody in particular", async () => {
    const archive = `${room.lab.ground.directory}/images/bootwarden.tar`;
    const layers = await addedLayers(archive, 1);
    expect(layers).toHaveLength(1);
    expect(layers[0]).toBeLessThanOrEqual(15_000_000);
    const { User, Entrypoint, Labels } = (await configOf(archive)).config;
    expect({ User, Entrypoint }).toEqual({ User: "1001", Entrypoint: ["node"] });
    for (const name of ["title", "description", "licenses", "version", "revision", "created", "vendor", "base.name"])
      expect(Labels[`org.opencontainers.image.${name}`]).toMatch(/\S/);
  });
});

describe("the agents", () => {
  test("are one on each node, and each has written once, to its own Node, with the token that the kubelet gave its pod", async () => {
    const all = await agentWrites(room);
    for (const { name } of [room.controlPlane, room.worker]) {
      const { metadata } = await room.agent(name);
      const own = all.filter(({ objectRef }) => objectRef?.resource === "nodes" && objectRef.name === name);
      expect(own).toHaveLength(1);
      expect(own[0]?.user.extra).toMatchObject({
        "authentication.kubernetes.io/node-name": [name],
        "authentication.kubernetes.io/pod-name": [metadata.name],
        "authentication.kubernetes.io/pod-uid": [metadata.uid],
      });
    }
    expect(all).toHaveLength(2);
  });

  test("cannot write another Node with it", async () => {
    const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    const print = `process.stdout.write(require("node:fs").readFileSync("${token}", "utf8"))`;
    const stolen = room.lab.api.withToken(await room.inside(await room.agent(room.worker.name), print));
    const change = { metadata: { annotations: { "agent.bootwarden.io/booted-version": "1" } } };
    await expect(stolen.merge(`/api/v1/nodes/${room.controlPlane.name}`, change)).rejects.toThrow(
      /ValidatingAdmissionPolicy 'bootwarden-agent'/,
    );
  });

  test("are root with CAP_SYS_CHROOT alone, can gain nothing, and see no process of the host", async () => {
    const { status } = await agentProcess(room.worker.name);
    const sysChroot = (1n << 18n).toString(16).padStart(16, "0");
    expect(Object.fromEntries(["CapEff", "CapPrm", "CapBnd"].map((name) => [name, status.get(name)]))).toEqual({
      CapEff: sysChroot,
      CapPrm: sysChroot,
      CapBnd: sysChroot,
    });
    expect([status.get("Uid")?.split("\t")[0], status.get("NoNewPrivs"), status.get("Seccomp")]).toEqual([
      "0",
      "1",
      "2",
    ]);
    const look = 'console.log(require("node:fs").readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)).length)';
    expect(Number(await room.inside(await room.agent(room.worker.name), look))).toBeLessThan(4);
  });

  test("cannot write their own root nor the host's, make a device, or mount", async () => {
    const tries = [
      'fs.writeFileSync("/x", "")',
      'fs.writeFileSync("/host/etc/x", "")',
      'run("chroot", ["/host", "mknod", "/run/x", "b", "254", "0"])',
      'run("chroot", ["/host", "mount", "-t", "tmpfs", "tmpfs", "/run"])',
    ];
    const script = `
      const fs = require("node:fs");
      const run = (...line) => require("node:child_process").execFileSync(...line, { stdio: "pipe" });
      const failed = (work) => { try { work(); return false; } catch { return true; } };
      console.log(JSON.stringify([${tries.map((one) => `failed(() => ${one})`).join()}, failed(() => run("chroot", ["/host", "true"]))]));
    `;
    const answers = JSON.parse(await room.inside(await room.agent(room.worker.name), script));
    // The last says that the others did not fail for want of a chroot.
    expect(answers).toEqual([true, true, true, true, false]);
  });

  test("speak to sockets of the host", async () => {
    const server = createServer((socket) => socket.end("hello")).listen(join(room.worker.root.path, "run/lab/x"));
    const script = 'require("node:net").connect("/host/run/lab/x").on("data", (data) => console.log(String(data)))';
    expect(await room.inside(await room.agent(room.worker.name), script)).toBe("hello");
    server.close();
  });
});

describe("kubelets", () => {
  test("give out the logs of both programs, a line of JSON each", async () => {
    for (const workload of [`ds/${agentName}`, `deploy/${controllerName}`]) {
      const lines = (await room.kubectl("-n", namespace, "logs", workload)).split("\n");
      expect(lines.map((line) => JSON.parse(line).msg)).toContainEqual(expect.stringMatching(/^Started/));
    }
  });
});

describe("the work of the pods", () => work(() => room));

describe("what becomes of them", () => fates(() => room));
