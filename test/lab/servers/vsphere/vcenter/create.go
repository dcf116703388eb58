// The creation of a VM in a folder: name, host and directory are settled before the stock simulator creates it.
package main

import (
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type vmFolder struct {
	*simulator.Folder
	vc *VCenter
}

func (f *vmFolder) CreateVMTask(ctx *simulator.Context, req *types.CreateVM_Task) soap.HasFault {
	task := simulator.CreateTask(f.Folder, "createVm", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		return create(ctx, f.vc, f.Folder, req)
	})
	return &methods.CreateVM_TaskBody{Res: &types.CreateVM_TaskResponse{Returnval: task.Run(ctx)}}
}

// create returns the new VM's reference.
func create(ctx *simulator.Context, vc *VCenter, folder *simulator.Folder, req *types.CreateVM_Task) (types.AnyType, types.BaseMethodFault) {
	vc.births.Lock() // two of one name must not pass the check together
	defer vc.births.Unlock()
	config := &req.Config
	if vc.settings.Behave.UniqueNames {
		if fault := duplicate(ctx, folder, config.Name); fault != nil {
			return nil, fault
		}
	}
	if config.Files == nil {
		return nil, &types.InvalidVmConfig{Property: "configSpec.files.vmPathName"}
	}
	host, fault := placeOn(ctx, req.Pool, req.Host, config.Files.VmPathName)
	if fault != nil {
		return nil, fault
	}
	req.Host = host
	if fault := vc.fits(ctx, host, config); fault != nil {
		return nil, fault
	}
	if vc.settings.Behave.NumberedDirectories {
		if fault := giveDirectory(ctx, folder, config); fault != nil {
			return nil, fault
		}
	}
	if vc.settings.Behave.ExtraConfig {
		config.ExtraConfig = mergeOptions(nil, config.ExtraConfig)
	}
	body := folder.CreateVMTask(ctx, req).(*methods.CreateVM_TaskBody)
	return await(ctx, body.Res.Returnval)
}

// await waits for a task that stock code has started.
func await(ctx *simulator.Context, ref types.ManagedObjectReference) (types.AnyType, types.BaseMethodFault) {
	task := ctx.Map.Get(ref).(*simulator.Task)
	task.Wait()
	if task.Info.Error != nil {
		return nil, task.Info.Error.Fault
	}
	return task.Info.Result, nil
}

// fits asks whether the host knows the hardware and the datastore has room for thick disks.
func (vc *VCenter) fits(ctx *simulator.Context, host *types.ManagedObjectReference, config *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	if fault := vc.fitHardware(ctx, host, config.Version); fault != nil {
		return fault
	}
	var vmx object.DatastorePath
	if !vmx.FromString(config.Files.VmPathName) {
		return nil
	}
	return vc.noSpace(vmx.Datastore, thickBytesOf(config))
}
