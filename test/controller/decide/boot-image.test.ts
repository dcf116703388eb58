import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { architectureOf } from "../../../controller/decide/architecture.ts";
import { bootImage } from "../../../controller/decide/boot-image.ts";
import { fixture } from "./facts.ts";

const data = fixture("configmap-coreos-bootimages", z.object({ data: z.record(z.string(), z.string()) })).data;
const sha256 = "cb9d6da7a26b0de0b21c111cc67a7389d371dbfc20700329a85d9584cd1613b2";
const url = "https://mirror.lab.example.com/rhcos/9.6.20261028-0/x86_64/rhcos-9.6.20261028-0-vmware.x86_64.ova";

test("the fixture's stream names release, version, URL and digest", () => {
  expect(bootImage(data, "x86_64")).toEqual({
    ok: true,
    value: { release: "9.6.20261028-0", version: "4.21.9", url, sha256, architecture: "x86_64" },
  });
});

/** The fixture's stream with the text of its vmware artifact changed. */
function edited(from: string | RegExp, to: string): Record<string, string> {
  return { ...data, stream: (data.stream ?? "").replace(from, to) };
}

test.for<[string, Record<string, string> | null, string, string]>([
  ["no ConfigMap", null, "BootImagesMissing", "coreos-bootimages"],
  ["no stream", { releaseVersion: "4.21.9" }, "BootImagesInvalid", "no key `stream`"],
  ["no JSON", { ...data, stream: "<html>" }, "BootImagesInvalid", "no JSON"],
  ["null", { ...data, stream: "null" }, "BootImagesInvalid", "architectures"],
  ["a list", { ...data, stream: "[]" }, "BootImagesInvalid", "architectures"],
  ["no version", { stream: data.stream ?? "" }, "BootImagesInvalid", "releaseVersion"],
  ["no release", edited('"release": "9.6.20261028-0"', '"release": 9'), "BootImagesInvalid", "vmware.release"],
  ["a release with a slash", edited('"9.6.20261028-0"', '"9.6/../x"'), "BootImagesInvalid", "vmware.release"],
  ["no disk", edited('"ova"', '"vmdk"'), "BootImagesInvalid", "formats.ova.disk"],
  ["a short digest", edited(sha256, sha256.slice(1)), "BootImagesInvalid", "sha256"],
  ["a digest that is no hex", edited(sha256, `g${sha256.slice(1)}`), "BootImagesInvalid", "sha256"],
  ["a file URL", edited(/https:\/\/mirror[^"]*vmware[^"]*/, "file:///etc/passwd"), "BootImagesInvalid", "location"],
  ["no URL", edited(/https:\/\/mirror[^"]*vmware[^"]*/, "rhcos.ova"), "BootImagesInvalid", "location"],
  ["a URL with a user", edited(/mirror(?=[^"]*vmware)/, "user@mirror"), "BootImagesInvalid", "location"],
  ["a URL with a password", edited(/mirror(?=[^"]*vmware)/, ":secret@mirror"), "BootImagesInvalid", "location"],
  ["no vmware", edited('"vmware"', '"nutanix"'), "NoVmwareImage", "x86_64"],
])("%s", ([, input, reason, part]) => {
  const decision = bootImage(input, "x86_64");
  expect(decision).toMatchObject({ ok: false, reason });
  expect(decision).toHaveProperty("message", expect.stringContaining(part));
});

test("the digest is given in lower case", () => {
  const decision = bootImage(edited(sha256, sha256.toUpperCase()), "x86_64");
  expect(decision).toMatchObject({ ok: true, value: { sha256 } });
});

test("another architecture has no vmware image", () => {
  expect(bootImage(data, "aarch64")).toMatchObject({ ok: false, reason: "NoVmwareImage" });
});

test("never throws and keeps its messages short, whatever the stream holds", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.json()), (stream) => {
      const decision = bootImage({ releaseVersion: "4.21.9", stream }, "x86_64");
      expect(decision.ok ? 0 : decision.message.length).toBeLessThan(400);
    }),
  );
});

const key = "capacity.cluster-autoscaler.kubernetes.io/labels";

test.each<[string | undefined, boolean, string]>([
  ["kubernetes.io/arch=amd64", false, "x86_64"],
  ["kubernetes.io/arch=amd64", true, "x86_64"],
  ["kubernetes.io/arch=arm64,a=b", true, "aarch64"],
  ["a=b, kubernetes.io/arch=s390x ,c=d", true, "s390x"],
  ["a=b,kubernetes.io/arch=ppc64le", true, "ppc64le"],
  [undefined, false, "x86_64"],
  [undefined, true, "ArchitectureUnknown"],
  ["kubernetes.io/arch=mips", false, "ArchitectureUnknown"],
  ["kubernetes.io/arch=", false, "ArchitectureUnknown"],
  ["a=b", false, "ArchitectureUnknown"],
  ["", false, "ArchitectureUnknown"],
])("architecture of %j (multi: %s) is %s", (annotation, multiArch, expected) => {
  const decision = architectureOf(annotation === undefined ? {} : { [key]: annotation }, multiArch);
  expect(decision.ok ? decision.value : decision.reason).toBe(expected);
});
