// The named template: whether a template in vCenter is the one that a provider spec names, by the Machine API's look-up.
import { cleanPath } from "./place.ts";

/** Of a vSphere provider spec. */
export interface Naming {
  /** Name or inventory path, verbatim. */
  template: string;
  workspace: { server?: string | undefined; datacenter?: string | undefined } | null;
}

/**
 * A bare name means every VM of that name in the workspace's datacenter, in whatever folder; a path one VM, a relative one below
 * the VM folder of that datacenter. Who does not say which vCenter and datacenter names none. `path`: absolute.
 */
export function isNamedBy({ template, workspace }: Naming, found: { server: string; path: string }): boolean {
  const { server, datacenter } = workspace ?? {};
  if (template === "" || !datacenter || server !== found.server) return false;
  const folder = cleanPath(`/${datacenter}/vm`);
  const path = cleanPath(found.path);
  if (!template.includes("/")) return path.startsWith(`${folder}/`) && path.endsWith(`/${template}`);
  return path === cleanPath(template.startsWith("/") ? template : `${folder}/${template}`);
}
