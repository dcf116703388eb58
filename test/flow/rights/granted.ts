// The granted rights: what the roles of the manifests that are bound to an account allow, one by one.
import { z } from "zod";
import type { Manifest } from "../../manifests/built.ts";
import { type Right, resourceName } from "./right.ts";

const Binding = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ name: z.string(), namespace: z.string() })),
});

/** `account`: namespace and name of a ServiceAccount. Roles that are not in the manifests (OpenShift's own) grant nothing here. */
export function grantedRights(manifests: readonly Manifest[], account: { namespace: string; name: string }): Right[] {
  const bindings = manifests.filter(({ kind }) => kind.endsWith("RoleBinding"));
  return bindings.flatMap((object) => {
    const { roleRef, subjects } = Binding.parse(object);
    if (!subjects.some(({ name, namespace }) => name === account.name && namespace === account.namespace)) return [];
    const namespace = object.metadata.namespace ?? null;
    const role = manifests.find(
      ({ kind, metadata }) =>
        kind === roleRef.kind &&
        metadata.name === roleRef.name &&
        (kind === "ClusterRole" || (metadata.namespace ?? null) === namespace),
    );
    return (role?.rules ?? []).flatMap((rule) => rightsOf(rule, namespace));
  });
}

function rightsOf({ apiGroups, resources, resourceNames, verbs }: Manifest["rules"][number], namespace: string | null) {
  const names = resourceNames.length === 0 ? [null] : resourceNames;
  const kinds = apiGroups.flatMap((apiGroup) => resources.map((resource) => resourceName({ apiGroup, resource })));
  return kinds.flatMap((resource) =>
    names.flatMap((name) => verbs.map((verb): Right => ({ verb, resource, namespace, name }))),
  );
}
