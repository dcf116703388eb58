// The trace: one JSON line per SOAP call, REST call and upload, for tests that count calls and sessions, or ask whose they are.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"
)

// call is one line. Method is a SOAP method, or an HTTP method, path and query; session is the key of the SOAP or REST session
// in which it was made, user the account. A login has no session yet.
type call struct {
	Time    time.Time `json:"time"`
	Kind    string    `json:"kind"` // soap, rest or nfc
	Method  string    `json:"method"`
	Object  string    `json:"object,omitempty"`
	Session string    `json:"session,omitempty"`
	User    string    `json:"user,omitempty"`
	Bytes   int64     `json:"bytes,omitempty"`
	Status  int       `json:"status,omitempty"`
}

type trace struct {
	mutex sync.Mutex
	file  *os.File
}

func openTrace(name string) (*trace, error) {
	if name == "" {
		return &trace{}, nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open --trace: %w", err)
	}
	return &trace{file: file}, nil
}

func (t *trace) write(c call) {
	if t.file == nil {
		return
	}
	c.Time = time.Now().UTC()
	line, err := json.Marshal(c)
	if err != nil {
		panic(err) // a struct of strings and numbers always marshals
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if _, err := t.file.Write(append(line, '\n')); err != nil {
		fmt.Fprintln(os.Stderr, "vcenter: cannot write the trace:", err)
	}
}

func (t *trace) close() {
	if t != nil && t.file != nil {
		_ = t.file.Close()
	}
}
