import { expect, test } from "vitest";
import { findNetworks } from "../../../controller/vsphere/network.ts";
import { scriptedSession } from "./scripted-vcenter.ts";

const network = (value: string) => ({ type: "Network", value });

/** A datacenter with these networks, by reference; `top` is the one that the first path leads to. */
function datacenterOf(names: Record<string, string>, top?: string) {
  const object = ([value, name]: [string, string]) =>
    `<objects><obj type="Network">${value}</obj><propSet><name>name</name><val>${name}</val></propSet></objects>`;
  return scriptedSession((method, calls) => {
    if (method === "RetrievePropertiesEx") {
      return { content: `<returnval>${Object.entries(names).map(object).join("")}</returnval>` };
    }
    const first = calls.filter((call) => call === "FindByInventoryPath").length === 1;
    if (!first) return { content: '<returnval type="Folder">group-n1</returnval>' };
    return { content: top === undefined ? "" : `<returnval type="Network">${top}</returnval>` };
  });
}

test.each<[string, { below: Record<string, string>; top?: string; name: string }, string[]]>([
  ["the one right in the folder", { below: { "n-1": "a", "n-2": "b" }, top: "n-1", name: "a" }, ["n-1"]],
  ["that one first", { below: { "n-2": "a", "n-1": "a", "n-3": "a" }, top: "n-1", name: "a" }, ["n-1", "n-2", "n-3"]],
  ["one in a folder below", { below: { "n-2": "a" }, name: "a" }, ["n-2"]],
  ["all of the name in folders below", { below: { "n-2": "a", "n-3": "a", "n-4": "b" }, name: "a" }, ["n-2", "n-3"]],
  ["none of another name", { below: { "n-2": "ab" }, name: "a" }, []],
  ["by a path that one only", { below: { "n-2": "a" }, top: "n-1", name: "/dc/network/a" }, ["n-1"]],
  ["by a path nothing else", { below: { "n-2": "a" }, name: "deep/a" }, []],
  ["without a name nothing", { below: { "n-2": "" }, top: "n-1", name: "" }, []],
])("%s", async (_, { below, top, name }, expected) => {
  const { session } = await datacenterOf(below, top);
  expect(await findNetworks(session, "dc", name)).toEqual(expected.map(network));
});
