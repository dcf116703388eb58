// The faults of the API server, with the real controller: no verdict is missing in the end, and each Mismatch was told once. `npm run faults` has some more.
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiFaults } from "./api-fault.ts";
import { sufferApiFault } from "./api-fault-run.ts";
import { type ApiRoom, openApiRoom } from "./api-room.ts";

let room: ApiRoom;

beforeAll(async () => {
  room = await openApiRoom();
});
afterAll(() => room.close());

const often = apiFaults.filter(({ seldom }) => seldom === undefined);
test.each(often.map((fault) => [fault.name, fault] as const))("%s", { timeout: 300_000 }, async (_, fault) => {
  expect((await sufferApiFault(room, fault)).wrong).toEqual([]);
});
