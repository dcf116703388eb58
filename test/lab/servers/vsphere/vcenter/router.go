// The router: which of our overrides, if any, answers a SOAP call in place of the stock object.
package main

import (
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// route is the registry's hook, called for every SOAP call before it is answered.
// Objects are wrapped per call and never stored: stock code asserts concrete types on what it finds in the registry.
func (vc *VCenter) route(ctx *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
	seen := call{Kind: "soap", Method: method.Name, Object: method.This.String()}
	if login, ok := method.Body.(*types.Login); ok {
		seen.User = login.UserName
	} else if ctx.Session != nil {
		seen.Session, seen.User = ctx.Session.Key, ctx.Session.UserName
	}
	vc.trace.write(seen)
	if vc.settings.Behave.DenyAnonymous {
		if fault := denyAnonymous(ctx, method); fault != nil {
			return nil, fault
		}
	}
	if fault := vc.permit(ctx, method); fault != nil {
		return nil, fault
	}
	if fault := vc.importLock(method); fault != nil {
		return nil, fault
	}
	if fault := vc.copies.refuse(method); fault != nil {
		return nil, fault
	}
	vc.beforeRead(ctx, method)
	target := vc.override(ctx.Map.Get(method.This), method.Name)
	if target == nil {
		return nil, nil
	}
	// After this hook the service looks the reference up once more in the session, which would bring the stock object
	// back. A reference that nobody has leaves ours in place; the request body keeps the true one.
	this := method.This
	ctx.Caller = &this
	method.This.Value += " (override)"
	return target, nil
}

func (vc *VCenter) override(obj mo.Reference, method string) mo.Reference {
	behave := vc.settings.Behave
	switch o := obj.(type) {
	case *simulator.VirtualMachine:
		switch {
		case method == "CloneVM_Task" && behave.CloneInherits:
			return &cloneSource{o, vc}
		case method == "ReconfigVM_Task" && behave.ExtraConfig:
			return &reconfigurable{o}
		case method == "UpgradeVM_Task" && behave.HardwareFits:
			return &upgradable{o, vc}
		case strings.HasPrefix(method, "CreateSnapshot") && behave.FrozenTemplates:
			return &freezable{o}
		case method == "Rename_Task" && behave.UniqueNames:
			return &renamable{o}
		}
	case *simulator.Folder:
		if method == "CreateVM_Task" {
			return &vmFolder{o, vc}
		}
	case *simulator.ResourcePool:
		if method == "ImportVApp" {
			return &importPool{o, vc}
		}
	case *simulator.AuthorizationManager:
		return &authorization{o, vc}
	case *simulator.OvfManager:
		if method == "CreateImportSpec" && behave.Product {
			return &ovfManager{o}
		}
	}
	return nil
}

// beforeRead brings up to date what only reads need, and cuts long answers into pages.
func (vc *VCenter) beforeRead(ctx *simulator.Context, method *simulator.Method) {
	switch body := method.Body.(type) {
	case *types.RetrieveProperties:
		vc.tellSpace(ctx)
	case *types.RetrievePropertiesEx:
		vc.tellSpace(ctx)
		if size := vc.settings.PageSize; size > 0 && (body.Options.MaxObjects <= 0 || int(body.Options.MaxObjects) > size) {
			body.Options.MaxObjects = int32(size)
		}
	}
}
