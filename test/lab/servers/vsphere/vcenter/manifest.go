// The manifest of a lease: what the host says that it received, in the ways in which hosts say it.
package main

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// manifestKinds: sha1 is the old field alone, sha256 the checksum with its type, unknown a type that nobody knows, size
// no hash at all, none no entry, wrong a hash of other bytes.
var manifestKinds = []string{"sha1", "sha256", "unknown", "size", "none", "wrong"}

func manifestKind(text string) (string, error) {
	for _, kind := range manifestKinds {
		if kind == text {
			return kind, nil
		}
	}
	return "", fmt.Errorf("--manifest=%s: one of %s", text, strings.Join(manifestKinds, ", "))
}

func manifestHash(kind string) hash.Hash {
	if kind == "sha256" {
		return sha256.New()
	}
	return sha1.New()
}

func manifestEntry(kind string, url types.HttpNfcLeaseDeviceUrl, file upload) types.HttpNfcLeaseManifestEntry {
	entry := types.HttpNfcLeaseManifestEntry{Key: url.Key, Size: file.size, Disk: *url.Disk}
	switch kind {
	case "sha1":
		entry.Sha1 = file.sum
	case "wrong":
		sum := sha1.Sum([]byte(file.sum))
		entry.Sha1 = hex.EncodeToString(sum[:])
	case "sha256":
		entry.Checksum, entry.ChecksumType = file.sum, string(types.HttpNfcLeaseManifestEntryChecksumTypeSha256)
	case "unknown":
		entry.Checksum, entry.ChecksumType = file.sum, "blake3"
	}
	return entry
}

// HttpNfcLeaseGetManifest tells hash and size of every complete upload.
func (l *Lease) HttpNfcLeaseGetManifest(_ *simulator.Context, req *types.HttpNfcLeaseGetManifest) soap.HasFault {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	res := new(types.HttpNfcLeaseGetManifestResponse)
	if l.Info != nil && l.vc.settings.Manifest != "none" {
		for _, url := range l.Info.DeviceUrl {
			if file, ok := l.uploaded[url.TargetId]; ok {
				res.Returnval = append(res.Returnval, manifestEntry(l.vc.settings.Manifest, url, file))
			}
		}
	}
	return &methods.HttpNfcLeaseGetManifestBody{Res: res}
}
