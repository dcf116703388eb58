// The datastore directory of a new VM: its name, or NAME_1, NAME_2, … where that is taken.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// giveDirectory makes a free directory and points the spec's files and new disks into it.
// A path that names a .vmx file is the caller's own choice and stays.
func giveDirectory(ctx *simulator.Context, folder mo.Entity, config *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	if config.Files == nil {
		return &types.InvalidVmConfig{Property: "configSpec.files.vmPathName"}
	}
	var vmx object.DatastorePath
	if !vmx.FromString(config.Files.VmPathName) {
		return &types.InvalidDatastorePath{DatastorePath: config.Files.VmPathName}
	}
	if path.Ext(vmx.Path) == ".vmx" {
		return nil
	}
	datastore := datastoreNamed(ctx, folder, vmx.Datastore)
	if datastore == nil {
		return &types.InvalidDatastore{Name: vmx.Datastore}
	}
	wanted := vmx.Path
	if wanted == "" {
		wanted = path.Base("/" + config.Name)
	}
	directory, fault := freeDirectory(datastore.Summary.Url, wanted)
	if fault != nil {
		return fault
	}
	vmx.Path = path.Join(directory, path.Base("/"+config.Name)+".vmx")
	config.Files.VmPathName = vmx.String()
	moveNewDisks(config, directory)
	return nil
}

func freeDirectory(root, wanted string) (string, types.BaseMethodFault) {
	for n := 0; n < 10_000; n++ {
		name := wanted
		if n > 0 {
			name = fmt.Sprintf("%s_%d", wanted, n)
		}
		err := os.Mkdir(filepath.Join(root, name), 0o700)
		if err == nil {
			return name, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", &types.FileFault{File: name}
		}
	}
	return "", &types.FileAlreadyExists{FileFault: types.FileFault{File: wanted}}
}

func moveNewDisks(config *types.VirtualMachineConfigSpec, directory string) {
	for _, change := range config.DeviceChange {
		spec := change.GetVirtualDeviceConfigSpec()
		disk, ok := spec.Device.(*types.VirtualDisk)
		if !ok || spec.FileOperation != types.VirtualDeviceConfigSpecFileOperationCreate {
			continue
		}
		backing, ok := disk.Backing.(types.BaseVirtualDeviceFileBackingInfo)
		if !ok {
			continue
		}
		info := backing.GetVirtualDeviceFileBackingInfo()
		var file object.DatastorePath
		if file.FromString(info.FileName) && file.Path != "" {
			file.Path = path.Join(directory, path.Base(file.Path))
			info.FileName = file.String()
		}
	}
}
