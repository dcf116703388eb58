// The text of `rpm-ostree status`: header, then one block per deployment, keys right-aligned.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// keyWidth is the length of the longest key, "InactiveRemoteOverrides", in current versions.
const keyWidth = 23

type deployment struct {
	Osname, Checksum, Version, Unlocked, Origin string
	Timestamp                                   int64
	Booted, Staged, Pinned                      bool
	Reference                                   string   `json:"container-image-reference"`
	Digest                                      string   `json:"container-image-reference-digest"`
	CustomOrigin                                []string `json:"custom-origin"`
	BaseChecksum                                string   `json:"base-checksum"`
	BaseTimestamp                               *int64   `json:"base-timestamp"`
	LiveReplaced                                string   `json:"live-replaced"`
	LiveInProgress                              string   `json:"live-inprogress"`
	RequestedPackages                           []string `json:"requested-packages"`
	RequestedLocalPackages                      []string `json:"requested-local-packages"`
	RequestedBaseRemovals                       []string `json:"requested-base-removals"`
	RegenerateInitramfs                         bool     `json:"regenerate-initramfs"`
}

type status struct {
	Deployments  []deployment
	Transaction  []string
	UpdateDriver *struct {
		Name string `json:"driver-name"`
		Unit string `json:"driver-sd-unit"`
	} `json:"update-driver"`
}

func renderText(host Host, state State, r request) error {
	var s status
	if err := json.Unmarshal(state.Status, &s); err != nil {
		return fmt.Errorf("the state's status cannot be shown as text: %w", err)
	}
	var out strings.Builder
	header(&out, s, r)
	first := true
	for index, d := range s.Deployments {
		if r.booted && !d.Booted {
			continue
		}
		if !first {
			out.WriteByte('\n')
		}
		first = false
		block(&out, d, blockPlace{index: index, bullet: bullet(host), verbose: r.verbose, stateroots: stateroots(s)})
	}
	_, err := io.WriteString(host.Stdout, out.String())
	return err
}

func header(out *strings.Builder, s status, r request) {
	if len(s.Transaction) == 0 {
		out.WriteString("State: idle\n")
	} else {
		out.WriteString("State: busy\n")
	}
	if s.UpdateDriver != nil {
		fmt.Fprintf(out, "AutomaticUpdatesDriver: %s", s.UpdateDriver.Name)
		if r.verbose && s.UpdateDriver.Unit != "" {
			fmt.Fprintf(out, " (%s)", s.UpdateDriver.Unit)
		}
		out.WriteByte('\n')
	} else if r.verbose {
		out.WriteString("AutomaticUpdates: disabled\n")
	}
	if len(s.Transaction) > 1 {
		fmt.Fprintf(out, "Transaction: %s\n  Initiator: %s\n", s.Transaction[0], s.Transaction[1])
	}
	if r.booted {
		out.WriteString("BootedDeployment:\n")
	} else {
		out.WriteString("Deployments:\n")
	}
}

type blockPlace struct {
	index      int
	bullet     string
	verbose    bool
	stateroots int
}

func block(out *strings.Builder, d deployment, place blockPlace) {
	bullet := " "
	if d.Booted {
		bullet = place.bullet
	}
	fmt.Fprintf(out, "%s %s", bullet, headline(d))
	if place.verbose {
		fmt.Fprintf(out, " (index: %d)", place.index)
	}
	out.WriteByte('\n')
	for _, field := range fields(d, place) {
		fmt.Fprintf(out, "  %*s: %s\n", keyWidth, field.key, field.value)
	}
}

func headline(d deployment) string {
	switch {
	case len(d.CustomOrigin) == 2 && d.CustomOrigin[0] != "":
		return d.CustomOrigin[0]
	case d.Reference != "":
		return d.Reference
	case d.Origin != "":
		return d.Origin
	}
	return d.Checksum
}

type field struct{ key, value string }

func fields(d deployment, place blockPlace) []field {
	var all []field
	add := func(when bool, key, value string) {
		if when {
			all = append(all, field{key, value})
		}
	}
	custom := len(d.CustomOrigin) == 2 && d.CustomOrigin[0] != ""
	if custom {
		add(true, "CustomOrigin", d.CustomOrigin[1])
	} else {
		add(d.Digest != "", "Digest", d.Digest)
		add(d.Reference != "" && d.Digest == "", "Digest", "(error fetching image metadata)")
	}
	stamp := timestamp(d)
	add(d.Version != "", "Version", d.Version+" ("+stamp+")")
	add(d.Version == "", "Timestamp", stamp)
	commits := place.verbose || d.Reference == "" && !custom
	add(commits && d.BaseChecksum != "", "BaseCommit", d.BaseChecksum)
	add(commits && d.BaseChecksum == "" || place.verbose, "Commit", d.Checksum)
	add(d.LiveInProgress != "", "InterruptedLiveCommit", d.LiveInProgress)
	add(d.LiveReplaced != "", "LiveCommit", d.LiveReplaced)
	add(place.verbose && (d.Staged || place.index == 0), "Staged", yesNo(d.Staged))
	add(place.verbose || place.stateroots > 1, "StateRoot", d.Osname)
	add(len(d.RequestedBaseRemovals) > 0, "RemovedBasePackages", strings.Join(d.RequestedBaseRemovals, " "))
	add(len(d.RequestedPackages) > 0, "LayeredPackages", strings.Join(d.RequestedPackages, " "))
	add(len(d.RequestedLocalPackages) > 0, "LocalPackages", strings.Join(d.RequestedLocalPackages, " "))
	add(d.RegenerateInitramfs, "Initramfs", "regenerate")
	add(d.Unlocked != "" && d.Unlocked != "none", "Unlocked", d.Unlocked)
	add(d.Pinned, "Pinned", "yes")
	return all
}

func timestamp(d deployment) string {
	seconds := d.Timestamp
	if d.BaseChecksum != "" && d.BaseTimestamp != nil {
		seconds = *d.BaseTimestamp
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05Z")
}

// bullet follows the locale's character set, by the first of the three variables that is set.
func bullet(host Host) string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(host.Getenv(name)); locale != "" {
			if strings.HasSuffix(locale, "utf-8") || strings.HasSuffix(locale, "utf8") {
				return "●"
			}
			return "*"
		}
	}
	return "*"
}

func stateroots(s status) int {
	names := map[string]bool{}
	for _, d := range s.Deployments {
		names[d.Osname] = true
	}
	return len(names)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
