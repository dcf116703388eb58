// The OVF manager: CreateImportSpec carries into the import spec what the stock simulator drops from a descriptor.
package main

import (
	"fmt"
	"strings"

	"github.com/vmware/govmomi/ovf"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type ovfManager struct {
	*simulator.OvfManager
}

// CreateImportSpec faults with InvalidArgument on a descriptor that the stock simulator would die of.
func (m *ovfManager) CreateImportSpec(ctx *simulator.Context, req *types.CreateImportSpec) (answer soap.HasFault) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = invalidDescriptor(fmt.Sprint(problem))
		}
	}()
	envelope, err := ovf.Unmarshal(strings.NewReader(req.OvfDescriptor))
	if err != nil {
		return invalidDescriptor(err.Error())
	}
	if envelope.VirtualSystem == nil || len(envelope.VirtualSystem.VirtualHardware) == 0 {
		return invalidDescriptor("no VirtualSystem with a VirtualHardwareSection")
	}
	answer = m.OvfManager.CreateImportSpec(ctx, req)
	body, ok := answer.(*methods.CreateImportSpecBody)
	if !ok || body.Res == nil {
		return answer
	}
	if spec, ok := body.Res.Returnval.ImportSpec.(*types.VirtualMachineImportSpec); ok {
		complete(&spec.ConfigSpec, envelope.VirtualSystem)
		provision(&spec.ConfigSpec, req.Cisp.GetOvfCreateImportSpecParams().DiskProvisioning)
	}
	return answer
}

func invalidDescriptor(message string) soap.HasFault {
	return &methods.CreateImportSpecBody{Fault_: simulator.Fault(message, &types.InvalidArgument{InvalidProperty: "ovfDescriptor"})}
}

func complete(config *types.VirtualMachineConfigSpec, system *ovf.VirtualSystem) {
	if vapp, ok := config.VAppConfig.(*types.VAppConfigSpec); ok {
		config.VAppConfig = &vapp.VmConfigSpec // a VM's, which vCenter types so; VAppConfigSpec is a vApp's
		for i, product := range system.Product {
			info := vapp.Product[i].Info
			info.FullVersion, info.AppUrl = product.FullVersion, product.AppURL
			info.ProductUrl, info.VendorUrl = product.ProductURL, product.VendorURL
		}
	}
	if system.Annotation != nil {
		config.Annotation = system.Annotation.Annotation
	}
	hardware := system.VirtualHardware[0]
	for _, option := range hardware.ExtraConfig {
		config.ExtraConfig = append(config.ExtraConfig, &types.OptionValue{Key: option.Key, Value: option.Value})
	}
	for _, option := range hardware.Config {
		switch option.Key {
		case "firmware":
			config.Firmware = option.Value
		case "bootOptions.efiSecureBootEnabled":
			config.BootOptions = &types.VirtualMachineBootOptions{EfiSecureBootEnabled: types.NewBool(option.Value == "true")}
		}
	}
}

// provision sets the disk flags by which the provisioning type is read back later.
func provision(config *types.VirtualMachineConfigSpec, kind string) {
	for _, change := range config.DeviceChange {
		disk, ok := change.GetVirtualDeviceConfigSpec().Device.(*types.VirtualDisk)
		if !ok {
			continue
		}
		backing, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		if !ok {
			continue
		}
		switch types.OvfCreateImportSpecParamsDiskProvisioningType(kind) {
		case types.OvfCreateImportSpecParamsDiskProvisioningTypeThin:
			backing.ThinProvisioned = types.NewBool(true)
		case types.OvfCreateImportSpecParamsDiskProvisioningTypeEagerZeroedThick:
			backing.ThinProvisioned, backing.EagerlyScrub = types.NewBool(false), types.NewBool(true)
		case types.OvfCreateImportSpecParamsDiskProvisioningTypeThick, types.OvfCreateImportSpecParamsDiskProvisioningTypeFlat:
			backing.ThinProvisioned, backing.EagerlyScrub = types.NewBool(false), types.NewBool(false)
		}
	}
}
