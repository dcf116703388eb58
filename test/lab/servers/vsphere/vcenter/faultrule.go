// The fault rules: which calls a test wants refused, broken or held, and how often.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/vmware/govmomi/vim25/types"
)

// FaultRule is the JSON of one rule. Method is a SOAP method, "*", or an HTTP method and the start of a path
// ("POST /nfc/", "POST /rest/com/vmware/cis/session"). Exactly one of the effects, alone or with DelayMs.
type FaultRule struct {
	Method string `json:"method"`
	// Name limits the rule to calls on an object of this name or reference, or that carry the name as a field's text.
	Name string `json:"name,omitempty"`
	// Times counts down; 0 is 1, -1 is for ever.
	Times int `json:"times,omitempty"`
	// Skip lets so many matching calls pass first.
	Skip int `json:"skip,omitempty"`

	Fault      string `json:"fault,omitempty"`     // answered as a SOAP fault
	TaskFault  string `json:"taskFault,omitempty"` // the task that is answered ends with it
	Privilege  string `json:"privilege,omitempty"` // of a NoPermission fault
	HTTPStatus int    `json:"httpStatus,omitempty"`
	Drop       bool   `json:"drop,omitempty"` // closes the connection
	DelayMs    int    `json:"delayMs,omitempty"`
	// After lets the call be done before it is delayed, answered with a status or dropped.
	After bool `json:"after,omitempty"`
	// AfterBytes lets so much of an upload pass before the connection is held (DelayMs) or dropped.
	AfterBytes int64 `json:"afterBytes,omitempty"`

	// Hits counts the calls that met the rule.
	Hits int `json:"hits"`
}

func (r *FaultRule) check() error {
	effects := 0
	for _, set := range []bool{r.Fault != "", r.TaskFault != "", r.HTTPStatus != 0, r.Drop} {
		if set {
			effects++
		}
	}
	switch {
	case r.Method == "":
		return errors.New("method is missing")
	case effects > 1 || effects == 0 && r.DelayMs == 0:
		return errors.New("one of fault, taskFault, httpStatus and drop, or delayMs, is needed")
	case r.After && (r.Fault != "" || r.TaskFault != ""):
		return errors.New("after goes with httpStatus, drop and delayMs only")
	case r.TaskFault != "" && r.Method != "*" && !strings.HasSuffix(r.Method, "_Task"):
		return fmt.Errorf("%s answers no task", r.Method)
	case r.HTTPStatus != 0 && (r.HTTPStatus < 400 || r.HTTPStatus > 599):
		return fmt.Errorf("%d is no HTTP error", r.HTTPStatus)
	}
	for _, name := range []string{r.Fault, r.TaskFault} {
		if _, err := faultNamed(name); name != "" && err != nil {
			return err
		}
	}
	if r.Times == 0 {
		r.Times = 1
	}
	return nil
}

// faultNamed gives an empty fault of a type of the vSphere API.
func faultNamed(name string) (types.BaseMethodFault, error) {
	if kind, ok := types.TypeFunc()(name); ok {
		if fault, ok := reflect.New(kind).Interface().(types.BaseMethodFault); ok {
			return fault, nil
		}
	}
	return nil, fmt.Errorf("%q is no fault of the vSphere API", name)
}

// faultRules is safe for concurrent calls.
type faultRules struct {
	mutex sync.Mutex
	rules []*FaultRule
}

func (f *faultRules) add(rule FaultRule) error {
	if err := rule.check(); err != nil {
		return err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.rules = append(f.rules, &rule)
	return nil
}

func (f *faultRules) clear() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.rules = nil
}

func (f *faultRules) list() []FaultRule {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	copies := []FaultRule{}
	for _, rule := range f.rules {
		copies = append(copies, *rule)
	}
	return copies
}

// take gives the first live rule that the call meets, and counts it.
func (f *faultRules) take(c incoming) *FaultRule {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, rule := range f.rules {
		if rule.Times == 0 || !rule.meets(c) {
			continue
		}
		if rule.Skip > 0 {
			rule.Skip--
			continue
		}
		if rule.Times > 0 {
			rule.Times--
		}
		rule.Hits++
		taken := *rule
		return &taken
	}
	return nil
}

func (r *FaultRule) meets(c incoming) bool {
	method := r.Method == c.method || r.Method == "*" || strings.Contains(r.Method, " ") && strings.HasPrefix(c.method, r.Method)
	return method && (r.Name == "" || slices.Contains(c.names, r.Name) || strings.Contains(c.body, ">"+r.Name+"<"))
}
