package main

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vapi/tags"
)

// traced gives the last line of each method.
func traced(t *testing.T, file string) map[string]call {
	t.Helper()
	seen := map[string]call{}
	lines := bufio.NewScanner(must(os.Open(file))(t))
	for lines.Scan() {
		var c call
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		seen[c.Method] = c
	}
	return seen
}

func TestTraceHasSoapAndUploads(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	l := newLab(t, "--trace", file)
	key := must(l.client.SessionManager.UserSession(l.ctx))(t).Key
	l.imported("rhcos", nil)
	_ = l.client.Logout(l.ctx)
	seen := traced(t, file)
	if c := seen["ImportVApp"]; c.Kind != "soap" || c.Session != key || c.User != username || !strings.HasPrefix(c.Object, "ResourcePool:") {
		t.Errorf("ImportVApp: %+v", c)
	}
	if upload := seen["POST disk-0.vmdk"]; upload.Bytes != 4096 || upload.Status != 200 {
		t.Errorf("upload: %+v", upload)
	}
	if login := seen["Login"]; login.User != username || login.Session != "" {
		t.Errorf("Login: %+v", login)
	}
	if _, ok := seen["Logout"]; !ok {
		t.Error("no Logout")
	}
}

func TestTraceTellsWhoseRestCallsAre(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	l := newLab(t, "--trace", file, accountsFile(t, Account{Username: "reader", Password: "secret"}))
	client := rest.NewClient(l.client.Client)
	if err := client.Login(l.ctx, url.UserPassword("reader", "secret")); err != nil {
		t.Fatal(err)
	}
	key := client.SessionID()
	manager := tags.NewManager(client)
	tag := must(manager.GetTagForCategory(l.ctx, "lab-7x2kq", "openshift-lab-7x2kq"))(t)
	if err := manager.AttachTag(l.ctx, tag.ID, must(l.finder.Folder(l.ctx, home))(t)); err == nil {
		t.Error("an account without privileges attached a tag")
	}
	if err := client.Logout(l.ctx); err != nil {
		t.Fatal(err)
	}
	const service = "/rest/com/vmware/cis/"
	for method, want := range map[string]call{
		"POST " + service + "session":                                                  {User: "reader", Status: 200},
		"GET " + service + "tagging/tag/id":                                            {User: "reader", Session: key, Status: 200},
		"POST " + service + "tagging/tag-association/id:" + tag.ID + "?~action=attach": {User: "reader", Session: key, Status: 403},
		"DELETE " + service + "session":                                                {User: "reader", Session: key, Status: 200},
	} {
		found := false
		for name, got := range traced(t, file) {
			if name != method && !(strings.HasSuffix(method, "/id") && strings.HasPrefix(name, method)) {
				continue
			}
			found = true
			if got.Kind != "rest" || got.User != want.User || got.Session != want.Session || got.Status != want.Status {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if !found {
			t.Errorf("no %s", method)
		}
	}
}
