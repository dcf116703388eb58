// The privileges that changes of a VM's configuration need, field by field.
package main

import (
	"reflect"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// configPrivileges: every other field of VirtualMachineConfigSpec needs VirtualMachine.Config.Settings. The reference
// gives Rename for the annotation; vCenter has its own privilege for it.
var configPrivileges = map[string]string{
	"Name":                         "VirtualMachine.Config.Rename",
	"Annotation":                   "VirtualMachine.Config.Annotation",
	"NumCPUs":                      "VirtualMachine.Config.CPUCount",
	"NumCoresPerSocket":            "VirtualMachine.Config.CPUCount",
	"CpuHotAddEnabled":             "VirtualMachine.Config.CPUCount",
	"CpuHotRemoveEnabled":          "VirtualMachine.Config.CPUCount",
	"MemoryMB":                     "VirtualMachine.Config.Memory",
	"MemoryHotAddEnabled":          "VirtualMachine.Config.Memory",
	"CpuAllocation":                "VirtualMachine.Config.Resource",
	"MemoryAllocation":             "VirtualMachine.Config.Resource",
	"LatencySensitivity":           "VirtualMachine.Config.Resource",
	"CpuAffinity":                  "VirtualMachine.Config.Resource",
	"MemoryAffinity":               "VirtualMachine.Config.Resource",
	"MemoryReservationLockedToMax": "VirtualMachine.Config.Resource",
	"ExtraConfig":                  "VirtualMachine.Config.AdvancedConfig",
	"SwapPlacement":                "VirtualMachine.Config.SwapPlacement",
	"ChangeTrackingEnabled":        "VirtualMachine.Config.ChangeTracking",
	"MaxMksConnections":            "VirtualMachine.Config.MksControl",
	"GuestAutoLockEnabled":         "VirtualMachine.Config.MksControl",
	"ManagedBy":                    "VirtualMachine.Config.ManagedBy",
	"ScheduledHardwareUpgradeInfo": "VirtualMachine.Config.UpgradeVirtualHardware",
	"VAppConfig":                   "VApp.ApplicationConfig",
	"VAppConfigRemoved":            "VApp.ApplicationConfig",
}

// configNeeds asks for the privileges on the VM, or on the folder of a VM to be.
func configNeeds(ctx *simulator.Context, on types.ManagedObjectReference, config types.VirtualMachineConfigSpec) []need {
	var list []need
	fields := reflect.ValueOf(config)
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		switch {
		case fields.Field(i).IsZero() || name == "DynamicData" || name == "ChangeVersion" || name == "DeviceChange":
			continue
		case configPrivileges[name] != "":
			list = append(list, need{on, configPrivileges[name]})
		default:
			list = append(list, need{on, "VirtualMachine.Config.Settings"})
		}
	}
	return append(list, deviceNeeds(ctx, on, config.DeviceChange)...)
}

func deviceNeeds(ctx *simulator.Context, on types.ManagedObjectReference, changes []types.BaseVirtualDeviceConfigSpec) []need {
	var list []need
	for _, change := range changes {
		spec := change.GetVirtualDeviceConfigSpec()
		list = append(list, need{on, devicePrivilege(ctx, on, spec)})
		card, isCard := spec.Device.(types.BaseVirtualEthernetCard)
		if isCard && spec.Operation != types.VirtualDeviceConfigSpecOperationRemove {
			if network := networkOf(ctx, card); network != nil {
				list = append(list, need{*network, "Network.Assign"})
			}
		}
	}
	return list
}

func devicePrivilege(ctx *simulator.Context, on types.ManagedObjectReference, spec *types.VirtualDeviceConfigSpec) string {
	disk, isDisk := spec.Device.(*types.VirtualDisk)
	switch {
	case isDisk && spec.Operation == types.VirtualDeviceConfigSpecOperationAdd && spec.FileOperation == "":
		return "VirtualMachine.Config.AddExistingDisk"
	case isDisk && spec.Operation == types.VirtualDeviceConfigSpecOperationAdd:
		return "VirtualMachine.Config.AddNewDisk"
	case isDisk && spec.Operation == types.VirtualDeviceConfigSpecOperationRemove:
		return "VirtualMachine.Config.RemoveDisk"
	case isDisk && grows(ctx, on, disk):
		return "VirtualMachine.Config.DiskExtend"
	case spec.Operation == types.VirtualDeviceConfigSpecOperationEdit:
		return "VirtualMachine.Config.EditDevice"
	default:
		return "VirtualMachine.Config.AddRemoveDevice"
	}
}

func grows(ctx *simulator.Context, on types.ManagedObjectReference, disk *types.VirtualDisk) bool {
	vm, ok := ctx.Map.Get(on).(*simulator.VirtualMachine)
	if !ok {
		return false
	}
	for _, device := range vm.Config.Hardware.Device {
		if present, ok := device.(*types.VirtualDisk); ok && present.Key == disk.Key {
			return disk.CapacityInKB > present.CapacityInKB
		}
	}
	return false
}

func networkOf(ctx *simulator.Context, card types.BaseVirtualEthernetCard) *types.ManagedObjectReference {
	switch backing := card.GetVirtualEthernetCard().Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		if backing.Network != nil {
			return backing.Network
		}
		for _, network := range ctx.Map.All("Network") {
			if network.Entity().Name == backing.DeviceName {
				ref := network.Reference()
				return &ref
			}
		}
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		return &types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: backing.Port.PortgroupKey}
	}
	return nil
}
