package main

import (
	"testing"

	"github.com/vmware/govmomi/vim25/types"
)

func TestProductReachesSummaryAndClones(t *testing.T) {
	l := newLab(t)
	vm := l.imported("rhcos", nil)
	got := l.read(vm)
	if product := got.Summary.Config.Product; product == nil || product.Version != "9.6.20261028-0" || product.Vendor != "Red Hat" {
		t.Errorf("summary.config.product is %+v", product)
	}
	if products := got.Config.VAppConfig.GetVmConfigInfo().Product; len(products) != 1 || products[0].Version != "9.6.20261028-0" {
		t.Errorf("config.vAppConfig.product is %+v", products)
	}
	if got.Config.Firmware != "efi" || got.Config.Version != "vmx-15" || got.Config.GuestId != "rhel7_64Guest" {
		t.Errorf("firmware %q, version %q, guest %q", got.Config.Firmware, got.Config.Version, got.Config.GuestId)
	}
	clone := l.clone(vm, "copy", types.VirtualMachineCloneSpec{})
	if product := l.read(clone).Summary.Config.Product; product == nil || product.Version != "9.6.20261028-0" {
		t.Errorf("the clone's summary.config.product is %+v", product)
	}
}

func TestProductOff(t *testing.T) {
	l := newLab(t, "--product=false")
	if product := l.read(l.imported("rhcos", nil)).Summary.Config.Product; product != nil {
		t.Errorf("summary.config.product is %+v", product)
	}
}

func TestDiskCapacityAndProvisioning(t *testing.T) {
	l := newLab(t)
	for _, device := range l.read(l.imported("rhcos", nil)).Config.Hardware.Device {
		disk, ok := device.(*types.VirtualDisk)
		if !ok {
			continue
		}
		backing := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		if disk.CapacityInKB != 16<<20 || disk.CapacityInBytes != 16<<30 || !*backing.ThinProvisioned {
			t.Errorf("%d KB, %d bytes, thin %v", disk.CapacityInKB, disk.CapacityInBytes, *backing.ThinProvisioned)
		}
	}
}

func TestHostileDescriptors(t *testing.T) {
	l := newLab(t)
	for name, text := range map[string]string{
		"empty":       "",
		"no xml":      "rhcos",
		"no system":   `<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"></Envelope>`,
		"no hardware": `<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"><VirtualSystem></VirtualSystem></Envelope>`,
		"bare item":   `<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"><VirtualSystem><VirtualHardwareSection><Item></Item></VirtualHardwareSection></VirtualSystem></Envelope>`,
	} {
		_, err := l.importSpec("rhcos", text)
		if _, ok := faultOf(err).(types.InvalidArgument); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
