// What the peer's API refuses, tried on the API server with ours: the A rows of docs/coexistence.md.
import { afterAll, beforeAll, expect, test } from "vitest";
import { peerScenarios } from "../controller/decide/peer/scenarios.ts";
import { type Lab, startLab } from "../lab/lab.ts";

let lab: Lab;
beforeAll(async () => {
  const options = { controller: false, nodes: false, machineSets: false, imageMiB: 1, say: console.error };
  lab = await startLab(options, new AbortController().signal);
});
afterAll(() => lab?.close());

const empty = { machineResourceSelector: {} };
const refused: [id: string, spec: object, why: RegExp][] = [
  ["A1", { selection: { mode: "Partial" } }, /mode Partial needs the field partial, and no other mode may have it/],
  ["A1", { selection: { mode: "All", partial: empty } }, /mode Partial needs the field partial/],
  ["A1", { selection: { mode: "None", partial: empty } }, /mode Partial needs the field partial/],
  ["A1", { selection: { mode: "FollowMachineConfiguration", partial: empty } }, /mode Partial needs the field partial/],
  ["A2", { vcenters: [{ server: "a" }, { server: "b" }, { server: "a" }] }, /vcenters\[2\]: Duplicate value/],
];

test.each(refused)("%s: %j", async (_, spec, why) => {
  const object = { apiVersion: "bootwarden.io/v1alpha1", kind: "BootImagePolicy", metadata: { name: "cluster" }, spec };
  const path = "/apis/bootwarden.io/v1alpha1/bootimagepolicies";
  await lab.api.remove(`${path}/cluster`);
  await expect(lab.api.send("POST", path, object)).rejects.toThrow(why);
});

test("each row of the API that applies is tried", () => {
  const applying = peerScenarios.filter(({ id, applies }) => id.startsWith("A") && applies !== "no");
  expect([...new Set(refused.map(([id]) => id))]).toEqual(applying.map(({ id }) => id));
});
