// The test lab: a simulator on a free port with a certificate of its own, and a client that verifies it.
package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/nfc"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/ovf"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	username = "lab@vsphere.local"
	password = "a word, <passed> & 'quoted'"
	home     = "/dc-east/vm/lab-7x2kq"
)

type lab struct {
	t      *testing.T
	vc     *VCenter
	client *govmomi.Client
	finder *find.Finder
	ctx    context.Context
}

func newLab(t *testing.T, args ...string) *lab {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	cert, key := writeCertificate(t)
	settings, err := parseSettings(append([]string{"--cert", cert, "--key", key, "--username", username, "--password", password}, args...), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	vc, err := start(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vc.close)
	l := &lab{t: t, vc: vc, ctx: t.Context()}
	vimClient := l.connect()
	l.client = &govmomi.Client{Client: vimClient, SessionManager: session.NewManager(vimClient)}
	if err := l.client.Login(l.ctx, url.UserPassword(username, password)); err != nil {
		t.Fatal(err)
	}
	l.finder = find.NewFinder(vimClient)
	return l
}

// connect gives a client without a session.
func (l *lab) connect() *vim25.Client {
	l.t.Helper()
	soapClient := soap.NewClient(l.vc.url, false)
	if err := soapClient.SetRootCAs(l.vc.settings.CertFile); err != nil {
		l.t.Fatal(err)
	}
	client, err := vim25.NewClient(l.ctx, soapClient)
	if err != nil {
		l.t.Fatal(err)
	}
	return client
}

func writeCertificate(t *testing.T) (string, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, bytes []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", private)
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func descriptor(t *testing.T) string {
	t.Helper()
	return string(must(os.ReadFile("testdata/rhcos.ovf"))(t))
}

func (l *lab) importSpec(name, text string) (*types.OvfCreateImportSpecResult, error) {
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources/lab"))(l.t)
	datastore := must(l.finder.Datastore(l.ctx, "/dc-east/datastore/ds-a"))(l.t)
	network := must(l.finder.Network(l.ctx, "/dc-east/network/vm-net-101"))(l.t)
	return ovf.NewManager(l.client.Client).CreateImportSpec(l.ctx, text, pool, datastore, &types.OvfCreateImportSpecParams{
		EntityName: name, DiskProvisioning: "thin",
		NetworkMapping: []types.OvfNetworkMapping{{Name: "VM Network", Network: network.Reference()}},
	})
}

// lease starts an import and waits until it is ready; change edits the spec before.
func (l *lab) lease(name string, change func(*types.VirtualMachineConfigSpec)) (*nfc.Lease, *nfc.LeaseInfo, error) {
	l.t.Helper()
	spec := must(l.importSpec(name, descriptor(l.t)))(l.t)
	if change != nil {
		change(&spec.ImportSpec.(*types.VirtualMachineImportSpec).ConfigSpec)
	}
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-a/Resources/lab"))(l.t)
	folder := must(l.finder.Folder(l.ctx, home))(l.t)
	lease := must(pool.ImportVApp(l.ctx, spec.ImportSpec, folder, nil))(l.t)
	info, err := lease.Wait(l.ctx, spec.FileItem)
	return lease, info, err
}

// imported gives a VM that was uploaded and completed.
func (l *lab) imported(name string, change func(*types.VirtualMachineConfigSpec)) *object.VirtualMachine {
	l.t.Helper()
	lease, info, err := l.lease(name, change)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, item := range info.Items {
		if err := l.upload(item, bytes.NewReader(make([]byte, 4096)), 4096); err != nil {
			l.t.Fatal(err)
		}
	}
	if err := lease.Complete(l.ctx); err != nil {
		l.t.Fatal(err)
	}
	return object.NewVirtualMachine(l.client.Client, info.Entity)
}

// upload posts a disk as nfc.Lease.Upload does, which would wait for somebody to read its progress.
func (l *lab) upload(item nfc.FileItem, content io.Reader, length int64) error {
	options := soap.Upload{Type: "application/x-vnd.vmware-streamVmdk", Method: http.MethodPost, ContentLength: length}
	return l.client.Client.Upload(l.ctx, content, item.URL, &options)
}

func (l *lab) read(vm *object.VirtualMachine) mo.VirtualMachine {
	l.t.Helper()
	var all mo.VirtualMachine
	if err := vm.Properties(l.ctx, vm.Reference(), nil, &all); err != nil {
		l.t.Fatal(err)
	}
	return all
}

func (l *lab) extraConfig(vm *object.VirtualMachine) map[string]any {
	values := map[string]any{}
	for _, option := range l.read(vm).Config.ExtraConfig {
		values[option.GetOptionValue().Key] = option.GetOptionValue().Value
	}
	delete(values, "govcsim")
	return values
}

func (l *lab) count(t *testing.T, pattern string) int {
	t.Helper()
	vms, err := l.finder.VirtualMachineList(l.ctx, pattern)
	if _, none := err.(*find.NotFoundError); none {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	return len(vms)
}
