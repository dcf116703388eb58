package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vapi/tags"
	"github.com/vmware/govmomi/vim25/types"
)

// door calls the control door; want is the expected status.
func (l *lab) door(method, path string, body any, want int) string {
	l.t.Helper()
	text := must(json.Marshal(body))(l.t)
	request := must(http.NewRequest(method, l.vc.controlURL+path, bytes.NewReader(text)))(l.t)
	response := must(http.DefaultClient.Do(request))(l.t)
	defer response.Body.Close()
	answer := string(must(io.ReadAll(response.Body))(l.t))
	if response.StatusCode != want {
		l.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	return answer
}

const control = "--control=127.0.0.1:0"

func TestInjectedFaults(t *testing.T) {
	l := newLab(t, control)
	vm := l.imported("rhcos", nil)
	other := l.imported("other", nil)
	rename := func(vm *object.VirtualMachine) error {
		task, err := vm.Rename(l.ctx, vm.Name()+"renamed")
		if err != nil {
			return err
		}
		return task.Wait(l.ctx)
	}
	l.door("POST", "/faults", map[string]any{"method": "Rename_Task", "name": "rhcos", "fault": "NoPermission", "privilege": "VirtualMachine.Config.Rename"}, 200)
	if err := rename(other); err != nil {
		t.Errorf("a call on another object: %v", err)
	}
	err := rename(vm)
	if fault, ok := faultOf(err).(types.NoPermission); !ok || fault.PrivilegeId != "VirtualMachine.Config.Rename" || *fault.Object != vm.Reference() {
		t.Errorf("%v, %+v", err, faultOf(err))
	}
	l.door("POST", "/faults", map[string]any{"method": "Rename_Task", "taskFault": "InvalidState", "times": 2, "skip": 1}, 200)
	for n, fails := range []bool{false, true, true, false} {
		if err := rename(vm); sameFault(err, &types.InvalidState{}) != fails {
			t.Errorf("rename %d: %v", n, err)
		}
	}
	if list := l.door("GET", "/faults", nil, 200); !strings.Contains(list, `"hits":2`) {
		t.Error(list)
	}
	l.door("DELETE", "/faults", nil, 200)
	if list := l.door("GET", "/faults", nil, 200); strings.TrimSpace(list) != "[]" {
		t.Error(list)
	}
}

func TestInjectedHTTPFaults(t *testing.T) {
	l := newLab(t, control)
	vm := l.imported("rhcos", nil)
	l.door("POST", "/faults", map[string]any{"method": "Rename_Task", "httpStatus": 503}, 200)
	if _, err := vm.Rename(l.ctx, "a"); err == nil || !strings.Contains(err.Error(), "503") {
		t.Error(err)
	}
	l.door("POST", "/faults", map[string]any{"method": "Rename_Task", "drop": true, "after": true}, 200)
	if _, err := vm.Rename(l.ctx, "b"); err == nil || faultOf(err) != nil {
		t.Error(err)
	}
	eventually(t, func() bool { return l.read(vm).Name == "b" })
	l.door("POST", "/faults", map[string]any{"method": "Rename_Task", "delayMs": 200}, 200)
	started := time.Now()
	if err := must(vm.Rename(l.ctx, "c"))(t).Wait(l.ctx); err != nil || time.Since(started) < 200*time.Millisecond {
		t.Error(err)
	}
	_, info, err := l.lease("broken", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.door("POST", "/faults", map[string]any{"method": "POST /nfc/", "drop": true, "afterBytes": 1000}, 200)
	for _, fails := range []bool{true, false} {
		if err := l.upload(info.Items[0], bytes.NewReader(make([]byte, 4096)), 4096); (err != nil) != fails {
			t.Errorf("upload: %v", err)
		}
	}
}

func TestRefusedFaultRules(t *testing.T) {
	l := newLab(t, control)
	for name, rule := range map[string]map[string]any{
		"no method": {"fault": "NoPermission"}, "no effect": {"method": "Login"}, "two effects": {"method": "Login", "fault": "NoPermission", "drop": true},
		"unknown fault": {"method": "Login", "fault": "Nonsense"}, "no fault": {"method": "Login", "fault": "VirtualDisk"},
		"unknown field": {"method": "Login", "drop": true, "colour": "red"}, "no task": {"method": "Login", "taskFault": "InvalidState"},
	} {
		t.Run(name, func(t *testing.T) { l.door("POST", "/faults", rule, 400) })
	}
}

func TestSessionsAreListedAndExpired(t *testing.T) {
	l := newLab(t, control)
	list := func() openSessions {
		var sessions openSessions
		if err := json.Unmarshal([]byte(l.door("GET", "/sessions", nil, 200)), &sessions); err != nil {
			t.Fatal(err)
		}
		return sessions
	}
	restClient := rest.NewClient(l.client.Client)
	if err := restClient.Login(l.ctx, url.UserPassword(username, password)); err != nil {
		t.Fatal(err)
	}
	if got := list(); len(got.SOAP) != 1 || len(got.REST) != 1 || got.SOAP[0].User != username || got.REST[0].User != username {
		t.Errorf("%+v", got)
	}
	l.door("POST", "/expire-sessions", nil, 200)
	if got := list(); len(got.SOAP) != 0 || len(got.REST) != 0 {
		t.Errorf("%+v", got)
	}
	if _, err := l.finder.VirtualMachineList(l.ctx, home+"/*"); !sameFault(err, &types.NotAuthenticated{}) {
		t.Errorf("a call of the expired session: %v", err)
	}
	if _, err := tags.NewManager(restClient).ListTags(l.ctx); err == nil {
		t.Error("the expired REST session still lists tags")
	}
	if err := l.client.SessionManager.Login(l.ctx, url.UserPassword(username, password)); err != nil {
		t.Fatal(err)
	}
	if err := restClient.Login(l.ctx, url.UserPassword(username, password)); err != nil {
		t.Fatal(err)
	}
	if err := restClient.Logout(l.ctx); err != nil {
		t.Fatal(err)
	}
	if err := session.NewManager(l.client.Client).Logout(l.ctx); err != nil {
		t.Fatal(err)
	}
	if got := list(); len(got.SOAP) != 0 || len(got.REST) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestLeasesFail(t *testing.T) {
	l := newLab(t, control)
	lease, info, err := l.lease("rhcos", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.door("POST", "/leases", map[string]any{"state": "ready"}, 400)
	if answer := l.door("POST", "/leases", map[string]any{"state": "error", "fault": "HostConnectFault"}, 200); !strings.Contains(answer, `"failed":1`) {
		t.Error(answer)
	}
	if _, err := lease.Wait(l.ctx, nil); err == nil || !strings.Contains(err.Error(), "HostConnectFault") {
		t.Errorf("the lease: %v", err)
	}
	if err := l.upload(info.Items[0], bytes.NewReader(make([]byte, 4096)), 4096); err == nil {
		t.Error("an upload under a failed lease went through")
	}
	if err := lease.Complete(l.ctx); err == nil {
		t.Error("a failed lease was completed")
	}
	if err := lease.Abort(l.ctx, nil); err != nil || l.count(t, home+"/*") != 0 {
		t.Errorf("abort: %v", err)
	}
}
