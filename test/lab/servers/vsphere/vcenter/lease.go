// The import lease: the right to upload a new VM's files, ended by complete, abort or its timeout.
package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Lease stands in the registry of the session that made it, as the stock one does, so other sessions cannot see it.
type Lease struct {
	mo.HttpNfcLease

	vc      *VCenter
	session *simulator.Session
	timer   *time.Timer
	id      string
	task    types.ManagedObjectReference // ImportVAppLRO
	created chan struct{}                // closed when the VM exists or failed to

	mutex     sync.Mutex
	vm        types.ManagedObjectReference
	datastore string
	seen      time.Time // the client's last sign of life
	ended     bool
	broken    bool
	uploaded  map[string]upload // by file name
}

func newLease(ctx *simulator.Context, vc *VCenter) *Lease {
	id := uuid.NewString()
	lease := &Lease{vc: vc, session: ctx.Session, id: id, created: make(chan struct{}), seen: time.Now(), uploaded: map[string]upload{}}
	lease.Self = types.ManagedObjectReference{Type: "HttpNfcLease", Value: "session[" + ctx.Session.Key + "]" + id}
	lease.State = types.HttpNfcLeaseStateInitializing
	ctx.Session.Put(lease)
	vc.leases.add(lease)
	return lease
}

func (l *Lease) update(ctx *simulator.Context, changes ...types.PropertyChange) {
	ctx.WithLock(l, func() { ctx.Update(l, changes) })
}

// breakDown makes a ready lease useless; its VM stays, and abort still ends both.
func (l *Lease) breakDown(ctx *simulator.Context, fault types.BaseMethodFault) {
	l.mutex.Lock()
	l.broken = true
	l.mutex.Unlock()
	l.update(ctx, errorState(fault)...)
}

func errorState(fault types.BaseMethodFault) []types.PropertyChange {
	return []types.PropertyChange{
		{Name: "state", Val: types.HttpNfcLeaseStateError},
		{Name: "error", Val: &types.LocalizedMethodFault{Fault: fault, LocalizedMessage: fmt.Sprintf("%T", fault)}},
	}
}

func (l *Lease) fail(ctx *simulator.Context, fault types.BaseMethodFault) {
	l.update(ctx, errorState(fault)...)
	close(l.created)
}

func (l *Lease) ready(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	l.own(vm)
	info := &types.HttpNfcLeaseInfo{Lease: l.Self, Entity: vm.Self, LeaseTimeout: int32(l.vc.settings.LeaseTimeout.Seconds())}
	for _, file := range importFiles(vm) {
		info.TotalDiskCapacityInKB += file.capacityKB
		info.DeviceUrl = append(info.DeviceUrl, types.HttpNfcLeaseDeviceUrl{
			Key: file.key, ImportKey: file.importKey, TargetId: file.name, Disk: types.NewBool(file.disk),
			Url:            fmt.Sprintf("https://%s/nfc/%s/%s", l.vc.hostAddress, l.id, file.name),
			SslThumbprint:  l.vc.leaseThumbprint(),
			SslCertificate: l.vc.leaseCertificate(),
		})
	}
	l.update(ctx,
		types.PropertyChange{Name: "state", Val: types.HttpNfcLeaseStateReady},
		types.PropertyChange{Name: "info", Val: info})
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.ended {
		l.timer = time.AfterFunc(l.vc.settings.LeaseTimeout, l.expire)
	}
	close(l.created)
}

// own notes the VM before anybody can see the lease ready.
func (l *Lease) own(vm *simulator.VirtualMachine) {
	var vmx object.DatastorePath
	vmx.FromString(vm.Config.Files.VmPathName)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.vm, l.datastore = vm.Self, vmx.Datastore
}

// end takes the lease out of use; false if that had happened before.
func (l *Lease) end() bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.ended {
		return false
	}
	l.ended = true
	if l.timer != nil {
		l.timer.Stop()
	}
	l.vc.leases.remove(l)
	return true
}

func (l *Lease) HttpNfcLeaseComplete(ctx *simulator.Context, req *types.HttpNfcLeaseComplete) soap.HasFault {
	body := new(methods.HttpNfcLeaseCompleteBody)
	if l.State != types.HttpNfcLeaseStateReady || !l.end() {
		body.Fault_ = simulator.Fault("the lease is not ready", &types.InvalidState{})
		return body
	}
	l.session.Remove(ctx, l.Self)
	body.Res = new(types.HttpNfcLeaseCompleteResponse)
	return body
}

func (l *Lease) HttpNfcLeaseAbort(ctx *simulator.Context, req *types.HttpNfcLeaseAbort) soap.HasFault {
	select {
	case <-l.created:
		l.abort(ctx)
	default:
		go l.expire() // the creation needs the lock on this lease that this call holds
	}
	return &methods.HttpNfcLeaseAbortBody{Res: new(types.HttpNfcLeaseAbortResponse)}
}

func (l *Lease) HttpNfcLeaseProgress(_ *simulator.Context, req *types.HttpNfcLeaseProgress) soap.HasFault {
	l.TransferProgress = req.Percent
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.seen = time.Now()
	if l.timer != nil && !l.ended {
		l.timer.Reset(l.vc.settings.LeaseTimeout)
	}
	return &methods.HttpNfcLeaseProgressBody{Res: new(types.HttpNfcLeaseProgressResponse)}
}
