package main

import (
	"slices"
	"testing"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

// ended waits for the task of a call.
func ended(l *lab, task *object.Task, err error) error {
	if err != nil {
		return err
	}
	return task.Wait(l.ctx)
}

func reconfigured(change types.VirtualMachineConfigSpec) action {
	return func(l *lab, vm *object.VirtualMachine) error {
		task, err := vm.Reconfigure(l.ctx, change)
		return ended(l, task, err)
	}
}

// cloned puts a clone on cluster-b.
func cloned(template bool) action {
	return func(l *lab, vm *object.VirtualMachine) error {
		folder := must(l.finder.Folder(l.ctx, home))(l.t)
		pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-b/Resources"))(l.t).Reference()
		store := must(l.finder.Datastore(l.ctx, "/dc-east/datastore/ds-b"))(l.t).Reference()
		spec := types.VirtualMachineCloneSpec{Template: template, Location: types.VirtualMachineRelocateSpec{Pool: &pool, Datastore: &store},
			Config: &types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{option("a", "b")}}}
		task, err := vm.Clone(l.ctx, folder, "clone", spec)
		return ended(l, task, err)
	}
}

// action is done by an account, to a VM that the administrator made.
type action func(*lab, *object.VirtualMachine) error

var cloneNeeded = []string{"VirtualMachine.Inventory.CreateFromExisting", "Resource.AssignVMToPool", "Datastore.AllocateSpace", "VirtualMachine.Config.AdvancedConfig"}

var actions = map[string]struct {
	needs    []string
	template bool
	act      action
}{
	"import": {[]string{"VApp.Import", "Datastore.AllocateSpace", "Network.Assign", "Resource.AssignVMToPool",
		"VirtualMachine.Config.AdvancedConfig", "VirtualMachine.Config.AddNewDisk"}, false, func(l *lab, _ *object.VirtualMachine) error {
		spec, err := l.importSpec("new", descriptor(l.t))
		if err != nil {
			return err
		}
		config := &spec.ImportSpec.(*types.VirtualMachineImportSpec).ConfigSpec
		config.ExtraConfig = append(config.ExtraConfig, option("a", "b"))
		pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources/lab"))(l.t)
		_, err = pool.ImportVApp(l.ctx, spec.ImportSpec, must(l.finder.Folder(l.ctx, home))(l.t), nil)
		return err
	}},
	"clone of a VM":               {append([]string{"VirtualMachine.Provisioning.Clone"}, cloneNeeded...), false, cloned(false)},
	"clone of a template":         {append([]string{"VirtualMachine.Provisioning.DeployTemplate"}, cloneNeeded...), true, cloned(false)},
	"template of a VM":            {append([]string{"VirtualMachine.Provisioning.CreateTemplateFromVM"}, cloneNeeded...), false, cloned(true)},
	"template of a template":      {append([]string{"VirtualMachine.Provisioning.CloneTemplate"}, cloneNeeded...), true, cloned(true)},
	"extra config":                {[]string{"VirtualMachine.Config.AdvancedConfig"}, false, reconfigured(types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{option("a", "b")}})},
	"annotation":                  {[]string{"VirtualMachine.Config.Annotation"}, false, reconfigured(types.VirtualMachineConfigSpec{Annotation: "x"})},
	"boot options and processors": {[]string{"VirtualMachine.Config.Settings", "VirtualMachine.Config.CPUCount"}, false, reconfigured(types.VirtualMachineConfigSpec{BootOptions: &types.VirtualMachineBootOptions{}, NumCPUs: 2})},
	"edit and growth of devices": {[]string{"Network.Assign", "VirtualMachine.Config.EditDevice", "VirtualMachine.Config.DiskExtend"}, false, func(l *lab, vm *object.VirtualMachine) error {
		devices := must(vm.Device(l.ctx))(l.t)
		disk := devices.SelectByType((*types.VirtualDisk)(nil))[0].(*types.VirtualDisk)
		disk.CapacityInKB++
		change := types.VirtualMachineConfigSpec{DeviceChange: []types.BaseVirtualDeviceConfigSpec{
			&types.VirtualDeviceConfigSpec{Operation: "edit", Device: devices.SelectByType((*types.VirtualEthernetCard)(nil))[0]},
			&types.VirtualDeviceConfigSpec{Operation: "edit", Device: disk},
		}}
		return reconfigured(change)(l, vm)
	}},
	"hardware upgrade": {[]string{"VirtualMachine.Config.UpgradeVirtualHardware"}, false, func(l *lab, vm *object.VirtualMachine) error {
		task, err := vm.UpgradeVM(l.ctx, "vmx-16")
		return ended(l, task, err)
	}},
	"snapshot": {[]string{"VirtualMachine.State.CreateSnapshot"}, false, func(l *lab, vm *object.VirtualMachine) error {
		task, err := vm.CreateSnapshot(l.ctx, "s", "", false, false)
		return ended(l, task, err)
	}},
	"mark as template": {[]string{"VirtualMachine.Provisioning.MarkAsTemplate"}, false, func(l *lab, vm *object.VirtualMachine) error { return vm.MarkAsTemplate(l.ctx) }},
	"rename": {[]string{"VirtualMachine.Config.Rename"}, false, func(l *lab, vm *object.VirtualMachine) error {
		task, err := vm.Rename(l.ctx, "renamed")
		return ended(l, task, err)
	}},
	"destroy": {[]string{"VirtualMachine.Inventory.Delete"}, true, func(l *lab, vm *object.VirtualMachine) error {
		task, err := vm.Destroy(l.ctx)
		return ended(l, task, err)
	}},
	"folder": {[]string{"Folder.Create"}, false, func(l *lab, _ *object.VirtualMachine) error {
		_, err := must(l.finder.Folder(l.ctx, home))(l.t).CreateFolder(l.ctx, "sub")
		return err
	}},
	"reading": {nil, false, func(l *lab, _ *object.VirtualMachine) error {
		_, err := l.finder.VirtualMachineList(l.ctx, home+"/*")
		return err
	}},
}

func TestEachCallNeedsItsPrivileges(t *testing.T) {
	for name, test := range actions {
		t.Run(name, func(t *testing.T) {
			accounts := []Account{{Username: "all", Password: "secret", Privileges: test.needs}}
			for i, missing := range test.needs {
				rest := slices.Delete(slices.Clone(test.needs), i, i+1)
				accounts = append(accounts, Account{Username: missing, Password: "secret", Privileges: rest})
			}
			l := newLab(t, accountsFile(t, accounts...))
			vm := l.imported("rhcos", nil)
			if test.template {
				if err := vm.MarkAsTemplate(l.ctx); err != nil {
					t.Fatal(err)
				}
			}
			for _, missing := range test.needs {
				own := l.as(missing)
				err := test.act(own, object.NewVirtualMachine(own.client.Client, vm.Reference()))
				if fault, ok := faultOf(err).(types.NoPermission); !ok || fault.PrivilegeId != missing {
					t.Errorf("without %s: %v", missing, err)
				}
			}
			own := l.as("all")
			if err := test.act(own, object.NewVirtualMachine(own.client.Client, vm.Reference())); err != nil {
				t.Errorf("with all it needs: %v", err)
			}
		})
	}
}
