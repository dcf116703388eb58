// The stock simulator: each behaviour of ours can be switched off alone, and then its own is seen.
package main

import (
	"net/http"
	"testing"

	"github.com/vmware/govmomi/vim25/types"
)

func TestExtraConfigOff(t *testing.T) {
	l := newLab(t, "--extra-config=false")
	vm := l.imported("rhcos", nil)
	change := types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{option("absent", "")}}
	if err := must(vm.Reconfigure(l.ctx, change))(t).Wait(l.ctx); err != nil {
		t.Fatal(err)
	}
	if _, added := l.extraConfig(vm)["absent"]; !added {
		t.Error("an empty value of an unknown key added nothing")
	}
}

func TestUniqueNamesOff(t *testing.T) {
	l := newLab(t, "--unique-names=false")
	l.imported("one", nil)
	two := l.imported("two", nil)
	if err := must(two.Rename(l.ctx, "one"))(t).Wait(l.ctx); sameFault(err, &types.DuplicateName{}) {
		t.Errorf("rename to a taken name: %v", err)
	}
}

func TestDenyAnonymousOff(t *testing.T) {
	l := newLab(t, "--deny-anonymous=false")
	request := must(http.NewRequest(http.MethodPost, "https://"+l.vc.url.Host+restSession, nil))(t)
	request.Header.Set("Authorization", "SIGN token")
	response := must(l.client.Client.DefaultTransport().RoundTrip(request))(t)
	if response.StatusCode != http.StatusOK {
		t.Errorf("a token that nobody issued: %d", response.StatusCode)
	}
}

func TestHardwareFitsOff(t *testing.T) {
	l := newLab(t, "--hardware-fits=false", agedLayout(t))
	vm := l.imported("rhcos", func(config *types.VirtualMachineConfigSpec) { config.Version = "vmx-19" })
	if err := l.startClone(vm, "copy").Wait(l.ctx); err != nil {
		t.Errorf("a clone of vmx-19 to ESXi 7.0.1: %v", err)
	}
}
