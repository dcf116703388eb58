// The arguments of the rpm-ostree client, as far as the lab's users type them.
package main

import "strings"

const version = `rpm-ostree:
 Version: '2025.6'
 Git: 3f2a0c9d1e8b7a6554433221100ffeeddccbbaa9
 Features:
  - rust
  - compose
  - container
`

const programUsage = `Usage:
  rpm-ostree [OPTION…] COMMAND

Builtin Commands:
  status           Get the version of the booted system

Help Options:
  -h, --help       Show help options

Application Options:
  --version        Print version information and exit
  -q, --quiet      Avoid printing most informational messages

`

const statusUsage = `Usage:
  rpm-ostree status [OPTION…]

Get the version of the booted system

Help Options:
  -h, --help            Show help options

Application Options:
  -a, --advisories      Expand advisories listing
  --json                Output JSON
  -b, --booted          Only print the booted deployment
  --pending-exit-77     If pending deployment available, exit 77
  -v, --verbose         Print additional fields (e.g. StateRoot)
  -q, --quiet           Avoid printing most informational messages

`

type request struct {
	command                            string // "status", "--version" or "--help"
	help                               string
	json, booted, verbose, pendingExit bool
}

// misuse is an error of the command line; the real client prints a usage only where the command itself is wrong.
type misuse struct{ usage, message string }

func parseArguments(args []string) (request, *misuse) {
	var r request
	help := false
	for _, arg := range args {
		switch {
		case arg == "--version" && r.command == "":
			return request{command: "--version"}, nil
		case arg == "-h" || arg == "--help":
			help = true
		case !strings.HasPrefix(arg, "-") && r.command == "":
			r.command = arg
		case !strings.HasPrefix(arg, "-"):
			return r, &misuse{message: "Too many arguments"}
		case !r.option(arg):
			return r, &misuse{message: "Unknown option " + arg}
		}
	}
	switch {
	case help && r.command == "status":
		return request{command: "--help", help: statusUsage}, nil
	case help:
		return request{command: "--help", help: programUsage}, nil
	case r.command == "":
		return r, &misuse{programUsage, "No command specified"}
	case r.command != "status":
		return r, &misuse{programUsage, "Unknown command '" + r.command + "'"}
	}
	return r, nil
}

func (r *request) option(arg string) bool {
	switch arg {
	case "--json":
		r.json = true
	case "-b", "--booted":
		r.booted = true
	case "-v", "--verbose":
		r.verbose = true
	case "--pending-exit-77":
		r.pendingExit = true
	case "-bv", "-vb":
		r.booted, r.verbose = true, true
	case "-a", "--advisories", "-q", "--quiet":
	default:
		return false
	}
	return true
}
