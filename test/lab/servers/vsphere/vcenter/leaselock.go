// The lock of an import: while its lease lives, and some time after its client died, nobody else changes the VM.
package main

import (
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// lockedMethods are refused on the VM of an import under way.
var lockedMethods = map[string]bool{
	"Destroy_Task": true, "UnregisterVM": true, "Rename_Task": true, "ReconfigVM_Task": true, "UpgradeVM_Task": true, "CreateSnapshot_Task": true,
	"CloneVM_Task": true, "MarkAsTemplate": true, "PowerOnVM_Task": true, "RelocateVM_Task": true,
}

// importLock gives TaskInProgress for a call on the VM of a lease that its client neither completed nor aborted, until
// --lease-lock after the client's last sign of life, or the end of the lease.
func (vc *VCenter) importLock(method *simulator.Method) types.BaseMethodFault {
	if vc.settings.LeaseLock <= 0 || !lockedMethods[method.Name] {
		return nil
	}
	for _, lease := range vc.leases.all() {
		if lease.holds(method.This, vc.settings.LeaseLock) {
			return &types.TaskInProgress{Task: lease.task}
		}
	}
	return nil
}

func (l *Lease) holds(vm types.ManagedObjectReference, lock time.Duration) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return !l.ended && l.vm == vm && time.Since(l.seen) < lock
}

// locks for the control door: the VMs that are locked now.
func (vc *VCenter) locks() []string {
	list := []string{}
	for _, lease := range vc.leases.all() {
		if lease.holds(lease.vm, vc.settings.LeaseLock) {
			list = append(list, lease.vm.Value)
		}
	}
	return list
}
