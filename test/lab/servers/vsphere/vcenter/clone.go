// The clone of a VM or template, with its source's configuration and the clone spec's changes from birth.
package main

import (
	"path"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type cloneSource struct {
	*simulator.VirtualMachine
	vc *VCenter
}

// CloneVMTask replaces the stock one, which drops extraConfig, the vApp configuration and CloneSpec.config, and
// keeps the source's host where the pool is another cluster's. What is cloned is the source as it is now.
func (vm *cloneSource) CloneVMTask(ctx *simulator.Context, req *types.CloneVM_Task) soap.HasFault {
	plan, fault := vm.plan(ctx, req)
	task := runBeside(ctx, vm.Self, "cloneVm", func(ctx *simulator.Context, task *simulator.Task) (types.AnyType, types.BaseMethodFault) {
		if fault != nil {
			return nil, fault
		}
		return vm.clone(ctx, task, plan)
	})
	return &methods.CloneVM_TaskBody{Res: &types.CloneVM_TaskResponse{Returnval: task}}
}

type clonePlan struct {
	folder *simulator.Folder
	target cloneTarget
	config types.VirtualMachineConfigSpec
	spec   types.VirtualMachineCloneSpec
	bytes  int64 // that the source's disks hold
}

func (vm *cloneSource) plan(ctx *simulator.Context, req *types.CloneVM_Task) (clonePlan, types.BaseMethodFault) {
	target, fault := vm.target(ctx, req)
	if fault != nil {
		return clonePlan{}, fault
	}
	folder, ok := ctx.Map.Get(req.Folder).(*simulator.Folder)
	if !ok {
		return clonePlan{}, &types.InvalidArgument{InvalidProperty: "folder"}
	}
	if fault := duplicate(ctx, folder, req.Name); fault != nil {
		return clonePlan{}, fault
	}
	config, fault := vm.cloneConfig(req, target.datastore)
	return clonePlan{folder, target, config, req.Spec, vm.vc.space.writtenTo(vm.Self)}, fault
}

// clone copies, then makes the VM: a cancelled or failed clone leaves none.
func (vm *cloneSource) clone(ctx *simulator.Context, task *simulator.Task, plan clonePlan) (types.AnyType, types.BaseMethodFault) {
	if fault := vm.vc.noSpace(plan.target.datastore, max(plan.bytes, thickBytesOf(&plan.config))); fault != nil {
		return nil, fault
	}
	release := vm.vc.space.reserve(plan.target.datastore, plan.bytes)
	letGo := vm.vc.copies.begin(vm.Self, task.Self)
	fault := vm.vc.copyBytes(ctx, task, plan.bytes)
	letGo()
	release()
	if fault != nil {
		return nil, fault
	}
	result, fault := create(ctx, vm.vc, plan.folder, &types.CreateVM_Task{
		This: plan.folder.Self, Config: plan.config, Pool: plan.target.pool, Host: plan.spec.Location.Host,
	})
	if fault != nil {
		return nil, fault
	}
	ref := result.(types.ManagedObjectReference)
	vm.vc.space.write(ref, plan.bytes)
	clone := ctx.Map.Get(ref).(*simulator.VirtualMachine)
	if fault := finish(ctx, clone, plan.spec); fault != nil {
		_ = destroy(ctx, ref)
		return nil, fault
	}
	return ref, nil
}

type cloneTarget struct {
	pool      types.ManagedObjectReference
	datastore string
}

// target fills in what the relocate spec leaves to the source; a template has no pool to give.
func (vm *cloneSource) target(ctx *simulator.Context, req *types.CloneVM_Task) (cloneTarget, types.BaseMethodFault) {
	location := req.Spec.Location
	pool := location.Pool
	if pool == nil {
		pool = vm.ResourcePool
	}
	if pool == nil {
		return cloneTarget{}, &types.InvalidArgument{InvalidProperty: "spec.location.pool"}
	}
	if location.DiskMoveType == string(types.VirtualMachineRelocateDiskMoveOptionsCreateNewChildDiskBacking) && req.Spec.Snapshot == nil {
		return cloneTarget{}, &types.InvalidArgument{InvalidProperty: "spec.snapshot"}
	}
	var vmx object.DatastorePath
	vmx.FromString(vm.Config.Files.VmPathName)
	target := cloneTarget{pool: *pool, datastore: vmx.Datastore}
	if location.Datastore != nil {
		datastore, ok := ctx.Map.Get(*location.Datastore).(*simulator.Datastore)
		if !ok {
			return cloneTarget{}, &types.InvalidArgument{InvalidProperty: "spec.location.datastore"}
		}
		target.datastore = datastore.Name
	}
	return target, nil
}

func (vm *cloneSource) cloneConfig(req *types.CloneVM_Task, datastore string) (types.VirtualMachineConfigSpec, types.BaseMethodFault) {
	config, err := inherit(vm.VirtualMachine)
	if err != nil {
		return config, &types.SystemError{RuntimeFault: types.RuntimeFault{}, Reason: err.Error()}
	}
	if req.Spec.Config != nil {
		override(&config, req.Spec.Config)
	}
	relayout(config.DeviceChange, req.Spec.Location.Disk)
	rewire(config.DeviceChange, req.Spec.Location.DeviceChange)
	config.Name = req.Name
	where := object.DatastorePath{Datastore: datastore, Path: path.Base("/" + req.Name)}
	config.Files = &types.VirtualMachineFileInfo{VmPathName: where.String()}
	return config, nil
}

// finish applies what needs the clone's own devices and product list, then marks or starts it.
func finish(ctx *simulator.Context, clone *simulator.VirtualMachine, spec types.VirtualMachineCloneSpec) types.BaseMethodFault {
	changes := []types.VirtualMachineConfigSpec{{DeviceChange: spec.Location.DeviceChange}}
	if spec.Config != nil {
		changes = append(changes, types.VirtualMachineConfigSpec{DeviceChange: spec.Config.DeviceChange, VAppConfig: spec.Config.VAppConfig})
	}
	for _, change := range changes {
		if len(change.DeviceChange) == 0 && change.VAppConfig == nil {
			continue
		}
		rebind(clone, change.DeviceChange)
		body := clone.ReconfigVMTask(ctx, &types.ReconfigVM_Task{This: clone.Self, Spec: change}).(*methods.ReconfigVM_TaskBody)
		if _, fault := await(ctx, body.Res.Returnval); fault != nil {
			return fault
		}
	}
	if spec.Template {
		if fault := clone.MarkAsTemplate(&types.MarkAsTemplate{This: clone.Self}).Fault(); fault != nil {
			return fault.VimFault().(types.BaseMethodFault)
		}
		return nil
	}
	if spec.PowerOn {
		body := clone.PowerOnVMTask(ctx, &types.PowerOnVM_Task{This: clone.Self}).(*methods.PowerOnVM_TaskBody)
		if body.Fault_ != nil {
			return body.Fault_.VimFault().(types.BaseMethodFault)
		}
		_, fault := await(ctx, body.Res.Returnval)
		return fault
	}
	return nil
}
