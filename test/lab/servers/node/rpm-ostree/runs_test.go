package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestRunsAreCountedWhereSomebodyAsks(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "run/lab"), 0o755); err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	host := Host{Root: root, Getenv: func(string) string { return "" }, Stdout: &output, Stderr: &output}
	run(host, []string{"status"})
	if _, err := os.Stat(filepath.Join(root, runsFile)); !os.IsNotExist(err) {
		t.Errorf("a file that nobody made: %v", err)
	}
	if err := os.WriteFile(filepath.Join(root, runsFile), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"status"}, {"status", "--json"}, {"--version"}, {"wrong"}} {
		run(host, args)
	}
	if text, err := os.ReadFile(filepath.Join(root, runsFile)); err != nil || string(text) != "...." {
		t.Errorf("%q, %v", text, err)
	}
}
