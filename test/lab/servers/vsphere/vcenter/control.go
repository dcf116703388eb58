// The control door: HTTP and JSON on loopback, by which a test makes faults, ends sessions and reads what is left.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
)

// openControl serves the door on its own listener.
func (vc *VCenter) openControl(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot listen on --control: %w", err)
	}
	vc.control = &http.Server{Handler: vc.controlRoutes()}
	vc.controlURL = "http://" + listener.Addr().String()
	go func() {
		if err := vc.control.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Printf("control door: %v", err)
		}
	}()
	return nil
}

func (vc *VCenter) controlRoutes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, vc.faults.list()) })
	routes.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) { vc.faults.clear(); writeJSON(w, nil) })
	routes.HandleFunc("POST /faults", accept(func(rule FaultRule) (any, error) { return nil, vc.faults.add(rule) }))
	routes.HandleFunc("GET /sessions", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, vc.sessions()) })
	routes.HandleFunc("POST /expire-sessions", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, vc.expireSessions()) })
	routes.HandleFunc("POST /leases", accept(vc.failLeases))
	routes.HandleFunc("GET /locks", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, vc.locks()) })
	routes.HandleFunc("POST /free-space", accept(vc.setFreeSpace))
	return routes
}

// accept decodes the body, refusing fields that it does not know, and answers what act gives: 400 for an error.
func accept[T any](act func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body T
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&body)
		var answer any
		if err == nil {
			answer, err = act(body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		writeJSON(w, answer)
	}
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Printf("control door cannot answer: %v", err)
	}
}
