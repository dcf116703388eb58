package main

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func TestWrongPasswordIsInvalidLogin(t *testing.T) {
	l := newLab(t)
	for name, user := range map[string]*url.Userinfo{
		"wrong password": url.UserPassword(username, "guess"), "no password": url.User(username), "wrong user": url.UserPassword("root", password),
	} {
		if err := session.NewManager(l.connect()).Login(l.ctx, user); !sameFault(err, &types.InvalidLogin{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	client := l.connect()
	_, err := methods.LoginByToken(l.ctx, client, &types.LoginByToken{This: *client.ServiceContent.SessionManager})
	if !sameFault(err, &types.InvalidLogin{}) {
		t.Errorf("token: %v", err)
	}
}

func TestPropertiesNeedASession(t *testing.T) {
	l := newLab(t)
	client := l.connect()
	var folder mo.Folder
	err := mo.RetrieveProperties(l.ctx, client, client.ServiceContent.PropertyCollector, client.ServiceContent.RootFolder, &folder)
	if !sameFault(err, &types.NotAuthenticated{}) {
		t.Errorf("read without a session: %v", err)
	}
}

func TestRESTSessions(t *testing.T) {
	l := newLab(t)
	restClient := rest.NewClient(l.client.Client)
	if err := restClient.Login(l.ctx, url.UserPassword(username, password)); err != nil {
		t.Error(err)
	}
	if err := rest.NewClient(l.client.Client).Login(l.ctx, url.UserPassword(username, "guess")); err == nil {
		t.Error("a wrong password opened a REST session")
	}
	tests := []struct {
		method, path, password, authorization string
		status                                int
	}{
		{http.MethodPost, restSession, password, "", http.StatusOK},
		{http.MethodPost, restSession, "guess", "", http.StatusUnauthorized},
		{http.MethodPost, "/api/session", password, "", http.StatusCreated},
		{http.MethodPost, "/api/session", "guess", "", http.StatusUnauthorized},
		{http.MethodPost, restSession, "", "SIGN token", http.StatusUnauthorized},
		{http.MethodPost, "/api", "", "", http.StatusUnauthorized},
		{http.MethodGet, "/rest/com/vmware/cis/tagging/tag", "", "", http.StatusUnauthorized},
	}
	for _, test := range tests {
		request := must(http.NewRequest(test.method, "https://"+l.vc.url.Host+test.path, nil))(t)
		if test.password != "" {
			request.SetBasicAuth(username, test.password)
		}
		if test.authorization != "" {
			request.Header.Set("Authorization", test.authorization)
		}
		response := must(l.client.Client.DefaultTransport().RoundTrip(request))(t)
		if response.StatusCode != test.status {
			t.Errorf("%s %s with %q %q: %d", test.method, test.path, test.password, test.authorization, response.StatusCode)
		}
	}
}
