// The stage of the tests of TLS: a server of /metrics on a volume of its own, and clients for it.
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { Gauge, Registry } from "prom-client";
import { serve } from "../../common/http-server.ts";
import type { Log } from "../../common/log.ts";
import type { Tls } from "../../common/tls-server.ts";
import { createAuthority, type KeyPair, metricsClient } from "../lab/certificates.ts";
import { mount } from "./mounted-volume.ts";

export const serviceCA = await createAuthority("service CA");
export const clientCA = await createAuthority("client CA");
export const otherCA = await createAuthority("other CA");
export const first = await serviceCA.issue("first");
export const second = await serviceCA.issue("second");
export const scraper = await clientCA.issue(metricsClient);

const registry = new Registry();
new Gauge({ name: "answer", help: "Of all.", registers: [registry] }).set(42);

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** The volumes are mounted; the server is not yet started. */
export async function setStage(over: Partial<Tls> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "bootwarden-tls-"));
  const stop = new AbortController();
  const said: { level: string; reason: string | undefined; message: string }[] = [];
  const at = (level: string) => (about: { reason?: string }, message: string) =>
    said.push({ level, reason: about.reason, message });
  const log = { info: at("info"), warn: at("warn") } as unknown as Log;
  const clientCAFile = join(directory, "client-ca/client-ca.crt");
  const settings: Tls = {
    minVersion: "TLSv1.2",
    clients: [metricsClient],
    check: 10,
    ...over,
    clientCAFile,
    directory: join(directory, "tls"),
  };
  const mountServing = ({ certificate, key }: KeyPair) =>
    mount(settings.directory, { "tls.crt": certificate, "tls.key": key });
  const mountClientCA = (pem: string) => mount(join(directory, "client-ca"), { "client-ca.crt": pem });
  await Promise.all([mountServing(first), mountClientCA(clientCA.certificate)]);
  let port = 0;
  return {
    directory,
    settings,
    said,
    mountServing,
    mountClientCA,
    port: () => port,
    start: async () => {
      const listening = { listen: "127.0.0.1:0", tls: settings, metrics: registry, ready: () => true };
      ({ port } = await serve({ ...listening, log, signal: stop.signal }));
    },
    get: (path: string, client?: KeyPair) => get({ port, path }, client),
    keepConnected: (client: KeyPair) => keepConnected(() => port, client),
    clear: async () => {
      stop.abort();
      await rm(directory, { recursive: true });
    },
  };
}

/** A client that asks for the metrics again and again over one connection, as Prometheus does, and connects anew when that is closed. */
function keepConnected(port: () => number, { certificate: cert, key }: KeyPair) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
  const get = async (): Promise<number | undefined> =>
    await new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port: port(),
        path: "/metrics",
        agent,
        cert,
        key,
        ca: serviceCA.certificate,
      };
      const asked = request(options, (response) => {
        response.resume().once("end", () => resolve(response.statusCode));
      });
      // It was closed at the moment at which it was taken: every client asks once more then.
      asked.once("error", (error) => (asked.reusedSocket ? resolve(get()) : reject(error))).end();
    });
  return { get, close: () => agent.destroy() };
}

interface Answer {
  status: number | undefined;
  body: string;
  /** Common name of the server's certificate. */
  server: string;
}

/** One request over a connection of its own. */
async function get(to: { port: number; path: string }, client: KeyPair | undefined): Promise<Answer> {
  const agent = new Agent({ maxCachedSessions: 0 });
  const shown = client === undefined ? {} : { cert: client.certificate, key: client.key };
  return await new Promise((resolve, reject) => {
    const asked = request({ ...to, ...shown, host: "127.0.0.1", agent, ca: serviceCA.certificate });
    asked.on("error", reject).once("response", (response) => {
      const server = String((response.socket as TLSSocket).getPeerCertificate().subject.CN);
      text(response).then((body) => resolve({ status: response.statusCode, body, server }), reject);
    });
    asked.end();
  });
}

export async function until(come: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await come())) await pause(5);
}
