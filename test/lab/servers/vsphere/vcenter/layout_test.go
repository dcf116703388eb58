package main

import (
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/vmware/govmomi/vim25/mo"
)

func TestDefaultLayout(t *testing.T) {
	l := newLab(t)
	for _, path := range []string{
		"/dc-east/host/cluster-a/Resources/lab", "/dc-east/host/cluster-b/esx-2.cluster-b.lab", "/dc-east/datastore/ds-b",
		"/dc-east/network/vm-net-102", home, "/dc-east/host/cluster-a/vm-net-101",
	} {
		if _, err := l.finder.ManagedObjectListChildren(l.ctx, path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for cluster, store := range map[string]string{"cluster-a": "ds-a", "cluster-b": "ds-b"} {
		for _, host := range must(l.finder.HostSystemList(l.ctx, "/dc-east/host/"+cluster+"/*"))(t) {
			var properties mo.HostSystem
			if err := host.Properties(l.ctx, host.Reference(), []string{"datastore", "network"}, &properties); err != nil {
				t.Fatal(err)
			}
			datastore := must(l.finder.Datastore(l.ctx, store))(t).Reference()
			if len(properties.Datastore) != 1 || properties.Datastore[0] != datastore {
				t.Errorf("%s mounts %v", host.InventoryPath, properties.Datastore)
			}
			names := []string{}
			for _, ref := range properties.Network {
				names = append(names, must(l.finder.Element(l.ctx, ref))(t).Path)
			}
			sort.Strings(names)
			if !strings.Contains(strings.Join(names, " "), "vm-net-101") || !strings.Contains(strings.Join(names, " "), "vm-net-102") {
				t.Errorf("%s has the networks %v", host.InventoryPath, names)
			}
		}
	}
	if n := l.count(t, "/dc-east/vm/..."); n != 0 {
		t.Errorf("%d stock VMs", n)
	}
	if about := l.client.ServiceContent.About; !strings.HasPrefix(about.ApiVersion, "8.0.") {
		t.Errorf("API version %s", about.ApiVersion)
	}
}

func TestLayoutFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "layout.json")
	text := `{"datacenter":"dc","datastores":["s"],"clusters":[{"name":"c","hosts":1,"datastore":"s","resourcePools":["p"]}],"networks":["n"],"folders":["/dc/vm/a/b","a/c"]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l := newLab(t, "--layout", file)
	for _, path := range []string{"/dc/vm/a/b", "/dc/vm/a/c", "/dc/host/c/Resources/p"} {
		if _, err := l.finder.ManagedObjectListChildren(l.ctx, path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for problem, text := range map[string]string{
		"not the expected JSON": `{"datacentre":"x"}`,
		"has no name":           `{}`,
		"not in datastores":     `{"datacenter":"d","clusters":[{"name":"c","hosts":1,"datastore":"s"}]}`,
		"at least one host":     `{"datacenter":"d","clusters":[{"name":"c"}]}`,
		"not in networks":       `{"datacenter":"d","datastores":["s"],"clusters":[{"name":"c","hosts":1,"datastore":"s","networks":["n"]}]}`,
		"not below":             `{"datacenter":"d","folders":["/x/vm/y"]}`,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readLayout(file); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v", problem, err)
		}
	}
}

func TestSettingsNameEverythingMissing(t *testing.T) {
	_, err := parseSettings([]string{"extra"}, io.Discard)
	for _, part := range []string{"--cert", "--password", "extra"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s is not in: %v", part, err)
		}
	}
}
