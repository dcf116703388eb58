package main

import (
	"path"
	"testing"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

// clone puts a clone on cluster-b and ds-b unless the spec says otherwise.
func (l *lab) clone(vm *object.VirtualMachine, name string, spec types.VirtualMachineCloneSpec) *object.VirtualMachine {
	l.t.Helper()
	ref, err := l.tryClone(vm, name, spec)
	if err != nil {
		l.t.Fatal(err)
	}
	return object.NewVirtualMachine(l.client.Client, *ref)
}

func (l *lab) tryClone(vm *object.VirtualMachine, name string, spec types.VirtualMachineCloneSpec) (*types.ManagedObjectReference, error) {
	l.t.Helper()
	folder := must(l.finder.Folder(l.ctx, home))(l.t)
	if spec.Location.Pool == nil {
		spec.Location.Pool = types.NewReference(must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-b/Resources"))(l.t).Reference())
	}
	if spec.Location.Datastore == nil {
		spec.Location.Datastore = types.NewReference(must(l.finder.Datastore(l.ctx, "/dc-east/datastore/ds-b"))(l.t).Reference())
	}
	task := must(vm.Clone(l.ctx, folder, name, spec))(l.t)
	info, err := task.WaitForResult(l.ctx)
	if err != nil {
		return nil, err
	}
	return types.NewReference(info.Result.(types.ManagedObjectReference)), nil
}

func option(key, value string) types.BaseOptionValue {
	return &types.OptionValue{Key: key, Value: value}
}

func TestCloneInheritsAndAppliesConfig(t *testing.T) {
	l := newLab(t)
	template := l.imported("rhcos", func(config *types.VirtualMachineConfigSpec) {
		config.ExtraConfig = append(config.ExtraConfig, option("bootwarden.cluster", "lab"), option("gone", "1"), option("stealclock.enable", "FALSE"))
	})
	if err := template.MarkAsTemplate(l.ctx); err != nil {
		t.Fatal(err)
	}
	// What OpenShift's Machine API sends.
	devices := must(template.Device(l.ctx))(t)
	disk := devices.SelectByType((*types.VirtualDisk)(nil))[0].(*types.VirtualDisk)
	templateFile := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo).FileName
	disk.CapacityInKB = 120 << 20
	nic := devices.SelectByType((*types.VirtualEthernetCard)(nil))[0]
	network := must(l.finder.Network(l.ctx, "/dc-east/network/vm-net-102"))(t)
	backing := must(network.EthernetCardBackingInfo(l.ctx))(t)
	newNic := must(object.EthernetCardTypes().CreateEthernetCard("vmxnet3", backing))(t)
	clone := l.clone(template, "worker", types.VirtualMachineCloneSpec{
		Config: &types.VirtualMachineConfigSpec{
			Annotation: "worker", InstanceUuid: "0fb54bb9-75a9-4ba6-8c52-3a4be8fa2f4f",
			Flags: &types.VirtualMachineFlagInfo{DiskUuidEnabled: types.NewBool(true)}, NumCPUs: 4, NumCoresPerSocket: 2, MemoryMB: 16384,
			ExtraConfig: []types.BaseOptionValue{option("guestinfo.ignition.config.data", "eyJ9"), option("gone", ""), option("stealclock.enable", "TRUE")},
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{
				&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationEdit, Device: disk},
				&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationRemove, Device: nic},
				&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationAdd, Device: newNic},
			},
		},
		Location: types.VirtualMachineRelocateSpec{DiskMoveType: string(types.VirtualMachineRelocateDiskMoveOptionsMoveAllDiskBackingsAndAllowSharing)},
	})
	options := l.extraConfig(clone)
	want := map[string]any{"bootwarden.cluster": "lab", "guestinfo.ignition.config.data": "eyJ9", "stealclock.enable": "TRUE"}
	if len(options) != len(want) {
		t.Errorf("extraConfig is %v", options)
	}
	for key, value := range want {
		if options[key] != value {
			t.Errorf("extraConfig %s is %v", key, options[key])
		}
	}
	got := l.read(clone)
	if got.Config.InstanceUuid != "0fb54bb9-75a9-4ba6-8c52-3a4be8fa2f4f" || got.Config.Annotation != "worker" || got.Config.Firmware != "efi" {
		t.Errorf("instanceUuid %q, annotation %q, firmware %q", got.Config.InstanceUuid, got.Config.Annotation, got.Config.Firmware)
	}
	if got.Config.Hardware.NumCPU != 4 || got.Config.Hardware.MemoryMB != 16384 || got.Config.Template {
		t.Errorf("%d CPUs, %d MB, template %v", got.Config.Hardware.NumCPU, got.Config.Hardware.MemoryMB, got.Config.Template)
	}
	if got.Config.Uuid == l.read(template).Config.Uuid {
		t.Error("the clone has its source's BIOS UUID")
	}
	all := object.VirtualDeviceList(got.Config.Hardware.Device)
	disks := all.SelectByType((*types.VirtualDisk)(nil))
	if len(disks) != 1 || disks[0].(*types.VirtualDisk).CapacityInKB != 120<<20 {
		t.Fatalf("disks %+v", disks)
	}
	file := disks[0].(*types.VirtualDisk).Backing.(*types.VirtualDiskFlatVer2BackingInfo).FileName
	if file == templateFile || path.Dir(file) != "[ds-b] worker" {
		t.Errorf("the clone's disk is %q, the template's %q", file, templateFile)
	}
	if nics := all.SelectByType((*types.VirtualEthernetCard)(nil)); len(nics) != 1 || all.Name(nics[0]) == "" ||
		nics[0].GetVirtualDevice().Backing.(*types.VirtualEthernetCardNetworkBackingInfo).DeviceName != "vm-net-102" {
		t.Errorf("network cards %+v", nics)
	}
	host := must(object.NewHostSystem(l.client.Client, *got.Runtime.Host).ObjectName(l.ctx))(t)
	if host != "esx-1.cluster-b.lab" {
		t.Errorf("the clone stands on %s", host)
	}
}

