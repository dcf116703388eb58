// The role of the vCenter account: each privilege, on which object, for which calls. docs/vcenter-role.md shows it, preflight asks for it.
import type { Operation } from "./wsdl.ts";

/** The object of vCenter that must give the privilege; a folder's goes for what is in it. */
export type RoleObject = "vCenter" | "folder" | "datastore" | "resource pool" | "network";

/**
 * What it is for: every template (`both`), one that is imported, one that is cloned; and what a template is better with: its tags, a
 * raised hardware version, the snapshot of linked clones.
 */
export type RolePurpose = "both" | "import" | "clone" | "tags" | "hardware" | "linkedClone";

export interface Grant {
  privilege: string;
  on: RoleObject;
  purpose: RolePurpose;
  /** Operations of the SOAP API, or calls of the REST API. */
  calls: readonly (Operation | "tag-association")[];
  /** Whether the role has it that OpenShift's installation asks for. */
  installer: boolean;
}

/**
 * Sources: the vSphere Web Services API reference ("Required Privileges" of each operation), vSphere Security ("Required Privileges
 * for Common Tasks"), and what OpenShift's installer checks its own account for.
 */
export const role: readonly Grant[] = [
  grant("VApp.Import", "resource pool", ["import", ["CreateImportSpec", "ImportVApp"]]),
  grant("VApp.Import", "folder", ["import", ["ImportVApp"]]),
  grant("VirtualMachine.Inventory.Create", "folder", ["import", ["ImportVApp"]]),
  grant("VirtualMachine.Config.Settings", "folder", ["import", ["ReconfigVM_Task"]]),
  grant("VirtualMachine.Inventory.CreateFromExisting", "folder", ["clone", ["CloneVM_Task"]]),
  grant("VirtualMachine.Provisioning.DeployTemplate", "folder", ["clone", ["CloneVM_Task"]]),
  grant("VirtualMachine.Config.EditDevice", "folder", ["clone", ["CloneVM_Task"]]),
  grant("Datastore.AllocateSpace", "datastore", ["both", ["CreateImportSpec", "ImportVApp", "CloneVM_Task"]]),
  grant("Resource.AssignVMToPool", "resource pool", ["both", ["ImportVApp", "CloneVM_Task"]]),
  grant("Network.Assign", "network", ["both", ["ImportVApp", "CloneVM_Task"]]),
  grant("VirtualMachine.Config.AddNewDisk", "folder", ["both", ["ImportVApp", "CloneVM_Task"]]),
  grant("VirtualMachine.Config.AdvancedConfig", "folder", ["both", ["ImportVApp", "CloneVM_Task"]]),
  grant("VirtualMachine.Config.Rename", "folder", ["both", ["Rename_Task"]]),
  grant("VirtualMachine.Provisioning.MarkAsTemplate", "folder", ["both", ["MarkAsTemplate"]]),
  grant("VirtualMachine.Inventory.Delete", "folder", ["both", ["Destroy_Task"]]),
  grant("VirtualMachine.Config.UpgradeVirtualHardware", "folder", ["hardware", ["UpgradeVM_Task"]]),
  grant("VirtualMachine.Config.DiskExtend", "folder", ["linkedClone", ["ReconfigVM_Task"]]),
  {
    ...grant("VirtualMachine.State.CreateSnapshot", "folder", ["linkedClone", ["CreateSnapshot_Task"]]),
    installer: false,
  },
  grant("InventoryService.Tagging.AttachTag", "vCenter", ["tags", ["tag-association"]]),
  grant("InventoryService.Tagging.ObjectAttachable", "folder", ["tags", ["tag-association"]]),
];

/**
 * Operations that the Read-only role is enough for (System.Anonymous, System.View and System.Read, which every role has): on what is
 * above the objects, on the hosts of the cluster, and on a distributed switch. A task or a lease is its creator's own.
 */
export const readOnlyCalls: readonly Operation[] = [
  "RetrieveServiceContent",
  "Login",
  "Logout",
  "CurrentTime",
  "FindByInventoryPath",
  "RetrievePropertiesEx",
  "ContinueRetrievePropertiesEx",
  "RetrieveEntityPermissions",
  "FetchUserPrivilegeOnEntities",
  "QueryConfigOptionDescriptor",
  "HttpNfcLeaseProgress",
  "HttpNfcLeaseGetManifest",
  "HttpNfcLeaseComplete",
  "HttpNfcLeaseAbort",
  "CancelTask",
];

function grant(privilege: string, on: RoleObject, [purpose, calls]: [RolePurpose, Grant["calls"]]): Grant {
  return { privilege, on, purpose, calls, installer: true };
}
