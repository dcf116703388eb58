// The space of the datastores: what --free-space gives each, less what its VMs take.
package main

import (
	"fmt"
	"sync"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// space knows the bytes that VMs were given; a thick disk takes its capacity, a thin one what was written to it.
type space struct {
	mutex   sync.Mutex
	free    map[string]int64 // by datastore; those without an entry are as the stock simulator has them
	every   int64            // for datastores without an entry; 0: none
	written map[types.ManagedObjectReference]int64
	pending map[string]int64 // by datastore: clones under way
}

func newSpace(every int64) *space {
	return &space{free: map[string]int64{}, every: every, written: map[types.ManagedObjectReference]int64{}, pending: map[string]int64{}}
}

func (s *space) write(vm types.ManagedObjectReference, bytes int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.written[vm] += bytes
}

func (s *space) writtenTo(vm types.ManagedObjectReference) int64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.written[vm]
}

// reserve holds bytes of a datastore until the function that it answers is called.
func (s *space) reserve(datastore string, bytes int64) func() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.pending[datastore] += bytes
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.pending[datastore] -= bytes
	}
}

// limit is false for a datastore without one.
func (s *space) limit(datastore string) (int64, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if bytes, own := s.free[datastore]; own {
		return bytes - s.pending[datastore], true
	}
	return s.every - s.pending[datastore], s.every > 0
}

// freeSpace of a datastore; false where it has no limit.
func (vc *VCenter) freeSpace(datastore string) (int64, bool) {
	left, limited := vc.space.limit(datastore)
	if !limited {
		return 0, false
	}
	for _, entity := range vc.service.Context.Map.All("VirtualMachine") {
		var vmx object.DatastorePath
		vm, ok := entity.(*simulator.VirtualMachine)
		if ok && vm.Config != nil && vmx.FromString(vm.Config.Files.VmPathName) && vmx.Datastore == datastore {
			left -= max(vc.space.writtenTo(vm.Self), thickBytes(vm.Config.Hardware.Device))
		}
	}
	return left, true
}

// noSpace is the fault of something that needs more than is left.
func (vc *VCenter) noSpace(datastore string, bytes int64) types.BaseMethodFault {
	if left, limited := vc.freeSpace(datastore); limited && bytes > left {
		return &types.NoDiskSpace{FileFault: types.FileFault{File: fmt.Sprintf("[%s]", datastore)}, Datastore: datastore}
	}
	return nil
}

func thickBytes(devices []types.BaseVirtualDevice) int64 {
	total := int64(0)
	for _, device := range devices {
		disk, ok := device.(*types.VirtualDisk)
		if !ok {
			continue
		}
		backing, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		if ok && (backing.ThinProvisioned == nil || !*backing.ThinProvisioned) {
			total += max(disk.CapacityInBytes, disk.CapacityInKB<<10)
		}
	}
	return total
}

// thickBytesOf a VM to be.
func thickBytesOf(config *types.VirtualMachineConfigSpec) int64 {
	var devices []types.BaseVirtualDevice
	for _, change := range config.DeviceChange {
		devices = append(devices, change.GetVirtualDeviceConfigSpec().Device)
	}
	return thickBytes(devices)
}

// tellSpace brings the datastores' summaries up to date, before they are read.
func (vc *VCenter) tellSpace(ctx *simulator.Context) {
	for _, entity := range ctx.Map.All("Datastore") {
		datastore, ok := entity.(*simulator.Datastore)
		if !ok {
			continue
		}
		if left, limited := vc.freeSpace(datastore.Name); limited {
			ctx.WithLock(datastore, func() {
				datastore.Summary.FreeSpace = max(left, 0)
				datastore.Info.GetDatastoreInfo().FreeSpace = datastore.Summary.FreeSpace
			})
		}
	}
}

type freeSpaceChange struct {
	Datastore string `json:"datastore,omitempty"`
	Bytes     int64  `json:"bytes"`
}

// setFreeSpace gives one datastore, or all, so many bytes from now on: what VMs take already is on top.
func (vc *VCenter) setFreeSpace(change freeSpaceChange) (any, error) {
	found := false
	for _, entity := range vc.service.Context.Map.All("Datastore") {
		name := entity.Entity().Name
		if change.Datastore != "" && change.Datastore != name {
			continue
		}
		found = true
		vc.space.set(name, 0)
		left, _ := vc.freeSpace(name)
		vc.space.set(name, change.Bytes-left)
	}
	if !found {
		return nil, fmt.Errorf("there is no datastore %q", change.Datastore)
	}
	return nil, nil
}

func (s *space) set(datastore string, bytes int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.free[datastore] = bytes
}
