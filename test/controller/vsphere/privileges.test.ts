import { expect, test } from "vitest";
import { lackOf, missingPrivileges } from "../../../controller/vsphere/privileges.ts";
import { scriptedSession } from "./scripted-vcenter.ts";

const folder = { type: "Folder", value: "group-v3" };
const pool = { type: "ResourcePool", value: "resgroup-9" };
const held = [
  { entity: folder, privileges: ["System.View", "A", "B"] },
  { entity: pool, privileges: [] },
];

test.each([
  ["nothing is wanted", [], []],
  ["all is held", [[folder, ["A", "B"]]], []],
  ["one is not", [[folder, ["A", "C", "B"]]], [[folder, ["C"]]]],
  ["none is", [[pool, ["A", "B"]]], [[pool, ["A", "B"]]]],
  [
    "an object is not in the answer",
    [[{ type: "Datastore", value: "ds" }, ["A"]]],
    [[{ type: "Datastore", value: "ds" }, ["A"]]],
  ],
  [
    "one object is wanted twice",
    [
      [folder, ["C"]],
      [folder, ["D", "A"]],
    ],
    [
      [folder, ["C"]],
      [folder, ["D"]],
    ],
  ],
] as const)("where %s", (_, wanted, lacks) => {
  const all = wanted.map(([entity, privileges]) => ({ entity, what: "object", privileges }));
  expect(lackOf(all, held).map(({ entity, privileges }) => [entity, privileges])).toEqual(lacks);
});

test("a vCenter without an authorization manager is asked nothing", async () => {
  const { session, calls } = await scriptedSession(() => ({ fault: "NotSupported" }));
  expect(await missingPrivileges(session, [{ entity: folder, what: "folder", privileges: ["A"] }])).toEqual([]);
  expect(calls).not.toContain("FetchUserPrivilegeOnEntities");
});

const managed = { type: "AuthorizationManager", value: "AuthorizationManager" };
const wanted = [{ entity: folder, what: "folder", privileges: ["A"] }];

test.each(["InvalidArgument", "UserNotFound", "NotSupported"])(
  "a vCenter that does not know the account's privileges (%s) has the last word later",
  async (fault) => {
    const { session } = await scriptedSession(() => ({ fault }));
    const asked = { ...session, content: { ...session.content, authorizationManager: managed } };
    expect(await missingPrivileges(asked, wanted)).toEqual([]);
  },
);

test.each(["NoPermission", "ManagedObjectNotFound"])(
  "a vCenter that refuses to say (%s) is a failure",
  async (fault) => {
    const { session } = await scriptedSession(() => ({ fault }));
    const asked = { ...session, content: { ...session.content, authorizationManager: managed } };
    await expect(missingPrivileges(asked, wanted)).rejects.toMatchObject({ fault });
  },
);

test("an answer without the objects is a lack of all", async () => {
  const { session } = await scriptedSession(() => ({ content: "" }));
  const asked = { ...session, content: { ...session.content, authorizationManager: managed } };
  expect(await missingPrivileges(asked, wanted)).toEqual(wanted);
});
