// The sessions: who is logged in, over SOAP and REST, and their end at a test's wish.
package main

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

type openSession struct {
	User string `json:"user"`
	Key  string `json:"key"`
}

type openSessions struct {
	SOAP []openSession `json:"soap"`
	REST []openSession `json:"rest"`
}

// sessions lists everybody's.
func (vc *VCenter) sessions() openSessions {
	list := openSessions{SOAP: []openSession{}, REST: vc.rest.list()}
	for _, s := range vc.soapSessions().SessionList {
		list.SOAP = append(list.SOAP, openSession{s.UserName, s.Key})
	}
	return list
}

// soapSessions is a view of the session manager, as a session gets it.
func (vc *VCenter) soapSessions() *simulator.SessionManager {
	registry := vc.service.Context.Map
	nobody := &simulator.Session{Registry: simulator.NewRegistry(), Map: registry}
	return nobody.Get(registry.SessionManager().Self).(*simulator.SessionManager)
}

// expireSessions ends all of them and tells which they were.
func (vc *VCenter) expireSessions() openSessions {
	ended := vc.sessions()
	ctx := *vc.service.Context
	ctx.Session = &simulator.Session{}
	for _, s := range ended.SOAP {
		vc.soapSessions().TerminateSession(&ctx, &types.TerminateSession{SessionId: []string{s.Key}})
	}
	for _, s := range ended.REST {
		vc.rest.end(s.Key)
	}
	return ended
}

// restSessions follows the REST sessions that the stock simulator keeps to itself.
type restSessions struct {
	mutex sync.Mutex
	users map[string]string // by session id
	order []string
}

func newRESTSessions() *restSessions { return &restSessions{users: map[string]string{}} }

func (s *restSessions) list() []openSession {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	list := []openSession{}
	for _, key := range s.order {
		if user, open := s.users[key]; open {
			list = append(list, openSession{user, key})
		}
	}
	return list
}

func (s *restSessions) begin(key, user string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.users[key], s.order = user, append(s.order, key)
}

func (s *restSessions) end(key string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.users, key)
}

func (s *restSessions) userOf(r *http.Request) string {
	_, user := s.user(r)
	return user
}

func (s *restSessions) user(r *http.Request) (string, string) {
	key := r.Header.Get(restSessionHeader)
	if cookie, err := r.Cookie(restSessionHeader); key == "" && err == nil {
		key = cookie.Value
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return key, s.users[key]
}

const restSessionHeader = "vmware-api-session-id"

// follow notes logins and logouts on their way, and refuses sessions that have ended.
func (s *restSessions) follow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, user := s.user(r)
		login := r.URL.Path == restSession && r.Method == http.MethodPost && r.URL.RawQuery == ""
		switch {
		case login:
			answer := &bufferedAnswer{header: http.Header{}, status: http.StatusOK}
			next.ServeHTTP(answer, r)
			var body struct{ Value string }
			if json.Unmarshal(answer.body.Bytes(), &body) == nil && body.Value != "" {
				name, _, _ := r.BasicAuth()
				s.begin(body.Value, name)
			}
			answer.copyTo(w)
		case key != "" && user == "" && isREST(r):
			w.WriteHeader(http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
			if r.URL.Path == restSession && r.Method == http.MethodDelete {
				s.end(key)
			}
		}
	})
}
