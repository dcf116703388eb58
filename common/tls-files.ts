// The TLS files of a server: its certificate and key, and the CA of its clients, as they stand on disk at the moment.
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "./failure.ts";

/** What the files hold cannot be used. */
export class TlsFilesError extends Failure {
  constructor(what: string, cause: unknown) {
    super("TLSFilesInvalid", `${what}: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
}

/** PEM texts. */
export interface TlsFiles {
  certificate: string;
  key: string;
  /** Null where there is none yet: then no client is trusted. */
  clientCA: string | null;
}

interface Paths {
  /** Where a Secret of type kubernetes.io/tls is mounted. */
  directory: string;
  clientCAFile: string;
}

/** Throws TlsFilesError (TLSFilesInvalid) for files that cannot be read, and for a client CA that is cut off: it would trust too few. */
export async function readTlsFiles({ directory, clientCAFile }: Paths): Promise<TlsFiles> {
  const [certificate, key, clientCA] = await Promise.all([
    readText(join(directory, "tls.crt")),
    readText(join(directory, "tls.key")),
    readClientCA(clientCAFile),
  ]);
  return { certificate, key, clientCA };
}

async function readText(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new TlsFilesError(`${file} cannot be read`, cause);
  });
  // Node takes an empty text for "none", and would serve without.
  if (text.trim() === "") throw new TlsFilesError(`${file} cannot be used`, "it is empty");
  return text;
}

async function readClientCA(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new TlsFilesError(`${file} cannot be read`, cause);
  });
  // OpenSSL passes over what it cannot read.
  for (const part of text.split(/(?=-----BEGIN)/).filter((part) => part.includes("-----BEGIN"))) {
    try {
      new X509Certificate(part);
    } catch (cause) {
      throw new TlsFilesError(`${file} holds something that is no whole certificate`, cause);
    }
  }
  return text.includes("-----BEGIN") ? text : null;
}
