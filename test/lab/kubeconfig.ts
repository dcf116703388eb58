// A kubeconfig of the lab, as JSON (which is YAML).
import { writeFile } from "node:fs/promises";
import type { KeyPair } from "./certificates.ts";
import type { Ground } from "./ground.ts";

interface Access {
  url: string;
  /** A token, or the file that holds one and is read anew when it changes. */
  token?: string;
  tokenFile?: string;
  /** In place of a token. */
  client?: KeyPair;
}

/** Writes a kubeconfig with one context to `path`, and resolves with the path. */
export async function writeKubeconfig(
  ground: Pick<Ground, "authority">,
  path: string,
  access: Access,
): Promise<string> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "lab",
        cluster: {
          server: access.url,
          "certificate-authority-data": Buffer.from(ground.authority.certificate).toString("base64"),
        },
      },
    ],
    users: [{ name: "lab", user: userOf(access) }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
    "current-context": "lab",
  };
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
}

function userOf({ token, tokenFile, client }: Access): Record<string, string | undefined> {
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  if (client !== undefined) {
    return { "client-certificate-data": base64(client.certificate), "client-key-data": base64(client.key) };
  }
  return tokenFile === undefined ? { token } : { tokenFile };
}
