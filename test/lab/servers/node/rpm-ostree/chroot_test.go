package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inChroot builds the static program into a bare root and gives a command that runs it there, as `chroot ROOT rpm-ostree` would.
func inChroot(t *testing.T, state string) *exec.Cmd {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("chroot needs root (or unshare --map-root-user)")
	}
	root := t.TempDir()
	for _, dir := range []string{"usr/bin", "run/lab"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", filepath.Join(root, "usr/bin/rpm-ostree"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, text := range map[string]string{"run/ostree-booted": "", stateFile: state} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command := &exec.Cmd{Path: "/usr/bin/rpm-ostree", Args: []string{"rpm-ostree", "status", "--json"}, Dir: "/", Env: []string{"PATH=/usr/bin"}}
	command.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	return command
}

func TestRunsInABareChroot(t *testing.T) {
	out, err := inChroot(t, `{"status":`+container+`}`).Output()
	if err != nil || !strings.Contains(string(out), `"deployments" : [`) {
		t.Errorf("%v: %s", err, out)
	}
}

func TestGrandchildHoldsThePipeUntilNobodyReads(t *testing.T) {
	command := inChroot(t, fault("hang-grandchild-detached"))
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = writer, writer
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	child := waitForChild(t, command.Process.Pid)
	_ = command.Process.Signal(syscall.SIGTERM) // is ignored
	_ = command.Process.Kill()
	_ = command.Wait()
	ended := make(chan error, 1)
	go func() { _, err := io.ReadAll(reader); ended <- err }()
	select {
	case <-ended:
		t.Error("the pipe closed with the client")
	default:
	}
	if err := syscall.Kill(child, 0); err != nil {
		t.Errorf("the grandchild is gone: %v", err)
	}
	_ = syscall.Kill(child, syscall.SIGKILL)
	<-ended
}

func TestHangEndsWhenNobodyReads(t *testing.T) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	pipeReader, pipeWriter, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for name, ends := range map[string][2]*os.File{
		"pipe": {pipeReader, pipeWriter}, "socket pair": {os.NewFile(uintptr(pair[0]), "reader"), os.NewFile(uintptr(pair[1]), "writer")},
	} {
		command := inChroot(t, fault("hang"))
		command.Stdout = ends[1]
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		_ = ends[1].Close()
		_ = ends[0].Close()
		ended := make(chan error, 1)
		go func() { ended <- command.Wait() }()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			_ = command.Process.Kill()
			t.Errorf("%s: hangs on without a reader", name)
		}
	}
}

func waitForChild(t *testing.T, parent int) int {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		tasks, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, file := range tasks {
			text, _ := os.ReadFile(file)
			_, rest, _ := strings.Cut(string(text), ") ")
			if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(parent) && strings.Contains(string(text), "(rpm-ostree)") {
				pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
				return pid
			}
		}
	}
	t.Fatal("no grandchild in 20 s")
	return 0
}
