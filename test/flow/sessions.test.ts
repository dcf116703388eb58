// The sessions with a vCenter: one of each kind at most, opened again when vCenter ended them, none left at the end.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { attachedTags, findTag } from "../../controller/vsphere/tags.ts";
import type { Stage } from "../demo/stage.ts";
import { folder, infrastructureName } from "../lab/topology.ts";
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
    const { soap, rest } = await room.vcenter.control.sessions();
    return { soap: soap.length, rest: rest.length };
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

describe("the controller's sessions", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ nodes: false, imageMiB: 16 });
  });
  afterAll(() => stage?.lab.close());

  test("are logged out on SIGTERM in the middle of an import", async () => {
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
    expect((await control.sessions()).soap).toHaveLength(1);
    await lab.controller?.stop();
    expect(await control.sessions()).toEqual({ soap: [], rest: [] });
  });
});
