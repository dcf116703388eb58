// The accounts: who may log in, and what each may do.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// Account is one entry of --accounts. Its privileges hold on every object but those of Denied.
type Account struct {
	Username   string     `json:"username"`
	Password   string     `json:"password"`
	Privileges Privileges `json:"privileges"`
	// Granted gives further ones on the object of an inventory path and on all below it; "/" is the vCenter.
	Granted []Grant `json:"granted,omitempty"`
	// Denied takes privileges away on the objects of a name; also System.View and System.Read, which everybody has.
	Denied []Denial `json:"denied,omitempty"`
}

// Privileges are privilege ids; in JSON "*" stands for all.
type Privileges []string

func (p *Privileges) UnmarshalJSON(text []byte) error {
	if string(text) == `"*"` {
		*p = Privileges{"*"}
		return nil
	}
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		return errors.New(`privileges are a list, or "*"`)
	}
	*p = list
	return nil
}

func (p Privileges) has(id string) bool { return slices.Contains(p, "*") || slices.Contains(p, id) }

// readAccounts gives the accounts of the file, and the account of --username with all privileges if the file has it not.
func readAccounts(s Settings) (map[string]Account, error) {
	accounts := map[string]Account{s.Username: {Username: s.Username, Password: s.Password, Privileges: Privileges{"*"}}}
	if s.AccountsFile == "" {
		return accounts, nil
	}
	text, err := os.ReadFile(s.AccountsFile)
	if err != nil {
		return nil, fmt.Errorf("cannot read --accounts: %w", err)
	}
	var list []Account
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("accounts %s are not the expected JSON: %w", s.AccountsFile, err)
	}
	for _, account := range list {
		if account.Username == "" || account.Password == "" {
			return nil, fmt.Errorf("accounts %s: an account has no username or no password", s.AccountsFile)
		}
		accounts[account.Username] = account
	}
	return accounts, nil
}

func (vc *VCenter) validLogin(login *types.Login) bool {
	account, known := vc.accounts[login.UserName]
	return known && login.Password != "" && account.Password == login.Password
}

// permit gives vCenter's NoPermission for the first privilege that the caller lacks.
func (vc *VCenter) permit(ctx *simulator.Context, method *simulator.Method) types.BaseMethodFault {
	if ctx.Session == nil {
		return nil
	}
	account, known := vc.accounts[ctx.Session.UserName]
	if !known {
		return nil // the simulator's own calls
	}
	for _, n := range needs(ctx, method) {
		if object := ctx.Map.Get(n.on); object != nil && !account.grants(ctx.Map, object, n.privilege) {
			return noPermission(n)
		}
	}
	return nil
}

func noPermission(n need) types.BaseMethodFault {
	fault := &types.NoPermission{Object: &n.on, PrivilegeId: n.privilege}
	fault.MissingPrivileges = []types.NoPermissionEntityPrivileges{{Entity: n.on, PrivilegeIds: []string{n.privilege}}}
	return fault
}

// privilegesOn lists what the account has on an object, of all the privileges that vCenter knows.
func (a Account) privilegesOn(registry *simulator.Registry, object mo.Reference, known []string) []string {
	candidates := append(append(slices.Clone(known), everybodys...), a.Privileges...) // own ones may lack in the simulator's list
	for _, grant := range a.Granted {
		candidates = append(candidates, grant.Privileges...)
	}
	var ids []string
	for _, id := range candidates {
		if id != "*" && a.grants(registry, object, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
