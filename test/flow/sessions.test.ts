// The sessions with a vCenter: one of each kind at most, opened again when vCenter ended them, none left at the end.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { attachedTags, findTag } from "../../controller/vsphere/tags.ts";
import { kubectl, machineApi, type Stage, vcenterCalls } from "../demo/stage.ts";
import { folder, infrastructureName, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { type EngineRoom, openEngineRoom } from "./engine-room.ts";
import { openStage } from "./open-stage.ts";

describe("the engine's", () => {
  let room: EngineRoom;
  const opened: Session[] = [];
  beforeAll(async () => {
    room = await openEngineRoom();
    await room.session.close();
  });
  afterEach(async () => {
    await room.vcenter.control.clearFaults();
    await Promise.all(opened.splice(0).map((session) => session.close()));
    expect(await counts()).toEqual({ soap: 0, rest: 0 });
  });
  afterAll(() => room.close());

  async function open(): Promise<Session> {
    const session = await openSession(room.access, room.context);
    opened.push(session);
    return session;
  }

  async function counts(): Promise<{ soap: number; rest: number }> {
    return kindsOf(await room.vcenter.control.sessions());
  }

  const look = (session: Session) => findByPath(session, folder);
  const tags = (session: Session) => findTag(session, infrastructureName);

  test("sessions are one of each kind, however many ask, and REST's is opened when first needed", async () => {
    const session = await open();
    expect(await counts()).toEqual({ soap: 1, rest: 0 });
    const other = session.under(new AbortController().signal);
    const found = await Promise.all([tags(session), tags(other), tags(session), look(other), look(session)]);
    expect(found[1]).toMatchObject({ name: infrastructureName });
    expect(await counts()).toEqual({ soap: 1, rest: 1 });
  });

  test("account is the one that vCenter knows", async () => {
    expect((await open()).account).toBe(room.vcenter.username);
  });

  test("sessions that vCenter ended are opened again, once, at the next calls", async () => {
    const session = await open();
    await tags(session);
    expect(await room.vcenter.control.expireSessions()).toMatchObject({ soap: [{}], rest: [{}] });
    const all = [look(session), tags(session), look(session), tags(session), look(session)];
    for (const found of await Promise.all(all)) expect(found).not.toBeNull();
    expect(await counts()).toEqual({ soap: 1, rest: 1 });
  });

  test("new session that is lost at once is told", async () => {
    const session = await open();
    await room.vcenter.control.fault({ method: "FindByInventoryPath", fault: "NotAuthenticated", times: 2 });
    await expect(look(session)).rejects.toMatchObject({ reason: "SessionLost", fault: "NotAuthenticated" });
    // The fault was made up: the simulator still has the sessions that it denied.
    await room.vcenter.control.expireSessions();
    expect(await look(session)).not.toBeNull();
  });

  test("password that vCenter refuses is tried once, by whatever call", async () => {
    const session = await open();
    await room.vcenter.control.fault({ method: "Login", fault: "InvalidLogin", times: -1 });
    await room.vcenter.control.expireSessions();
    for (const refused of [look(session), look(session)]) {
      await expect(refused).rejects.toMatchObject({ reason: "LoginRefused" });
    }
    await expect(look(session)).rejects.toMatchObject({ reason: "LoginRefused" });
    expect(await room.vcenter.control.faults()).toMatchObject([{ method: "Login", hits: 1 }]);
  });

  test("REST service that is down is told, and asked again", async () => {
    const session = await open();
    const method = "POST /rest/com/vmware/cis/session";
    await room.vcenter.control.fault({ method, httpStatus: 503 });
    await expect(tags(session)).rejects.toMatchObject({ reason: "VCenterUnreachable" });
    expect(await tags(session)).not.toBeNull();
  });

  test("login that a caller gave up is there for the next, and logged out", async () => {
    const session = await open();
    await room.vcenter.control.fault({ method: "POST /rest/com/vmware/cis/session", delayMs: 500 });
    const stop = new AbortController();
    const vm = { type: "Folder", value: "group-v3" };
    const left = attachedTags(session.under(stop.signal), vm);
    stop.abort();
    await expect(left).rejects.toMatchObject({ reason: "Interrupted" });
    await session.close();
    expect(await counts()).toEqual({ soap: 0, rest: 0 });
    await expect(look(session)).rejects.toMatchObject({ reason: "SessionLost" });
    await expect(tags(session)).rejects.toMatchObject({ reason: "SessionLost" });
    expect(await counts()).toEqual({ soap: 0, rest: 0 });
  });

  test("import is lost with the session that it began in, leaves nothing, and succeeds in the next try", async () => {
    const session = await open();
    const wanted = room.request();
    const before = await room.inventory();
    await room.vcenter.control.fault({ method: "POST /nfc/", afterBytes: 1_000_000, delayMs: 20_000 });
    let expired: Promise<unknown> | undefined;
    const onProgress = () => {
      expired ??= room.vcenter.control.expireSessions();
    };
    const lost = importTemplate(session, wanted, { ...room.context, onProgress });
    await expect(lost).rejects.toMatchObject({ reason: "SessionLost" });
    await expired;
    expect(await room.inventory()).toEqual(before);
    expect(await importTemplate(session, wanted, room.context)).toMatchObject({ reused: false });
    expect(await counts()).toEqual({ soap: 1, rest: 1 });
  });
});

function kindsOf({ soap, rest }: { soap: unknown[]; rest: unknown[] }): { soap: number; rest: number } {
  return { soap: soap.length, rest: rest.length };
}

const [zoneA] = zones as [Zone];
const setA = `${machineApi}/machinesets/${machineSetName(zoneA)}`;

describe("the controller's sessions", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ nodes: false, imageMiB: 16 });
  });
  afterAll(() => stage?.lab.close());

  test("are one of each kind while an import goes on, also after trouble, logged out on SIGTERM, and secret", async () => {
    const { lab, signal } = stage;
    const { control } = lab.vcenter;
    await until(
      { signal, what: "a session of the controller" },
      async () => (await control.sessions()).soap.length > 0,
    );
    await control.fault({ method: "POST /nfc/", afterBytes: 2_000_000, delayMs: 60_000 });
    const image = lab.images[1];
    if (image === undefined) throw new Error("no second image");
    await lab.api.apply(bootImages("4.20.15", image));
    const uploading = async () => (await control.faults()).some(({ hits }) => hits > 0);
    await until({ signal, what: "an upload", within: 60_000 }, uploading);
    expect(kindsOf(await control.sessions())).toEqual({ soap: 1, rest: 1 });
    await control.fault({ method: "RetrievePropertiesEx", httpStatus: 503 });
    await lab.api.merge(setA, { metadata: { labels: { look: "once" } } });
    await until({ signal, what: "a look at a vCenter that is in trouble", within: 30_000 }, async () =>
      (await control.faults()).some(({ method, hits }) => method === "RetrievePropertiesEx" && hits > 0),
    );
    const looks = async () => (await vcenterCalls(stage)).get("RetrievePropertiesEx") ?? 0;
    const before = await looks();
    await lab.api.merge(setA, { metadata: { labels: { look: "again" } } });
    await until({ signal, what: "further looks", within: 30_000 }, async () => (await looks()) >= before + 2);
    expect(kindsOf(await control.sessions())).toEqual({ soap: 1, rest: 1 });
    const { soap, rest } = await control.sessions();
    await lab.controller?.stop();
    expect(await control.sessions()).toEqual({ soap: [], rest: [] });

    const said = {
      log: await readFile(join(lab.ground.logs, "controller.log"), "utf8"),
      objects: await kubectl(stage, "get", "bootimagepolicies,machinesets,events,nodes", "-A", "-o", "json"),
    };
    for (const [where, text] of Object.entries(said)) {
      expect(text, where).toContain("bootwarden");
      for (const secret of [lab.vcenter.password, ...[...soap, ...rest].map(({ key }) => key)]) {
        expect(secret.length).toBeGreaterThan(8);
        expect(text.includes(secret), where).toBe(false);
      }
      expect(text, where).not.toMatch(/guestinfo|\/nfc\/|userinfo/i);
    }
  });
});
