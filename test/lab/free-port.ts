// A free port on loopback, for servers that must be told their port.
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { LabError } from "./lab-error.ts";

/**
 * A TCP port on 127.0.0.1 that nobody listened on a moment ago. Never above 32,767: that is the highest that an
 * Infrastructure object takes for a vCenter, and the kernel gives outgoing connections only higher ones.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
  throw new LabError("No port between 20000 and 32767 is free on 127.0.0.1.");
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}
