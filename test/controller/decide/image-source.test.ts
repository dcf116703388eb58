// The image source: the release's images from a mirror, one image that the admin names, or a template of one.
import { expect, test } from "vitest";
import type { AskedImage, ImportedImage } from "../../../controller/decide/boot-image.ts";
import { type Decision, decided, refused } from "../../../controller/decide/decision.ts";
import { type ImageSource, imagesFrom } from "../../../controller/decide/image-source.ts";
import { imageOf } from "./boot-images.ts";

const own = "https://rhcos.example.com/art/9.6/x86_64/rhcos-9.6-vmware.x86_64.ova";
const file = "rhcos-9.6-vmware.x86_64.ova";
const usual: AskedImage = { stream: null, architecture: "x86_64" };

function sourced(source: ImageSource, asked: AskedImage, image: Decision<ImportedImage> = decided(imageOf("9.6.1-0"))) {
  return imagesFrom(source, { released: () => image, version: "4.22.3" })(asked);
}

test.each([
  ["no mirror", own, undefined, own],
  ["a folder", own, "https://mirror.example.com/rhcos", `https://mirror.example.com/rhcos/${file}`],
  [
    "a folder with slashes at its end",
    own,
    "https://mirror.example.com/rhcos//",
    `https://mirror.example.com/rhcos/${file}`,
  ],
  ["a host alone", own, "http://10.0.0.1:8080", `http://10.0.0.1:8080/${file}`],
  ["a URL with a query", `${own}?sig=abc&x=/y#z`, "https://m", `https://m/${file}`],
  ["escapes, kept", "https://a/b/rhcos%20x%2Fy.ova", "https://m", "https://m/rhcos%20x%2Fy.ova"],
  ["a file at the root", "https://a/x.ova", "https://m", "https://m/x.ova"],
])("a mirror: %s", (_, ...[url, mirror, expected]) => {
  const image = decided(imageOf("9.6.20261028-0", { url: url ?? "" }));
  expect(sourced({ mirror }, usual, image)).toEqual(decided({ ...(image.ok && image.value), url: expected }));
});

const release = "9.8.20260428-0";
const sha256 = "AB".repeat(32);
const explicit: ImageSource = { url: "https://m/x.ova?key=1", sha256, release };
const template = "golden/rhcos-9.8";

test("a url needs nothing of the cluster's release", () => {
  expect(sourced(explicit, usual, refused("BootImagesMissing", "gone"))).toEqual(
    decided({
      ...{ stream: "default", architecture: "x86_64", release, version: "4.22.3" },
      ...{ url: "https://m/x.ova?key=1", sha256: "ab".repeat(32) },
    }),
  );
});

test("a template is one of what the cluster's release has", () => {
  const { url: _, sha256: __, ...image } = imageOf("10.2.20261029-0", { stream: "rhel-10" });
  const asked = { ...usual, stream: "rhel-10" };
  expect(sourced({ template }, asked, decided(imageOf("10.2.20261029-0", image)))).toEqual(
    decided({ ...image, template }),
  );
  const missing = refused("BootImagesMissing", "gone");
  expect(sourced({ template }, usual, missing)).toBe(missing);
});

test("a template of a release that the admin says needs nothing of the cluster's", () => {
  const image = { stream: "default", architecture: "x86_64", release, version: "4.22.3", template };
  expect(sourced({ template, release }, usual, refused("BootImagesMissing", "gone"))).toEqual(decided(image));
});

test.each<[string, Partial<AskedImage>, string]>([
  [release, {}, "default"],
  [release, { stream: "rhel-9" }, "rhel-9"],
  [release, { stream: "rhel-10" }, "OtherStream"],
  [release, { stream: "" }, "OtherStream"],
  ["10.2.20261029-0", { stream: "rhel-10" }, "rhel-10"],
  ["418.94.202509100653-0", { stream: "rhel-9" }, "rhel-9"],
  ["412.86.202301010000-0", { stream: "rhel-9" }, "OtherStream"],
  ["odd", {}, "default"],
  ["odd", { stream: "rhel-9" }, "OtherStream"],
  [release, { architecture: "aarch64" }, "NoVmwareImage"],
])("an image of %s for %j: %s", (named, asked, expected) => {
  for (const source of [
    { ...explicit, release: named },
    { template, release: named },
  ]) {
    const image = sourced(source, { ...usual, ...asked });
    expect(image.ok ? image.value.stream : image.reason).toBe(expected);
    if (!image.ok) expect(image.message).toContain("spec.imageSource");
  }
});
