// The ESXi host that takes the bytes of an import: with --host-cert a server of its own, with its own certificate.
package main

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
)

// openHost listens beside vCenter; without --host-cert, vCenter itself is the host.
func (vc *VCenter) openHost() error {
	vc.hostAddress = vc.url.Host
	vc.hostCertificate = vc.certificate
	if vc.settings.HostCertFile != "" {
		var err error
		if vc.hostCertificate, err = tls.LoadX509KeyPair(vc.settings.HostCertFile, vc.settings.HostKeyFile); err != nil {
			return fmt.Errorf("cannot load --host-cert and --host-key: %w", err)
		}
		address, _, err := net.SplitHostPort(vc.url.Host)
		if err != nil {
			return err
		}
		listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
		if err != nil {
			return fmt.Errorf("cannot listen as the host: %w", err)
		}
		vc.hostAddress = listener.Addr().String()
		files := http.NewServeMux()
		files.HandleFunc("/nfc/{lease}/{file}", vc.upload)
		vc.host = &http.Server{Handler: vc.intercept(files), ErrorLog: log.Default()}
		secure := tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{vc.hostCertificate}, MinVersion: tls.VersionTLS12})
		go func() { _ = vc.host.Serve(secure) }()
	}
	if vc.settings.StarHost {
		_, port, err := net.SplitHostPort(vc.hostAddress)
		if err != nil {
			return err
		}
		vc.hostAddress = "*:" + port
	}
	return nil
}

// leaseThumbprint is the hash of the host's certificate, upper case and colon separated, as leases carry it.
func (vc *VCenter) leaseThumbprint() string {
	if !vc.settings.Behave.LeaseThumbprint {
		return ""
	}
	one := sha1.Sum(vc.hostCertificate.Certificate[0])
	sum := one[:]
	if vc.settings.Thumbprint256 {
		long := sha256.Sum256(vc.hostCertificate.Certificate[0])
		sum = long[:]
	}
	if vc.settings.WrongThumbprint {
		sum[0] ^= 0xff
	}
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}

func (vc *VCenter) leaseCertificate() string {
	if !vc.settings.Behave.LeaseCertificate {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: vc.hostCertificate.Certificate[0]}))
}
