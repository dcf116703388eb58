// The cluster's tag on what the vSphere engine makes: there before the first byte, and never the reason for a failure.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import type { Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import { keep } from "../../controller/decide/keep.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { attachedTags, findTag } from "../../controller/vsphere/tags.ts";
import { infrastructureName as cluster, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneB } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
let notices: Notice[];
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
});
afterAll(async () => {
  await session.close();
  await room.close();
});
beforeEach(() => {
  notices = [];
  recorder.interfere = () => undefined;
});

const told = () => ({ ...room.context, onNotice: (notice: Notice) => notices.push(notice) });

test("a cluster without a tag: that is said, and the import goes on", async () => {
  const untagged = { ...room.request(), owner: { ...owner, infrastructureName: "untagged" } };
  expect(await importTemplate(session, untagged, told())).toMatchObject({ reused: false });
  expect(notices).toEqual([
    { type: "Normal", reason: "ClusterTagMissing", message: expect.stringContaining("none with the name untagged") },
  ]);
});

describe("a cluster with a tag", () => {
  let tag: string | undefined;
  beforeAll(async () => {
    tag = (await findTag(room.session, cluster))?.id;
    expect(tag).toBeDefined();
  });

  test("has it on the template before the first byte, and on clones", async () => {
    const wanted = room.request();
    let atFirstByte: Promise<string[]> | undefined;
    const onProgress = () => {
      atFirstByte ??= findByPath(room.session, `${folder}/${temporaryName(cluster, wanted.finalName)}`).then(
        async (vm) => await attachedTags(room.session, vm ?? { type: "none", value: "none" }),
      );
    };
    const made = await importTemplate(session, wanted, { ...told(), onProgress });
    expect(await atFirstByte).toEqual([tag]);
    expect(await attachedTags(room.session, made.reference)).toEqual([tag]);
    const copy = { source: made.reference, image: wanted.image, owner, place: placeOf(zoneB), finalName: "tagged" };
    const cloned = await cloneTemplate(session, copy, told());
    expect(await attachedTags(room.session, cloned.reference)).toEqual([tag]);
    expect(notices).toEqual([]);
  });

  test("and those of provider specs are there before a VM becomes a template, of an import and of a clone", async () => {
    const { govc } = room.vcenter;
    await govc("tags.category.create", "-m", "order");
    const ordered = (await govc("tags.create", "-c=order", "ordered")).trim();
    const template = { diskProvisioning: "Auto", snapshot: "Auto" } as const;
    const kept = keep({ template, providers: [{ template: "", tagIDs: [ordered] }], present: [] });
    const { asked, atMark } = recordTagging();
    const wanted = { ...room.request(), keep: kept };
    const { reference: source } = await importTemplate(session, wanted, told());
    const inTurn = [`attach ${tag}`, `attach ${ordered}`, "MarkAsTemplate"];
    expect(asked).toEqual(inTurn);
    const copy = { ...wanted, source, place: placeOf(zoneB), finalName: "tagged-twice" };
    await cloneTemplate(session, copy, told());
    expect(asked).toEqual([...inTurn, ...inTurn]);
    const both = [tag, ordered].toSorted();
    expect(atMark.map((tags) => tags.toSorted())).toEqual([both, both]);
    expect(notices).toEqual([]);
  });

  test.each([
    ["may not be attached", "tag-association", "403"],
    ["cannot be looked for", "tagging/", "503"],
    ["is behind a REST API without a login", "session", "500"],
  ])("that %s: that is said, and the import goes on", async (_, path, fault) => {
    const fresh = await openSession({ ...room.access, url: recorder.url }, room.context);
    recorder.interfere = (method) => (method.includes("/rest/") && method.includes(path) ? { fault } : undefined);
    expect(await importTemplate(fresh, room.request(), told())).toMatchObject({ reused: false });
    expect(notices).toMatchObject([{ type: "Warning", reason: "ClusterTagMissing" }]);
    recorder.interfere = () => undefined;
    await fresh.close();
  });
});

/** What is asked for in turn of attachments and marks, and the tags that a VM has when its mark is asked for. */
function recordTagging(): { asked: string[]; atMark: string[][] } {
  const [asked, atMark]: [string[], string[][]] = [[], []];
  recorder.interfere = async (method) => {
    const [, attached] = /\/tag-association\/id:(.+)\?~action=attach$/.exec(method) ?? [];
    if (attached !== undefined) asked.push(`attach ${decodeURIComponent(attached)}`);
    if (method !== "MarkAsTemplate") return undefined;
    asked.push(method);
    const [, value = "none"] = /type="VirtualMachine">([^<]+)</.exec(recorder.requests.at(-1) ?? "") ?? [];
    atMark.push(await attachedTags(room.session, { type: "VirtualMachine", value }));
    return undefined;
  };
  return { asked, atMark };
}
