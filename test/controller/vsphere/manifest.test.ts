import { expect, test } from "vitest";
import { receivedDisk } from "../../../controller/vsphere/manifest.ts";
import { type Line, scriptedSession } from "./scripted-vcenter.ts";

const lease = { type: "HttpNfcLease", value: "lease-1" };
const [sha1, other, sha256] = ["ab".repeat(20), "cd".repeat(20), "ef".repeat(32)];

function entry(fields: Record<string, string>): string {
  const content = Object.entries({ key: "/vm-1/disk:0", size: "0", disk: "true", ...fields });
  return `<returnval>${content.map(([name, value]) => `<${name}>${value}</${name}>`).join("")}</returnval>`;
}

test.each<[string, Line, object]>([
  ["a sha1", { content: entry({ sha1 }) }, { sha1 }],
  ["a sha1 in upper case", { content: entry({ sha1: sha1.toUpperCase() }) }, { sha1 }],
  ["a typed checksum goes before", { content: entry({ sha1: other, checksum: sha1, checksumType: "sha1" }) }, { sha1 }],
  ["a checksum without a type does not", { content: entry({ sha1, checksum: other }) }, { sha1 }],
  ["among other devices", { content: entry({ key: "other", sha1: other }) + entry({ sha1 }) }, { sha1 }],
  [
    "an empty sha1, whatever the size",
    { content: entry({ sha1: "" }) },
    { unknown: expect.stringContaining("no sha1") },
  ],
  [
    "a sha256",
    { content: entry({ sha1: "", checksum: sha256, checksumType: "sha256" }) },
    { unknown: expect.stringContaining("sha256") },
  ],
  ["other devices only", { content: entry({ key: "other", sha1 }) }, { unknown: expect.stringContaining("disk:0") }],
  ["nothing", { content: "" }, { unknown: expect.stringContaining("disk:0") }],
  ["a fault", { fault: "NotSupported" }, { unknown: expect.stringContaining("NotSupported") }],
])("a manifest of %s", async (_, line, expected) => {
  const { session } = await scriptedSession(() => line);
  expect(await receivedDisk(session, lease, "/vm-1/disk:0")).toEqual(expected);
});

test("a vCenter that does not answer has no manifest", async () => {
  const { session } = await scriptedSession(() => ({ status: 503 }));
  await expect(receivedDisk(session, lease, "x")).rejects.toMatchObject({ reason: "VCenterUnreachable" });
});
