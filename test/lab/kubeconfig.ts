// A kubeconfig of the lab, as JSON (which is YAML).
import { writeFile } from "node:fs/promises";
import type { Ground } from "./ground.ts";

interface Access {
  url: string;
  /** A token, or the file that holds one and is read anew when it changes. */
  token?: string;
  tokenFile?: string;
}

/** Writes a kubeconfig with one context to `path`, and resolves with the path. */
export async function writeKubeconfig(
  ground: Pick<Ground, "authority">,
  path: string,
  access: Access,
): Promise<string> {
  const user = access.tokenFile === undefined ? { token: access.token } : { tokenFile: access.tokenFile };
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
    users: [{ name: "lab", user }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
    "current-context": "lab",
  };
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
}
