package main

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func TestLeaseCarriesTheHostCertificate(t *testing.T) {
	for flag, check := range map[string]func(own, thumbprint, certificate string) bool{
		"--lease-thumbprint=true":  func(own, thumbprint, certificate string) bool { return thumbprint == own && certificate == "" },
		"--lease-thumbprint=false": func(_, thumbprint, _ string) bool { return thumbprint == "" },
		"--wrong-thumbprint":       func(own, thumbprint, _ string) bool { return len(thumbprint) == len(own) && thumbprint != own },
		"--lease-certificate":      func(_, _, certificate string) bool { return strings.HasPrefix(certificate, "-----BEGIN CERTIFICATE") },
	} {
		l := newLab(t, flag)
		lease, info, err := l.lease("rhcos", nil)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha1.Sum(l.vc.certificate.Certificate[0])
		own := strings.ToUpper(hex.EncodeToString(sum[:]))
		url := info.DeviceUrl[0]
		if !check(own, strings.ReplaceAll(url.SslThumbprint, ":", ""), url.SslCertificate) {
			t.Errorf("%s: thumbprint %q, certificate %q", flag, url.SslThumbprint, url.SslCertificate)
		}
		if info.TotalDiskCapacityInKB != 16<<20 || info.LeaseTimeout != 300 {
			t.Errorf("capacity %d KB, timeout %d s", info.TotalDiskCapacityInKB, info.LeaseTimeout)
		}
		_ = lease.Abort(l.ctx, nil)
	}
}

func TestManifestHasHashAndSizeOfCompleteUploads(t *testing.T) {
	l := newLab(t)
	lease, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	if manifest := must(lease.GetManifest(l.ctx))(t); len(manifest) != 0 {
		t.Errorf("manifest before the upload: %+v", manifest)
	}
	content := bytes.Repeat([]byte("disk"), 100_000)
	if err := l.upload(info.Items[0], bytes.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(content)
	manifest := must(lease.GetManifest(l.ctx))(t)
	if len(manifest) != 1 || manifest[0].Sha1 != hex.EncodeToString(sum[:]) || manifest[0].Size != int64(len(content)) || manifest[0].Key != info.DeviceUrl[0].Key {
		t.Errorf("manifest %+v", manifest)
	}
}

func TestTruncatedUploadIsNotRecorded(t *testing.T) {
	l := newLab(t)
	lease, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.upload(info.Items[0], io.LimitReader(bytes.NewReader(make([]byte, 4096)), 100), 4096); err == nil {
		t.Error("the upload of 100 of 4096 bytes went through")
	}
	if manifest := must(lease.GetManifest(l.ctx))(t); len(manifest) != 0 {
		t.Errorf("manifest %+v", manifest)
	}
}

func TestUnknownUploadIsNotFound(t *testing.T) {
	l := newLab(t)
	request := must(http.NewRequest(http.MethodPost, "https://"+l.vc.url.Host+"/nfc/none/disk-0.vmdk", strings.NewReader("x")))(t)
	response := must(l.client.Client.DefaultTransport().RoundTrip(request))(t)
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestAbortDestroysAnUnfinishedImport(t *testing.T) {
	for flag, left := range map[string]int{"--abort-destroys=true": 0, "--abort-destroys=false": 1} {
		l := newLab(t, flag)
		lease, _, err := l.lease("rhcos", nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := l.count(t, home+"/*"); n != 1 {
			t.Fatalf("%d VMs during the import", n)
		}
		if err := lease.Abort(l.ctx, nil); err != nil {
			t.Fatal(err)
		}
		if n := l.count(t, home+"/*"); n != left {
			t.Errorf("%s: %d VMs left", flag, n)
		}
		err = lease.Complete(l.ctx)
		if !sameFault(err, &types.ManagedObjectNotFound{}) {
			t.Errorf("complete after abort: %v", err)
		}
	}
}

func TestAbortBeforeReadyLeavesNothing(t *testing.T) {
	l := newLab(t)
	spec := must(l.importSpec("rhcos", descriptor(t)))(t)
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources/lab"))(t)
	folder := must(l.finder.Folder(l.ctx, home))(t)
	lease := must(pool.ImportVApp(l.ctx, spec.ImportSpec, folder, nil))(t)
	if err := lease.Abort(l.ctx, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return l.vc.leases.count() == 0 && l.count(t, home+"/*") == 0 })
}

func TestAbortAfterCompleteHarmsNothing(t *testing.T) {
	l := newLab(t)
	lease, _, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := lease.Complete(l.ctx); err != nil {
		t.Fatal(err)
	}
	_, err = methods.HttpNfcLeaseAbort(l.ctx, l.client, &types.HttpNfcLeaseAbort{This: lease.Reference()})
	if !sameFault(err, &types.ManagedObjectNotFound{}) || l.count(t, home+"/*") != 1 {
		t.Errorf("abort after complete: %v", err)
	}
}

func TestLeaseTimeoutAborts(t *testing.T) {
	l := newLab(t, "--lease-timeout=50ms")
	if _, _, err := l.lease("rhcos", nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return l.count(t, home+"/*") == 0 })
}

func eventually(t *testing.T, true func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !true(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("did not come true in 20 s")
		}
	}
}

func (s *leases) count() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.open)
}
