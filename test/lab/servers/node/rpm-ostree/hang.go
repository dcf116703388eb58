// The ways not to end: alone, or with a grandchild that keeps the output pipe open when this process is killed.
package main

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
	"unsafe"
)

const (
	holdPipe = "--lab-hold-pipe"
	// holdFor bounds the life of what nobody cleans up.
	holdFor = 10 * time.Minute
)

// hang ignores a polite end: only SIGKILL helps, as with a client that waits in the kernel.
func hang() {
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	untilNobodyReads()
}

// untilNobodyReads sleeps until the reader of the output pipe is gone, so that a killed lab leaves nothing behind.
func untilNobodyReads() {
	const gone = 0x8 | 0x10 // POLLERR for a pipe, POLLHUP for the socket pair that Node gives its children
	for end := time.Now().Add(holdFor); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		poll := struct {
			fd              int32
			events, revents int16
		}{fd: 1}
		var now syscall.Timespec
		_, _, _ = syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&poll)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0)
		if poll.revents&gone != 0 {
			return
		}
	}
}

// hangWithGrandchild starts itself once more with the same stdout and stderr; detached means its own session, out of
// reach of a signal to the process group.
func (h Host) hangWithGrandchild(detached bool) int {
	self, err := exec.LookPath(os.Args[0])
	if err != nil {
		return h.fail("lab: cannot find myself: " + err.Error())
	}
	child := exec.Command(self, holdPipe)
	// Without a stdin of its own os/exec would open /dev/null, which a bare chroot does not have.
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, h.Stdout, h.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: detached}
	if err := child.Start(); err != nil {
		return h.fail("lab: cannot start the grandchild: " + err.Error())
	}
	hang()
	return 1
}

// crash ends by signal, as a client does that trips over an assertion.
func crash() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	time.Sleep(time.Minute)
}
