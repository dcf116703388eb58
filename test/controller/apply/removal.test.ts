// The patience of a removal: a lock is waited out for 7 minutes, longer than the lease of an import that died can hold it.
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Removal, remove } from "../../../controller/apply/removal.ts";
import { type Line, scriptedSession } from "../vsphere/scripted-vcenter.ts";

const vm = { type: "VirtualMachine", value: "vm-1" };
const second = 1_000;

// The sockets go on in real time; the clock stands still but in the pauses, each of which it leaps over.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], fakeNodeBuiltins: true });
});
afterEach(() => {
  vi.useRealTimers();
});

const log = pino({ base: null }, { write: (line) => void (line.includes("tried again") && setImmediate(leap)) });
const leap = () => vi.advanceTimersToNextTimer();

/** Removes a virtual machine whose removal vCenter answers by `line`; tells when it was asked to. All in milliseconds from the first. */
async function removing(line: (elapsed: number) => Line, removal: Partial<Removal> = {}) {
  const tries: number[] = [];
  const { session } = await scriptedSession((method) => {
    if (method !== "Destroy_Task") return properties;
    tries.push(performance.now() - began);
    return line(performance.now() - began);
  });
  const began = performance.now();
  const removed = remove({ ...session, log }, vm, { mayGo: () => true, ...removal });
  const outcome = await removed.catch((thrown: unknown) => thrown);
  return { outcome, tries, elapsed: performance.now() - began };
}

const property = (name: string, value: string) => `<propSet><name>${name}</name><val>${value}</val></propSet>`;
const object = `<objects><obj type="VirtualMachine">vm-1</obj>${property("name", "x")}${property("runtime.powerState", "poweredOff")}</objects>`;
const properties = { content: `<returnval>${object}</returnval>` };
const locked = { fault: "FileLocked" };
const gone = { fault: "ManagedObjectNotFound" };

describe("a lock", () => {
  test("that lasts is tried again for 7 minutes, and then told", async () => {
    const { outcome, tries, elapsed } = await removing(() => locked);
    expect(outcome).toMatchObject({ name: "VimFault", reason: "VCenterFault", fault: "FileLocked" });
    expect(tries[0]).toBe(0);
    expect(tries.filter((at) => at > 360 * second && at < 420 * second).length).toBeGreaterThanOrEqual(2);
    expect(tries.at(-1)).toBe(420 * second);
    expect(elapsed).toBe(420 * second);
  });

  test("is asked about less and less often, and at least every 20 s", async () => {
    const { tries } = await removing(() => locked);
    const rests = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(rests[0]).toBeLessThanOrEqual(1 * second);
    expect(Math.max(...rests)).toBeLessThanOrEqual(20 * second);
    expect(tries.length).toBeLessThan(60);
  });

  test("that is let go of after 6 minutes does not hold the removal up", async () => {
    const { outcome, elapsed } = await removing((at) => (at < 360 * second ? locked : gone));
    expect(outcome).toBe(true);
    expect(elapsed).toBeLessThanOrEqual(380 * second);
  });

  test("is tried once where there is to be no patience", async () => {
    const { outcome, tries } = await removing(() => locked, { patience: 0 });
    expect(outcome).toMatchObject({ fault: "FileLocked" });
    expect(tries).toHaveLength(1);
  });
});

test("what is no lock is told at once", async () => {
  const { outcome, tries } = await removing(() => ({ fault: "NoPermission" }));
  expect(outcome).toMatchObject({ reason: "NoPermission" });
  expect(tries).toHaveLength(1);
});
