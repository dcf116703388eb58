// The frozen template: no snapshot of it can be taken, where the stock simulator takes one.
package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type freezable struct {
	*simulator.VirtualMachine
}

// CreateSnapshotTask answers NotSupported, "not supported on the object", for a template. Reconfiguration and upgrade of
// templates are refused by the stock simulator already.
func (vm *freezable) CreateSnapshotTask(ctx *simulator.Context, req *types.CreateSnapshot_Task) soap.HasFault {
	if vm.Config.Template {
		return &methods.CreateSnapshot_TaskBody{Fault_: notSupportedOnTemplate()}
	}
	return vm.VirtualMachine.CreateSnapshotTask(ctx, req)
}

func (vm *freezable) CreateSnapshotExTask(ctx *simulator.Context, req *types.CreateSnapshotEx_Task) soap.HasFault {
	if vm.Config.Template {
		return &methods.CreateSnapshotEx_TaskBody{Fault_: notSupportedOnTemplate()}
	}
	return vm.VirtualMachine.CreateSnapshotExTask(ctx, req)
}

func notSupportedOnTemplate() *soap.Fault {
	return simulator.Fault("The operation is not supported on the object.", &types.NotSupported{})
}
