import { describe, expect, test } from "vitest";
import type { Place } from "../../controller/decide/place.ts";
import { datacentersOf, findingsIn, keyOf, ofInterest, type Question } from "../../controller/findings.ts";
import { inventoryTree, type TreeEntity } from "../../controller/vsphere/inventory-tree.ts";
import type { TemplateFacts } from "../../controller/vsphere/template.ts";
import { imageOf } from "./decide/boot-images.ts";

const server = "vc-a";
const release = "9.8.20261117-0";
const root = { path: "/dc/vm", folder: { type: "Folder", value: "root" } };
const lab = { type: "Folder", value: "lab" };
const wanted = `lab-rhcos-fd-a-${release}`;
const place: Place = {
  key: "place-a",
  label: "fd-a",
  server,
  datacenter: "dc",
  datastore: "ds",
  folder: "/dc/vm/lab",
  resourcePool: "pool",
  network: "net",
};
const image = imageOf(release, { sha256: "AB" });
const owner = { infrastructureName: "lab", isMachine: ({ name }: { name: string }) => name === "lab-worker-1" };

/** A template of ours in /dc/vm/lab; `folder` puts it into another. */
function template(name: string, own: Partial<TemplateFacts> = {}, folder = "/dc/vm/lab"): TemplateFacts {
  return {
    reference: { type: "VirtualMachine", value: `${folder}/${name}` },
    path: `${folder}/${name}`,
    name,
    isTemplate: true,
    poweredOn: false,
    productVersion: release,
    markers: { cluster: "lab", release, sha256: "ab", name, temp: "bootwarden-import-1" },
    instanceUuid: null,
    biosUuid: null,
    createDate: "2026-11-17T12:00:00Z",
    ...own,
  };
}

function treeOf(all: readonly TemplateFacts[], more: readonly TreeEntity[] = []) {
  const elsewhere = { type: "Folder", value: "elsewhere" };
  const folders: TreeEntity[] = [
    { reference: lab, name: "lab", parent: root.folder },
    { reference: elsewhere, name: "elsewhere", parent: root.folder },
  ];
  const entities = all.map(({ reference, name, path }) => {
    return { reference, name, parent: path.includes("/elsewhere/") ? elsewhere : lab };
  });
  return inventoryTree([root], [...folders, ...entities, ...more]);
}

function find(all: readonly TemplateFacts[], own: Partial<Question> = {}, more: readonly TreeEntity[] = []) {
  const question: Question = { owner, named: [], wanted: [{ place, image }], ...own };
  const tree = treeOf(all, more);
  const interest = new Set(ofInterest(question, tree).map(({ value }) => value));
  const facts = new Map(
    all.filter((one) => interest.has(one.reference.value)).map((one) => [one.reference.value, one]),
  );
  return findingsIn({ tree, facts, unseen: [] }, question, server);
}

describe("at a place", () => {
  const strange = { productVersion: null, markers: null };
  const vm = { ...strange, isTemplate: false };
  const others = { markers: null };
  test.each<[string, TemplateFacts[], { usable?: string; taken?: string[] }]>([
    ["nothing", [], {}],
    ["ours", [template(wanted)], { usable: wanted }],
    ["somebody else's of the right version", [template(wanted, others)], { usable: wanted }],
    ["a VM", [template(wanted, vm)], { taken: [wanted] }],
    ["a template without a version", [template(wanted, strange)], { taken: [wanted] }],
    ["replaced content", [template(wanted, { ...others, productVersion: "9.8.20270101-0" })], { taken: [wanted] }],
    ["ours, and its content replaced", [template(wanted, { productVersion: "9.6.1-0" })], { taken: [wanted] }],
    [
      "ours of another image of the release",
      [template(wanted, { markers: { ...marked(wanted), sha256: "cd" } })],
      { taken: [wanted] },
    ],
    [
      "a VM, and ours behind it",
      [template(wanted, vm), template(`${wanted}-2`)],
      { usable: `${wanted}-2`, taken: [wanted] },
    ],
    ["ours in another folder only", [template(wanted, {}, "/dc/vm/elsewhere")], {}],
  ])("%s", (_, all, { usable, taken = [] }) => {
    const found = find(all);
    expect(found.templates.map(({ name }) => name)).toEqual(usable === undefined ? [] : [usable]);
    expect(found.taken).toEqual(taken.map((name) => ({ server, name })));
  });

  test("a folder with the wanted name", () => {
    const folder = { reference: { type: "Folder", value: "f" }, name: wanted, parent: lab };
    expect(find([], {}, [folder]).taken).toEqual([{ server, name: wanted }]);
  });

  test("of each image that is wanted there its own, and of one that several want one", () => {
    const ten = imageOf("10.2.20261117-0", { sha256: "cd" });
    const name = `lab-rhcos-fd-a-${ten.release}`;
    const markers = { ...marked(name), sha256: "cd", release: ten.release };
    const all = [template(wanted), template(name, { productVersion: ten.release, markers })];
    const both = [image, ten, { ...image }, ten];
    const { templates } = find(all, { wanted: both.map((one) => ({ place, image: one })) });
    expect(templates).toMatchObject([
      { name: wanted, image },
      { name, image: ten },
    ]);
  });

  test("nothing, without an image", () => {
    expect(find([template(wanted)], { wanted: [{ place, image: null }] })).toMatchObject({ templates: [], taken: [] });
  });
});

