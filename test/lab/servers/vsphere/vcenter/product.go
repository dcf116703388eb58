// The product of a VM: summary.config.product repeats the first product section of config.vAppConfig, as vCenter has it.
package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// productWatch hears of every change of every object; whichever call gave a VM its vApp configuration, the summary follows.
type productWatch struct {
	self types.ManagedObjectReference
}

func newProductWatch() *productWatch {
	return &productWatch{types.ManagedObjectReference{Type: "LabWatch", Value: "product"}}
}

func (w *productWatch) Reference() types.ManagedObjectReference { return w.self }

func (w *productWatch) PutObject(*simulator.Context, mo.Reference) {}

func (w *productWatch) RemoveObject(*simulator.Context, types.ManagedObjectReference) {}

func (w *productWatch) UpdateObject(ctx *simulator.Context, obj mo.Reference, _ []types.PropertyChange) {
	vm, ok := obj.(*mo.VirtualMachine)
	if !ok || vm.Config == nil || vm.Config.VAppConfig == nil {
		return
	}
	products := vm.Config.VAppConfig.GetVmConfigInfo().Product
	if len(products) == 0 || vm.Summary.Config.Product != nil && *vm.Summary.Config.Product == products[0] {
		return
	}
	product := products[0]
	ctx.Map.Update(ctx, vm, []types.PropertyChange{{Name: "summary.config.product", Val: &product}})
}
