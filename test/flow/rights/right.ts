// The right: one verb on one kind, as a role grants it or a request uses it.

/** Of an account. */
export interface Right {
  verb: string;
  /** `nodes`, `bootimagepolicies.bootwarden.io/status`. */
  resource: string;
  /** Where it holds; null: everywhere. */
  namespace: string | null;
  /** The only object that it is for; null: every one. */
  name: string | null;
}

export function resourceName({ apiGroup, resource }: { apiGroup: string; resource: string }): string {
  const [plural = "", subresource] = resource.split("/");
  const kind = apiGroup === "" ? plural : `${plural}.${apiGroup}`;
  return subresource === undefined ? kind : `${kind}/${subresource}`;
}

/** As it stands in tables. */
export function told({ verb, resource, namespace, name }: Right): string {
  const what = name === null ? resource : `${resource} ${name}`;
  return namespace === null ? `${verb} ${what}` : `${verb} ${what} in ${namespace}`;
}
