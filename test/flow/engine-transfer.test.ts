// The transfer of an image in the vSphere engine: who may take the bytes, and what vCenter says of them.
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { openSession, type VCenterAccess } from "../../controller/vsphere/session.ts";
import { createAuthority } from "../lab/certificates.ts";
import { until } from "../lab/until.ts";
import { type EngineRoom, openEngineRoom } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

let room: EngineRoom;
let recorder: Recorder;
/** The simulator's own: PEM. */
let certificate: string;
let stranger: string;
let notices: Notice[];
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  certificate = await readFile(join(room.ground.directory, "vcenter.crt"), "utf8");
  stranger = (await createAuthority("a stranger")).certificate;
});
afterAll(() => room.close());
beforeEach(() => {
  notices = [];
  recorder.interfere = () => undefined;
});

/** Lets vCenter answer to the method with something else in place of the first match. */
function edit(method: string, [pattern, replacement]: [RegExp, string]): void {
  recorder.interfere = (called) =>
    called === method ? { edit: (answer) => answer.replace(pattern, () => replacement) } : undefined;
}

const print = () => new X509Certificate(certificate).fingerprint;

async function runImport(own: Partial<VCenterAccess> = {}, spareBlocks: Buffer[] = []) {
  const session = await openSession({ ...room.access, url: recorder.url, ...own }, room.context);
  const onNotice = (notice: Notice) => {
    // The lab's cluster has no tag.
    if (notice.reason !== "ClusterTagMissing") notices.push(notice);
  };
  const context = { ...room.context, onNotice, spareBlocks };
  const { signal } = session;
  return await importTemplate(session, room.request(), { ...context, signal }).finally(() => session.close());
}

const thumbprint = /<sslThumbprint>[^<]*<\/sslThumbprint>/;
const leaseSays = (text: string) => edit("RetrievePropertiesEx", [thumbprint, text]);
const says = (print: string, certificate?: string) =>
  `<sslThumbprint>${print}</sslThumbprint>${certificate === undefined ? "" : `<sslCertificate>${certificate}</sslCertificate>`}`;

test("one import after the other uses the same memory, whatever became of the one before", async () => {
  const spareBlocks: Buffer[] = [];
  const memories = () => new Set(spareBlocks.map(({ buffer }) => buffer));
  await runImport({}, spareBlocks);
  const first = memories();
  expect(first.size).toBeGreaterThan(0);
  leaseSays(says("AA:BB"));
  await expect(runImport({}, spareBlocks)).rejects.toMatchObject({ reason: "HostNotVerified" });
  recorder.interfere = () => undefined;
  await runImport({}, spareBlocks);
  expect([...first].filter((memory) => !memories().has(memory))).toEqual([]);
  expect(spareBlocks).toHaveLength(memories().size);
  expect(spareBlocks.length).toBeLessThanOrEqual(16);
});

describe("the host that takes the bytes is verified by", () => {
  test.each<[string, () => string]>([
    ["the lease's certificate, before its thumbprint", () => says("AA:BB", certificate)],
    ["the CA bundle, where the lease says nothing", () => says("")],
    ["the lease's thumbprint, beside a certificate that cannot be read", () => says(print(), "rubbish")],
  ])("%s", async (_, text) => {
    leaseSays(text());
    expect(await runImport()).toMatchObject({ reused: false });
  });

  test("nothing that holds: nothing is sent, and nothing is left", async () => {
    const before = await room.inventory();
    for (const text of [says("AA:BB"), says(print(), stranger)]) {
      leaseSays(text);
      await expect(runImport()).rejects.toMatchObject({ reason: "HostNotVerified" });
    }
    // Known by its thumbprint alone, vCenter can vouch for its hosts only in the lease.
    leaseSays(says(""));
    const pinned = { ca: undefined, thumbprint: recorder.thumbprint };
    await expect(runImport(pinned)).rejects.toMatchObject({ reason: "HostNotVerified" });
    expect(await room.inventory()).toEqual(before);
  });

  test("the lease, where vCenter is known by its thumbprint", async () => {
    expect(await runImport({ ca: undefined, thumbprint: recorder.thumbprint })).toMatchObject({ reused: false });
  });

  test("nobody, if that is said explicitly", async () => {
    leaseSays(says("AA:BB"));
    expect(await runImport({ insecureSkipVerify: true })).toMatchObject({ reused: false });
  });
});

