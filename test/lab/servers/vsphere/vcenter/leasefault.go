// The failure of leases at a test's wish: every ready one goes into state error, as when a host fails in mid-import.
package main

import (
	"fmt"

	"github.com/vmware/govmomi/vim25/types"
)

type leaseFailure struct {
	State string `json:"state"`
	Fault string `json:"fault"`
}

// failLeases tells how many it were. Their VMs stay: it is the client that has to clean up.
func (vc *VCenter) failLeases(failure leaseFailure) (any, error) {
	if failure.State != "error" {
		return nil, fmt.Errorf("state %q cannot be set; only error", failure.State)
	}
	fault, err := faultNamed(failure.Fault)
	if err != nil {
		return nil, err
	}
	count := 0
	for _, lease := range vc.leases.all() {
		if lease.State == types.HttpNfcLeaseStateReady {
			ctx := *vc.service.Context
			lease.breakDown(&ctx, fault)
			count++
		}
	}
	return map[string]int{"failed": count}, nil
}
