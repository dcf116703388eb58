package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vapi/tags"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// as gives the lab as another account sees it.
func (l *lab) as(user string) *lab { return l.login(url.UserPassword(user, "secret")) }

// fresh gives the lab a new session.
func (l *lab) fresh() *lab { return l.login(url.UserPassword(username, password)) }

func (l *lab) login(user *url.Userinfo) *lab {
	l.t.Helper()
	client := l.connect()
	own := &lab{t: l.t, vc: l.vc, ctx: l.ctx, finder: find.NewFinder(client)}
	own.client = &govmomi.Client{Client: client, SessionManager: session.NewManager(client)}
	if err := own.client.Login(l.ctx, user); err != nil {
		l.t.Fatal(err)
	}
	return own
}

func accountsFile(t *testing.T, accounts ...Account) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "accounts.json")
	if err := os.WriteFile(file, must(json.Marshal(accounts))(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return "--accounts=" + file
}

func TestPrivilegesAreTold(t *testing.T) {
	limited := Account{Username: "few", Password: "secret", Privileges: Privileges{"VApp.Import", "InventoryService.Tagging.ObjectAttachable"},
		Denied: []Denial{{"lab-7x2kq", Privileges{"VApp.Import"}}}}
	l := newLab(t, accountsFile(t, limited))
	few := l.as("few")
	folder := must(l.finder.Folder(l.ctx, home))(t).Reference()
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources/lab"))(t).Reference()
	manager := object.NewAuthorizationManager(few.client.Client)
	fetched := must(manager.FetchUserPrivilegeOnEntities(l.ctx, []types.ManagedObjectReference{folder, pool}, "few"))(t)
	for i, want := range [][]string{
		{"System.Anonymous", "System.Read", "System.View", "InventoryService.Tagging.ObjectAttachable"},
		{"System.Anonymous", "System.Read", "System.View", "InventoryService.Tagging.ObjectAttachable", "VApp.Import"},
	} {
		got := slices.Sorted(slices.Values(fetched[i].Privileges))
		if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("privileges on %s: %v", fetched[i].Entity, got)
		}
	}
	current := must(few.client.SessionManager.UserSession(l.ctx))(t)
	has := must(manager.HasPrivilegeOnEntity(l.ctx, pool, current.Key, []string{"VApp.Import"}))(t)
	hasUser := must(manager.HasUserPrivilegeOnEntities(l.ctx, []types.ManagedObjectReference{folder, pool}, "few", []string{"VApp.Import"}))(t)
	if !slices.Equal(has, []bool{true}) || hasUser[0].PrivAvailability[0].IsGranted || !hasUser[1].PrivAvailability[0].IsGranted {
		t.Errorf("%v, %+v", has, hasUser)
	}
	entities, err := methods.HasPrivilegeOnEntities(l.ctx, few.client, &types.HasPrivilegeOnEntities{
		This: manager.Reference(), Entity: []types.ManagedObjectReference{folder}, SessionId: current.Key, PrivId: []string{"VApp.Import"}})
	if err != nil || entities.Returnval[0].PrivAvailability[0].IsGranted {
		t.Errorf("%v, %+v", err, entities)
	}
	if _, err := manager.FetchUserPrivilegeOnEntities(l.ctx, []types.ManagedObjectReference{folder}, "nobody"); !sameFault(err, &types.InvalidArgument{}) {
		t.Errorf("an unknown user: %v", err)
	}
}

