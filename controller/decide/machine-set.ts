// The facts of a MachineSet that decisions are made from.
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import type { Labels } from "./label-selector.ts";

/** `workspace` of a vSphere provider spec; datastore, folder and pool are names or inventory paths. */
export interface Workspace {
  server: string;
  datacenter: string;
  datastore: string;
  folder: string;
  resourcePool: string;
  /** Only in clusters whose failure domains are groups of hosts. */
  vmGroup?: string | undefined;
}

/** The fields of `spec.template.spec.providerSpec.value` that are used. */
export interface VSphereProvider {
  /** Name or inventory path, verbatim. */
  template: string;
  workspace: Partial<Workspace> | null;
  /** Of the first network device. */
  networkName: string;
  cloneMode?: string | undefined;
  /** Name of the template's snapshot that a `linkedClone` is made from; "" means its current one. */
  snapshot?: string | undefined;
  /** vCenter tags of the machines: `urn:vmomi:InventoryServiceTag:<uuid>:GLOBAL`. */
  tagIDs?: readonly string[] | undefined;
  credentialsSecret?: string | undefined;
  userDataSecret?: string | undefined;
  diskGiB?: number | undefined;
}

export interface MachineSetFacts {
  name: string;
  namespace: string;
  labels: Labels;
  annotations: Readonly<Record<string, string>>;
  owners: readonly { kind: string; name: string }[];
  /** `spec.template.metadata.labels`. */
  templateLabels: Labels;
  /** `spec.authoritativeAPI`, where the cluster has it. */
  authoritativeAPI?: string | undefined;
  /** The boot image that its stream and architecture ask for, whether it may be moved to it now or not. */
  image: Decision<BootImageTarget>;
  /** null when the provider spec is not vSphere's. */
  provider: VSphereProvider | null;
}
