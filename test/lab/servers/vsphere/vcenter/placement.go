// The placement of a new VM: datacenter, host and datastore that fit together, or vCenter's fault that they do not.
package main

import (
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// datacenterOf walks up to the entity's datacenter.
func datacenterOf(ctx *simulator.Context, entity mo.Entity) *simulator.Datacenter {
	for entity != nil {
		if datacenter, ok := entity.(*simulator.Datacenter); ok {
			return datacenter
		}
		parent := entity.Entity().Parent
		if parent == nil {
			return nil
		}
		entity, _ = ctx.Map.Get(*parent).(mo.Entity)
	}
	return nil
}

// placeOn gives the host to use: the wanted one, or the first of the pool's cluster, that mounts the datastore of the path.
// Without one the stock simulator picks a host of another cluster or dies.
func placeOn(ctx *simulator.Context, pool types.ManagedObjectReference, wanted *types.ManagedObjectReference, vmPath string) (*types.ManagedObjectReference, types.BaseMethodFault) {
	var path object.DatastorePath
	if !path.FromString(vmPath) {
		return nil, &types.InvalidDatastorePath{DatastorePath: vmPath}
	}
	for _, ref := range hostsOf(ctx, pool) {
		if wanted != nil && ref != *wanted {
			continue
		}
		host, ok := ctx.Map.Get(ref).(*simulator.HostSystem)
		if ok && ctx.Map.FindByName(path.Datastore, host.Datastore) != nil {
			return &ref, nil
		}
	}
	if wanted != nil {
		return nil, &types.InvalidArgument{InvalidProperty: "host"}
	}
	return nil, &types.NoCompatibleHost{}
}

func hostsOf(ctx *simulator.Context, pool types.ManagedObjectReference) []types.ManagedObjectReference {
	var owner types.ManagedObjectReference
	switch p := ctx.Map.Get(pool).(type) {
	case *simulator.ResourcePool:
		owner = p.Owner
	case *simulator.VirtualApp:
		owner = p.Owner
	}
	cluster, ok := ctx.Map.Get(owner).(*simulator.ClusterComputeResource)
	if !ok {
		return nil
	}
	return append([]types.ManagedObjectReference{}, cluster.Host...)
}

// datastoreNamed finds a datastore of the entity's datacenter.
func datastoreNamed(ctx *simulator.Context, entity mo.Entity, name string) *simulator.Datastore {
	datacenter := datacenterOf(ctx, entity)
	if datacenter == nil {
		return nil
	}
	datastore, _ := ctx.Map.FindByName(name, datacenter.Datastore).(*simulator.Datastore)
	return datastore
}