func TestGrantsHoldBelowTheirPath(t *testing.T) {
	scoped := Account{Username: "scoped", Password: "secret", Privileges: Privileges{"VApp.Export"}, Granted: []Grant{
		{"/dc-east/vm/lab-7x2kq", Privileges{"VirtualMachine.Inventory.Delete"}},
		{"/dc-east/host/cluster-b/Resources/", Privileges{"Resource.AssignVMToPool"}},
		{"/", Privileges{"InventoryService.Tagging.AttachTag"}},
	}}
	l := newLab(t, accountsFile(t, scoped))
	vm := l.imported("rhcos", nil)
	inner := must(must(l.finder.Folder(l.ctx, home))(t).CreateFolder(l.ctx, "inner"))(t)
	beside := must(must(l.finder.Folder(l.ctx, "/dc-east/vm"))(t).CreateFolder(l.ctx, "lab-7x2kq-other"))(t)
	manager := object.NewAuthorizationManager(l.client.Client)
	held := func(ref types.ManagedObjectReference) []string {
		fetched := must(manager.FetchUserPrivilegeOnEntities(l.ctx, []types.ManagedObjectReference{ref}, "scoped"))(t)
		return slices.DeleteFunc(fetched[0].Privileges, func(id string) bool { return slices.Contains(everybodys, id) })
	}
	tag, export := "InventoryService.Tagging.AttachTag", "VApp.Export"
	for what, test := range map[string]struct {
		on   types.ManagedObjectReference
		want []string
	}{
		"the folder":        {must(l.finder.Folder(l.ctx, home))(t).Reference(), []string{tag, export, "VirtualMachine.Inventory.Delete"}},
		"a folder below":    {inner.Reference(), []string{tag, export, "VirtualMachine.Inventory.Delete"}},
		"a VM in it":        {vm.Reference(), []string{tag, export, "VirtualMachine.Inventory.Delete"}},
		"a like-named one":  {beside.Reference(), []string{tag, export}},
		"the folder above":  {must(l.finder.Folder(l.ctx, "/dc-east/vm"))(t).Reference(), []string{tag, export}},
		"the pool":          {must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-b/Resources"))(t).Reference(), []string{"Resource.AssignVMToPool", tag, export}},
		"another's pool":    {must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources"))(t).Reference(), []string{tag, export}},
		"the vCenter":       {l.client.ServiceContent.RootFolder, []string{tag, export}},
		"a datastore there": {must(l.finder.Datastore(l.ctx, "ds-b"))(t).Reference(), []string{tag, export}},
	} {
		if got := held(test.on); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(test.want))) {
			t.Errorf("%s: %v", what, got)
		}
	}
	own := l.as("scoped")
	renamed := object.NewVirtualMachine(own.client.Client, vm.Reference())
	if _, err := renamed.Rename(l.ctx, "other"); !sameFault(err, &types.NoPermission{}) {
		t.Errorf("a rename, which was not granted: %v", err)
	}
	if err := must(renamed.Destroy(l.ctx))(t).Wait(l.ctx); err != nil {
		t.Errorf("a destroy, which was: %v", err)
	}
}

func TestTaggingNeedsPrivileges(t *testing.T) {
	all := Privileges{"InventoryService.Tagging.AttachTag", "InventoryService.Tagging.ObjectAttachable"}
	l := newLab(t, accountsFile(t,
		Account{Username: "tagger", Password: "secret", Privileges: all},
		Account{Username: "reader", Password: "secret"},
		Account{Username: "scoped", Password: "secret", Granted: []Grant{{"/", all[:1]}, {home, all[1:]}}},
		Account{Username: "no-vcenter", Password: "secret", Granted: []Grant{{home, all}}},
		Account{Username: "no-object", Password: "secret", Privileges: all, Denied: []Denial{{"lab-7x2kq", all[1:]}}}))
	folder := must(l.finder.Folder(l.ctx, home))(t)
	for user, allowed := range map[string]bool{"tagger": true, "scoped": true, "reader": false, "no-vcenter": false, "no-object": false} {
		client := rest.NewClient(l.client.Client)
		if err := client.Login(l.ctx, url.UserPassword(user, "secret")); err != nil {
			t.Fatal(err)
		}
		manager := tags.NewManager(client)
		tag := must(manager.GetTagForCategory(l.ctx, "lab-7x2kq", "openshift-lab-7x2kq"))(t)
		if err := manager.AttachTag(l.ctx, tag.ID, folder); (err == nil) != allowed {
			t.Errorf("%s attaches: %v", user, err)
		}
		if _, err := manager.CreateTag(l.ctx, &tags.Tag{Name: "x", CategoryID: tag.CategoryID}); err == nil {
			t.Errorf("%s created a tag", user)
		}
		if attached := must(manager.GetAttachedTags(l.ctx, folder))(t); allowed && len(attached) != 1 {
			t.Errorf("%+v", attached)
		}
	}
	none := newLab(t, "--cluster-tag=")
	client := rest.NewClient(none.client.Client)
	if err := client.Login(l.ctx, url.UserPassword(username, password)); err != nil {
		t.Fatal(err)
	}
	if list := must(tags.NewManager(client).ListTags(l.ctx))(t); len(list) != 0 {
		t.Errorf("tags %v", list)
	}
}
