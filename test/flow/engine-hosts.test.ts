// The ESXi host behind a lease, with a certificate and a manifest of its own: whom the engine gives the bytes to, and what it makes of the answer.
import { afterEach, describe, expect, test } from "vitest";
import type { Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession } from "../../controller/vsphere/session.ts";
import { readTemplate } from "../../controller/vsphere/template.ts";
import { createAuthority } from "../lab/certificates.ts";
import type { Ground } from "../lab/ground.ts";
import { infrastructureName as cluster, folder } from "../lab/topology.ts";
import { hostFlags } from "../lab/vcenter-flags.ts";
import { type EngineRoom, openEngineRoom } from "./engine-room.ts";
import { killAt } from "./recorder.ts";

let room: EngineRoom | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

/** Imports in a room of these flags; resolves with what became of it, in one word, and what was told and left. */
async function importWith(flags: string[] | ((ground: Ground) => Promise<string[]>)) {
  room = await openEngineRoom(flags);
  const notices: Notice[] = [];
  const context = { ...room.context, onNotice: (notice: Notice) => notices.push(notice) };
  const outcome = await importTemplate(room.session, room.request(), context).then(
    () => "made",
    ({ reason }: { reason?: unknown }) => String(reason),
  );
  const made = (await room.inventory()).filter((line) => line.startsWith("/")).length;
  return { outcome, made, told: notices.map(({ reason }) => reason).filter((one) => one !== "ClusterTagMissing") };
}

const foreign = async (ground: Ground) => await hostFlags(ground, await createAuthority("a foreign CA"));
const none = async () => [];
const own = async (ground: Ground) => await hostFlags(ground);

describe("a host of its own", () => {
  test.each<[string, (ground: Ground) => Promise<string[]>, string[]]>([
    ["of a foreign CA, known by the lease's thumbprint", foreign, []],
    ["of a foreign CA, known by a SHA-256 thumbprint", foreign, ["--thumbprint-sha256"]],
    [
      "known by the lease's certificate, beside a wrong thumbprint",
      foreign,
      ["--lease-certificate", "--wrong-thumbprint"],
    ],
    ["of vCenter's CA, of which the lease says nothing", own, ["--lease-thumbprint=false"]],
    [
      "by the name *, that is vCenter, of which the lease says nothing",
      none,
      ["--star-host", "--lease-thumbprint=false"],
    ],
    ["by the name *, that is vCenter, known by the lease's thumbprint", none, ["--star-host"]],
  ])("%s, takes the bytes", async (_, host, flags) => {
    const got = await importWith(async (ground) => [...(await host(ground)), ...flags]);
    expect(got).toEqual({ outcome: "made", made: 1, told: [] });
  });

  test.each<[string, (ground: Ground) => Promise<string[]>, string[]]>([
    ["of a foreign CA, of which the lease says nothing", foreign, ["--lease-thumbprint=false"]],
    ["of vCenter's CA, with another thumbprint than the lease says", own, ["--wrong-thumbprint"]],
    [
      "by the name *, that is vCenter, with another thumbprint than the lease says",
      none,
      ["--star-host", "--wrong-thumbprint"],
    ],
  ])("%s, gets nothing, and nothing is left", async (_, host, flags) => {
    const got = await importWith(async (ground) => [...(await host(ground)), ...flags]);
    expect(got).toEqual({ outcome: "HostNotVerified", made: 0, told: [] });
  });
});

describe("a manifest", () => {
  test.each(["sha256", "unknown", "size", "none"])(
    "of kind %s: the size must do, and that is said once",
    async (kind) => {
      const got = await importWith([`--manifest=${kind}`]);
      expect(got).toEqual({ outcome: "made", made: 1, told: ["ReceivedNotCompared"] });
    },
  );

  test("of other bytes: nothing is left", async () => {
    expect(await importWith(["--manifest=wrong"])).toEqual({ outcome: "UploadMismatch", made: 0, told: [] });
  });
});

test("a lease of 3 s is kept alive while no byte comes for longer", async () => {
  room = await openEngineRoom(["--lease-timeout=3s"]);
  const gate = Promise.withResolvers<void>();
  const importing = importTemplate(room.session, room.request({ hold: gate.promise }), room.context);
  setTimeout(gate.resolve, 8_000);
  expect(await importing).toMatchObject({ reused: false });
});

test("what a client left that died is locked for a while, holds nothing up, and is removed when it can be", async () => {
  room = await openEngineRoom(["--lease-lock=3s"]);
  const recorder = await room.record();
  const dying = await openSession({ ...room.access, url: recorder.url }, room.context);
  const wanted = room.request();
  killAt(recorder, "HttpNfcLeaseComplete", "cut");
  await expect(importTemplate(dying, wanted, { ...room.context, signal: dying.signal })).rejects.toThrow();
  const path = `${folder}/${temporaryName(cluster, wanted.finalName)}`;
  const left = await findByPath(room.session, path);
  expect(await room.vcenter.control.locks()).toEqual([left?.value]);
  const made = await importTemplate(room.session, wanted, room.context);
  expect((await readTemplate(room.session, made.reference)).markers?.temp).toBe(
    `${temporaryName(cluster, wanted.finalName)}-2`,
  );
  expect(await findByPath(room.session, path)).toBeNull();
  recorder.interfere = () => undefined;
  await dying.close();
});
