// The hardware versions of the hosts: a VM's may not be higher than the newest that its host knows.
package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// fitHardware gives vCenter's fault for a version that the host is too old for.
func (vc *VCenter) fitHardware(ctx *simulator.Context, ref *types.ManagedObjectReference, version string) types.BaseMethodFault {
	if !vc.settings.Behave.HardwareFits || ref == nil || version == "" {
		return nil
	}
	host, ok := ctx.Map.Get(*ref).(*simulator.HostSystem)
	if !ok {
		return nil
	}
	newest := newestHardware(host.Config.Product.Version)
	if newest == 0 || hardwareNumber(version) <= newest {
		return nil
	}
	fault := &types.VirtualHardwareVersionNotSupported{HostName: host.Name, Host: *ref}
	fault.FaultMessage = []types.LocalizableMessage{{Key: "hardware", Message: fmt.Sprintf("%s knows hardware up to vmx-%d", host.Name, newest)}}
	return fault
}

// esxHardware: the newest hardware version that came with an ESXi version; later updates know it too.
var esxHardware = []struct{ version, hardware int }{
	{60500, 13}, {60700, 14}, {60702, 15}, {70000, 17}, {70001, 18}, {70002, 19}, {80000, 20}, {80002, 21}, {90000, 22},
}

var esxVersion = regexp.MustCompile(`^(\d)\.(\d)(?:\.(\d))?$`)

// newestHardware that an ESXi version knows, as the number in vmx-21; 0 for what is no version.
func newestHardware(version string) int {
	parts := esxVersion.FindStringSubmatch(version)
	if parts == nil {
		return 0
	}
	digit := func(text string) int { n, _ := strconv.Atoi(text); return n } // no text is 0
	number := digit(parts[1])*10000 + digit(parts[2])*100 + digit(parts[3])
	newest := 0
	for _, known := range esxHardware {
		if number >= known.version {
			newest = known.hardware
		}
	}
	return newest
}

func hardwareNumber(version string) int {
	number, err := strconv.Atoi(strings.TrimPrefix(version, "vmx-"))
	if err != nil {
		return 0
	}
	return number
}

// age makes a cluster's hosts those of an ESXi version, and its environment browser offer what these know.
func (b *builder) age(cluster *simulator.ClusterComputeResource, text string) error {
	newest := newestHardware(text)
	if newest == 0 {
		return fmt.Errorf("esxVersion %q is none that is known, as 7.0.3", text)
	}
	for _, ref := range cluster.Host {
		host := b.registry.Get(ref).(*simulator.HostSystem)
		product := host.Config.Product
		product.Version, product.FullName, product.ApiVersion = text, "VMware ESXi "+text, text+".0"
		host.Config.Product = product
		host.Summary.Config.Product = &product
	}
	browser := b.registry.Get(*cluster.EnvironmentBrowser).(*simulator.EnvironmentBrowser)
	var known []types.VirtualMachineConfigOptionDescriptor
	for _, descriptor := range browser.QueryConfigOptionDescriptorResponse.Returnval {
		offered := hardwareNumber(descriptor.Key)
		if offered > newest {
			continue
		}
		descriptor.Host = cluster.Host
		descriptor.DefaultConfigOption = types.NewBool(offered == newest)
		known = append(known, descriptor)
	}
	browser.QueryConfigOptionDescriptorResponse.Returnval = known
	return nil
}

type upgradable struct {
	*simulator.VirtualMachine
	vc *VCenter
}

// UpgradeVMTask ends in the fault of a version that the host does not know; the stock one sets the version.
func (vm *upgradable) UpgradeVMTask(ctx *simulator.Context, req *types.UpgradeVM_Task) soap.HasFault {
	fault := vm.vc.fitHardware(ctx, vm.Runtime.Host, req.Version)
	if fault == nil || vm.Config.Template {
		return vm.VirtualMachine.UpgradeVMTask(ctx, req)
	}
	task := simulator.CreateTask(vm.VirtualMachine, "upgradeVm", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) { return nil, fault })
	return &methods.UpgradeVM_TaskBody{Res: &types.UpgradeVM_TaskResponse{Returnval: task.Run(ctx)}}
}
