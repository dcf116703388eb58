// Real inotify on a real directory tree. Each test waits for the look that it causes, and for nothing else.
import { once } from "node:events";
import { mkdirSync, watch } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { delay, distance, type Look, looks } from "../../agent/watch.ts";

let root: string;
let stop: AbortController;
const at = (path: string) => join(root, path);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bootwarden-watch-"));
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rm(root, { recursive: true });
});

/** The watch, already past its first look. `interval` is long: only a change ends a wait. */
async function watching({ interval = (): number => 3_600_000, spacing = 0 } = {}): Promise<() => Promise<Look | null>> {
  const failed = (error: unknown) => expect.fail(`${error}`);
  const generator = looks({ root, interval, settle: 20, spacing: () => spacing, failed, signal: stop.signal });
  const next = async () => (await generator.next()).value ?? null;
  expect(await next()).toBe("start");
  return next;
}

/** Looks after it, where each change stands alone: the next wait begins before the change is made. */
async function seen(next: () => Promise<Look | null>, change: () => Promise<unknown>): Promise<Look | null> {
  const look = next();
  await change();
  return await look;
}

describe("a change is seen", () => {
  beforeEach(() => mkdir(at("sysroot/ostree/deploy/rhcos"), { recursive: true }));

  test("in the mtime of ostree/deploy, which is what libostree touches, also behind the host's link", async () => {
    await symlink("sysroot/ostree", at("ostree"));
    const next = await watching();
    expect(await seen(next, () => utimes(at("sysroot/ostree/deploy"), 1, 1))).toBe("change");
    expect(await seen(next, () => utimes(at("sysroot/ostree/deploy"), 2, 2))).toBe("change");
  });

  test("when a deployment is staged and finalized", async () => {
    await mkdir(at("run/ostree"), { recursive: true });
    const next = await watching();
    expect(await seen(next, () => writeFile(at("run/ostree/staged-deployment"), ""))).toBe("change");
    expect(await seen(next, () => rm(at("run/ostree/staged-deployment")))).toBe("change");
  });

  test("in a directory that comes into being, level by level", async () => {
    const next = await watching();
    expect(await seen(next, () => mkdir(at("run")))).toBe("change");
    expect(await seen(next, () => mkdir(at("run/ostree")))).toBe("change");
    expect(await seen(next, () => writeFile(at("run/ostree/staged-deployment"), ""))).toBe("change");
  });

  test("in a directory that was replaced by another", async () => {
    await mkdir(at("run/ostree"), { recursive: true });
    const next = await watching();
    expect(await seen(next, () => rm(at("run/ostree"), { recursive: true }))).toBe("change");
    expect(await seen(next, () => mkdir(at("run/ostree")))).toBe("change");
    expect(await seen(next, () => writeFile(at("run/ostree/staged-deployment"), ""))).toBe("change");
  });

  test("in a directory that was moved into place", async () => {
    await mkdir(at("made/ostree"), { recursive: true });
    const next = await watching();
    expect(await seen(next, () => rename(at("made"), at("run")))).toBe("change");
    expect(await seen(next, () => writeFile(at("run/ostree/staged-deployment"), ""))).toBe("change");
  });
});

/** Makes a change and resolves when the watch was told of it: inotify tells a second watch of a directory after the first. */
async function told(directory: string, change: () => Promise<unknown>): Promise<void> {
  const witness = watch(at(directory));
  const heard = once(witness, "change");
  await change();
  await heard;
  witness.close();
}

describe("nothing is left to look at", () => {
  // The check comes only where no change is remembered.
  let interval: number;

  beforeEach(async () => {
    await mkdir(at("run"));
    interval = 3_600_000;
  });

  test("after changes that come together: those behind the first one come while it settles", async () => {
    await mkdir(at("run/ostree"));
    const next = await watching({ interval: () => interval });
    const look = next();
    // In one turn of the event loop, so that inotify tells them in one.
    for (const name of ["a", "b", "c"]) mkdirSync(at(`run/ostree/${name}`));
    expect(await look).toBe("change");
    interval = 0;
    expect(await next()).toBe("check");
  });

  test("after changes while the consumer is busy, which are the next look", async () => {
    await mkdir(at("run/ostree"));
    const next = await watching({ interval: () => interval });
    for (const name of ["a", "b", "c"]) await told("run/ostree", () => mkdir(at(`run/ostree/${name}`)));
    expect(await next()).toBe("change");
    interval = 0;
    expect(await next()).toBe("check");
  });

  test("after noise beside the awaited name", async () => {
    const next = await watching({ interval: () => interval });
    await told("run", () => mkdir(at("run/other")));
    interval = 0;
    expect(await next()).toBe("check");
  });
});

test("looks that follow each other keep their distance, changes and checks", async () => {
  await mkdir(at("run/ostree"), { recursive: true });
  let interval = 3_600_000;
  const next = await watching({ interval: () => interval, spacing: 300 });
  const since = async (look: Promise<Look | null>) => {
    const start = performance.now();
    // A timer may be early by as much as the event loop was late.
    return [await look, performance.now() - start > 200];
  };
  expect(await since(seen(next, () => mkdir(at("run/ostree/a"))))).toEqual(["change", true]);
  interval = 0;
  expect(await since(next())).toEqual(["check", true]);
});

test.each([
  ["a change after quiet waits only until it has settled", true, 60_000, 500],
  ["a change soon after a look waits for the rest of the distance", true, 1_000, 4_000],
  ["a change at the end of the distance settles too", true, 4_900, 500],
  ["a check after quiet does not wait", false, 60_000, 0],
  ["a check soon after a look waits too", false, 1_000, 4_000],
])("%s", (...[, changed, since, wanted]) => {
  expect(delay({ settle: 500, spacing: 5_000 }, changed, since)).toBe(wanted);
});

test("the distance of looks grows only after some that found nothing new, and not without end", () => {
  const distances = Array.from({ length: 10 }, (_, fruitless) => distance(1_000, fruitless));
  expect(distances).toEqual([1, 1, 1, 2, 4, 8, 16, 32, 32, 32].map((seconds) => seconds * 1_000));
});

test("without a change the check comes after the interval", async () => {
  const next = await watching({ interval: () => 10 });
  expect([await next(), await next()]).toEqual(["check", "check"]);
});

test("an abort ends it", async () => {
  const next = await watching();
  const look = next();
  stop.abort();
  expect(await look).toBeNull();
});
