package main

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/vmware/govmomi/vim25/types"
)

func TestTheHostHasItsOwnCertificate(t *testing.T) {
	cert, key := writeCertificate(t)
	l := newLab(t, "--host-cert", cert, "--host-key", key, "--lease-certificate")
	_, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	device := info.DeviceUrl[0]
	where := must(url.Parse(device.Url))(t)
	if where.Host == l.vc.url.Host {
		t.Error("the host is vCenter")
	}
	connection := must(tls.Dial("tcp", where.Host, &tls.Config{InsecureSkipVerify: true}))(t)
	defer connection.Close()
	presented := connection.ConnectionState().PeerCertificates[0].Raw
	sum := sha1.Sum(presented)
	if bytes.Equal(presented, l.vc.certificate.Certificate[0]) || !strings.EqualFold(strings.ReplaceAll(device.SslThumbprint, ":", ""), hex.EncodeToString(sum[:])) {
		t.Errorf("thumbprint %s is not of what the host presents", device.SslThumbprint)
	}
	// The client trusts the host by the lease's thumbprint.
	if err := l.upload(info.Items[0], bytes.NewReader(make([]byte, 10)), 10); err != nil {
		t.Error(err)
	}
}

func TestTheHostIsAStar(t *testing.T) {
	l := newLab(t, "--star-host", "--thumbprint-sha256")
	_, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	device := info.DeviceUrl[0]
	sum := sha256.Sum256(l.vc.certificate.Certificate[0])
	if !strings.HasPrefix(device.Url, "https://*:"+l.vc.url.Port()+"/nfc/") || !strings.EqualFold(strings.ReplaceAll(device.SslThumbprint, ":", ""), hex.EncodeToString(sum[:])) {
		t.Errorf("%s, thumbprint %s", device.Url, device.SslThumbprint)
	}
}

func TestManifests(t *testing.T) {
	content := bytes.Repeat([]byte("disk"), 1000)
	one, two := sha1.Sum(content), sha256.Sum256(content)
	old, long := hex.EncodeToString(one[:]), hex.EncodeToString(two[:])
	for kind, fits := range map[string]func(entries []types.HttpNfcLeaseManifestEntry) bool{
		"sha1": func(e []types.HttpNfcLeaseManifestEntry) bool { return e[0].Sha1 == old && e[0].Checksum == "" },
		"sha256": func(e []types.HttpNfcLeaseManifestEntry) bool {
			return e[0].Checksum == long && e[0].ChecksumType == "sha256" && e[0].Sha1 == ""
		},
		"unknown": func(e []types.HttpNfcLeaseManifestEntry) bool { return e[0].ChecksumType == "blake3" },
		"size": func(e []types.HttpNfcLeaseManifestEntry) bool {
			return e[0].Sha1 == "" && e[0].Checksum == "" && e[0].Size == 4000
		},
		"wrong": func(e []types.HttpNfcLeaseManifestEntry) bool { return len(e[0].Sha1) == 40 && e[0].Sha1 != old },
		"none":  func(e []types.HttpNfcLeaseManifestEntry) bool { return len(e) == 0 },
	} {
		l := newLab(t, "--manifest="+kind)
		lease, info, err := l.lease("rhcos", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.upload(info.Items[0], bytes.NewReader(content), int64(len(content))); err != nil {
			t.Fatal(err)
		}
		if entries := must(lease.GetManifest(l.ctx))(t); kind != "none" && len(entries) != 1 || !fits(entries) {
			t.Errorf("%s: %+v", kind, entries)
		}
	}
}
