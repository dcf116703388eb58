// The end of an unfinished import: abort or timeout, and with it the VM.
package main

import (
	"log"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// abort waits for the VM's creation, so that it cannot come into being afterwards, and destroys it.
func (l *Lease) abort(ctx *simulator.Context) {
	<-l.created
	if !l.end() {
		return
	}
	if l.vc.settings.Behave.AbortDestroys && l.Info != nil {
		if fault := destroy(ctx, l.Info.Entity); fault != nil {
			log.Printf("abort of an import cannot destroy %s: %T", l.Info.Entity, fault)
		}
	}
	l.session.Remove(ctx, l.Self)
}

func destroy(ctx *simulator.Context, ref types.ManagedObjectReference) types.BaseMethodFault {
	vm, ok := ctx.Map.Get(ref).(*simulator.VirtualMachine)
	if !ok {
		return nil // somebody else has destroyed it
	}
	body := vm.DestroyTask(ctx, &types.Destroy_Task{This: ref}).(*methods.Destroy_TaskBody)
	_, fault := await(ctx, body.Res.Returnval)
	return fault
}

// expire aborts outside any call: for the lease's timer and for an abort that comes too early.
func (l *Lease) expire() {
	ctx := *l.vc.service.Context
	l.abort(&ctx)
}
