// The account of a vCenter: user name, password and CA, from the Secret and the ConfigMap that are named for it.
import { z } from "zod";
import { controllerName, namespace, vcenterSecret } from "../../common/annotations.ts";
import { Failure } from "../../common/failure.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";

/** The Secret or the CA bundle is missing or incomplete: CredentialsMissing. */
class AccountError extends Failure {}

const Secret = z.object({ data: z.record(z.string(), z.base64()).default({}) });
const ConfigMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

export interface SecretName {
  namespace: string;
  name: string;
}

export interface Account {
  username: string;
  password: string;
}

/** The keys `<server>.username` and `<server>.password` of the Secret, as OpenShift keeps them. Throws AccountError. */
export async function readAccount(kube: Pick<Kube, "get">, server: string, secret: SecretName): Promise<Account> {
  const where = `Secret ${secret.namespace}/${secret.name}`;
  const path = `/api/v1/namespaces/${secret.namespace}/secrets/${secret.name}`;
  const object = await kube.get(path).catch((cause: unknown) => {
    throw forbidden(cause) ? unreadable(where, cause) : cause;
  });
  if (object === undefined) throw new AccountError("CredentialsMissing", `${where} does not exist: create it.`);
  const { data } = Secret.parse(object);
  const [username, password] = ["username", "password"].map((field) =>
    Buffer.from(data[`${server}.${field}`] ?? "", "base64").toString("utf8"),
  );
  if (!username || !password) {
    const keys = `${server}.username and ${server}.password`;
    throw new AccountError("CredentialsMissing", `${where} lacks the keys ${keys}: add them.`);
  }
  return { username, password };
}

function forbidden(cause: unknown): boolean {
  return cause instanceof KubeError && cause.status === 403;
}

function unreadable(where: string, cause: unknown): AccountError {
  const remedy =
    `allow get of it to ${controllerName} by a Role and a RoleBinding there, or name ${vcenterSecret} of the ` +
    `namespace ${namespace} in the policy's vcenters[].credentialsSecret`;
  return new AccountError("CredentialsMissing", `${where} may not be read: ${remedy}.`, { cause });
}

interface BundleName extends SecretName {
  key: string;
}

/** PEM certificates from a ConfigMap. Throws AccountError. */
export async function readCaBundle(kube: Pick<Kube, "get">, reference: BundleName): Promise<string> {
  const object = await kube.get(`/api/v1/namespaces/${reference.namespace}/configmaps/${reference.name}`);
  return caBundleIn(object === undefined ? undefined : ConfigMap.parse(object).data, reference);
}

/** PEM certificates in the data of a ConfigMap, undefined where there is none. Throws AccountError. */
export function caBundleIn(data: Record<string, string> | undefined, reference: BundleName): string {
  const where = `ConfigMap ${reference.namespace}/${reference.name}`;
  const bundle = data?.[reference.key];
  if (!bundle?.includes("-----BEGIN CERTIFICATE-----")) {
    const message = `${where} has no PEM certificates under the key ${reference.key}: mend it or the policy's caBundle.`;
    throw new AccountError("CABundleMissing", message);
  }
  return bundle;
}
