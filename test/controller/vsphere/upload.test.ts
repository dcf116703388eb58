import { createHash, randomBytes, X509Certificate } from "node:crypto";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { plainDigest } from "../../../common/digest.ts";
import { sharedBlocks } from "../../../common/shared-blocks.ts";
import { OvaError } from "../../../controller/ova/ova-error.ts";
import { type DiskUpload, uploadDisk, uploadUrl } from "../../../controller/vsphere/upload.ts";
import { type Authority, createAuthority } from "../../lab/certificates.ts";
import { inBlocks } from "../ova/tar.ts";

const disk = randomBytes(5_000_000);
const never = new AbortController().signal;

let authority: Authority;
let certificate: X509Certificate;
let host: ReturnType<typeof createServer>;
let url = "";
let behave: RequestListener;
let received: { bytes: number; sha1: string; headers: Record<string, unknown> } | null;

beforeAll(async () => {
  authority = await createAuthority("the hosts' CA");
  const pair = await authority.issue("esx-1");
  certificate = new X509Certificate(pair.certificate);
  host = createServer({ cert: pair.certificate, key: pair.key }, (request, response) => behave(request, response));
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  url = `https://127.0.0.1:${(host.address() as AddressInfo).port}/nfc/disk-0.vmdk`;
});
afterAll(() => host.close().closeAllConnections());
beforeEach(() => {
  received = null;
  behave = (request, response) => {
    const hash = createHash("sha1");
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    request.on("end", () => {
      received = { bytes, sha1: hash.digest("hex"), headers: request.headers };
      response.writeHead(200).end();
    });
  };
});

async function* content(bytes: Buffer, size = 65_536): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function upload(own: Partial<DiskUpload> = {}, trust = { ca: authority.certificate }): ReturnType<typeof uploadDisk> {
  const base = {
    url,
    certificate: "",
    thumbprint: "",
    content: content(disk),
    size: disk.length,
    digest: plainDigest("sha1"),
    hold: () => () => undefined,
    signal: never,
    onBytes: () => undefined,
  };
  return uploadDisk({ host: new URL(url).host, trust }, { ...base, ...own });
}

test.each([
  ["https://*/nfc/1/disk-0.vmdk", "https://vc.example.com/sdk", "https://vc.example.com/nfc/1/disk-0.vmdk"],
  ["https://*/nfc/1/disk-0.vmdk", "https://[2001:db8::1]/sdk", "https://[2001:db8::1]/nfc/1/disk-0.vmdk"],
  ["https://*:443/x", "https://vc.example.com:8443/sdk", "https://vc.example.com:8443/x"],
  ["https://*/x", "https://vc.example.com:8443/sdk", "https://vc.example.com:8443/x"],
  ["https://*:8443/x", "https://[2001:db8::1]:443/sdk", "https://[2001:db8::1]/x"],
  ["https://*.example.com/x", "https://vc.example.com/sdk", "https://*.example.com/x"],
  ["https://esx-1.example.com/x", "https://[2001:db8::1]/sdk", "https://esx-1.example.com/x"],
])("%s of the vCenter %s is %s", (address, vcenter, expected) => {
  expect(uploadUrl(address, new URL(vcenter).host).href).toBe(expected);
});

