package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const container = `{"deployments":[
 {"id":"rhcos-aa.0","osname":"rhcos","serial":0,"checksum":"aa","version":"9.6.20261101-0","timestamp":1793534400,"booted":false,"staged":true,"unlocked":"none",
  "container-image-reference":"ostree-unverified-registry:quay.io/x@sha256:cc","container-image-reference-digest":"sha256:cc","requested-packages":[],"base-commit-meta":{}},
 {"id":"rhcos-bb.0","osname":"rhcos","serial":0,"checksum":"bb","version":"9.6.20261028-0","timestamp":1793188800,"booted":true,"staged":false,"pinned":true,"unlocked":"hotfix",
  "container-image-reference":"ostree-unverified-registry:quay.io/x@sha256:dd","container-image-reference-digest":"sha256:dd","requested-packages":["usbguard","kernel-rt"],"base-commit-meta":{}}],
 "transaction":null,"cached-update":null,"update-driver":null}`

const pivot = `{"deployments":[
 {"osname":"rhcos","checksum":"ee","version":"411.86.202308081056-0","timestamp":1691492160,"booted":true,"origin":"ee","custom-origin":["pivot://quay.io/x@sha256:ff","Managed by machine-config-operator"]}],
 "transaction":["upgrade","client(id:cli uid:0)","unix:abstract=/x"]}`

type answer struct {
	code           int
	stdout, stderr string
}

