import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Architecture, architectureOf } from "../../../controller/decide/architecture.ts";
import { bootImages, isSameImage } from "../../../controller/decide/boot-image.ts";
import { fixture } from "./facts.ts";

const data = fixture("configmap-coreos-bootimages", z.object({ data: z.record(z.string(), z.string()) })).data;
const sha256 = "cb9d6da7a26b0de0b21c111cc67a7389d371dbfc20700329a85d9584cd1613b2";
const url = "https://mirror.lab.example.com/rhcos/9.6.20261028-0/x86_64/rhcos-9.6.20261028-0-vmware.x86_64.ova";

function imageFor(
  input: Record<string, string> | null,
  architecture: Architecture = "x86_64",
  stream: string | null = null,
) {
  return bootImages(input)({ stream, architecture });
}

test("the fixture's stream names release, version, URL and digest", () => {
  expect(imageFor(data)).toEqual({
    ok: true,
    value: { stream: "default", release: "9.6.20261028-0", version: "4.21.9", url, sha256, architecture: "x86_64" },
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
  const decision = imageFor(input);
  expect(decision).toMatchObject({ ok: false, reason });
  expect(decision).toHaveProperty("message", expect.stringContaining(part));
});

test("the digest is given in lower case", () => {
  const decision = imageFor(edited(sha256, sha256.toUpperCase()));
  expect(decision).toMatchObject({ ok: true, value: { sha256 } });
});

test("another architecture has no vmware image", () => {
  expect(imageFor(data, "aarch64")).toMatchObject({ ok: false, reason: "NoVmwareImage" });
});

test("never throws and keeps its messages short, whatever the stream holds", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.json()), (stream) => {
      const decision = imageFor({ releaseVersion: "4.21.9", stream });
      expect(decision.ok ? 0 : decision.message.length).toBeLessThan(400);
    }),
  );
});

const { streams: _, ...single } = data;
const odd = (streams: string) => ({ ...data, streams });

test.for<[string | null, Record<string, string>, string, string]>([
  [null, data, "9.6.20261028-0", "default"],
  ["rhel-9", data, "9.6.20261028-0", "rhel-9"],
  ["rhel-10", data, "10.2.20261029-0", "rhel-10"],
  ["rhel-9", single, "9.6.20261028-0", "default"],
  [null, odd("<html>"), "9.6.20261028-0", "default"],
  ["rhel-10", single, "OtherStream", "names rhel-10; coreos-bootimages has its default stream only."],
  ["rhel-11", data, "OtherStream", "names rhel-11; coreos-bootimages has rhel-9, rhel-10."],
  ["", data, "OtherStream", "names nothing; coreos-bootimages has rhel-9, rhel-10."],
  ["__proto__", data, "OtherStream", "__proto__"],
  ["toString", odd("{}"), "OtherStream", "its default stream only"],
  ["rhel-9", odd('{"rhel-10":{}}'), "OtherStream", "coreos-bootimages has rhel-10."],
  ["rhel-10", odd("<html>"), "BootImagesInvalid", "`streams` is no JSON"],
  ["rhel-9", odd("[]"), "BootImagesInvalid", "`streams` is no map of streams"],
  ["rhel-10", odd('{"rhel-10":null}'), "BootImagesInvalid", "`streams.rhel-10` has no object `architectures`"],
  ["rhel-10", odd('{"rhel-10":{"architectures":{}}}'), "NoVmwareImage", "`streams.rhel-10` of coreos-bootimages"],
])("the stream %j", ([stream, input, expected, part]) => {
  const decision = imageFor(input, "x86_64", stream);
  expect(decision.ok ? decision.value.release : decision.reason).toBe(expected);
  expect(decision.ok ? decision.value.stream : decision.message).toContain(part);
});

test("the image of a stream is that of the default one where it has the same bytes", () => {
  const [unnamed, named, other] = [null, "rhel-9", "rhel-10"].map((stream) => imageFor(data, "x86_64", stream));
  if (!unnamed?.ok || !named?.ok || !other?.ok) throw new TypeError("no image");
  expect(isSameImage(unnamed.value, named.value)).toBe(true);
  expect(isSameImage(unnamed.value, other.value)).toBe(false);
});

test("never throws and keeps its messages short, whatever `streams` and the label hold", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 2000 }), fc.json()),
      fc.string({ maxLength: 63 }),
      (streams, stream) => {
        const decision = imageFor(odd(streams), "x86_64", stream);
        expect(decision.ok ? 0 : decision.message.length).toBeLessThan(500);
      },
    ),
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
