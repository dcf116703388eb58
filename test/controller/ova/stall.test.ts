// The time that an image's server may be silent: 60 seconds where nobody says otherwise, tries to resume the image among them.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as breathe } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { download } from "../../../controller/ova/download.ts";
import { readAll } from "./tar.ts";

const size = 1_000_000;
const bit = 1000;
/** The status that each request was answered with; 0: none. */
const answers: number[] = [];

/** Gives a bit of an image at most, and never more. */
function answer({ url, headers }: IncomingMessage, response: ServerResponse): void {
  const rest = url === "/heads" ? 206 : 0;
  const status = url === "/silent" ? 0 : headers.range === undefined ? 200 : rest;
  answers.push(status);
  const validator = url === "/whole" ? {} : { etag: '"an-image"' };
  if (status === 200) response.writeHead(200, { "content-length": size, ...validator }).write(Buffer.alloc(bit));
  const missing = { "content-length": size - bit, "content-range": `bytes ${bit}-${size - 1}/${size}`, ...validator };
  if (status === 206) response.writeHead(206, missing).flushHeaders();
}

const server = createServer(answer);
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return () => server.close().closeAllConnections();
});
beforeEach(() => {
  answers.length = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], fakeNodeBuiltins: true });
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * What a download fails with, and when, in milliseconds. The clock leaps from timer to timer when the sockets, of which both ends are
 * in this process, have nothing more to do.
 */
async function failing(path: string): Promise<{ thrown: unknown; at: number }> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const reading = download({ url }, new AbortController().signal).then(({ body }) => readAll(body));
  let failed: { thrown: unknown; at: number } | undefined;
  reading.catch((thrown: unknown) => {
    failed = { thrown, at: performance.now() };
  });
  for (;;) {
    for (let turn = 0; turn < 50; turn += 1) await breathe();
    if (failed !== undefined) return failed;
    vi.advanceTimersToNextTimer();
  }
}

test.each([
  ["before its first byte", { path: "/silent", statuses: [0], late: 10 }],
  ["in an image that cannot be resumed", { path: "/whole", statuses: [200], late: 10 }],
  // The last bytes are handed on a second after they came, in a block that is not full: from then on it counts.
  [
    "in one that can, the tries and the rests between them counted",
    { path: "/resumable", statuses: [200, 0, 0], late: 1_100 },
  ],
  ["in one whose rest begins, and never comes", { path: "/heads", statuses: [200, 206, 206], late: 1_100 }],
])("%s", async (_, { path, statuses, late }) => {
  const { thrown, at } = await failing(path);
  expect(thrown).toMatchObject({ name: "OvaError", reason: "DownloadFailed" });
  expect(String(thrown)).toContain("fell silent");
  expect(answers).toEqual(statuses);
  expect(at).toBeGreaterThanOrEqual(60_000);
  expect(at).toBeLessThan(60_000 + late);
});
