// The upload of a file under a lease: bytes are hashed and counted, never kept. On vCenter an ESXi host does this.
package main

import (
	"encoding/hex"
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

type upload struct {
	sum  string // by the algorithm of the manifest, hex
	size int64
}

// leases finds open leases by the id in an upload URL: uploads carry no session.
type leases struct {
	mutex sync.Mutex
	open  map[string]*Lease
}

func newLeases() *leases { return &leases{open: map[string]*Lease{}} }

func (s *leases) add(l *Lease) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.open[l.id] = l
}

func (s *leases) remove(l *Lease) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.open, l.id)
}

func (s *leases) get(id string) *Lease {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.open[id]
}

func (s *leases) all() []*Lease {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Collect(maps.Values(s.open))
}

// upload answers POST (disks) and PUT (other files) with 200 when all bytes have come, 404 without such a lease or file.
func (vc *VCenter) upload(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	lease := vc.leases.get(r.PathValue("lease"))
	status, size := http.StatusOK, int64(0)
	switch {
	case r.Method != http.MethodPost && r.Method != http.MethodPut:
		status = http.StatusMethodNotAllowed
	case lease == nil || !lease.wants(name):
		status = http.StatusNotFound
	default:
		status, size = lease.take(name, r.Body)
	}
	vc.trace.write(call{Kind: "nfc", Method: r.Method + " " + name, Bytes: size, Status: status})
	w.WriteHeader(status)
}

// take reads a file to its end; what is not recorded in the end takes no space.
func (l *Lease) take(name string, content io.Reader) (int, int64) {
	sum := manifestHash(l.vc.settings.Manifest)
	body := &leasedBody{Reader: &pacedReader{content, &l.vc.uploads}, lease: l}
	size, err := io.Copy(sum, body)
	if err != nil {
		log.Printf("upload of %s broke after %d bytes: %v", name, size, err)
		l.vc.space.write(l.vm, -body.written)
		return http.StatusInternalServerError, size
	}
	if !l.received(name, upload{hex.EncodeToString(sum.Sum(nil)), size}) {
		l.vc.space.write(l.vm, -body.written)
		return http.StatusNotFound, size
	}
	return http.StatusOK, size
}

func (l *Lease) wants(name string) bool {
	if l.State != types.HttpNfcLeaseStateReady {
		return false
	}
	for _, url := range l.Info.DeviceUrl {
		if url.TargetId == name {
			return true
		}
	}
	return false
}

// received records a complete upload, unless the lease has ended meanwhile.
func (l *Lease) received(name string, file upload) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.ended {
		return false
	}
	l.uploaded[name] = file
	return true
}

// leasedBody breaks an upload whose lease has ended or failed, and fails the lease where the datastore is full.
type leasedBody struct {
	io.Reader
	lease   *Lease
	written int64
}

func (b *leasedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.lease.mutex.Lock()
	over := b.lease.ended || b.lease.broken
	b.lease.seen = time.Now()
	b.lease.mutex.Unlock()
	if over {
		return 0, errors.New("the lease is no longer ready")
	}
	b.written += int64(n)
	b.lease.vc.space.write(b.lease.vm, int64(n))
	if fault := b.lease.vc.noSpace(b.lease.datastore, 0); fault != nil {
		ctx := *b.lease.vc.service.Context
		b.lease.breakDown(&ctx, fault)
		return 0, errors.New("the datastore is full")
	}
	return n, err
}
