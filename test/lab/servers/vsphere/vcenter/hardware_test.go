package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// agedLayout is the default one with hosts of an old ESXi in cluster-b.
func agedLayout(t *testing.T) string {
	layout := defaultLayout()
	layout.Clusters[1].ESXVersion = "7.0.1"
	file := filepath.Join(t.TempDir(), "layout.json")
	if err := os.WriteFile(file, must(json.Marshal(layout))(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return "--layout=" + file
}

func TestOldHostsKnowOldHardware(t *testing.T) {
	l := newLab(t, agedLayout(t))
	var host mo.HostSystem
	old := must(l.finder.HostSystem(l.ctx, "/dc-east/host/cluster-b/esx-1.cluster-b.lab"))(t)
	if err := old.Properties(l.ctx, old.Reference(), []string{"config.product", "summary.config.product"}, &host); err != nil {
		t.Fatal(err)
	}
	if host.Config.Product.Version != "7.0.1" || host.Summary.Config.Product.Version != "7.0.1" {
		t.Errorf("%+v", host.Config.Product)
	}
	vm := l.imported("rhcos", func(config *types.VirtualMachineConfigSpec) { config.Version = "vmx-19" })
	if err := l.startClone(vm, "copy").Wait(l.ctx); !sameFault(err, &types.VirtualHardwareVersionNotSupported{}) {
		t.Errorf("a clone of vmx-19 to ESXi 7.0.1: %v", err)
	}
	fits := l.imported("fits", nil)
	clone := l.clone(fits, "fits-b", types.VirtualMachineCloneSpec{})
	for version, fault := range map[string]types.BaseMethodFault{"vmx-19": &types.VirtualHardwareVersionNotSupported{}, "vmx-18": nil} {
		err := must(clone.UpgradeVM(l.ctx, version))(t).Wait(l.ctx)
		if fault == nil && err != nil || fault != nil && !sameFault(err, fault) {
			t.Errorf("upgrade to %s: %v", version, err)
		}
	}
	if got := l.read(clone).Config.Version; got != "vmx-18" {
		t.Errorf("the VM has %s", got)
	}
	if _, _, err := l.lease("future", func(config *types.VirtualMachineConfigSpec) { config.Version = "vmx-99" }); err == nil {
		t.Error("vmx-99 was imported")
	}
}

func TestHardwareOfVersions(t *testing.T) {
	for version, want := range map[string]int{"6.7": 14, "7.0.0": 17, "7.0.3": 19, "8.0.1": 20, "8.0.3": 21, "9.0.0": 22, "seven": 0, "5.5": 0} {
		if got := newestHardware(version); got != want {
			t.Errorf("%s: %d, not %d", version, got, want)
		}
	}
}

func TestTemplatesAreFrozen(t *testing.T) {
	for flag, frozen := range map[string]bool{"--frozen-templates=true": true, "--frozen-templates=false": false} {
		l := newLab(t, flag)
		vm := l.imported("rhcos", nil)
		if err := vm.MarkAsTemplate(l.ctx); err != nil {
			t.Fatal(err)
		}
		_, err := vm.CreateSnapshot(l.ctx, "s", "", false, false)
		if sameFault(err, &types.NotSupported{}) != frozen {
			t.Errorf("%s: snapshot: %v", flag, err)
		}
		if err := must(vm.UpgradeVM(l.ctx, "vmx-17"))(t).Wait(l.ctx); err == nil {
			t.Errorf("%s: the template was upgraded", flag)
		}
		hardware := types.VirtualMachineConfigSpec{NumCPUs: 8}
		if err := must(vm.Reconfigure(l.ctx, hardware))(t).Wait(l.ctx); err == nil {
			t.Errorf("%s: the template was reconfigured", flag)
		}
	}
}

func TestSnapshotsAreReadAndNotInherited(t *testing.T) {
	l := newLab(t)
	vm := l.imported("rhcos", nil)
	snapshot := func(vm *object.VirtualMachine) *types.VirtualMachineSnapshotInfo {
		var got mo.VirtualMachine
		if err := vm.Properties(l.ctx, vm.Reference(), []string{"snapshot"}, &got); err != nil {
			t.Fatal(err)
		}
		return got.Snapshot
	}
	if err := must(vm.CreateSnapshot(l.ctx, "base", "for linked clones", false, false))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if got := snapshot(vm); got == nil || got.CurrentSnapshot == nil || got.RootSnapshotList[0].Name != "base" {
		t.Errorf("%+v", got)
	}
	if err := vm.MarkAsTemplate(l.ctx); err != nil {
		t.Fatal(err)
	}
	if got := snapshot(l.clone(vm, "copy", types.VirtualMachineCloneSpec{})); got != nil {
		t.Errorf("the clone has %+v", got)
	}
}
