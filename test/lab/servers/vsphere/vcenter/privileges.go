// The privileges that each call needs, and on which object, as the reference of the vSphere Web Services API lists them.
package main

import (
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// need is one privilege on one object.
type need struct {
	on        types.ManagedObjectReference
	privilege string
}

// ownPrivilege is needed on the object that is called, by its type ("" for any) and method.
var ownPrivilege = map[string]map[string]string{
	"UpgradeVM_Task":          {"VirtualMachine": "VirtualMachine.Config.UpgradeVirtualHardware"},
	"CreateSnapshot_Task":     {"VirtualMachine": "VirtualMachine.State.CreateSnapshot"},
	"CreateSnapshotEx_Task":   {"VirtualMachine": "VirtualMachine.State.CreateSnapshot"},
	"RemoveAllSnapshots_Task": {"VirtualMachine": "VirtualMachine.State.RemoveSnapshot"},
	"RemoveSnapshot_Task":     {"": "VirtualMachine.State.RemoveSnapshot"},
	"MarkAsTemplate":          {"VirtualMachine": "VirtualMachine.Provisioning.MarkAsTemplate"},
	"MarkAsVirtualMachine":    {"VirtualMachine": "VirtualMachine.Provisioning.MarkAsVM"},
	"Rename_Task":             {"VirtualMachine": "VirtualMachine.Config.Rename", "Folder": "Folder.Rename"},
	"Destroy_Task":            {"VirtualMachine": "VirtualMachine.Inventory.Delete", "Folder": "Folder.Delete"},
	"UnregisterVM":            {"VirtualMachine": "VirtualMachine.Inventory.Unregister"},
	"PowerOnVM_Task":          {"VirtualMachine": "VirtualMachine.Interact.PowerOn"},
	"PowerOffVM_Task":         {"VirtualMachine": "VirtualMachine.Interact.PowerOff"},
	"ResetVM_Task":            {"VirtualMachine": "VirtualMachine.Interact.Reset"},
	"CreateFolder":            {"Folder": "Folder.Create"},
	"CreateVM_Task":           {"Folder": "VirtualMachine.Inventory.Create"},
	"MoveIntoFolder_Task":     {"Folder": "VirtualMachine.Inventory.Move"},
	"ImportVApp":              {"": "VApp.Import"},
	"ExportVm":                {"VirtualMachine": "VApp.Export"},
	"TerminateSession":        {"": "Sessions.TerminateSession"},
	"SetEntityPermissions":    {"": "Authorization.ModifyPermissions"},
}

// needs lists what a call needs, in the order in which vCenter is asked for it here.
func needs(ctx *simulator.Context, method *simulator.Method) []need {
	var list []need
	byType := ownPrivilege[method.Name]
	for _, kind := range []string{method.This.Type, ""} {
		if privilege, ok := byType[kind]; ok {
			list = append(list, need{method.This, privilege})
			break
		}
	}
	switch body := method.Body.(type) {
	case *types.RetrieveProperties:
		return append(list, readNeeds(body.SpecSet)...)
	case *types.RetrievePropertiesEx:
		return append(list, readNeeds(body.SpecSet)...)
	case *types.CreateImportSpec:
		return append(list, importSpecNeeds(body)...)
	case *types.ImportVApp:
		return append(list, importNeeds(ctx, body)...)
	case *types.CloneVM_Task:
		return append(list, cloneNeeds(ctx, body)...)
	case *types.ReconfigVM_Task:
		return append(list, configNeeds(ctx, body.This, body.Spec)...)
	case *types.CreateVM_Task:
		return append(list, createNeeds(ctx, body)...)
	case *types.MarkAsVirtualMachine:
		return append(list, need{body.Pool, "Resource.AssignVMToPool"})
	}
	return list
}

func readNeeds(specs []types.PropertyFilterSpec) []need {
	var list []need
	for _, spec := range specs {
		for _, object := range spec.ObjectSet {
			list = append(list, need{object.Obj, "System.Read"})
		}
	}
	return list
}

func importSpecNeeds(body *types.CreateImportSpec) []need {
	list := []need{{body.ResourcePool, "VApp.Import"}, {body.Datastore, "Datastore.AllocateSpace"}}
	for _, mapping := range body.Cisp.GetOvfCreateImportSpecParams().NetworkMapping {
		list = append(list, need{mapping.Network, "Network.Assign"})
	}
	return list
}

func importNeeds(ctx *simulator.Context, body *types.ImportVApp) []need {
	list := []need{{body.This, "Resource.AssignVMToPool"}}
	place := body.This
	if body.Folder != nil {
		place = *body.Folder
		list = append(list, need{place, "VApp.Import"})
	}
	if spec, ok := body.Spec.(*types.VirtualMachineImportSpec); ok {
		list = append(list, birthNeeds(ctx, place, spec.ConfigSpec)...)
	}
	return list
}

func createNeeds(ctx *simulator.Context, body *types.CreateVM_Task) []need {
	return append([]need{{body.Pool, "Resource.AssignVMToPool"}}, birthNeeds(ctx, body.This, body.Config)...)
}

// cloneNeeds: what the source needs depends on what it is and becomes.
func cloneNeeds(ctx *simulator.Context, body *types.CloneVM_Task) []need {
	source, ok := ctx.Map.Get(body.This).(*simulator.VirtualMachine)
	if !ok {
		return nil
	}
	privilege := map[[2]bool]string{
		{false, false}: "VirtualMachine.Provisioning.Clone",
		{false, true}:  "VirtualMachine.Provisioning.CreateTemplateFromVM",
		{true, false}:  "VirtualMachine.Provisioning.DeployTemplate",
		{true, true}:   "VirtualMachine.Provisioning.CloneTemplate",
	}[[2]bool{source.Config.Template, body.Spec.Template}]
	list := []need{{body.This, privilege}, {body.Folder, "VirtualMachine.Inventory.CreateFromExisting"}}
	location := body.Spec.Location
	if location.Pool != nil {
		list = append(list, need{*location.Pool, "Resource.AssignVMToPool"})
	}
	if location.Datastore != nil {
		list = append(list, need{*location.Datastore, "Datastore.AllocateSpace"})
	}
	if body.Spec.Customization != nil {
		list = append(list, need{body.This, "VirtualMachine.Provisioning.Customize"})
	}
	if body.Spec.PowerOn {
		list = append(list, need{body.Folder, "VirtualMachine.Interact.PowerOn"})
	}
	list = append(list, deviceNeeds(ctx, body.Folder, location.DeviceChange)...)
	if body.Spec.Config != nil {
		list = append(list, configNeeds(ctx, body.Folder, *body.Spec.Config)...)
	}
	return list
}

// birthNeeds are those of a new VM's configuration: what is marked "also required when creating" and its places.
func birthNeeds(ctx *simulator.Context, folder types.ManagedObjectReference, config types.VirtualMachineConfigSpec) []need {
	var list []need
	var vmx object.DatastorePath
	entity, isEntity := ctx.Map.Get(folder).(mo.Entity)
	if isEntity && config.Files != nil && vmx.FromString(config.Files.VmPathName) {
		if datastore := datastoreNamed(ctx, entity, vmx.Datastore); datastore != nil {
			list = append(list, need{datastore.Self, "Datastore.AllocateSpace"})
		}
	}
	if len(config.ExtraConfig) > 0 {
		list = append(list, need{folder, "VirtualMachine.Config.AdvancedConfig"})
	}
	for _, n := range deviceNeeds(ctx, folder, config.DeviceChange) {
		switch n.privilege {
		case "Network.Assign", "VirtualMachine.Config.AddNewDisk", "VirtualMachine.Config.AddExistingDisk":
			list = append(list, n)
		}
	}
	return list
}
