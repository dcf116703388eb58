// The TLS server: HTTPS that takes its certificate, key and client CA anew when their files change.
import type { RequestListener } from "node:http";
import { createServer, type Server, type ServerOptions } from "node:https";
import { isDeepStrictEqual } from "node:util";
import { pause } from "./deadline.ts";
import { failureOf } from "./failure.ts";
import type { Log } from "./log.ts";
import { readTlsFiles, type TlsFiles, TlsFilesError } from "./tls-files.ts";

export interface Tls {
  /** Where a Secret of type kubernetes.io/tls is mounted. */
  directory: string;
  clientCAFile: string;
  /** Common names of the clients that may read the metrics. */
  clients: string[];
  minVersion: "TLSv1.2" | "TLSv1.3";
  /** Milliseconds between two looks at the files. */
  check: number;
}

export interface TlsServer {
  server: Server;
  /** Looks at the files until the signal aborts. What cannot be used changes nothing: a Secret may be in the middle of its rotation. */
  keepFresh: (log: Log, signal: AbortSignal) => Promise<void>;
}

/** OpenShift's Intermediate profile; those of TLS 1.3 are always on. */
const ciphers = [
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ...["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ...["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
].join(":");

/** A server that does not listen yet. A client without a certificate is served too: `listener` decides. Throws TlsFilesError (TLSFilesInvalid). */
export async function createTlsServer(tls: Tls, listener: RequestListener): Promise<TlsServer> {
  let files = await readTlsFiles(tls);
  const options = { requestCert: true, rejectUnauthorized: false, handshakeTimeout: 10_000 };
  const server = usable(tls, () => createServer({ ...options, ...context(files, tls) }, listener));
  const refresh = async (): Promise<boolean> => {
    const found = await readTlsFiles(tls);
    if (isDeepStrictEqual(found, files)) return false;
    usable(tls, () => server.setSecureContext(context(found, tls)));
    // Who a client is, is found out when it connects: one that keeps its connection would be trusted, or not, as before.
    server.closeAllConnections();
    files = found;
    return true;
  };
  const keepFresh = async (log: Log, signal: AbortSignal) => {
    if (files.clientCA === null) log.warn({ file: tls.clientCAFile }, "Nobody may read the metrics: no client CA yet");
    for (let last = ""; !signal.aborted; await pause(signal, tls.check)) {
      try {
        if (await refresh()) log.info({ directory: tls.directory }, "Took the changed TLS files");
        last = "";
      } catch (error) {
        const { reason, message } = failureOf(error);
        if (message !== last) log.warn({ reason }, message);
        last = message;
      }
    }
  };
  return { server, keepFresh };
}

/** Never without `ca`: Node would trust every public CA then, and load them all. */
function context({ certificate, key, clientCA }: TlsFiles, { minVersion }: Tls): ServerOptions {
  return { cert: certificate, key, ca: clientCA ?? [], minVersion, ciphers };
}

function usable<Result>({ directory }: Tls, make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    throw new TlsFilesError(`The certificate and key in ${directory} cannot be used`, cause);
  }
}
