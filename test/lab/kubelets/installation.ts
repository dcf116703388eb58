// The installation of a cluster whose nodes run: our manifests with the image that was built here, and what OpenShift would make for them.
import { mkdtemp, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { agentName, controllerName, namespace } from "../../../common/annotations.ts";
import type { KubeObject } from "../api.ts";
import type { Ground } from "../ground.ts";
import { imageName } from "./images.ts";

const manifests = fileURLToPath(new URL("../../../manifests", import.meta.url));

/** Writes an overlay of manifests/base with components of manifests/components, and resolves with its directory. */
export async function writeOverlay(ground: Ground, components: readonly string[] = []): Promise<string> {
  const directory = await mkdtemp(join(ground.directory, "overlay-"));
  // No path from the root is taken.
  const path = (...names: string[]) => relative(directory, join(manifests, ...names));
  const [newName, newTag] = imageName.split(":");
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [path("base")],
    components: components.map((name) => path("components", name)),
    images: [{ name: "bootwarden", newName, newTag }],
    patches: [{ patch: JSON.stringify(quickController) }],
  };
  await writeFile(join(directory, "kustomization.yaml"), JSON.stringify(kustomization));
  return directory;
}

/** A lab has no time for what has to be seen twice. */
const quickController = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: controllerName, namespace },
  spec: {
    template: {
      spec: { containers: [{ name: "controller", env: [{ name: "MISMATCH_CONFIRM_SECONDS", value: "5" }] }] },
    },
  },
};

/** The Secrets that service-ca makes for our Services. */
export async function servingSecrets({ authority }: Ground): Promise<KubeObject[]> {
  return await Promise.all(
    [agentName, controllerName].map(async (name) => {
      const { certificate, key } = await authority.issue(`${name}.${namespace}.svc`, [`${name}.${namespace}.svc`]);
      return {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace, name: `${name}-tls` },
        type: "kubernetes.io/tls",
        stringData: { "tls.crt": certificate, "tls.key": key },
      };
    }),
  );
}
