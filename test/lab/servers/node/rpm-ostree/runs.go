// The runs of the client on a simulated node, for whoever wants to count them.
package main

import (
	"os"
	"path/filepath"
)

// runsFile grows by one byte with each run, where there is such a file.
const runsFile = "/run/lab/runs"

func countRun(root string) {
	file, err := os.OpenFile(filepath.Join(root, runsFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.WriteString(".")
}
