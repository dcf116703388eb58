// The agent as it ships, with its flags, its environment and TLS: what Prometheus and the kubelet get, and its budgets of memory and time.
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Course, layCourse } from "../bench/agent-course.ts";
import { memoryOf } from "../bench/process-cost.ts";
import { type KeyPair, metricsClient } from "../lab/certificates.ts";

const end = new AbortController();
let course: Course;

beforeAll(async () => {
  course = await layCourse(end.signal, console.error);
});
afterAll(async () => {
  end.abort();
  await course?.close();
});

async function get(path: string, client?: KeyPair): Promise<{ status: number | undefined; body: string }> {
  const [host, port] = course.agent.listen.split(":");
  const shown = client === undefined ? {} : { cert: client.certificate, key: client.key };
  return await new Promise((resolve, reject) => {
    const ca = course.ground.authority.certificate;
    request({ host, port, path, ca, agent: false, ...shown }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    })
      .on("error", reject)
      .end();
  });
}

test("the kubelet's probes are answered without a certificate, Prometheus with its own, nobody else", async () => {
  expect(await get("/healthz")).toEqual({ status: 200, body: "ok\n" });
  expect(await get("/readyz")).toEqual({ status: 200, body: "ok\n" });
  expect(await get("/metrics")).toMatchObject({ status: 401 });
  const { status, body } = await get("/metrics", await course.ground.authority.issue(metricsClient));
  expect(status).toBe(200);
  expect(body).toContain(`bootwarden_agent_up{node="${course.node}"} 1`);
});

test("a node has at most ten series, whatever it has been through", async () => {
  await course.change();
  await course.restart();
  await course.change();
  const { body } = await get("/metrics", await course.ground.authority.issue(metricsClient));
  const series = body.split("\n").filter((line) => /^[^#]/.test(line));
  expect(series.every((line) => line.startsWith("bootwarden_"))).toBe(true);
  expect(series.length).toBeGreaterThan(7);
  expect(series.length).toBeLessThanOrEqual(10);
});

test("twenty changes are each told within 2 seconds, and take at most 72 MB, 26 of them the agent's alone", async () => {
  for (let time = 0; time < 20; time++) expect(await course.change()).toBeLessThan(2_000);
  const { rssMiB, anonMiB } = await memoryOf(course.agent.pid());
  expect(rssMiB).toBeLessThanOrEqual(72);
  expect(anonMiB).toBeLessThanOrEqual(26);
});

test("it reports within 1.5 seconds of its start", async () => {
  expect(await course.restart()).toBeLessThan(1_500);
});