describe("a disk arrives whole", () => {
  test.each([65_536, 1000, 3_000_000, 1 << 20])("in chunks of %i bytes", async (size) => {
    const progress: number[] = [];
    const sent = await upload({ content: content(disk, size), onBytes: (bytes) => progress.push(bytes) });
    expect(sent).toEqual({ bytes: disk.length, sha1: createHash("sha1").update(disk).digest("hex") });
    expect(received).toMatchObject(sent);
    expect(received?.headers).toMatchObject({ "content-type": "application/x-vnd.vmware-streamVmdk" });
    expect(progress.at(-1)).toBe(disk.length);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test("from blocks that are used again when the host has taken them", async () => {
    const blocks = sharedBlocks({ blockBytes: 300_000 });
    let most = 0;
    const onBytes = () => {
      most = Math.max(most, blocks.held());
    };
    await upload({ content: inBlocks(disk, blocks), hold: blocks.hold, onBytes });
    expect(received?.sha1).toBe(createHash("sha1").update(disk).digest("hex"));
    expect(most).toBeLessThan(4);
    expect(blocks.held()).toBe(0);
  });

  test("to vCenter's own host where the lease says *", async () => {
    await upload({ url: url.replace(/127\.0\.0\.1:\d+/, "*") });
    expect(received?.bytes).toBe(disk.length);
  });

  test.each<[string, () => Partial<DiskUpload>]>([
    ["SHA-1", () => ({ thumbprint: certificate.fingerprint })],
    ["SHA-256", () => ({ thumbprint: certificate.fingerprint256 })],
    ["certificate", () => ({ certificate: certificate.toString() })],
    ["certificate, which goes before a thumbprint", () => ({ certificate: certificate.toString(), thumbprint: "AA" })],
    ["thumbprint, beside rubbish", () => ({ certificate: "rubbish", thumbprint: certificate.fingerprint })],
  ])("to a host that is known by the lease's %s only", async (_, own) => {
    const other = await createAuthority("another CA");
    await upload(own(), { ca: other.certificate });
    expect(received?.bytes).toBe(disk.length);
  });
});

describe("a host that is not verified gets nothing", () => {
  test.each([
    ["another CA", async () => upload({}, { ca: (await createAuthority("another CA")).certificate })],
    ["another thumbprint, though the CA is right", () => upload({ thumbprint: "AA:BB" })],
    ["another certificate, though the CA is right", async () => upload({ certificate: await another() })],
    [
      "another certificate, though the thumbprint is right",
      async () => upload({ certificate: await another(), thumbprint: certificate.fingerprint }),
    ],
    [
      "rubbish for a certificate, and another CA",
      async () => upload({ certificate: "rubbish" }, { ca: await another() }),
    ],
    ["no TLS", () => upload({ url: url.replace("https:", "http:") })],
  ])("%s", async (_, run) => {
    await expect(run()).rejects.toMatchObject({ name: "VimFault", reason: "HostNotVerified" });
    expect(received).toBeNull();
  });
});

async function another(): Promise<string> {
  return (await createAuthority("another CA")).certificate;
}

describe("a broken upload", () => {
  test("the host refuses before it has everything", async () => {
    behave = (_, response) => response.writeHead(507, { connection: "close" }).end("full");
    await expect(upload()).rejects.toMatchObject({ reason: "UploadFailed" });
  });

  test("the host refuses at the end", async () => {
    behave = (request, response) => request.resume().on("end", () => response.writeHead(500).end());
    await expect(upload()).rejects.toMatchObject({ reason: "UploadFailed", message: expect.stringContaining("500") });
  });

  test("the host accepts half of it", async () => {
    behave = (request, response) => request.once("data", () => response.writeHead(200).end());
    const endless = async function* () {
      for (let n = 0; n < 200; n += 1) yield Buffer.alloc(1 << 20);
    };
    await expect(upload({ content: endless(), size: 200 << 20 })).rejects.toMatchObject({ reason: "UploadFailed" });
  });

  test("the connection breaks", async () => {
    behave = (request) => request.once("data", () => request.socket.destroy());
    await expect(upload()).rejects.toMatchObject({ reason: "UploadFailed" });
  });

  test("nobody listens", async () => {
    await expect(upload({ url: "https://127.0.0.1:1/x" })).rejects.toMatchObject({ reason: "UploadFailed" });
  });

  test("the disk is shorter than said", async () => {
    await expect(upload({ size: disk.length + 1 })).rejects.toMatchObject({ reason: "UploadFailed" });
  });

  test("what breaks the source comes through", async () => {
    const broken = async function* () {
      yield disk.subarray(0, 2_000_000);
      throw new OvaError("ImageTruncated", "cut");
    };
    await expect(upload({ content: broken() })).rejects.toMatchObject({ reason: "ImageTruncated", message: "cut" });
  });

  test("the caller's signal ends it, and the source is closed", async () => {
    behave = () => undefined;
    let closed = false;
    const stop = new AbortController();
    const endless = async function* () {
      try {
        for (;;) yield Buffer.alloc(1 << 20);
      } finally {
        closed = true;
      }
    };
    const running = upload({ content: endless(), size: 1 << 40, signal: stop.signal, onBytes: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ reason: "Interrupted" });
    expect(closed).toBe(true);
  });
});
