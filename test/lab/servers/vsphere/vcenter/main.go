// The vCenter simulator of the lab: govmomi's, made to behave like vCenter where that matters to an import or a clone.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	settings, err := parseSettings(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(0)
	}
	if err == nil {
		err = serve(settings)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vcenter:", err)
		os.Exit(1)
	}
}

// serve prints one JSON line on stdout when ready and returns on SIGTERM or SIGINT.
func serve(settings Settings) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	vc, err := start(settings)
	if err != nil {
		return err
	}
	defer vc.close()
	ready, err := json.Marshal(map[string]any{"url": vc.url.String(), "pid": os.Getpid(), "control": vc.controlURL})
	if err != nil {
		return err
	}
	if _, err := fmt.Println(string(ready)); err != nil {
		return err
	}
	<-stop
	return nil
}
