// The rpm-ostree client of a simulated node: answers from a state file what the real one would answer from its daemon.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// Host is what the client sees of the machine: a root directory (the chroot) and its own process's environment and pipes.
type Host struct {
	Root           string
	Getenv         func(string) string
	Stdout, Stderr io.Writer
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == holdPipe {
		untilNobodyReads()
		return
	}
	host := Host{Root: "/", Getenv: os.Getenv, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(run(host, os.Args[1:]))
}

// run gives the exit code: 0, 1 for every error, 77 for --pending-exit-77.
func run(host Host, args []string) int {
	countRun(host.Root)
	request, problem := parseArguments(args)
	switch {
	case problem != nil:
		_, _ = io.WriteString(host.Stderr, problem.usage)
		return host.fail(problem.message)
	case request.command == "--version":
		_, _ = io.WriteString(host.Stdout, version)
		return 0
	case request.command == "--help":
		_, _ = io.WriteString(host.Stdout, request.help)
		return 0
	}
	if message := notBootedViaOSTree(host); message != "" {
		return host.fail(message)
	}
	state, err := readState(host.Root)
	if err != nil {
		return host.fail("lab: " + err.Error())
	}
	time.Sleep(time.Duration(state.DelayMs) * time.Millisecond)
	if state.Fault != "" {
		return host.faulty(state, request)
	}
	if request.json {
		_, _ = io.WriteString(host.Stdout, renderJSON(state.statusFor(request)))
	} else if err := renderText(host, state, request); err != nil {
		return host.fail("lab: " + err.Error())
	}
	if request.pendingExit && state.pending() {
		return 77
	}
	return 0
}

func (h Host) fail(message string) int {
	fmt.Fprintln(h.Stderr, "error: "+message)
	return 1
}

func notBootedViaOSTree(host Host) string {
	if _, err := os.Stat(host.Root + "/run/ostree-booted"); err == nil {
		return ""
	}
	if container := host.Getenv("container"); container != "" {
		return "This system was not booted via libostree; found container=" + container + " environment variable."
	}
	return "This system was not booted via libostree."
}
