// The client of the metrics, over real TLS: who may read them, and who may not.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type KeyPair, metricsClient } from "../lab/certificates.ts";
import { clientCA, otherCA, type Stage, scraper, serviceCA, setStage, until } from "./tls-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.clear());

describe("/metrics", () => {
  test("are for the client with a certificate of the client CA and an allowed name", async () => {
    await stage.start();
    expect(await stage.get("/metrics", scraper)).toEqual({
      status: 200,
      body: expect.stringContaining("answer 42"),
      server: "first",
    });
  });

  test.each<[string, () => Promise<KeyPair | undefined>, number]>([
    ["no certificate", async () => undefined, 401],
    ["a certificate of another CA", () => otherCA.issue(metricsClient), 401],
    ["a certificate of the CA of the servers", () => serviceCA.issue(metricsClient), 401],
    ["a certificate that has expired", () => clientCA.issue(metricsClient, [], { expired: true }), 401],
    ["a certificate for servers only", () => clientCA.issue(metricsClient, [], { usage: "server" }), 401],
    ["another name", () => clientCA.issue("system:serviceaccount:default:prometheus-k8s"), 403],
    ["no name", () => clientCA.issue(""), 403],
    ["two names", () => clientCA.issue(`${metricsClient},CN=x`), 403],
    ["the name as a DNS name only", () => clientCA.issue("x", [metricsClient]), 403],
  ])("are not for one with %s", async (_, client, status) => {
    await stage.start();
    const answer = await stage.get("/metrics", await client());
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain("answer");
  });

  test("are for nobody while there is no client CA, and for the client as soon as there is", async () => {
    await stage.mountClientCA("");
    await stage.start();
    expect(await stage.get("/metrics", scraper)).toMatchObject({ status: 401 });
    expect(stage.said).toEqual([
      { level: "warn", reason: undefined, message: expect.stringMatching(/^Nobody may read/) },
    ]);
    await stage.mountClientCA(clientCA.certificate);
    await until(async () => (await stage.get("/metrics", scraper)).status === 200);
  });

  test("are for nobody where the file of the client CA is missing", async () => {
    await rm(join(stage.directory, "client-ca"), { recursive: true });
    await stage.start();
    expect(await stage.get("/metrics", scraper)).toMatchObject({ status: 401 });
  });

  test("are for nobody where no name is allowed", async () => {
    stage.settings.clients = [];
    await stage.start();
    expect(await stage.get("/metrics", scraper)).toMatchObject({ status: 403 });
  });
});

test.each(["/healthz", "/readyz"])("%s is for the kubelet, which shows no certificate", async (path) => {
  await stage.start();
  expect(await stage.get(path)).toMatchObject({ status: 200 });
  expect(await stage.get(path, await otherCA.issue("x"))).toMatchObject({ status: 200 });
});
