// The creation of a VM in a folder: name, host and directory are settled before the stock simulator creates it.
package main

import (
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
