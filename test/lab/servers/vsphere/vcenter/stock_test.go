// The stock simulator: each behaviour of ours can be switched off alone, and then its own is seen.
package main

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
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

// off runs a test with the flag left out and with it at 0, which are to be the same.
func off(t *testing.T, flag string, test func(*testing.T, *lab)) {
	for name, args := range map[string][]string{"left out": nil, "0": {flag + "=0"}} {
		t.Run(name, func(t *testing.T) { test(t, newLab(t, args...)) })
	}
}

// atOnce fails where something takes longer than any rate could be meant to make it.
func atOnce(t *testing.T, what string, act func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { act(); close(done) }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Errorf("%s is held up", what)
	}
}

// petabyte takes 11 days at 1 GB/s.
const petabyte = 1 << 50

func TestFreeSpaceOff(t *testing.T) {
	off(t, "--free-space", func(t *testing.T, l *lab) {
		if free := l.free("ds-a"); free <= 0 {
			t.Errorf("%d bytes free", free)
		}
		vm := l.imported("thick", func(config *types.VirtualMachineConfigSpec) {
			provision(config, "thick")
			for _, change := range config.DeviceChange {
				if disk, ok := change.GetVirtualDeviceConfigSpec().Device.(*types.VirtualDisk); ok {
					disk.CapacityInKB, disk.CapacityInBytes = petabyte>>10, petabyte
				}
			}
		})
		l.vc.space.write(vm.Reference(), petabyte)
		if err := l.startClone(vm, "copy").Wait(l.ctx); err != nil {
			t.Errorf("a clone of a petabyte: %v", err)
		}
	})
}

func TestCloneRateOff(t *testing.T) {
	off(t, "--clone-rate", func(t *testing.T, l *lab) {
		vm := l.imported("rhcos", nil)
		l.vc.space.write(vm.Reference(), petabyte)
		task := l.startClone(vm, "copy")
		atOnce(t, "a clone of a petabyte", func() {
			if err := task.Wait(l.ctx); err != nil {
				t.Error(err)
			}
		})
	})
}

func TestUploadRateOff(t *testing.T) {
	off(t, "--upload-rate", func(t *testing.T, l *lab) {
		atOnce(t, "an upload of a petabyte", func() { l.vc.uploads.take(petabyte) })
	})
}

func TestPageSizeOff(t *testing.T) {
	off(t, "--page-size", func(t *testing.T, l *lab) {
		hosts := types.PropertyFilterSpec{PropSet: []types.PropertySpec{{Type: "HostSystem", PathSet: []string{"name"}}}}
		for _, host := range must(l.finder.HostSystemList(l.ctx, "/dc-east/host/*/*"))(t) {
			hosts.ObjectSet = append(hosts.ObjectSet, types.ObjectSpec{Obj: host.Reference()})
		}
		for asked, want := range map[int32]int{0: 4, 3: 3} {
			request := types.RetrievePropertiesEx{This: l.client.ServiceContent.PropertyCollector, SpecSet: []types.PropertyFilterSpec{hosts}}
			request.Options.MaxObjects = asked
			page := must(methods.RetrievePropertiesEx(l.ctx, l.client, &request))(t).Returnval
			if len(page.Objects) != want || (page.Token == "") != (asked == 0) {
				t.Errorf("%d of 4 hosts where %d were asked for, token %q", len(page.Objects), asked, page.Token)
			}
		}
	})
}

func TestAccountsOff(t *testing.T) {
	l := newLab(t)
	for user, fault := range map[string]bool{username: false, "few": true, "": true} {
		err := session.NewManager(l.connect()).Login(l.ctx, url.UserPassword(user, password))
		if sameFault(err, &types.InvalidLogin{}) != fault || !fault && err != nil {
			t.Errorf("login of %q: %v", user, err)
		}
	}
	root := l.client.ServiceContent.RootFolder
	var roles mo.AuthorizationManager
	manager := object.NewAuthorizationManager(l.client.Client)
	if err := l.client.RetrieveOne(l.ctx, manager.Reference(), []string{"roleList"}, &roles); err != nil {
		t.Fatal(err)
	}
	all := object.AuthorizationRoleList(roles.RoleList).ByName("Admin").Privilege
	got := must(manager.FetchUserPrivilegeOnEntities(l.ctx, []types.ManagedObjectReference{root}, username))(t)[0].Privileges
	for _, id := range all {
		if !slices.Contains(got, id) {
			t.Errorf("the one user has no %s", id)
		}
	}
	if len(all) < 100 {
		t.Errorf("%d privileges", len(all))
	}
}