// ask runs the client over a root that holds the state; an empty state means no state file.
func ask(t *testing.T, state string, env map[string]string, args ...string) answer {
	t.Helper()
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "run/lab"), 0o755); err != nil {
		t.Fatal(err)
	}
	if env["booted"] != "no" {
		if err := os.WriteFile(filepath.Join(root, "run/ostree-booted"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if state != "" {
		if err := os.WriteFile(filepath.Join(root, stateFile), []byte(state), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	code := run(Host{Root: root, Getenv: func(name string) string { return env[name] }, Stdout: &stdout, Stderr: &stderr}, args)
	return answer{code, stdout.String(), stderr.String()}
}

func fault(name string) string { return `{"fault":"` + name + `","status":` + container + `}` }

func TestJSON(t *testing.T) {
	got := ask(t, `{"status":`+container+`}`, nil, "status", "--json")
	var want, have any
	if err := json.Unmarshal([]byte(container), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got.stdout), &have); err != nil {
		t.Fatal(err)
	}
	if a, b := must(t, want), must(t, have); a != b || got.code != 0 || got.stderr != "" {
		t.Errorf("code %d, stderr %q, %s", got.code, got.stderr, b)
	}
	head := "{\n  \"deployments\" : [\n    {\n      \"id\" : \"rhcos-aa.0\",\n"
	if !strings.HasPrefix(got.stdout, head) || !strings.Contains(got.stdout, "\"requested-packages\" : [\n      ],\n") {
		t.Errorf("layout: %s", got.stdout)
	}
}

func must(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestJSONBootedOnly(t *testing.T) {
	for _, option := range []string{"-b", "--booted"} {
		got := ask(t, `{"status":`+container+`}`, nil, "status", "--json", option)
		var s struct{ Deployments []deployment }
		if err := json.Unmarshal([]byte(got.stdout), &s); err != nil {
			t.Fatal(err)
		}
		if len(s.Deployments) != 1 || s.Deployments[0].Checksum != "bb" || !strings.Contains(got.stdout, `"update-driver" : null`) {
			t.Errorf("%s: %s", option, got.stdout)
		}
	}
}

func TestText(t *testing.T) {
	staged := `  ostree-unverified-registry:quay.io/x@sha256:cc
                   Digest: sha256:cc
                  Version: 9.6.20261101-0 (2026-11-01T12:00:00Z)
`
	booted := ` ostree-unverified-registry:quay.io/x@sha256:dd
                   Digest: sha256:dd
                  Version: 9.6.20261028-0 (2026-10-28T12:00:00Z)
          LayeredPackages: usbguard kernel-rt
                 Unlocked: hotfix
                   Pinned: yes
`
	tests := map[string]struct {
		state string
		env   map[string]string
		args  []string
		want  string
	}{
		"C": {container, map[string]string{"LC_ALL": "C"}, []string{"status"},
			"State: idle\nDeployments:\n" + staged + "\n*" + booted},
		"UTF-8": {container, map[string]string{"LC_ALL": "C.UTF-8"}, []string{"status"},
			"State: idle\nDeployments:\n" + staged + "\n●" + booted},
		"LC_ALL wins": {container, map[string]string{"LC_ALL": "POSIX", "LANG": "de_DE.utf8"}, []string{"status", "-b"},
			"State: idle\nBootedDeployment:\n*" + booted},
		"LANG": {container, map[string]string{"LANG": "de_DE.utf8"}, []string{"status", "--booted"},
			"State: idle\nBootedDeployment:\n●" + booted},
		"pivot, busy": {pivot, nil, []string{"status"}, `State: busy
Transaction: upgrade
  Initiator: client(id:cli uid:0)
Deployments:
* pivot://quay.io/x@sha256:ff
             CustomOrigin: Managed by machine-config-operator
                  Version: 411.86.202308081056-0 (2023-08-08T10:56:00Z)
`},
	}
	for name, test := range tests {
		if got := ask(t, `{"status":`+test.state+`}`, test.env, test.args...); got.stdout != test.want || got.code != 0 {
			t.Errorf("%s: code %d\n%s\nwanted\n%s", name, got.code, got.stdout, test.want)
		}
	}
	verbose := ask(t, `{"status":`+container+`}`, nil, "status", "-v").stdout
	for _, part := range []string{"(index: 1)\n", "   Staged: yes\n", "   Commit: bb\n", "   StateRoot: rhcos\n", "AutomaticUpdates: disabled\n"} {
		if !strings.Contains(verbose, part) {
			t.Errorf("%q is not in\n%s", part, verbose)
		}
	}
}

func TestErrors(t *testing.T) {
	good := `{"status":` + container + `}`
	tests := map[string]struct {
		state  string
		env    map[string]string
		args   []string
		code   int
		stderr string
	}{
		"not ostree":        {good, map[string]string{"booted": "no"}, []string{"status"}, 1, "error: This system was not booted via libostree.\n"},
		"in a container":    {good, map[string]string{"booted": "no", "container": "oci"}, []string{"status"}, 1, "error: This system was not booted via libostree; found container=oci environment variable.\n"},
		"unknown command":   {good, nil, []string{"stauts"}, 1, programUsage + "error: Unknown command 'stauts'\n"},
		"no command":        {good, nil, nil, 1, programUsage + "error: No command specified\n"},
		"unknown option":    {good, nil, []string{"status", "--yaml"}, 1, "error: Unknown option --yaml\n"},
		"pending":           {good, nil, []string{"status", "--pending-exit-77"}, 77, ""},
		"nothing pending":   {`{"status":` + pivot + `}`, nil, []string{"status", "--pending-exit-77"}, 0, ""},
		"version":           {"", map[string]string{"booted": "no"}, []string{"--version"}, 0, ""},
		"unreachable":       {fault("daemon-unreachable"), nil, []string{"status"}, 1, "error: Connecting to system bus: Could not connect: No such file or directory\n"},
		"start failed":      {fault("daemon-start-failed"), nil, []string{"status"}, 1, jobFailed + "error: exit status: 1\n"},
		"fault, no status":  {`{"fault":"bus-timeout"}`, nil, []string{"status", "--json"}, 1, "error: Timeout was reached\n"},
		"unknown fault":     {fault("gremlins"), nil, []string{"status"}, 1, "error: lab: state file names an unknown fault \"gremlins\"\n"},
		"state of nothing":  {`{}`, nil, []string{"status"}, 1, "error: lab: state file /run/lab/rpm-ostree.json has neither status nor fault\n"},
		"text of something": {`{"status":{"deployments":7}}`, nil, []string{"status"}, 1, ""},
	}
	for name, test := range tests {
		got := ask(t, test.state, test.env, test.args...)
		if got.code != test.code || test.stderr != "" && got.stderr != test.stderr {
			t.Errorf("%s: code %d, stderr %q", name, got.code, got.stderr)
		}
	}
	if got := ask(t, "", nil, "status"); got.code != 1 || !strings.HasPrefix(got.stderr, "error: lab: no state file") {
		t.Errorf("no state file: %+v", got)
	}
	for name := range messages {
		if got := ask(t, fault(name), nil, "status", "--json"); got.code != 1 || got.stdout != "" || !strings.HasPrefix(got.stderr, "error: ") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestBrokenOutput(t *testing.T) {
	for _, name := range []string{"rubbish", "empty", "truncated", "huge"} {
		got := ask(t, fault(name), nil, "status", "--json")
		if json.Valid([]byte(got.stdout)) == (name != "huge") || got.code != 0 {
			t.Errorf("%s: code %d, %d bytes", name, got.code, len(got.stdout))
		}
		if name == "huge" && len(got.stdout) < 64<<20 {
			t.Errorf("huge is %d bytes", len(got.stdout))
		}
	}
}
