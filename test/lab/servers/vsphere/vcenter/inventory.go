// The inventory: a layout turned into managed objects, through the API where it can do that.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

type builder struct {
	client   *vim25.Client
	registry *simulator.Registry
	storage  string
	layout   Layout
	networks map[string]types.ManagedObjectReference
	sim      *simulator.Context
}

// buildInventory creates the layout's objects; datastores are directories below storage.
func buildInventory(service *simulator.Service, layout Layout, storage string) error {
	ctx := context.Background()
	client, err := vim25.NewClient(ctx, service)
	if err != nil {
		return err
	}
	b := &builder{client, service.Context.Map, storage, layout, map[string]types.ManagedObjectReference{}, service.Context}
	datacenter, err := object.NewRootFolder(client).CreateDatacenter(ctx, layout.Datacenter)
	if err != nil {
		return fmt.Errorf("datacenter %s: %w", layout.Datacenter, err)
	}
	folders, err := datacenter.Folders(ctx)
	if err != nil {
		return err
	}
	for _, name := range layout.Datastores {
		if err := os.Mkdir(filepath.Join(storage, name), 0o700); err != nil {
			return err
		}
	}
	for _, cluster := range layout.Clusters {
		if err := b.cluster(ctx, folders.HostFolder, cluster); err != nil {
			return fmt.Errorf("cluster %s: %w", cluster.Name, err)
		}
	}
	for _, folder := range layout.Folders {
		if err := b.folder(ctx, folders.VmFolder, folder); err != nil {
			return fmt.Errorf("folder %s: %w", folder, err)
		}
	}
	return nil
}

func (b *builder) cluster(ctx context.Context, parent *object.Folder, layout ClusterLayout) error {
	cluster, err := parent.CreateCluster(ctx, layout.Name, types.ClusterConfigSpecEx{})
	if err != nil {
		return err
	}
	for n := 1; n <= layout.Hosts; n++ {
		task, err := cluster.AddHost(ctx, types.HostConnectSpec{HostName: fmt.Sprintf("esx-%d.%s.lab", n, layout.Name)}, true, nil, nil)
		if err != nil {
			return err
		}
		result, err := task.WaitForResult(ctx)
		if err != nil {
			return err
		}
		host := object.NewHostSystem(b.client, result.Result.(types.ManagedObjectReference))
		if err := b.host(ctx, host, layout); err != nil {
			return fmt.Errorf("host %d: %w", n, err)
		}
	}
	if layout.ESXVersion != "" {
		if err := b.age(b.registry.Get(cluster.Reference()).(*simulator.ClusterComputeResource), layout.ESXVersion); err != nil {
			return err
		}
	}
	root, err := cluster.ResourcePool(ctx)
	if err != nil {
		return err
	}
	for _, pool := range layout.ResourcePools {
		if _, err := root.Create(ctx, pool, types.DefaultResourceConfigSpec()); err != nil {
			return fmt.Errorf("resource pool %s: %w", pool, err)
		}
	}
	return nil
}

func (b *builder) host(ctx context.Context, host *object.HostSystem, layout ClusterLayout) error {
	stores, err := host.ConfigManager().DatastoreSystem(ctx)
	if err != nil {
		return err
	}
	if _, err := stores.CreateLocalDatastore(ctx, layout.Datastore, filepath.Join(b.storage, layout.Datastore)); err != nil {
		return fmt.Errorf("datastore %s: %w", layout.Datastore, err)
	}
	for _, name := range b.layout.networksOf(layout) {
		if err := b.attachNetwork(ctx, host, name); err != nil {
			return fmt.Errorf("network %s: %w", name, err)
		}
	}
	return nil
}

// attachNetwork makes a port group on the first host; the stock simulator refuses a second one of that name
// in a datacenter, so further hosts get the same network by hand, as do the clusters.
func (b *builder) attachNetwork(ctx context.Context, host *object.HostSystem, name string) error {
	entity := b.registry.Get(host.Reference()).(*simulator.HostSystem)
	if _, known := b.networks[name]; !known {
		system, err := host.ConfigManager().NetworkSystem(ctx)
		if err != nil {
			return err
		}
		if err := system.AddPortGroup(ctx, types.HostPortGroupSpec{Name: name, VswitchName: "vSwitch0"}); err != nil {
			return err
		}
		for _, network := range b.registry.All("Network") {
			if network.Entity().Name == name {
				b.networks[name] = network.Reference()
			}
		}
	}
	ref := b.networks[name]
	network := b.registry.Get(ref).(*mo.Network)
	cluster := b.registry.Get(*entity.Parent).(*simulator.ClusterComputeResource)
	// A fresh slice: the stock AddHost gives the hosts a slice of the cluster's own array.
	entity.Network = append(append([]types.ManagedObjectReference{}, entity.Network...), ref)
	b.registry.AppendReference(b.sim, network, &network.Host, entity.Self)
	b.registry.AddReference(b.sim, cluster, &cluster.Network, ref)
	return nil
}

func (b *builder) folder(ctx context.Context, parent *object.Folder, folder string) error {
	for _, step := range b.layout.folderSteps(folder) {
		ref := b.childFolder(parent, step)
		if ref != nil {
			parent = object.NewFolder(b.client, *ref)
			continue
		}
		child, err := parent.CreateFolder(ctx, step)
		if err != nil {
			return err
		}
		parent = child
	}
	return nil
}

func (b *builder) childFolder(parent *object.Folder, name string) *types.ManagedObjectReference {
	folder := b.registry.Get(parent.Reference()).(*simulator.Folder)
	if child := b.registry.FindByName(name, folder.ChildEntity); child != nil {
		ref := child.Reference()
		return &ref
	}
	return nil
}
