import { expect, test } from "vitest";
import { VimFault } from "../../../controller/vsphere/fault.ts";
import { sharedLogin } from "../../../controller/vsphere/shared-login.ts";

const { signal } = new AbortController();

test("all who ask wait for one login, and get it", async () => {
  let logins = 0;
  const shared = sharedLogin("Login", async () => ({ number: ++logins }));
  const [first, second] = await Promise.all([shared.current(signal), shared.current(signal)]);
  expect(first).toBe(second);
  expect(await shared.current(signal)).toBe(first);
  expect(shared.isHeld()).toBe(true);
  expect(await shared.end()).toBe(first);
  expect(shared.isHeld()).toBe(false);
});

test("a lost login is replaced once, however many lose it", async () => {
  let logins = 0;
  const shared = sharedLogin("Login", async () => ({ number: ++logins }));
  expect(shared.isHeld()).toBe(false);
  const first = await shared.current(signal);
  shared.lose(first);
  expect(shared.isHeld()).toBe(false);
  const second = await shared.current(signal);
  shared.lose(first);
  expect(await shared.current(signal)).toBe(second);
  expect(second).toEqual({ number: 2 });
});

test.each([
  ["VCenterUnreachable", 60_000, 2],
  ["LoginRefused", 60_000, 1],
  ["LoginRefused", 0, 2],
] as const)("after %s, which stands for %d ms, two who ask one after the other make %d logins", async (...row) => {
  const [reason, rest, logins] = row;
  let begun = 0;
  const refuse = async () => {
    begun += 1;
    throw new VimFault(reason, "no");
  };
  const shared = sharedLogin("Login", refuse, rest);
  for (const ask of [1, 2]) await expect(shared.current(signal), `${ask}`).rejects.toMatchObject({ reason });
  expect(begun).toBe(logins);
  expect(await shared.end()).toBeNull();
});

test("whoever stops waiting takes the login from nobody", async () => {
  const door = Promise.withResolvers<string>();
  const shared = sharedLogin("Login", () => door.promise);
  const stop = new AbortController();
  const [left, stays] = [shared.current(stop.signal), shared.current(signal)];
  stop.abort();
  await expect(left).rejects.toMatchObject({ reason: "Interrupted" });
  door.resolve("session");
  expect(await stays).toBe("session");
});

test("the end waits for a login that is under way, so that it can be logged out", async () => {
  const door = Promise.withResolvers<string>();
  const shared = sharedLogin("Login", () => door.promise);
  const asked = shared.current(signal);
  const ended = shared.end();
  door.resolve("session");
  expect(await ended).toBe("session");
  expect(await asked).toBe("session");
  await expect(shared.current(signal)).rejects.toMatchObject({ reason: "SessionLost" });
});

test("a caller whose signal is aborted begins none", async () => {
  let begun = 0;
  const shared = sharedLogin("Login", async () => ++begun);
  await expect(shared.current(AbortSignal.abort())).rejects.toMatchObject({ reason: "Interrupted" });
  expect(begun).toBe(0);
});
