// The vSphere engine's faults against the lab's vCenter and mirror: how each ends, and what remains.
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { type ImportTemplateRequest, importTemplate } from "../../controller/apply/import-template.ts";
import type { Place } from "../../controller/vsphere/place.ts";
import { openSession } from "../../controller/vsphere/session.ts";
import { createAuthority } from "../lab/certificates.ts";
import { descriptorOf, ovaOf } from "../lab/ova.ts";
import { datacenter, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneA, zoneB } from "./engine-room.ts";

let room: EngineRoom;
beforeAll(async () => {
  room = await openEngineRoom();
  await room.createVm("bystander");
  expect(await room.inventory()).toContain(`${folder}/bystander`);
});
afterAll(() => room.close());

type Fault = (wanted: ImportTemplateRequest) => ImportTemplateRequest | Promise<ImportTemplateRequest>;

describe("after a fault nothing of ours is left and nothing else was touched", () => {
  const image =
    (own: Partial<ImportTemplateRequest["image"]>): Fault =>
    (wanted) => ({
      ...wanted,
      image: { ...wanted.image, ...own },
    });
  const place =
    (own: Partial<Place>): Fault =>
    (wanted) => ({ ...wanted, place: { ...wanted.place, ...own } });

  test.each<[string, Fault, string]>([
    ["wrong sha256", image({ sha256: "0".repeat(64) }), "ChecksumMismatch"],
    ["cut in the disk", () => room.request({ cutAfter: 2_000_000 }), "ImageTruncated"],
    ["cut in the descriptor", () => room.request({ cutAfter: 700 }), "ImageTruncated"],
    ["no descriptor", () => room.request({ descriptor: null }), "DescriptorMissing"],
    ["a descriptor that is no XML", () => room.request({ descriptor: "rubbish" }), "DescriptorInvalid"],
    ["a file that is larger than its disk", () => room.request(swollen("9.8-swollen")), "DescriptorInvalid"],
    ["another release inside", image({ release: "9.9" }), "DescriptorInvalid"],
    ["an image that is not there", (wanted) => image({ url: `${wanted.image.url}x` })(wanted), "DownloadFailed"],
    ["a mirror with an unknown CA", image({ ca: undefined }), "DownloadFailed"],
    ["a folder that is not there", place({ folder: "/dc-east/vm/nowhere", datastore: "ds-z" }), "ObjectNotFound"],
    ["a datastore that the pool's hosts do not see", place({ datastore: "ds-b" }), "NoUsableHost"],
  ])("%s", async (_, fault, reason) => {
    const wanted = await fault(room.request());
    const before = await room.inventory();
    await expect(importTemplate(room.session, wanted, room.context)).rejects.toMatchObject({ reason });
    expect(await room.inventory()).toEqual(before);
  });

  test.each<[string, Partial<Place>, RegExp]>([
    ["no network", { network: "" }, /network without a name/],
    ["a network that is a folder", { network: `/${datacenter}/network` }, /network \S+ \(that is a Folder/],
    [
      "a pool that is a cluster",
      { resourcePool: zoneA.cluster },
      /resourcePool \S+ \(that is a ClusterComputeResource/,
    ],
    ["a folder that is a VM", { folder: `${folder}/bystander` }, /folder \S+ \(that is a VirtualMachine/],
  ])("%s is said to be that", async (_, own, message) => {
    const wanted = await place(own)(room.request());
    await expect(importTemplate(room.session, wanted, room.context)).rejects.toMatchObject({
      reason: "ObjectNotFound",
      message: expect.stringMatching(message),
    });
  });

  test("all that is missing is named at once", async () => {
    const wanted = await place({ folder: "nowhere", datastore: "ds-z", network: "net-z" })(room.request());
    await expect(importTemplate(room.session, wanted, room.context)).rejects.toThrow(
      /datastore ds-z.*folder nowhere.*network net-z/,
    );
  });

  test("interrupted in mid-import", async () => {
    const wanted = room.request({ diskBytes: 50_000_000 });
    const before = await room.inventory();
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const running = importTemplate(room.session, wanted, { ...room.context, signal: stop.signal, onProgress });
    await expect(running).rejects.toMatchObject({ reason: "Interrupted" });
    expect(await room.inventory()).toEqual(before);
  });

  test("a clone to a place that does not exist", async () => {
    const wanted = room.request();
    const { reference: source } = await importTemplate(room.session, wanted, room.context);
    const before = await room.inventory();
    const bad = { ...placeOf(zoneB), resourcePool: "/dc-east/host/cluster-z/Resources" };
    const copy = { source, image: wanted.image, owner, place: bad, finalName: "x" };
    await expect(cloneTemplate(room.session, copy, room.context)).rejects.toMatchObject({ reason: "ObjectNotFound" });
    expect(await room.inventory()).toEqual(before);
  });

  test("a clone whose source is of another release than what is asked for", async () => {
    const wanted = room.request();
    const { reference: source } = await importTemplate(room.session, wanted, room.context);
    const before = await room.inventory();
    const image = { ...wanted.image, release: "9.9" };
    const copy = { source, image, owner, place: placeOf(zoneB), finalName: "of-another-release" };
    await expect(cloneTemplate(room.session, copy, room.context)).rejects.toMatchObject({ reason: "TemplateInvalid" });
    expect(await room.inventory()).toEqual(before);
  });

  test("the session is lost while the download stalls: said at once, and the next run clears up", async () => {
    const wanted = room.request({ release: "9.8-lost" });
    const bytes = Buffer.concat([...ovaOf({ release: "9.8-lost", diskBytes: 3_000_000 }).bytes()]);
    const url = await stalling(bytes, 2_000_000);
    const lost = await openSession(room.access, room.context);
    const onProgress = () => void lost.close();
    const running = importTemplate(
      lost,
      { ...wanted, image: { ...wanted.image, url } },
      { ...room.context, onProgress },
    );
    await expect(running).rejects.toMatchObject({ reason: "SessionLost" });
    const made = await importTemplate(room.session, wanted, room.context);
    expect(made).toMatchObject({ name: wanted.finalName, reused: false });
    expect((await room.inventory()).join("\n")).not.toContain("bootwarden-import");
  });

  test("hosts that are disconnected take nothing", async () => {
    const hosts = (await room.vcenter.govc("find", zoneA.cluster, "-type", "h")).trim().split("\n");
    for (const host of hosts) await room.vcenter.govc("host.disconnect", host);
    onTestFinished(async () => {
      for (const host of hosts) await room.vcenter.govc("host.reconnect", host);
    });
    await expect(importTemplate(room.session, room.request(), room.context)).rejects.toMatchObject({
      reason: "NoUsableHost",
    });
  });
});

/** An image whose descriptor tells no size of the file, and a capacity that cannot explain it. */
function swollen(release: string): { release: string; descriptor: string } {
  const plain = descriptorOf({ release, diskBytes: 0 });
  return { release, descriptor: plain.replace(' ovf:size="0"', "").replace("byte * 2^30", "byte * 2^10") };
}

/** A mirror that falls silent after `bytes` of an image; resolves with the image's URL. */
async function stalling(image: Buffer, bytes: number): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-length": image.length }).write(image.subarray(0, bytes));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/rhcos.ova`;
}

describe("no session", () => {
  test("with a wrong password", async () => {
    const opening = openSession({ ...room.access, password: "wrong-secret" }, room.context);
    await expect(opening).rejects.toMatchObject({
      reason: "LoginRefused",
      message: expect.not.stringContaining("wrong-secret"),
    });
  });

  test("with an unknown CA", async () => {
    const { certificate } = await createAuthority("another CA");
    for (const ca of [undefined, certificate]) {
      const opening = openSession({ ...room.access, ca }, room.context);
      await expect(opening).rejects.toMatchObject({ reason: "CertificateUntrusted" });
    }
  });

  test("is left behind", async () => {
    const own = await openSession(room.access, room.context);
    await own.close();
    await expect(importTemplate(own, room.request(), room.context)).rejects.toMatchObject({ reason: "SessionLost" });
  });
});
