// The import of a VM: ImportVApp creates it and hands out a lease under which its files are uploaded.
package main

import (
	"fmt"
	"path"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type importPool struct {
	*simulator.ResourcePool
	vc *VCenter
}

// ImportVApp answers at once with a lease that becomes ready, or error with the fault, soon after.
func (p *importPool) ImportVApp(ctx *simulator.Context, req *types.ImportVApp) soap.HasFault {
	body := new(methods.ImportVAppBody)
	spec, ok := req.Spec.(*types.VirtualMachineImportSpec)
	if !ok {
		body.Fault_ = simulator.Fault(fmt.Sprintf("%T is not supported", req.Spec), &types.InvalidArgument{InvalidProperty: "spec"})
		return body
	}
	folder, ok := p.folder(ctx, req)
	if !ok {
		body.Fault_ = simulator.Fault("the folder is not a VM folder", &types.InvalidArgument{InvalidProperty: "folder"})
		return body
	}
	lease := newLease(ctx, p.vc)
	lease.task = simulator.CreateTask(p.ResourcePool, "ImportVAppLRO", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		vm, fault := p.create(ctx, folder, spec, req.Host)
		if fault != nil {
			lease.fail(ctx, fault)
			return nil, fault
		}
		lease.ready(ctx, vm)
		return vm.Self, nil
	}).Run(ctx)
	body.Res = &types.ImportVAppResponse{Returnval: lease.Self}
	return body
}

func (p *importPool) folder(ctx *simulator.Context, req *types.ImportVApp) (*simulator.Folder, bool) {
	ref := req.Folder
	if ref == nil {
		ref = &datacenterOf(ctx, p.ResourcePool).VmFolder
	}
	folder, ok := ctx.Map.Get(*ref).(*simulator.Folder)
	return folder, ok
}

func (p *importPool) create(ctx *simulator.Context, folder *simulator.Folder, spec *types.VirtualMachineImportSpec, host *types.ManagedObjectReference) (*simulator.VirtualMachine, types.BaseMethodFault) {
	result, fault := create(ctx, p.vc, folder, &types.CreateVM_Task{
		This: folder.Self, Config: spec.ConfigSpec, Pool: p.Self, Host: host,
	})
	if fault != nil {
		return nil, fault
	}
	return ctx.Map.Get(result.(types.ManagedObjectReference)).(*simulator.VirtualMachine), nil
}

// importFile is a file of the new VM that waits for its bytes.
type importFile struct {
	name, key, importKey string
	disk                 bool
	capacityKB           int64
}

// importFiles lists the VM's devices that are backed by files, numbered by kind as lease keys are.
func importFiles(vm *simulator.VirtualMachine) []importFile {
	devices := object.VirtualDeviceList(vm.Config.Hardware.Device)
	count := map[string]int{}
	var files []importFile
	for _, device := range devices {
		backing, ok := device.GetVirtualDevice().Backing.(types.BaseVirtualDeviceFileBackingInfo)
		if !ok {
			continue
		}
		var file object.DatastorePath
		if !file.FromString(backing.GetVirtualDeviceFileBackingInfo().FileName) {
			continue
		}
		kind := devices.Type(device)
		entry := importFile{
			name:      path.Base(file.Path),
			key:       fmt.Sprintf("/%s/%s:%d", vm.Self.Value, kind, count[kind]),
			importKey: fmt.Sprintf("/%s/%s:%d", vm.Name, kind, count[kind]),
		}
		count[kind]++
		if disk, ok := device.(*types.VirtualDisk); ok {
			entry.disk, entry.capacityKB = true, disk.CapacityInKB
		}
		files = append(files, entry)
	}
	return files
}
