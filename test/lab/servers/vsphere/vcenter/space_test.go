package main

import (
	"bytes"
	"testing"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func (l *lab) free(datastore string) int64 {
	l.t.Helper()
	var got mo.Datastore
	store := must(l.finder.Datastore(l.ctx, "/dc-east/datastore/"+datastore))(l.t)
	if err := store.Properties(l.ctx, store.Reference(), []string{"summary.freeSpace"}, &got); err != nil {
		l.t.Fatal(err)
	}
	return got.Summary.FreeSpace
}

func TestSpaceIsTakenAndGivenBack(t *testing.T) {
	l := newLab(t, "--free-space=1000000", control)
	if free := l.free("ds-a"); free != 1_000_000 {
		t.Errorf("%d bytes free at first", free)
	}
	vm := l.imported("rhcos", nil)
	l.clone(vm, "copy", types.VirtualMachineCloneSpec{})
	if a, b := l.free("ds-a"), l.free("ds-b"); a != 995_904 || b != 995_904 {
		t.Errorf("%d and %d bytes free after an import and a clone", a, b)
	}
	if err := must(vm.Destroy(l.ctx))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if a := l.free("ds-a"); a != 1_000_000 {
		t.Errorf("%d bytes free after the VM has gone", a)
	}
	l.door("POST", "/free-space", map[string]any{"datastore": "ds-b", "bytes": 5}, 200)
	l.door("POST", "/free-space", map[string]any{"datastore": "none", "bytes": 5}, 400)
	if a, b := l.free("ds-a"), l.free("ds-b"); a != 1_000_000 || b != 5 {
		t.Errorf("%d and %d bytes free after a change", a, b)
	}
}

func TestFullDatastores(t *testing.T) {
	l := newLab(t, "--free-space=100000", control)
	lease, info, err := l.lease("big", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.upload(info.Items[0], bytes.NewReader(make([]byte, 200_000)), 200_000); err == nil {
		t.Error("an upload of 200 KB found room in 100")
	}
	var got mo.HttpNfcLease
	if err := l.client.RetrieveOne(l.ctx, lease.Reference(), []string{"state", "error"}, &got); err != nil {
		t.Fatal(err)
	}
	if fault, ok := got.Error.Fault.(*types.NoDiskSpace); got.State != types.HttpNfcLeaseStateError || !ok || fault.Datastore != "ds-a" {
		t.Errorf("the lease is %s, %+v", got.State, got.Error)
	}
	if err := lease.Abort(l.ctx, nil); err != nil || l.free("ds-a") != 100_000 {
		t.Errorf("%d bytes free after the abort: %v", l.free("ds-a"), err)
	}
	vm := l.imported("small", nil)
	l.door("POST", "/free-space", map[string]any{"datastore": "ds-b", "bytes": 4000}, 200)
	if err := l.startClone(vm, "copy").Wait(l.ctx); !sameFault(err, &types.NoDiskSpace{}) {
		t.Errorf("a clone of 4096 bytes into 4000: %v", err)
	}
	thick := func(config *types.VirtualMachineConfigSpec) { provision(config, "thick") }
	if _, _, err := l.lease("thick", thick); err == nil {
		t.Error("16 GiB thick found room in 100 KB")
	}
}
