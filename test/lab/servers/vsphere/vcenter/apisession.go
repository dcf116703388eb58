// The session of the /api REST endpoints, which the stock simulator has only below /rest.
package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
)

const restSession = "/rest/com/vmware/cis/session"

// apiSession answers POST with 201 and the bare session id, DELETE with 204; the same session is good below /rest.
func apiSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/session" {
			next.ServeHTTP(w, r)
			return
		}
		inner := r.Clone(r.Context())
		inner.URL = &url.URL{Path: restSession, RawQuery: r.URL.RawQuery}
		answer := &bufferedAnswer{header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(answer, inner)
		if answer.status != http.StatusOK {
			w.WriteHeader(answer.status)
			return
		}
		var body struct{ Value json.RawMessage }
		switch {
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case json.Unmarshal(answer.body.Bytes(), &body) != nil || body.Value == nil:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.Header().Set("Content-Type", "application/json")
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusCreated)
			}
			_, _ = w.Write(body.Value)
		}
	})
}

type bufferedAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *bufferedAnswer) Header() http.Header         { return a.header }
func (a *bufferedAnswer) WriteHeader(status int)      { a.status = status }
func (a *bufferedAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *bufferedAnswer) copyTo(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes())
}
