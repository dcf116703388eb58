import { expect, test } from "vitest";
import { type Markers, markerElements, markerPaths, markersOf } from "../../../controller/vsphere/markers.ts";

const markers: Markers = { cluster: "lab-7x2kq", release: "9.8", sha256: "ab", name: "t", temp: "bootwarden-import-1" };
const properties = Object.fromEntries(
  Object.entries(markers).map(([key, value]) => [
    `config.extraConfig["bootwarden.${key}"]`,
    { $type: "OptionValue", key: `bootwarden.${key}`, value },
  ]),
);

test("they are read by key, never as a whole", () => {
  expect(markerPaths).toHaveLength(5);
  for (const path of markerPaths) expect(path).toMatch(/^config\.extraConfig\["bootwarden\.[a-z0-9]+"\]$/);
});

test("they are read back", () => {
  expect(markersOf(properties)).toEqual(markers);
});

test.each(markerPaths)("without %s there are none", (path) => {
  expect(markersOf({ ...properties, [path]: undefined })).toBeNull();
  expect(markersOf({ ...properties, [path]: { key: "x", value: "" } })).toBeNull();
});

test("they are written as option values", () => {
  expect(markerElements(markers)[0]?.xml).toBe(
    '<extraConfig xsi:type="OptionValue"><key>bootwarden.cluster</key><value xsi:type="xsd:string">lab-7x2kq</value></extraConfig>',
  );
});
