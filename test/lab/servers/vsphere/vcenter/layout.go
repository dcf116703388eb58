// The layout of the inventory: what stands in the datacenter before anybody logs in.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
)

// Layout is the JSON of --layout. Folders are paths below the datacenter's VM folder, absolute or relative.
type Layout struct {
	Datacenter string          `json:"datacenter"`
	Datastores []string        `json:"datastores"`
	Clusters   []ClusterLayout `json:"clusters"`
	Networks   []string        `json:"networks"`
	Folders    []string        `json:"folders"`
}

// ClusterLayout is one compute cluster; all its hosts mount its one datastore. No networks means all of the layout's.
type ClusterLayout struct {
	Name          string   `json:"name"`
	Hosts         int      `json:"hosts"`
	Datastore     string   `json:"datastore"`
	ResourcePools []string `json:"resourcePools"`
	Networks      []string `json:"networks,omitempty"`
	ESXVersion    string   `json:"esxVersion,omitempty"` // of its hosts, as 7.0.3; hardware versions follow from it
}

func defaultLayout() Layout {
	return Layout{
		Datacenter: "dc-east",
		Datastores: []string{"ds-a", "ds-b"},
		Clusters: []ClusterLayout{
			{Name: "cluster-a", Hosts: 2, Datastore: "ds-a", ResourcePools: []string{"lab"}},
			{Name: "cluster-b", Hosts: 2, Datastore: "ds-b"},
		},
		Networks: []string{"vm-net-101", "vm-net-102"},
		Folders:  []string{"/dc-east/vm/lab-7x2kq"},
	}
}

// readLayout reads a layout file; unknown fields and dangling names are errors.
func readLayout(file string) (Layout, error) {
	var layout Layout
	text, err := os.ReadFile(file)
	if err != nil {
		return layout, fmt.Errorf("cannot read the layout: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&layout); err != nil {
		return layout, fmt.Errorf("layout %s is not the expected JSON: %w", file, err)
	}
	if err := layout.check(); err != nil {
		return layout, fmt.Errorf("layout %s: %w", file, err)
	}
	return layout, nil
}

func (l Layout) check() error {
	if l.Datacenter == "" {
		return fmt.Errorf("datacenter has no name")
	}
	for _, cluster := range l.Clusters {
		if cluster.Name == "" || cluster.Hosts < 1 {
			return fmt.Errorf("cluster %q needs a name and at least one host", cluster.Name)
		}
		if !slices.Contains(l.Datastores, cluster.Datastore) {
			return fmt.Errorf("cluster %q mounts datastore %q, which is not in datastores", cluster.Name, cluster.Datastore)
		}
		for _, network := range cluster.Networks {
			if !slices.Contains(l.Networks, network) {
				return fmt.Errorf("cluster %q has network %q, which is not in networks", cluster.Name, network)
			}
		}
	}
	for _, folder := range l.Folders {
		if path.IsAbs(folder) && !strings.HasPrefix(path.Clean(folder), "/"+l.Datacenter+"/vm/") {
			return fmt.Errorf("folder %q is not below /%s/vm/", folder, l.Datacenter)
		}
	}
	return nil
}

// folderSteps gives the names from the VM folder down.
func (l Layout) folderSteps(folder string) []string {
	return strings.Split(strings.TrimPrefix(path.Clean(folder), "/"+l.Datacenter+"/vm/"), "/")
}

func (l Layout) networksOf(cluster ClusterLayout) []string {
	if len(cluster.Networks) > 0 {
		return cluster.Networks
	}
	return l.Networks
}