describe("what vCenter says that it received", () => {
  const sha1 = /<sha1>[^<]*<\/sha1>/;
  const manifest = (pattern: RegExp, replacement: string) => edit("HttpNfcLeaseGetManifest", [pattern, replacement]);

  test("is compared, without a word", async () => {
    await runImport();
    expect(notices).toEqual([]);
  });

  test.each<[string, [RegExp, string]]>([
    ["a sha256", [sha1, `<sha1></sha1><checksum>${"ab".repeat(32)}</checksum><checksumType>sha256</checksumType>`]],
    ["an empty sha1", [sha1, "<sha1></sha1>"]],
    ["nothing", [/<returnval>.*<\/returnval>/s, ""]],
  ])("%s cannot be compared: that is said once", async (_, [pattern, replacement]) => {
    manifest(pattern, replacement);
    await runImport();
    expect(notices).toEqual([{ type: "Normal", reason: "ReceivedNotCompared", message: expect.any(String) }]);
  });

  test.each<[string, [RegExp, string]]>([
    ["sha1", [sha1, `<sha1>${"ab".repeat(20)}</sha1>`]],
    ["checksum", [/<\/sha1>/, `</sha1><checksum>${"ab".repeat(20)}</checksum><checksumType>sha1</checksumType>`]],
  ])("another %s ends the import before its completion, and nothing is left", async (_, [pattern, replacement]) => {
    const before = await room.inventory();
    recorder.requests.length = 0;
    manifest(pattern, replacement);
    await expect(runImport()).rejects.toMatchObject({ reason: "UploadMismatch" });
    expect(recorder.methods()).not.toContain("HttpNfcLeaseComplete");
    expect(recorder.methods()).toContain("HttpNfcLeaseAbort");
    expect(await room.inventory()).toEqual(before);
  });
});

test("what vCenter remarks on the descriptor is one notice, in bounds", async () => {
  const remark = (text: string) => `<warning><fault/><localizedMessage>${text}</localizedMessage></warning>`;
  const remarks = ["Line 12: unknown\nkey.", ...Array.from({ length: 50 }, () => "a long remark ".repeat(20))];
  edit("CreateImportSpec", [/<\/returnval>/, `${remarks.map(remark).join("")}</returnval>`]);
  await runImport();
  expect(notices).toMatchObject([{ type: "Warning", reason: "ImportSpecWarnings" }]);
  const [{ message } = { message: "" }] = notices;
  expect(message).toContain("51 remarks");
  expect(message).toContain("Line 12: unknown key.");
  expect(message.length).toBeLessThan(1000);
});

describe("a lease that ends in error while the disk flows", () => {
  test.each([
    ["NoDiskSpace", "DatastoreFull"],
    ["HostConnectFault", "LeaseFailed"],
  ])("of %s is told as %s, and nothing is left", async (fault, reason) => {
    const before = await room.inventory();
    await room.vcenter.control.clearFaults();
    await room.vcenter.control.fault({ method: "POST /nfc/", afterBytes: 1 << 20, delayMs: 2_000 });
    const importing = runImport();
    importing.catch(() => undefined);
    await until({ signal: room.context.signal, what: "an upload" }, async () => {
      return (await room.vcenter.control.faults()).some(({ hits }) => hits > 0);
    });
    expect(await room.vcenter.control.failLeases(fault)).toBe(1);
    await expect(importing).rejects.toMatchObject({ reason, message: expect.stringContaining(fault) });
    expect(await room.inventory()).toEqual(before);
  });
});
