// The faults: how a host's rpm-ostree fails, in the words of the real client, its systemd and its D-Bus.
package main

import (
	"fmt"
	"io"
	"strings"
)

// messages are faults that end in one line on stderr and exit code 1.
var messages = map[string]string{
	// No system bus in the chroot.
	"daemon-unreachable": "Connecting to system bus: Could not connect: No such file or directory",
	"socket-missing":     "Failed to connect to socket /run/dbus/system_bus_socket: No such file or directory",
	// The bus is there, the daemon does not come.
	"activation-failed":  "Loading sysroot: Failed to invoke RegisterClient: GDBus.Error:org.freedesktop.DBus.Error.NameHasNoOwner: Could not activate remote peer 'org.projectatomic.rpmostree1': startup job failed",
	"activation-timeout": "Failed to activate service 'org.projectatomic.rpmostree1': timed out (service_start_timeout=25000ms)",
	"bus-timeout":        "Timeout was reached",
	"bus-owner-changed":  "Bus owner changed, aborting. This likely means the daemon crashed; check logs with `journalctl -xe`.",
	// A policy forbids the caller.
	"dbus-denied":        `Loading sysroot: Failed to invoke RegisterClient: GDBus.Error:org.freedesktop.DBus.Error.AccessDenied: Rejected send message, 2 matched rules; type="method_call", sender=":1.214" (uid=0 pid=48213 comm="rpm-ostree status --json" label="system_u:system_r:container_t:s0:c12,c640") interface="org.projectatomic.rpmostree1.Sysroot" member="RegisterClient" error name="(unset)" requested_reply="0" destination=":1.215" (uid=0 pid=48220 comm="/usr/bin/rpm-ostree start-daemon" label="system_u:system_r:install_t:s0")`,
	"dbus-denied-broker": "Loading sysroot: Failed to invoke RegisterClient: GDBus.Error:org.freedesktop.DBus.Error.AccessDenied: Sender is not authorized to send message",
	// Other ends.
	"transaction-in-progress": "Transaction in progress: deploy --no-lock-finalization \n You can cancel the current transaction with `rpm-ostree cancel`",
	// The host's disk is full.
	"disk-full": "Writing client state: mkstemp(/run/rpm-ostree/client.XXXXXX): No space left on device",
	"unknown":   "opening repo: opendir(/ostree/repo): Input/output error",
}

// faulty plays the state's fault; what it prints before or instead depends on the fault.
func (h Host) faulty(state State, r request) int {
	if message, ok := messages[state.Fault]; ok {
		return h.fail(message)
	}
	switch state.Fault {
	case "daemon-start-failed":
		// systemctl start writes to stderr, the systemctl status after it to stdout.
		_, _ = io.WriteString(h.Stderr, jobFailed)
		_, _ = io.WriteString(h.Stdout, unitStatus)
		return h.fail("exit status: 1")
	case "hang":
		hang()
	case "hang-grandchild":
		return h.hangWithGrandchild(false)
	case "hang-grandchild-detached":
		return h.hangWithGrandchild(true)
	case "rubbish":
		_, _ = io.WriteString(h.Stdout, "Welcome to the console of this host.\n\x00\x01\xff{not json\n")
		return 0
	case "empty":
		return 0
	case "truncated":
		text := renderJSON(state.statusFor(r))
		_, _ = io.WriteString(h.Stdout, text[:len(text)*2/3])
		return 0
	case "huge":
		return h.huge()
	case "crash":
		crash()
	}
	return h.fail(fmt.Sprintf("lab: state file names an unknown fault %q", state.Fault))
}

const jobFailed = `Job for rpm-ostreed.service failed because the control process exited with error code.
See "systemctl status rpm-ostreed.service" and "journalctl -xeu rpm-ostreed.service" for details.
`

const unitStatus = `× rpm-ostreed.service - rpm-ostree System Management Daemon
     Loaded: loaded (/usr/lib/systemd/system/rpm-ostreed.service; static)
    Drop-In: /run/systemd/system/rpm-ostreed.service.d
             └─bug2111817.conf
     Active: failed (Result: exit-code) since Wed 2026-10-28 07:12:09 UTC; 12ms ago
       Docs: man:rpm-ostree(1)
    Process: 48220 ExecStart=rpm-ostree start-daemon (code=exited, status=1/FAILURE)
   Main PID: 48220 (code=exited, status=1/FAILURE)
        CPU: 24ms

Oct 28 07:12:09 worker-0 systemd[1]: Starting rpm-ostree System Management Daemon...
Oct 28 07:12:09 worker-0 rpm-ostree[48220]: Reading config file '/etc/rpm-ostreed.conf'
Oct 28 07:12:09 worker-0 rpm-ostree[48220]: error: Couldn't start daemon: Error setting up sysroot: loading sysroot: Unexpected state: /run/ostree-booted found, but no /boot/loader directory
Oct 28 07:12:09 worker-0 systemd[1]: rpm-ostreed.service: Main process exited, code=exited, status=1/FAILURE
Oct 28 07:12:09 worker-0 systemd[1]: rpm-ostreed.service: Failed with result 'exit-code'.
Oct 28 07:12:09 worker-0 systemd[1]: Failed to start rpm-ostree System Management Daemon.
`

// huge prints 64 MiB that begin like a status, in constant memory, until it is done or nobody reads.
func (h Host) huge() int {
	if _, err := io.WriteString(h.Stdout, "{\n  \"deployments\" : [\n    \""); err != nil {
		return 1
	}
	chunk := strings.Repeat("a", 1<<20)
	for range 64 {
		if _, err := io.WriteString(h.Stdout, chunk); err != nil {
			return 1
		}
	}
	_, _ = io.WriteString(h.Stdout, "\"\n  ]\n}\n")
	return 0
}
