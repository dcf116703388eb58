// The configuration that a clone inherits, as the spec that creates it.
package main

import (
	"bytes"
	"reflect"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

// inherit copies everything of the source but its identity (names, UUIDs, files).
func inherit(vm *simulator.VirtualMachine) (types.VirtualMachineConfigSpec, error) {
	source := vm.Config
	config := types.VirtualMachineConfigSpec{
		Version: source.Version, GuestId: source.GuestId, AlternateGuestName: source.AlternateGuestName,
		Annotation: source.Annotation, Firmware: source.Firmware, BootOptions: source.BootOptions, Tools: source.Tools,
		NumCPUs: source.Hardware.NumCPU, NumCoresPerSocket: source.Hardware.NumCoresPerSocket, MemoryMB: int64(source.Hardware.MemoryMB),
		VirtualICH7MPresent: source.Hardware.VirtualICH7MPresent, VirtualSMCPresent: source.Hardware.VirtualSMCPresent,
		CpuAllocation: source.CpuAllocation, MemoryAllocation: source.MemoryAllocation, LatencySensitivity: source.LatencySensitivity,
		NestedHVEnabled: source.NestedHVEnabled, CpuHotAddEnabled: source.CpuHotAddEnabled, CpuHotRemoveEnabled: source.CpuHotRemoveEnabled,
		MemoryHotAddEnabled: source.MemoryHotAddEnabled, ChangeTrackingEnabled: source.ChangeTrackingEnabled, Flags: &source.Flags,
		ExtraConfig: source.ExtraConfig, VAppConfig: inheritVApp(source.VAppConfig),
	}
	var own types.VirtualMachineConfigSpec
	if err := deepCopy(config, &own); err != nil {
		return own, err
	}
	var devices types.ArrayOfVirtualDevice
	if err := deepCopy(types.ArrayOfVirtualDevice{VirtualDevice: source.Hardware.Device}, &devices); err != nil {
		return own, err
	}
	own.DeviceChange = inheritDevices(devices.VirtualDevice)
	return own, nil
}

func inheritVApp(info types.BaseVmConfigInfo) types.BaseVmConfigSpec {
	if info == nil {
		return nil
	}
	spec := &types.VmConfigSpec{}
	add := types.ArrayUpdateSpec{Operation: types.ArrayUpdateOperationAdd}
	for _, product := range info.GetVmConfigInfo().Product {
		spec.Product = append(spec.Product, types.VAppProductSpec{ArrayUpdateSpec: add, Info: &product})
	}
	for _, property := range info.GetVmConfigInfo().Property {
		spec.Property = append(spec.Property, types.VAppPropertySpec{ArrayUpdateSpec: add, Info: &property})
	}
	return spec
}

// inheritDevices leaves out the devices that every new VM has, and lets new disk files be made next to the clone.
func inheritDevices(devices object.VirtualDeviceList) []types.BaseVirtualDeviceConfigSpec {
	standard := object.VirtualDeviceList(esx.VirtualDevice)
	var changes []types.BaseVirtualDeviceConfigSpec
	for _, device := range devices {
		if standard.Find(devices.Name(device)) != nil {
			continue
		}
		change := &types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationAdd, Device: device}
		if disk, ok := device.(*types.VirtualDisk); ok {
			change.FileOperation = types.VirtualDeviceConfigSpecFileOperationCreate
			if backing, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
				backing.FileName, backing.Parent, backing.Datastore, backing.Uuid = "", nil, nil, ""
			}
		}
		changes = append(changes, change)
	}
	return changes
}

// override lays every field that the clone spec sets over the inherited ones; extraConfig merges by key, and what
// needs the clone itself (devices, vApp configuration) is left for later.
func override(config, changes *types.VirtualMachineConfigSpec) {
	options := mergeOptions(config.ExtraConfig, changes.ExtraConfig)
	devices, vapp := config.DeviceChange, config.VAppConfig
	from, to := reflect.ValueOf(changes).Elem(), reflect.ValueOf(config).Elem()
	for i := range from.NumField() {
		if !from.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
	config.ExtraConfig, config.DeviceChange, config.VAppConfig = options, devices, vapp
}

// rebind gives an edited disk the clone's own file: clients edit the device that they read from the source.
func rebind(clone *simulator.VirtualMachine, changes []types.BaseVirtualDeviceConfigSpec) {
	devices := object.VirtualDeviceList(clone.Config.Hardware.Device)
	for _, change := range changes {
		spec := change.GetVirtualDeviceConfigSpec()
		disk, ok := spec.Device.(*types.VirtualDisk)
		if !ok || spec.Operation != types.VirtualDeviceConfigSpecOperationEdit {
			continue
		}
		if own, ok := devices.FindByKey(disk.Key).(*types.VirtualDisk); ok {
			disk.Backing = own.Backing
		}
	}
}

// relayout lays the inherited disks out as the relocate spec's locators say.
func relayout(devices []types.BaseVirtualDeviceConfigSpec, locators []types.VirtualMachineRelocateSpecDiskLocator) {
	for _, change := range devices {
		disk, ok := change.GetVirtualDeviceConfigSpec().Device.(*types.VirtualDisk)
		if !ok {
			continue
		}
		own, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		for _, locator := range locators {
			if wanted, flat := locator.DiskBackingInfo.(*types.VirtualDiskFlatVer2BackingInfo); ok && flat && locator.DiskId == disk.Key {
				own.ThinProvisioned, own.EagerlyScrub = wanted.ThinProvisioned, wanted.EagerlyScrub
			}
		}
	}
}

// rewire hangs the inherited network cards on the networks that the relocate spec's edits name. They are born there: the
// clone's host need not be a member of the source's switch.
func rewire(devices, edits []types.BaseVirtualDeviceConfigSpec) {
	for _, change := range edits {
		edit := change.GetVirtualDeviceConfigSpec()
		if _, isCard := edit.Device.(types.BaseVirtualEthernetCard); !isCard || edit.Operation != types.VirtualDeviceConfigSpecOperationEdit {
			continue
		}
		for _, device := range devices {
			if own := device.GetVirtualDeviceConfigSpec().Device.GetVirtualDevice(); own.Key == edit.Device.GetVirtualDevice().Key {
				own.Backing = edit.Device.GetVirtualDevice().Backing
			}
		}
	}
}

func deepCopy(from, to any) error {
	text, err := xml.Marshal(from)
	if err != nil {
		return err
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.TypeFunc = types.TypeFunc()
	return decoder.Decode(to)
}
