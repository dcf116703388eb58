// The extraConfig of a VM: later values win by key, an empty value removes the key.
package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// mergeOptions lays changes over a base; the result holds each key once and no empty value.
func mergeOptions(base, changes []types.BaseOptionValue) []types.BaseOptionValue {
	var order []string
	values := map[string]types.AnyType{}
	for _, option := range append(append([]types.BaseOptionValue{}, base...), changes...) {
		o := option.GetOptionValue()
		if _, known := values[o.Key]; !known {
			order = append(order, o.Key)
		}
		values[o.Key] = o.Value
	}
	var merged []types.BaseOptionValue
	for _, key := range order {
		if values[key] != nil && values[key] != "" {
			merged = append(merged, &types.OptionValue{Key: key, Value: values[key]})
		}
	}
	return merged
}

type reconfigurable struct {
	*simulator.VirtualMachine
}

// ReconfigVMTask drops removals of keys that the VM does not have: the stock simulator would add them as empty.
func (vm *reconfigurable) ReconfigVMTask(ctx *simulator.Context, req *types.ReconfigVM_Task) soap.HasFault {
	present := map[string]bool{}
	for _, option := range vm.Config.ExtraConfig {
		present[option.GetOptionValue().Key] = true
	}
	var changes []types.BaseOptionValue
	for _, option := range req.Spec.ExtraConfig {
		o := option.GetOptionValue()
		if o.Value != nil && o.Value != "" || present[o.Key] {
			changes = append(changes, option)
		}
	}
	req.Spec.ExtraConfig = changes
	return vm.VirtualMachine.ReconfigVMTask(ctx, req)
}
