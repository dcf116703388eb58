// The recorder: an HTTPS server between us and vCenter that keeps every SOAP request.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { buffer } from "node:stream/consumers";
import { type Agent, request } from "undici";
import type { Ground } from "../lab/ground.ts";

export interface Recorder {
  /** Ends in /sdk. */
  url: string;
  /** The bodies, in the order in which they came. */
  requests: string[];
}

/** Starts to record what goes to `target`; ends with the ground's signal. */
export async function startRecorder(ground: Ground, target: string): Promise<Recorder> {
  const { certificate, key } = await ground.authority.issue("recorder");
  const requests: string[] = [];
  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    forward({ incoming, response, requests }, target, ground.dispatcher).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ground.signal.addEventListener("abort", () => server.close().closeAllConnections(), { once: true });
  const address = server.address();
  return { url: `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}/sdk`, requests };
}

interface Exchange {
  incoming: IncomingMessage;
  response: ServerResponse;
  requests: string[];
}

async function forward({ incoming, response, requests }: Exchange, target: string, dispatcher: Agent): Promise<void> {
  const body = await buffer(incoming);
  requests.push(body.toString("utf8"));
  const { cookie = "", soapaction = "" } = incoming.headers;
  const headers = { cookie, soapaction: String(soapaction), "content-type": "text/xml; charset=utf-8" };
  const answer = await request(target, { method: "POST", headers, body, dispatcher });
  const setCookie = answer.headers["set-cookie"];
  response.writeHead(answer.statusCode, setCookie === undefined ? {} : { "set-cookie": setCookie });
  response.end(Buffer.from(await answer.body.arrayBuffer()));
}
