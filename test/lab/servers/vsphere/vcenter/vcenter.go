// The running vCenter: the stock simulator's service, our overrides, the HTTPS server and what has to be cleaned up.
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"

	_ "github.com/vmware/govmomi/pbm/simulator"
	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
)

// VCenter is one simulator with its settings. Nothing of it is on disk but the datastores' directories.
type VCenter struct {
	settings    Settings
	model       *simulator.Model
	service     *simulator.Service
	certificate tls.Certificate
	storage     string
	url         *url.URL
	trace       *trace
	leases      *leases
	rest        *restSessions
	accounts    map[string]Account
	space       *space
	uploads     pace
	births      sync.Mutex
	copies      copies
	faults      faultRules
	control     *http.Server
	controlURL  string

	host            *http.Server // only with --host-cert
	hostAddress     string       // as leases name it
	hostCertificate tls.Certificate
}

// start builds the inventory and listens; the caller closes.
func start(settings Settings) (*VCenter, error) {
	layout := defaultLayout()
	if settings.LayoutFile != "" {
		var err error
		if layout, err = readLayout(settings.LayoutFile); err != nil {
			return nil, err
		}
	}
	certificate, err := tls.LoadX509KeyPair(settings.CertFile, settings.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("cannot load --cert and --key: %w", err)
	}
	vc := &VCenter{settings: settings, certificate: certificate, leases: newLeases(), rest: newRESTSessions(), space: newSpace(settings.FreeSpace)}
	vc.uploads.rate = settings.UploadRate
	if vc.accounts, err = readAccounts(settings); err != nil {
		return nil, err
	}
	if vc.trace, err = openTrace(settings.TraceFile); err != nil {
		return nil, err
	}
	if vc.storage, err = os.MkdirTemp("", "lab-vcenter-"); err != nil {
		return nil, err
	}
	if err := vc.create(layout); err != nil {
		vc.close()
		return nil, err
	}
	if err := vc.listen(); err != nil {
		vc.close()
		return nil, err
	}
	return vc, nil
}

func (vc *VCenter) create(layout Layout) error {
	vc.model = simulator.VPX()
	vc.model.Autostart = false
	vc.model.Datacenter, vc.model.Machine, vc.model.Portgroup, vc.model.Datastore = 0, 0, 0, 0
	about := &vc.model.ServiceContent.About
	about.Name, about.FullName = "VMware vCenter Server", "VMware vCenter Server 8.0.3 build-24022515"
	about.Version, about.ApiVersion, about.Build = "8.0.3", "8.0.3.0", "24022515"
	about.LicenseProductVersion = "8.0"
	if err := vc.model.Create(); err != nil {
		return fmt.Errorf("cannot create the simulator's model: %w", err)
	}
	vc.service = vc.model.Service
	if err := buildInventory(vc.service, layout, vc.storage); err != nil {
		return fmt.Errorf("cannot build the inventory: %w", err)
	}
	if vc.settings.Behave.Product {
		vc.service.Context.Map.AddHandler(newProductWatch())
	}
	vc.service.Context.Map.Handler = vc.route
	return nil
}

func (vc *VCenter) listen() error {
	probe, err := net.Listen("tcp", vc.settings.Listen) // the stock server panics where it cannot listen
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", vc.settings.Listen, err)
	}
	address := probe.Addr().String()
	if err := probe.Close(); err != nil {
		return err
	}
	vc.service.Listen = &url.URL{Host: address, User: url.UserPassword(vc.settings.Username, vc.settings.Password)}
	vc.service.TLS = &tls.Config{Certificates: []tls.Certificate{vc.certificate}, MinVersion: tls.VersionTLS12}
	vc.service.RegisterEndpoints = true
	server := vc.service.NewServer()
	vc.service.ServeMux.HandleFunc("/nfc/{lease}/{file}", vc.upload)
	vc.service.Context.Map.SessionManager().ValidLogin = vc.validLogin
	if vc.settings.ClusterTag != "" {
		if err := vc.createClusterTag(server.Config.Handler, vc.settings.ClusterTag); err != nil {
			return fmt.Errorf("cannot create the cluster's tag: %w", err)
		}
	}
	server.Config.Handler = vc.intercept(vc.guard(apiSession(vc.rest.follow(vc.guardTags(server.Config.Handler)))))
	vc.url = &url.URL{Scheme: "https", Host: server.URL.Host, Path: server.URL.Path}
	if err := vc.openHost(); err != nil {
		return err
	}
	if vc.settings.Control == "" {
		return nil
	}
	return vc.openControl(vc.settings.Control)
}

// close removes what start left on disk; requests in flight end with the process.
func (vc *VCenter) close() {
	for _, server := range []*http.Server{vc.control, vc.host} {
		if server != nil {
			_ = server.Close()
		}
	}
	if vc.model != nil && vc.model.Service != nil {
		vc.model.Remove()
	}
	_ = os.RemoveAll(vc.storage)
	vc.trace.close()
}