func TestCloneOff(t *testing.T) {
	l := newLab(t, "--clone-inherits=false")
	vm := l.imported("rhcos", func(config *types.VirtualMachineConfigSpec) {
		config.ExtraConfig = append(config.ExtraConfig, option("bootwarden.cluster", "lab"))
	})
	host := l.read(vm).Runtime.Host
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources"))(t)
	datastore := must(l.finder.Datastore(l.ctx, "ds-a"))(t)
	clone := l.clone(vm, "copy", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
		Host: host, Pool: types.NewReference(pool.Reference()), Datastore: types.NewReference(datastore.Reference()),
	}})
	if options := l.extraConfig(clone); len(options) != 0 {
		t.Errorf("extraConfig is %v", options)
	}
}

func TestCloneRefusals(t *testing.T) {
	l := newLab(t)
	vm := l.imported("rhcos", nil)
	wrongStore := types.NewReference(must(l.finder.Datastore(l.ctx, "/dc-east/datastore/ds-a"))(t).Reference())
	tests := map[string]struct {
		name  string
		spec  types.VirtualMachineCloneSpec
		fault types.BaseMethodFault
	}{
		"taken name":            {"rhcos", types.VirtualMachineCloneSpec{}, &types.DuplicateName{}},
		"datastore not mounted": {"a", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{Datastore: wrongStore}}, &types.NoCompatibleHost{}},
		"linked, no snapshot": {"b", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
			DiskMoveType: string(types.VirtualMachineRelocateDiskMoveOptionsCreateNewChildDiskBacking)}}, &types.InvalidArgument{}},
	}
	for name, test := range tests {
		_, err := l.tryClone(vm, test.name, test.spec)
		if !sameFault(err, test.fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := l.count(t, home+"/*"); n != 1 {
		t.Errorf("%d VMs after refused clones", n)
	}
}

// portGroup makes a distributed switch of the cluster's hosts with a port group, and gives the backing of a card on it.
func (l *lab) portGroup(name, cluster string) types.BaseVirtualDeviceBackingInfo {
	l.t.Helper()
	folders := must(must(l.finder.Datacenter(l.ctx, "/dc-east"))(l.t).Folders(l.ctx))(l.t)
	config := &types.VMwareDVSConfigSpec{}
	config.Name = name + "-switch"
	made := must(must(folders.NetworkFolder.CreateDVS(l.ctx, types.DVSCreateSpec{ConfigSpec: config}))(l.t).WaitForResult(l.ctx))(l.t)
	dvs := object.NewDistributedVirtualSwitch(l.client.Client, made.Result.(types.ManagedObjectReference))
	members := &types.VMwareDVSConfigSpec{}
	for _, host := range must(l.finder.HostSystemList(l.ctx, "/dc-east/host/"+cluster+"/*"))(l.t) {
		members.Host = append(members.Host, types.DistributedVirtualSwitchHostMemberConfigSpec{Operation: "add", Host: host.Reference()})
	}
	for _, task := range []*object.Task{must(dvs.Reconfigure(l.ctx, members))(l.t), must(dvs.AddPortgroup(l.ctx, []types.DVPortgroupConfigSpec{{Name: name}}))(l.t)} {
		if err := task.Wait(l.ctx); err != nil {
			l.t.Fatal(err)
		}
	}
	return must(must(l.finder.Network(l.ctx, name))(l.t).EthernetCardBackingInfo(l.ctx))(l.t)
}

func TestCloneIsBornOnItsNetwork(t *testing.T) {
	l := newLab(t)
	from, to := l.portGroup("pg-a", "cluster-a"), l.portGroup("pg-b", "cluster-b")
	template := l.imported("rhcos", func(config *types.VirtualMachineConfigSpec) {
		for _, change := range config.DeviceChange {
			if card, ok := change.GetVirtualDeviceConfigSpec().Device.(types.BaseVirtualEthernetCard); ok {
				card.GetVirtualEthernetCard().Backing = from
			}
		}
	})
	port := func(vm *object.VirtualMachine) (types.BaseVirtualDevice, types.DistributedVirtualSwitchPortConnection) {
		card := must(vm.Device(l.ctx))(t).SelectByType((*types.VirtualEthernetCard)(nil))[0]
		return card, card.GetVirtualDevice().Backing.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo).Port
	}
	card, old := port(template)
	card.GetVirtualDevice().Backing = to
	spec := types.VirtualMachineCloneSpec{}
	if _, err := l.tryClone(template, "unchanged", spec); !sameFault(err, &types.InvalidArgument{}) {
		t.Errorf("a clone on a switch that its host is no member of: %v", err)
	}
	spec.Location.DeviceChange = []types.BaseVirtualDeviceConfigSpec{&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationEdit, Device: card}}
	_, own := port(l.clone(template, "copy", spec))
	wanted := to.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo).Port
	if own.PortgroupKey != wanted.PortgroupKey || own.SwitchUuid != wanted.SwitchUuid || own.PortgroupKey == old.PortgroupKey {
		t.Errorf("the clone is on %+v, its source on %+v", own, old)
	}
}

func TestCloneToTemplateAndPoweredOn(t *testing.T) {
	l := newLab(t)
	vm := l.imported("rhcos", nil)
	if !l.read(l.clone(vm, "template", types.VirtualMachineCloneSpec{Template: true})).Config.Template {
		t.Error("no template")
	}
	running := l.read(l.clone(vm, "running", types.VirtualMachineCloneSpec{PowerOn: true}))
	if running.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
		t.Errorf("power state %s", running.Runtime.PowerState)
	}
}
