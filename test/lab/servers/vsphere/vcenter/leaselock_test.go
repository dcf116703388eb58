package main

import (
	"testing"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

func TestAnImportLocksItsVM(t *testing.T) {
	for flag, locks := range map[string]bool{"--lease-lock=1m": true, "--lease-lock=0": false} {
		l := newLab(t, flag, control)
		lease, info, err := l.lease("rhcos", nil)
		if err != nil {
			t.Fatal(err)
		}
		vm := object.NewVirtualMachine(l.client.Client, info.Entity)
		_, err = vm.Rename(l.ctx, "other")
		if sameFault(err, &types.TaskInProgress{}) != locks || !locks && err != nil {
			t.Errorf("%s: rename during an import: %v", flag, err)
		}
		if err := lease.Complete(l.ctx); err != nil {
			t.Fatal(err)
		}
		if err := must(vm.Destroy(l.ctx))(t).Wait(l.ctx); err != nil {
			t.Errorf("%s: destroy after complete: %v", flag, err)
		}
	}
}

func TestADeadClientsLockPasses(t *testing.T) {
	l := newLab(t, "--lease-lock=1s", control)
	_, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.door("POST", "/expire-sessions", nil, 200)
	again := l.fresh()
	vm := object.NewVirtualMachine(again.client.Client, info.Entity)
	if _, err := vm.Destroy(l.ctx); !sameFault(err, &types.TaskInProgress{}) {
		t.Errorf("destroy at once: %v", err)
	}
	eventually(t, func() bool {
		task, err := vm.Destroy(l.ctx)
		return err == nil && task.Wait(l.ctx) == nil
	})
}

func TestATimedOutLeaseGivesItsVMUp(t *testing.T) {
	l := newLab(t, "--lease-lock=1h", "--lease-timeout=300ms", "--abort-destroys=false")
	_, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	vm := object.NewVirtualMachine(l.client.Client, info.Entity)
	started := time.Now()
	eventually(t, func() bool {
		task, err := vm.Destroy(l.ctx)
		return err == nil && task.Wait(l.ctx) == nil
	})
	if time.Since(started) < 100*time.Millisecond {
		t.Error("there was no lock")
	}
}
