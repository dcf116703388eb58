// The recorder: an HTTPS server between us and vCenter that keeps and checks every SOAP request, and may answer in vCenter's place.
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { buffer } from "node:stream/consumers";
import { type Agent, request } from "undici";
import type { Ground } from "../lab/ground.ts";
import { readVimSchema, type VimSchema } from "./vim-schema.ts";

export interface Recorder {
  /** Ends in /sdk. */
  url: string;
  /** SHA-256 of its certificate. */
  thumbprint: string;
  /** The bodies, in the order in which they came. */
  requests: string[];
  /**
   * What is wrong with them by the schema of vim25, each with its method; of those that were taken out of `requests`, too. A test that
   * sends something wrong on purpose takes it out: what is left fails the close of the room.
   */
  faults: string[];
  /** Their methods. */
  methods: () => string[];
  /**
   * Asked for each request before vCenter is, which waits for the answer; replaced at will. A request of the REST API is such as
   * `GET /api/session`.
   */
  interfere: (method: string) => Interference | undefined | Promise<Interference | undefined>;
}

/**
 * The type of a SOAP fault (of the REST API: its status), or an edit of vCenter's answer, or the end of the connection, with or without vCenter having had the request.
 */
type Interference = { fault: string } | { edit: (answer: string) => string } | "cut" | "cut after";

/** Starts to record what goes to `target`; ends with the ground's signal. */
export async function startRecorder(ground: Ground, target: string): Promise<Recorder> {
  const [{ certificate, key }, schema] = await Promise.all([ground.authority.issue("recorder"), readVimSchema()]);
  const requests: string[] = [];
  const recorder: Recorder = {
    url: "",
    thumbprint: new X509Certificate(certificate).fingerprint256,
    requests,
    faults: [],
    methods: () => requests.map(methodOf),
    interfere: () => undefined,
  };
  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    forward({ incoming, response, recorder, schema }, target, ground.dispatcher).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ground.signal.addEventListener("abort", () => server.close().closeAllConnections(), { once: true });
  const address = server.address();
  return Object.assign(recorder, {
    url: `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}/sdk`,
  });
}

/** From the call of `method` on, vCenter hears nothing more of us: so a controller is killed. */
export function killAt(recorder: Recorder, method: string, how: "cut" | "cut after"): void {
  let dead = false;
  recorder.interfere = (called) => {
    const now = called === method && !dead ? how : "cut";
    dead ||= called === method;
    return dead ? now : undefined;
  };
}

function methodOf(body: string): string {
  return /:Body><(\w+)/.exec(body)?.[1] ?? "";
}

interface Exchange {
  incoming: IncomingMessage;
  response: ServerResponse;
  recorder: Recorder;
  schema: VimSchema;
}

async function forward(exchange: Exchange, target: string, dispatcher: Agent): Promise<void> {
  const { incoming, response, recorder, schema } = exchange;
  const { method = "", url: path = "", headers } = incoming;
  const body = await buffer(incoming);
  const isSoap = path === "/sdk";
  const text = body.toString("utf8");
  if (isSoap) keep(recorder, schema, text);
  const interference = await recorder.interfere(isSoap ? methodOf(text) : `${method} ${path}`);
  if (interference === "cut") return void response.destroy();
  const { fault, edit } = { fault: undefined, edit: (answer: string) => answer, ...Object(interference) };
  if (fault !== undefined)
    return void response.writeHead(isSoap ? 500 : Number(fault)).end(isSoap ? faultOf(fault) : "{}");
  const answer = await request(new URL(path, target), {
    method: methods.find((one) => one === method) ?? "GET",
    headers: Object.fromEntries(passed.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))),
    body: body.length === 0 ? null : body,
    dispatcher,
  });
  const content = edit(await answer.body.text());
  if (interference === "cut after") return void response.destroy();
  const setCookie = answer.headers["set-cookie"];
  response.writeHead(answer.statusCode, setCookie === undefined ? {} : { "set-cookie": setCookie });
  response.end(content);
}

function keep({ requests, faults }: Recorder, schema: VimSchema, request: string): void {
  requests.push(request);
  faults.push(...schema.faultsOf(request).map((fault) => `${methodOf(request)}: ${fault}`));
}

const methods = ["GET", "POST", "DELETE"] as const;
const passed = [
  "cookie",
  "soapaction",
  "content-type",
  "authorization",
  "vmware-api-session-id",
  "vmware-use-header-authn",
];

function faultOf(type: string): string {
  const namespaces = `xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
  const detail = `<${type}Fault xmlns="urn:vim25" xsi:type="${type}"/>`;
  const fault = `<soap:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${type}</faultstring><detail>${detail}</detail></soap:Fault>`;
  return `<?xml version="1.0"?><soap:Envelope ${namespaces}><soap:Body>${fault}</soap:Body></soap:Envelope>`;
}
