// The pre-staged template: where it has to be, and what it has to be.
import { expect, test } from "vitest";
import { decided, refused } from "../../../controller/decide/decision.ts";
import type { TemplateNow } from "../../../controller/decide/machine-set-state.ts";
import { prestagedPath, prestagedTemplate } from "../../../controller/decide/prestaged-template.ts";
import { imageOf } from "./boot-images.ts";

test.each([
  ["/dc-east/vm/golden/rhcos", "dc-east", "/dc-east/vm/golden/rhcos"],
  ["/f/dc/vm/rhcos", "f/dc", "/f/dc/vm/rhcos"],
  ["golden/rhcos", "dc-east", "/dc-east/vm/golden/rhcos"],
  ["rhcos", "f/dc", "/f/dc/vm/rhcos"],
  ["/dc-east/vm/golden/rhcos", "dc-west", "PrestagedElsewhere"],
  ["/dc-east/vm/golden/rhcos", "dc", "PrestagedElsewhere"],
  ["/f/dc/vm/rhcos", "dc", "PrestagedElsewhere"],
])("%s in %s: %s", (template, datacenter, expected) => {
  const path = prestagedPath(template, { datacenter });
  expect(path.ok ? path.value : path.reason).toBe(expected);
});

const { url: _, sha256: __, ...known } = imageOf("9.8.20260428-0");
const image = { ...known, template: "golden/rhcos" };
const place = { server: "vc", key: "place" };
const path = "/dc/vm/golden/rhcos";
const there: TemplateNow = { exists: true, release: image.release, path, ours: false };

test("a template of the release is used as it is, whoever made it", () => {
  for (const ours of [false, true]) {
    expect(prestagedTemplate(image, place, { path, found: decided({ ...there, ours }) })).toEqual(
      decided({ server: "vc", place: "place", image, name: "rhcos", path, release: image.release, ours }),
    );
  }
});

test.each<[string, Partial<TemplateNow>, string, string]>([
  ["nothing", { exists: false, release: null, path: null }, "PrestagedMissing", "does not exist"],
  ["a VM", { isTemplate: false }, "PrestagedMissing", "is a virtual machine"],
  ["another release", { release: "9.6.1-0" }, "PrestagedMismatch", "has 9.6.1-0; wanted is 9.8.20260428-0"],
  ["no release", { release: null }, "PrestagedMismatch", "has no product version"],
])("%s is refused", (...[, over, reason, part]) => {
  const decision = prestagedTemplate(image, place, { path, found: decided({ ...there, ...over }) });
  expect(decision).toMatchObject({ ok: false, reason, message: expect.stringContaining(part) });
  expect(decision).toMatchObject({ message: expect.stringContaining(`Template ${path} of vCenter vc`) });
});

test("a vCenter that does not answer is the reason", () => {
  const found = refused("VCenterUnreachable", "away");
  expect(prestagedTemplate(image, place, { path, found })).toBe(found);
});
