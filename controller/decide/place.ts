// The place of a template: the datacenter, datastore, folder and pool that a MachineSet's workspace names.
import { type Decision, decided, refused } from "./decision.ts";
import { hash } from "./hash.ts";
import type { Workspace } from "./machine-set.ts";

export interface Place {
  /** Equal for two MachineSets exactly when one template serves both. */
  key: string;
  /** What stands in the template's name. */
  label: string;
  server: string;
  datacenter: string;
  datastore: string;
  folder: string;
  resourcePool: string;
  network: string;
}

/** A failure domain of Infrastructure/cluster. */
export interface FailureDomain {
  name: string;
  server: string;
  datacenter: string;
  datastore: string;
  computeCluster: string;
  /** Left out: the root pool of the compute cluster. */
  resourcePool?: string | undefined;
  /** Where it names none, the installer's: `/<datacenter>/vm/<infrastructureName>`. */
  folder: string;
  /** `zoneAffinity.hostGroup.vmGroup`. */
  vmGroup?: string | undefined;
}

/**
 * The place of a workspace; `NoWorkspace` when a field is missing. Its label is the name of the failure domain that it
 * equals, else 6 hex digits. The network is no part of the key: a clone gets its machine's own network, so MachineSets
 * that differ only there share a template.
 */
export function placeOf(
  workspace: Partial<Workspace> | null,
  networkName: string,
  failureDomains: readonly FailureDomain[],
): Decision<Place> {
  const { server, datacenter, datastore, folder, resourcePool, vmGroup } = workspace ?? {};
  if (!server || !datacenter || !datastore || !folder || !resourcePool) {
    const missing = Object.entries({ server, datacenter, datastore, folder, resourcePool })
      .filter(([, value]) => !value)
      .map(([field]) => field);
    return refused("NoWorkspace", `The provider spec's workspace lacks ${missing.join(", ")}: complete it.`);
  }
  const clean = cleanWorkspace({ server, datacenter, datastore, folder, resourcePool });
  const domain = failureDomains.find((candidate) => equals(candidate, { ...clean, vmGroup }));
  const parts = [...Object.values(clean), vmGroup ?? ""];
  const label = domain?.name ?? hash(JSON.stringify(parts)).slice(0, 6);
  return decided({ key: JSON.stringify([label, ...parts]), label, ...clean, network: networkName });
}

/** The inventory path of a template of that name in the place. */
export function templatePath({ folder }: Pick<Place, "folder">, name: string): string {
  return `${folder}/${name}`;
}

function equals(domain: FailureDomain, workspace: Workspace): boolean {
  const resourcePool = domain.resourcePool || `${domain.computeCluster}/Resources`;
  const { server, datacenter, datastore, folder } = domain;
  const own = cleanWorkspace({ server, datacenter, datastore, folder, resourcePool });
  return (
    server === workspace.server &&
    own.datacenter === workspace.datacenter &&
    own.datastore === workspace.datastore &&
    own.folder === workspace.folder &&
    own.resourcePool === workspace.resourcePool &&
    (domain.vmGroup ?? "") === (workspace.vmGroup ?? "")
  );
}

/** One spelling for each: the Machine API takes names and relative paths, too, below the datacenter's folder of the kind. */
function cleanWorkspace(workspace: Omit<Workspace, "vmGroup">): Omit<Workspace, "vmGroup"> {
  const datacenter = cleanPath(workspace.datacenter).replace(/^\//, "");
  const absolute = (kind: string, path: string) => (path.startsWith("/") ? path : `/${datacenter}/${kind}/${path}`);
  return {
    server: workspace.server,
    datacenter,
    datastore: absolute("datastore", cleanPath(workspace.datastore)),
    folder: absolute("vm", cleanPath(workspace.folder)),
    resourcePool: absolute("host", cleanPath(workspace.resourcePool)),
  };
}

/** The path without doubled and trailing slashes and without `.` and `..`, as the Machine Config Operator compares it. */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") kept.pop();
    else kept.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + kept.join("/");
}
