import { expect, test } from "vitest";
import { readBelow } from "../../../controller/vsphere/properties.ts";
import { scriptedSession } from "./scripted-vcenter.ts";

const page = `<objects><obj type="Folder">f</obj></objects>`;
const folder = { type: "Folder", value: "group-v3" };
const lease = { type: "HttpNfcLease", value: "lease-1" };

test("a call that an ended session refused is made again after one login", async () => {
  const { session, calls } = await scriptedSession((method, all) =>
    all.filter((one) => one === method).length === 1 ? { fault: "NotAuthenticated" } : { content: "<returnval/>" },
  );
  await session.call("CurrentTime", { on: folder });
  expect(calls).toEqual(["RetrieveServiceContent", "Login", "CurrentTime", "Login", "CurrentTime"]);
});

test.each(["HttpNfcLeaseProgress", "HttpNfcLeaseComplete", "HttpNfcLeaseAbort"] as const)(
  "%s is not made again: the lease went with its session",
  async (method) => {
    const { session, calls } = await scriptedSession(() => ({ fault: "NotAuthenticated" }));
    await expect(session.call(method, { on: lease })).rejects.toMatchObject({ reason: "SessionLost" });
    expect(calls).toEqual(["RetrieveServiceContent", "Login", method]);
  },
);

test("an answer in pages is not continued in another session", async () => {
  const { session, calls } = await scriptedSession((method) =>
    method === "RetrievePropertiesEx"
      ? { content: `<returnval><token>t</token>${page}</returnval>` }
      : { fault: "NotAuthenticated" },
  );
  const read = readBelow(session, folder, { type: "Folder", paths: ["name"] });
  await expect(read).rejects.toMatchObject({ reason: "SessionLost" });
  expect(calls.at(-1)).toBe("ContinueRetrievePropertiesEx");
});

test("other faults are no reason for a login", async () => {
  const { session, calls } = await scriptedSession(() => ({ fault: "NoPermission" }));
  await expect(session.call("CurrentTime", { on: folder })).rejects.toMatchObject({ reason: "NoPermission" });
  expect(calls.filter((method) => method === "Login")).toHaveLength(1);
});
