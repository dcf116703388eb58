// The TLS server: what becomes of files that change, and what it speaks.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect, type SecureVersion } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Tls } from "../../common/tls-server.ts";
import { metricsClient } from "../lab/certificates.ts";
import { clientCA, first, otherCA, type Stage, scraper, second, serviceCA, setStage, until } from "./tls-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.clear());

describe("a changed file", () => {
  test("of a certificate and its key is taken without a restart", async () => {
    await stage.start();
    expect((await stage.get("/healthz")).server).toBe("first");
    await stage.mountServing(second);
    await until(async () => (await stage.get("/healthz")).server === "second");
    expect(await stage.get("/metrics", scraper)).toMatchObject({ status: 200 });
    await pause(50);
    expect(stage.said).toEqual([{ level: "info", reason: undefined, message: "Took the changed TLS files" }]);
  });

  test("of the client CA is taken: clients of the new one may, those of the old one may not", async () => {
    await stage.start();
    const other = await otherCA.issue(metricsClient);
    expect([(await stage.get("/metrics", scraper)).status, (await stage.get("/metrics", other)).status]).toEqual([
      200, 401,
    ]);
    await stage.mountClientCA(otherCA.certificate);
    await until(async () => (await stage.get("/metrics", other)).status === 200);
    expect((await stage.get("/metrics", scraper)).status).toBe(401);
  });

  test("of the client CA holds for those too who keep their connection", async () => {
    await stage.start();
    const other = await otherCA.issue(metricsClient);
    const [known, stranger] = [scraper, other].map((client) => stage.keepConnected(client));
    expect([await known?.get(), await known?.get(), await stranger?.get()]).toEqual([200, 200, 401]);
    await stage.mountClientCA(otherCA.certificate);
    await until(() => stage.said.length > 0);
    expect([await known?.get(), await stranger?.get()]).toEqual([401, 200]);
    known?.close();
    stranger?.close();
  });

  test("that adds a CA lets the clients of both in", async () => {
    await stage.start();
    const other = await otherCA.issue(metricsClient);
    await stage.mountClientCA(`# of today\n${clientCA.certificate}\n# of tomorrow\n${otherCA.certificate}\n`);
    await until(async () => (await stage.get("/metrics", other)).status === 200);
    expect((await stage.get("/metrics", scraper)).status).toBe(200);
  });

  const half = (pem: string) => pem.slice(0, pem.length / 2);
  const { certificate, key } = second;
  test.each<[string, () => Promise<void>]>([
    ["is half written", () => stage.mountServing({ certificate: half(certificate), key })],
    ["is empty", () => stage.mountServing({ certificate: "", key })],
    ["has the certificate of another key", () => stage.mountServing({ certificate, key: first.key })],
    ["has a key that is half written", () => stage.mountServing({ certificate, key: half(key) })],
    ["is gone", () => rm(join(stage.settings.directory, "tls.crt"))],
    ["has half a client CA", () => stage.mountClientCA(`${otherCA.certificate}${half(clientCA.certificate)}`)],
    ["has no CA at all in place of one", () => stage.mountClientCA("-----BEGIN CERTIFICATE-----\nx")],
  ])("that %s changes nothing, is told once, and is taken when it is whole", async (_, spoil) => {
    await stage.start();
    await spoil();
    await until(() => stage.said.length > 0);
    await pause(50);
    expect(stage.said).toEqual([
      { level: "warn", reason: "TLSFilesInvalid", message: expect.stringContaining(stage.directory) },
    ]);
    expect(await stage.get("/metrics", scraper)).toMatchObject({ status: 200, server: "first" });
    await stage.mountClientCA(clientCA.certificate);
    await stage.mountServing(second);
    await until(async () => (await stage.get("/healthz")).server === "second");
    expect(await stage.get("/metrics", scraper)).toMatchObject({ status: 200 });
  });
});

describe("at the start", () => {
  test.each<[string, () => Promise<void>]>([
    ["no certificate", () => rm(join(stage.settings.directory, "tls.crt"))],
    ["no key", () => rm(join(stage.settings.directory, "tls.key"))],
    ["a key of another certificate", () => writeFile(join(stage.settings.directory, "tls.key"), second.key)],
    ["a certificate that is none", () => writeFile(join(stage.settings.directory, "tls.crt"), "x")],
    ["a client CA that is none", () => writeFile(stage.settings.clientCAFile, "-----BEGIN CERTIFICATE-----\nx")],
  ])("%s ends it with a reason and the path", async (_, spoil) => {
    await spoil();
    await expect(stage.start()).rejects.toMatchObject({
      reason: "TLSFilesInvalid",
      message: expect.stringContaining(stage.directory),
    });
  });
});

describe("the protocol", () => {
  /** The version that both agree on; the client's error where they do not. */
  const agreed = async (version: SecureVersion): Promise<string | null> =>
    await new Promise((resolve, reject) => {
      const limits = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
      const socket = connect({ host: "127.0.0.1", port: stage.port(), ca: serviceCA.certificate, ...limits }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.once("error", reject);
    });

  test.each<[Tls["minVersion"], SecureVersion[], SecureVersion[]]>([
    ["TLSv1.2", ["TLSv1.2", "TLSv1.3"], ["TLSv1.1", "TLSv1"]],
    ["TLSv1.3", ["TLSv1.3"], ["TLSv1.2", "TLSv1.1"]],
  ])("is at least %s, also after a change of the files", async (minVersion, spoken, refused) => {
    stage.settings.minVersion = minVersion;
    await stage.start();
    const holds = async () => {
      for (const version of spoken) expect(await agreed(version)).toBe(version);
      for (const version of refused) await expect(agreed(version)).rejects.toThrow(/protocol version|no protocols/);
    };
    await holds();
    await stage.mountServing(second);
    await until(async () => (await stage.get("/healthz")).server === "second");
    await holds();
  });

  test("is not plain HTTP", async () => {
    await stage.start();
    await expect(fetch(`http://127.0.0.1:${stage.port()}/healthz`)).rejects.toThrow();
    expect(await stage.get("/healthz")).toMatchObject({ status: 200 });
  });

  test("has no cipher that its profile has not", async () => {
    await stage.start();
    const socket = connect({
      host: "127.0.0.1",
      port: stage.port(),
      maxVersion: "TLSv1.2",
      ciphers: "ECDHE-ECDSA-AES128-SHA256",
    });
    await expect(new Promise((_, reject) => socket.once("error", reject))).rejects.toThrow(/handshake failure/);
  });
});