function marked(name: string) {
  return { cluster: "lab", release, sha256: "ab", name, temp: "bootwarden-import-1" };
}

describe("ours", () => {
  test.each<[string, TemplateFacts, boolean]>([
    ["a template", template("lab-rhcos-fd-b-9.6.20250101-0", { productVersion: "9.6.20250101-0" }), true],
    ["in another folder", template(wanted, {}, "/dc/vm/elsewhere"), true],
    ["a leftover", template("bootwarden-import-1", { isTemplate: false }), true],
    ["another cluster's", template(wanted, { markers: { ...marked(wanted), cluster: "other" } }), false],
    ["a worker with our markers", template("lab-worker-1", { isTemplate: false, poweredOn: true }), false],
    ["one that the admin renamed", template("golden", { markers: marked(wanted) }), false],
    ["one whose content was replaced", template(wanted, { productVersion: "9.8.20270101-0" }), false],
  ])("%s", (_, one, expected) => {
    const { ours } = find([one]);
    expect(ours.map(({ name }) => name)).toEqual(expected ? [one.name] : []);
    if (expected) expect(ours).toMatchObject([{ server, datacenter: "/dc", path: one.path, reference: one.reference }]);
  });
});

describe("replaced content", () => {
  const other = "9.8.20270101-0";
  test.each<[string, TemplateFacts, boolean]>([
    ["without markers", template(wanted, { markers: null, productVersion: other }), true],
    ["under a numbered name", template(`${wanted}-2`, { markers: null, productVersion: other }), true],
    ["of a legacy release", template("lab-rhcos-fd-b-416.94.202510081640-0", { markers: null }), true],
    ["with the right version", template(wanted, { markers: null }), false],
    ["the installer's", template("lab-rhcos-fd-a", { markers: null, productVersion: other }), false],
    ["another cluster's", template(`other-rhcos-fd-a-${release}`, { markers: null, productVersion: other }), false],
    ["a VM", template(wanted, { markers: null, productVersion: other, isTemplate: false }), false],
    ["no version", template(wanted, { markers: null, productVersion: null }), false],
  ])("%s", (_, one, expected) => {
    const { replaced, ours } = find([one]);
    const { path, name } = one;
    const said = { server, path, name, release: one.productVersion, state: "ContentReplaced" };
    expect(replaced).toMatchObject(expected ? [said] : []);
    expect(replaced).toHaveLength(expected ? 1 : 0);
    expect(ours).toEqual([]);
  });
});

describe("a name", () => {
  const golden = template("golden", { markers: null });
  const twin = template("golden", { markers: null }, "/dc/vm/elsewhere");
  test.each<[string, TemplateFacts[], string[]]>([
    ["golden", [golden], [golden.path]],
    ["golden", [golden, twin], [golden.path, twin.path]],
    ["/dc/vm/elsewhere/golden", [golden, twin], [twin.path]],
    ["/dc/vm/elsewhere/golden/", [golden, twin], [twin.path]],
    ["elsewhere/golden", [golden, twin], [twin.path]],
    ["/dc/vm/lab", [golden], []],
    ["lab", [golden], []],
    ["", [golden], []],
    ["/other/vm/lab/golden", [golden], []],
    ["/golden", [golden], []],
  ])("%s", (text, all, expected) => {
    const named = { server, datacenter: "dc", template: text };
    expect(
      find(all, { named: [named] })
        .named.get(keyOf(named))
        ?.map(({ path }) => path),
    ).toEqual(expected);
  });

  test("of a datacenter that is not seen is not known", () => {
    const named = [{ server, datacenter: "dc", template: "golden" }];
    const look = { tree: treeOf([golden]), facts: new Map(), unseen: ["/dc"] };
    expect(findingsIn(look, { owner, named, wanted: [] }, server).named.size).toBe(0);
  });
});

test("datacenters are those of workspaces, and those of absolute paths", () => {
  const named = ["golden", "a/b", "/f/dc-2/vm/a/vm/b", "/no/such", "/dc/vm/x"].map((text) => {
    return { server, datacenter: "/dc/", template: text };
  });
  const wanted = [{ place: { ...place, datacenter: "f/dc-3", folder: "/dc-4/vm/x" }, image: null }];
  expect([...datacentersOf({ owner, named, wanted })].toSorted()).toEqual([...["/dc", "/dc-4", "/f/dc-2", "/f/dc-3"]]);
});

test("of twenty thousand VMs only those that matter are read", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => template(`vm-${index}`, { markers: null }));
  const question = { owner, named: [{ server, datacenter: "dc", template: "vm-7" }], wanted: [{ place, image: null }] };
  const tree = treeOf([...many, template(wanted), template("bootwarden-import-7"), template("lab-rhcos-fd-a")]);
  expect(ofInterest(question, tree).map(({ value }) => value.replace("/dc/vm/lab/", ""))).toEqual([
    ...["vm-7", wanted, "bootwarden-import-7", "lab-rhcos-fd-a"],
  ]);
});
