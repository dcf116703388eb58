// The uniqueness of VM names: a name taken in the folder is vCenter's DuplicateName fault.
package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

func duplicate(ctx *simulator.Context, folder *simulator.Folder, name string) types.BaseMethodFault {
	if taken := ctx.Map.FindByName(name, folder.ChildEntity); taken != nil {
		return &types.DuplicateName{Name: name, Object: taken.Reference()}
	}
	return nil
}

type renamable struct {
	*simulator.VirtualMachine
}

// RenameTask also renames in config and summary, which the stock simulator leaves at the old name.
func (vm *renamable) RenameTask(ctx *simulator.Context, req *types.Rename_Task) soap.HasFault {
	task := simulator.CreateTask(vm.VirtualMachine, "rename", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		if req.NewName == "" {
			return nil, &types.InvalidName{Name: req.NewName}
		}
		folder, ok := ctx.Map.Get(*vm.Parent).(*simulator.Folder)
		if ok && req.NewName != vm.Name {
			if fault := duplicate(ctx, folder, req.NewName); fault != nil {
				return nil, fault
			}
		}
		ctx.Map.Update(ctx, vm.VirtualMachine, []types.PropertyChange{
			{Name: "name", Val: req.NewName},
			{Name: "config.name", Val: req.NewName},
			{Name: "summary.config.name", Val: req.NewName},
		})
		return nil, nil
	})
	return &methods.Rename_TaskBody{Res: &types.Rename_TaskResponse{Returnval: task.Run(ctx)}}
}
