// The settings: flags of the simulator, among them one per behaviour that the stock simulator lacks. The lock on what is being cloned and the
// choice of a host and a datastore have none: they are always on.
package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"time"
)

// Settings is what the flags say. A behaviour that is off leaves the stock simulator's own.
type Settings struct {
	Listen, Control           string
	CertFile, KeyFile         string
	Username, Password        string
	TraceFile, LayoutFile     string
	AccountsFile, ClusterTag  string
	LeaseTimeout              time.Duration
	WrongThumbprint           bool
	Thumbprint256, StarHost   bool
	HostCertFile, HostKeyFile string
	CloneRate, UploadRate     int64
	FreeSpace                 int64
	LeaseLock                 time.Duration
	Manifest                  string
	PageSize                  int
	Behave                    Behaviours
}

// Behaviours are vCenter's ways that can be switched off one by one. A new one gets its own file, a line here and a test.
type Behaviours struct {
	Product, CloneInherits, ExtraConfig, AbortDestroys, NumberedDirectories bool
	LeaseThumbprint, LeaseCertificate, UniqueNames, DenyAnonymous           bool
	HardwareFits, FrozenTemplates                                           bool
}

func (b *Behaviours) flags(set *flag.FlagSet) {
	set.BoolVar(&b.Product, "product", true, "summary.config.product follows the vApp product section; the OVF's firmware, annotation, extra config and provisioning reach the VM")
	set.BoolVar(&b.CloneInherits, "clone-inherits", true, "a clone has its source's configuration, then CloneSpec.config; off: stock clone")
	set.BoolVar(&b.ExtraConfig, "extra-config", true, "an empty extraConfig value for an unknown key adds nothing")
	set.BoolVar(&b.AbortDestroys, "abort-destroys", true, "HttpNfcLeaseAbort and a lease timeout destroy the VM of an unfinished import")
	set.BoolVar(&b.NumberedDirectories, "numbered-directories", true, "a taken datastore directory becomes NAME_1, NAME_2, … ; off: FileAlreadyExists")
	set.BoolVar(&b.LeaseThumbprint, "lease-thumbprint", true, "leases carry the SHA-1 thumbprint of the upload host's certificate")
	set.BoolVar(&b.LeaseCertificate, "lease-certificate", false, "leases carry the upload host's certificate as PEM (API 9.0; vCenter 8 does not)")
	set.BoolVar(&b.UniqueNames, "unique-names", true, "a VM name taken in the folder is a DuplicateName fault on import, create and rename")
	set.BoolVar(&b.HardwareFits, "hardware-fits", true, "a hardware version that the host does not know is a fault on import, clone and upgrade")
	set.BoolVar(&b.FrozenTemplates, "frozen-templates", true, "a snapshot of a template is NotSupported")
	set.BoolVar(&b.DenyAnonymous, "deny-anonymous", true, "properties need a session; tokens nobody issued are no login")
}

// storage are the flags of hosts and datastores: how fast, how full, and how they answer.
func (s *Settings) storage(set *flag.FlagSet) {
	set.StringVar(&s.HostCertFile, "host-cert", "", "certificate of a host of its own that takes uploads, PEM; left out: vCenter takes them")
	set.StringVar(&s.HostKeyFile, "host-key", "", "its key, PEM")
	set.BoolVar(&s.StarHost, "star-host", false, "leases name the upload host *")
	set.BoolVar(&s.Thumbprint256, "thumbprint-sha256", false, "the leases' thumbprint is a SHA-256")
	set.Int64Var(&s.CloneRate, "clone-rate", 0, "bytes a second of each clone; 0: at once")
	set.Int64Var(&s.UploadRate, "upload-rate", 0, "bytes a second of all uploads together; 0: as they come")
	set.Int64Var(&s.FreeSpace, "free-space", 0, "bytes of each datastore; 0: as the stock simulator has it, without a limit")
	set.DurationVar(&s.LeaseLock, "lease-lock", 0, "so long after the last upload or progress the VM of an import is TaskInProgress, unless it was completed or aborted; 0: never")
	set.StringVar(&s.Manifest, "manifest", "sha1", "what HttpNfcLeaseGetManifest tells: "+strings.Join(manifestKinds, ", "))
	set.IntVar(&s.PageSize, "page-size", 0, "objects in an answer of RetrievePropertiesEx before it gives a token; 0: as asked")
}

// parseSettings reads the arguments; the error says everything that is missing.
func parseSettings(args []string, usage io.Writer) (Settings, error) {
	var s Settings
	set := flag.NewFlagSet("vcenter", flag.ContinueOnError)
	set.SetOutput(usage)
	set.StringVar(&s.Listen, "listen", "127.0.0.1:0", "address and port")
	set.StringVar(&s.Control, "control", "", "address and port of the control door, loopback only; left out: none")
	set.StringVar(&s.CertFile, "cert", "", "TLS server certificate, PEM")
	set.StringVar(&s.KeyFile, "key", "", "its key, PEM")
	set.StringVar(&s.Username, "username", "", "the user with all privileges")
	set.StringVar(&s.Password, "password", "", "the user's password")
	set.StringVar(&s.AccountsFile, "accounts", "", "JSON file of accounts with passwords and privileges, beside the one user")
	set.StringVar(&s.ClusterTag, "cluster-tag", "lab-7x2kq", "tag that exists, in category openshift-NAME; empty: none")
	set.StringVar(&s.TraceFile, "trace", "", "append one JSON line per call to this file")
	set.StringVar(&s.LayoutFile, "layout", "", "JSON file of the inventory; left out: dc-east with two clusters")
	set.DurationVar(&s.LeaseTimeout, "lease-timeout", 5*time.Minute, "an import lease without HttpNfcLeaseProgress for so long is aborted")
	set.BoolVar(&s.WrongThumbprint, "wrong-thumbprint", false, "leases carry a thumbprint that is not the upload host's")
	s.storage(set)
	s.Behave.flags(set)
	if err := set.Parse(args); err != nil {
		return s, err
	}
	var problems []error
	if s.CertFile == "" || s.KeyFile == "" {
		problems = append(problems, errors.New("--cert and --key are required"))
	}
	if s.Username == "" || s.Password == "" {
		problems = append(problems, errors.New("--username and --password are required"))
	}
	if (s.HostCertFile == "") != (s.HostKeyFile == "") {
		problems = append(problems, errors.New("--host-cert and --host-key go together"))
	}
	if _, err := manifestKind(s.Manifest); err != nil {
		problems = append(problems, err)
	}
	if set.NArg() > 0 {
		problems = append(problems, errors.New("unexpected argument: "+set.Arg(0)))
	}
	return s, errors.Join(problems...)
}
