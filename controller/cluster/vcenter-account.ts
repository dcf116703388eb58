// The account of a vCenter: user name, password and CA, from the Secret and the ConfigMap that are named for it.
import { z } from "zod";
import { Failure } from "../../common/failure.ts";
import type { Kube } from "./kube.ts";

/** The Secret or the CA bundle is missing or incomplete: CredentialsMissing. */
class AccountError extends Failure {}

const Secret = z.object({ data: z.record(z.string(), z.base64()).default({}) });
const ConfigMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

export interface Account {
  username: string;
  password: string;
}

/** The keys `<server>.username` and `<server>.password` of the Secret, as OpenShift keeps them. Throws AccountError. */
export async function readAccount(
  kube: Kube,
  server: string,
  secret: { namespace: string; name: string },
): Promise<Account> {
  const where = `Secret ${secret.namespace}/${secret.name}`;
  const object = await kube.get(`/api/v1/namespaces/${secret.namespace}/secrets/${secret.name}`);
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

/** PEM certificates from a ConfigMap. Throws AccountError. */
export async function readCaBundle(
  kube: Kube,
  reference: { namespace: string; name: string; key: string },
): Promise<string> {
  const where = `ConfigMap ${reference.namespace}/${reference.name}`;
  const object = await kube.get(`/api/v1/namespaces/${reference.namespace}/configmaps/${reference.name}`);
  const bundle = object === undefined ? undefined : ConfigMap.parse(object).data[reference.key];
  if (!bundle?.includes("-----BEGIN CERTIFICATE-----")) {
    const message = `${where} has no PEM certificates under the key ${reference.key}: mend it or the policy's caBundle.`;
    throw new AccountError("CABundleMissing", message);
  }
  return bundle;
}
