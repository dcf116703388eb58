// The interception of calls before the simulator sees them: what the fault rules want done to them.
package main

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// incoming is what a rule can know of a call. For SOAP, method is the method's name; otherwise HTTP method and path.
type incoming struct {
	method string
	this   types.ManagedObjectReference
	names  []string
	body   string
}

var (
	soapMethod = regexp.MustCompile(`(?s)<(?:\w+:)?Body(?:\s[^>]*)?>\s*<(?:\w+:)?(\w+)`)
	soapThis   = regexp.MustCompile(`<(?:\w+:)?_this(?:\s+(?:\w+:)?type="(\w+)"|\s+[^>\s]+)*\s*>([^<]+)<`)
)

// intercept does what a rule says; a call that meets none goes on untouched.
func (vc *VCenter) intercept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := vc.read(r)
		if err != nil {
			return // the client has gone
		}
		rule := vc.faults.take(c)
		if rule == nil {
			next.ServeHTTP(w, r)
			return
		}
		vc.trace.write(call{Kind: "fault", Method: c.method, Object: c.this.Value, Status: rule.HTTPStatus})
		if rule.AfterBytes > 0 {
			r.Body = &brokenBody{ReadCloser: r.Body, left: rule.AfterBytes, rule: rule, gone: r.Context().Done()}
			next.ServeHTTP(w, r)
			return
		}
		vc.obey(rule, c, exchange{w, r, next})
	})
}

type exchange struct {
	w    http.ResponseWriter
	r    *http.Request
	next http.Handler
}

func (vc *VCenter) obey(rule *FaultRule, c incoming, e exchange) {
	answer := &bufferedAnswer{header: http.Header{}, status: http.StatusOK}
	if rule.After {
		e.next.ServeHTTP(answer, e.r)
	}
	wait(rule.DelayMs, e.r.Context().Done())
	switch {
	case rule.Drop:
		panic(http.ErrAbortHandler)
	case rule.HTTPStatus != 0:
		e.w.WriteHeader(rule.HTTPStatus)
	case rule.Fault != "":
		writeSOAPFault(e.w, rule.made(rule.Fault, c.this))
	case rule.TaskFault != "":
		writeSOAPTask(e.w, c.method, vc.failingTask(c, rule.made(rule.TaskFault, c.this)))
	case rule.After:
		answer.copyTo(e.w)
	default:
		e.next.ServeHTTP(e.w, e.r)
	}
}

func (vc *VCenter) read(r *http.Request) (incoming, error) {
	c := incoming{method: r.Method + " " + r.URL.Path}
	if !strings.HasPrefix(r.URL.Path, "/sdk") || r.Method != http.MethodPost {
		return c, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return c, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.body = string(body)
	if found := soapMethod.FindStringSubmatch(c.body); found != nil {
		c.method = found[1]
	}
	if found := soapThis.FindStringSubmatch(c.body); found != nil {
		c.this = types.ManagedObjectReference{Type: found[1], Value: found[2]}
		c.names = []string{c.this.Value}
		if entity, ok := vc.service.Context.Map.Get(c.this).(mo.Entity); ok {
			c.names = append(c.names, entity.Entity().Name)
		}
	}
	return c, nil
}

func (r *FaultRule) made(name string, object types.ManagedObjectReference) types.BaseMethodFault {
	fault, err := faultNamed(name)
	if err != nil {
		panic(err) // add has checked it
	}
	switch f := fault.(type) {
	case *types.NoPermission:
		f.Object, f.PrivilegeId = &object, r.Privilege
	case *types.NotAuthenticated:
		f.Object, f.PrivilegeId = &object, "System.View"
	}
	return fault
}

// failingTask is seen by clients as any other task.
func (vc *VCenter) failingTask(c incoming, fault types.BaseMethodFault) types.ManagedObjectReference {
	ctx := *vc.service.Context
	var object mo.Reference = c.this
	return simulator.CreateTask(object, strings.TrimSuffix(c.method, "_Task"), func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		return nil, fault
	}).Run(&ctx)
}

// wait ends early when the client goes.
func wait(milliseconds int, gone <-chan struct{}) {
	if milliseconds == 0 {
		return
	}
	timer := time.NewTimer(time.Duration(milliseconds) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-gone:
	}
}

// brokenBody lets AfterBytes pass, then holds the upload once, or breaks it.
type brokenBody struct {
	io.ReadCloser
	left int64
	rule *FaultRule
	gone <-chan struct{}
	done bool
}

func (b *brokenBody) Read(p []byte) (int, error) {
	if b.done {
		return b.ReadCloser.Read(p)
	}
	if b.left == 0 {
		b.done = true
		wait(b.rule.DelayMs, b.gone)
		if b.rule.Drop || b.rule.HTTPStatus != 0 {
			panic(http.ErrAbortHandler)
		}
		return b.ReadCloser.Read(p)
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
