// The kubeconfig of the controller: from a file, or from the pod it runs in.
import { KubeConfig } from "@kubernetes/client-node";
import { ApiCredentialsError } from "../../common/kube/kubeconfig.ts";
import { oneLine } from "../../common/one-line.ts";

/** Without `file`, the ServiceAccount of the pod. Throws ApiCredentialsError (ApiCredentialsInvalid). */
export function readKubeConfig(file: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromCluster();
    else config.loadFromFile(file);
  } catch (cause) {
    throw invalid(`${file ?? "the pod's ServiceAccount"} cannot be read`, cause);
  }
  // Out of a cluster, client-node makes a server of variables that are not set.
  const server = config.getCurrentCluster()?.server ?? "";
  if (URL.canParse(server)) return config;
  if (file === undefined) throw invalid("KUBECONFIG is not set, and this is no pod of a cluster");
  throw invalid(`${file} names no server for its current context`);
}

function invalid(what: string, cause?: unknown): ApiCredentialsError {
  // Only the first line, and no cause: a YAML parser quotes the lines around a mistake, and one of them may be a token.
  const why = cause instanceof Error ? ` (${oneLine(cause.message.split("\n", 1)[0] ?? "")})` : "";
  return new ApiCredentialsError("ApiCredentialsInvalid", `${what}${why}: set KUBECONFIG or run in a cluster.`);
}
