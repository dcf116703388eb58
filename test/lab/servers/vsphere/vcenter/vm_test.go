package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

func TestTakenDirectoryIsNumbered(t *testing.T) {
	for flag, want := range map[string]string{"--numbered-directories=true": "[ds-a] rhcos_1/rhcos.vmx", "--numbered-directories=false": ""} {
		l := newLab(t, flag)
		if err := os.Mkdir(filepath.Join(l.vc.storage, "ds-a", "rhcos"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(l.vc.storage, "ds-a", "rhcos", "disk-0.vmdk"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, info, err := l.lease("rhcos", nil)
		if want == "" {
			if err == nil {
				t.Errorf("%s: no fault", flag)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		vms := must(l.finder.VirtualMachineList(l.ctx, home+"/*"))(t)
		if got := l.read(vms[0]).Config.Files.VmPathName; got != want || info.DeviceUrl[0].TargetId != "disk-0.vmdk" {
			t.Errorf("the VM's file is %q", got)
		}
	}
}

func TestTakenNamesAreRefused(t *testing.T) {
	l := newLab(t)
	l.imported("one", nil)
	two := l.imported("two", nil)
	if _, _, err := l.lease("one", nil); err == nil {
		t.Error("a second import of the name went through")
	}
	err := must(two.Rename(l.ctx, "one"))(t).Wait(l.ctx)
	if !sameFault(err, &types.DuplicateName{}) {
		t.Errorf("rename to a taken name: %v", err)
	}
	if err := must(two.Rename(l.ctx, "three"))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if got := l.read(two); got.Name != "three" || got.Config.Name != "three" || got.Summary.Config.Name != "three" {
		t.Errorf("names %q, %q, %q", got.Name, got.Config.Name, got.Summary.Config.Name)
	}
}

func TestTemplatesAndPower(t *testing.T) {
	l := newLab(t)
	vm := l.imported("rhcos", nil)
	if err := must(vm.PowerOn(l.ctx))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if err := vm.MarkAsTemplate(l.ctx); !sameFault(err, &types.InvalidPowerState{}) {
		t.Errorf("mark of a running VM: %v", err)
	}
	if err := must(vm.PowerOff(l.ctx))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if err := vm.MarkAsTemplate(l.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := vm.PowerOn(l.ctx); !sameFault(err, &types.InvalidState{}) {
		t.Errorf("power on of a template: %v", err)
	}
	change := types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{option("late", "1")}}
	if err := must(vm.Reconfigure(l.ctx, change))(t).Wait(l.ctx); !sameFault(err, &types.NotSupported{}) {
		t.Errorf("reconfiguration of a template: %v", err)
	}
}

func TestExtraConfigIsKeptAndRemoved(t *testing.T) {
	l := newLab(t)
	vm := l.imported("rhcos", func(config *types.VirtualMachineConfigSpec) {
		config.ExtraConfig = append(config.ExtraConfig, option("born", "with"), option("never", ""))
	})
	change := types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{option("born", ""), option("later", "set"), option("absent", "")}}
	if err := must(vm.Reconfigure(l.ctx, change))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if got := l.extraConfig(vm); len(got) != 1 || got["later"] != "set" {
		t.Errorf("extraConfig is %v", got)
	}
}

func TestImportGoesToTheWantedHost(t *testing.T) {
	l := newLab(t)
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources/lab"))(t)
	folder := must(l.finder.Folder(l.ctx, home))(t)
	for path, fits := range map[string]bool{"cluster-a/esx-2.cluster-a.lab": true, "cluster-b/esx-1.cluster-b.lab": false} {
		host := must(l.finder.HostSystem(l.ctx, "/dc-east/host/"+path))(t)
		spec := must(l.importSpec(host.Reference().Value, descriptor(t)))(t)
		lease := must(pool.ImportVApp(l.ctx, spec.ImportSpec, folder, host))(t)
		info, err := lease.Wait(l.ctx, spec.FileItem)
		if (err == nil) != fits {
			t.Errorf("import to %s: %v", path, err)
		}
		if err == nil && *l.read(object.NewVirtualMachine(l.client.Client, info.Entity)).Runtime.Host != host.Reference() {
			t.Errorf("the import to %s stands elsewhere", path)
		}
	}
}
