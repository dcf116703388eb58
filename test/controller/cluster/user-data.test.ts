// The reading of user data: by name, seldom, and each Secret for itself.
import { expect, test } from "vitest";
import { KubeError } from "../../../controller/cluster/kube-error.ts";
import { createUserData } from "../../../controller/cluster/user-data.ts";

const root = "/api/v1/namespaces/openshift-machine-api/secrets/";
const good = { ignition: { version: "3.2.0" } };

/** `secrets`: by name what the API server says; a number is the status of its refusal. */
function reader(secrets: Record<string, unknown>) {
  const asked: string[] = [];
  const get = async (path: string) => {
    const name = path.replace(root, "");
    asked.push(name);
    const value = secrets[name];
    if (typeof value === "number") throw new KubeError(value, `GET ${path}: hunter2`);
    if (value === undefined) return undefined;
    return { data: { userData: Buffer.from(JSON.stringify(value)).toString("base64") } };
  };
  let now = 0;
  const { signal } = new AbortController();
  const userData = createUserData({ kube: { get }, resync: 300_000, signal, now: () => now });
  const learn = (names: string[], words = "w") => userData.learn(new Set(names), words);
  const told = (name: string) => {
    const decision = userData.of(name);
    return decision.ok ? decision.value : decision.reason;
  };
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { ...userData, learn, told, asked, wait };
}

test("one bad Secret is that one's trouble", async () => {
  const { learn, told, failed } = reader({ a: good, old: { ignition: { version: "2.2.0" } }, odd: 7.5, denied: 403 });
  await learn(["a", "old", "none", "denied", "../nodes"]);
  expect(["a", "old", "none", "denied", "../nodes"].map(told)).toEqual([
    ...["3.2.0", "UserDataOld", "UserDataMissing", "UserDataForbidden", "UserDataMissing"],
  ]);
  expect(failed()).toBe(false);
});

test("a refusal names the Secret, the account and the page that tells of the Role", async () => {
  const { learn, of } = reader({ denied: 403 });
  await learn(["denied"]);
  const { message } = of("denied") as { message: string };
  expect(message).toMatch(/Secret openshift-machine-api\/denied .*bootwarden-controller.*Role.*docs\/user-data.md/);
  expect(message).not.toContain("hunter2");
});

test("a name that is none is not asked for", async () => {
  const { learn, asked } = reader({});
  await learn(["../nodes", "a/b", "", "A"]);
  expect(asked).toEqual([]);
});

test("each is read once, and again after the resync or when what is said is another", async () => {
  const { learn, asked, wait } = reader({ a: good, b: good });
  for (let pass = 0; pass < 20; pass++) await learn(["a", "b"]);
  expect(asked).toEqual(["a", "b"]);
  await learn(["a", "b"], "another");
  await learn(["a", "b"], "another");
  expect(asked).toHaveLength(4);
  wait(300_000);
  await learn(["a", "b"], "another");
  expect(asked).toHaveLength(6);
});

test("what nobody names any more is forgotten", async () => {
  const { learn, told, asked } = reader({ a: good });
  await learn(["a"]);
  await learn([]);
  expect(told("a")).toBe("ApiUnreachable");
  await learn(["a"]);
  expect(asked).toEqual(["a", "a"]);
});

test.each([0, 500, 429])("status %i takes nothing away from what is known, and is tried again", async (status) => {
  const secrets: Record<string, unknown> = { a: good, b: status };
  const { learn, told, of, failed, asked, wait } = reader(secrets);
  await learn(["a", "b"]);
  expect(told("b")).toBe("ApiUnreachable");
  expect(of("b")).toMatchObject({ message: expect.not.stringContaining("hunter2") });
  expect(failed()).toBe(true);
  await learn(["a", "b"], "another");
  expect(asked).toEqual(["a", "b", "a"]);
  secrets.a = status;
  secrets.b = good;
  wait(300_000);
  await learn(["a", "b"], "another");
  expect(["a", "b"].map(told)).toEqual(["3.2.0", "3.2.0"]);
});
