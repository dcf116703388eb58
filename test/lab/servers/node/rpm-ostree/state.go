// The state file of a simulated node: what its daemon would say, or how it fails.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// stateFile lies inside the chroot. Write it anew and rename it into place: a reader may come at any time.
const stateFile = "/run/lab/rpm-ostree.json"

// State is the JSON of the state file. Status is the document that `rpm-ostree status --json` prints, key order kept.
// Fault is empty or one of the names in fault.go; DelayMs passes before any answer.
type State struct {
	Status  json.RawMessage `json:"status"`
	Fault   string          `json:"fault,omitempty"`
	DelayMs int             `json:"delayMs,omitempty"`
}

func readState(root string) (State, error) {
	var state State
	text, err := os.ReadFile(filepath.Join(root, stateFile))
	if err != nil {
		return state, fmt.Errorf("no state file: %w", err)
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return state, fmt.Errorf("state file %s is not the expected JSON: %w", stateFile, err)
	}
	if state.Status == nil && state.Fault == "" {
		return state, fmt.Errorf("state file %s has neither status nor fault", stateFile)
	}
	return state, nil
}

// statusFor keeps only the booted deployment where that was asked for, as rpm-ostree does since v2022.15.
func (s State) statusFor(r request) json.RawMessage {
	if !r.booted {
		return s.Status
	}
	var all []json.RawMessage
	if json.Unmarshal(s.member("deployments"), &all) != nil {
		return s.Status
	}
	booted := []json.RawMessage{}
	for _, one := range all {
		var deployment struct{ Booted bool }
		if json.Unmarshal(one, &deployment) == nil && deployment.Booted {
			booted = append(booted, one)
		}
	}
	replaced, err := json.Marshal(booted)
	if err != nil {
		return s.Status
	}
	return replaceMember(s.Status, "deployments", replaced)
}

func (s State) member(name string) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(s.Status, &members) != nil {
		return nil
	}
	return members[name]
}

// pending says whether the first deployment, the next boot's, is another than the booted one.
func (s State) pending() bool {
	var deployments []struct{ Booted bool }
	return json.Unmarshal(s.member("deployments"), &deployments) == nil && len(deployments) > 0 && !deployments[0].Booted
}
