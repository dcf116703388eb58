// The refusal of callers without a login, where the stock simulator lets them read or makes them a session for nothing.
package main

import (
	"net/http"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// denyAnonymous faults property reads without a session, except of the two objects that a client reads to log in,
// and token logins: nothing here issues tokens.
func denyAnonymous(ctx *simulator.Context, method *simulator.Method) types.BaseMethodFault {
	switch method.Name {
	case "LoginByToken", "LoginExtensionByCertificate":
		return &types.InvalidLogin{}
	}
	if ctx.Session != nil {
		return nil
	}
	var specs []types.PropertyFilterSpec
	switch body := method.Body.(type) {
	case *types.RetrieveProperties:
		specs = body.SpecSet
	case *types.RetrievePropertiesEx:
		specs = body.SpecSet
	}
	for _, spec := range specs {
		for _, object := range spec.ObjectSet {
			if object.Obj.Type != "ServiceInstance" && object.Obj.Type != "SessionManager" {
				fault := &types.NotAuthenticated{}
				fault.Object, fault.PrivilegeId = &object.Obj, "System.View"
				return fault
			}
		}
	}
	return nil
}

// guard traces REST calls and refuses the two ways to a REST session without a password.
func (vc *VCenter) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isREST(r) {
			next.ServeHTTP(w, r)
			return
		}
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		session, user := vc.rest.user(r) // before the call, which may end the session
		if user == "" {
			user, _, _ = r.BasicAuth()
		}
		token := strings.HasPrefix(r.Header.Get("Authorization"), "SIGN ") || r.URL.Path == "/api"
		if vc.settings.Behave.DenyAnonymous && token {
			seen.WriteHeader(http.StatusUnauthorized)
		} else {
			next.ServeHTTP(seen, r)
		}
		vc.trace.write(call{Kind: "rest", Method: r.Method + " " + r.URL.RequestURI(), Session: session, User: user, Status: seen.status})
	})
}

func isREST(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/rest") || strings.HasPrefix(r.URL.Path, "/api")
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
