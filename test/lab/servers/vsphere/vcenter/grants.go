// The grants: on which objects an account has a privilege.
package main

import (
	"path"
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
)

// Grant is a permission that propagates.
type Grant struct {
	Path       string     `json:"path"`
	Privileges Privileges `json:"privileges"`
}

type Denial struct {
	Name       string     `json:"name"`
	Privileges Privileges `json:"privileges"`
}

// everybodys privileges come with every role but No access.
var everybodys = []string{"System.Anonymous", "System.Read", "System.View"}

// grants tells whether the account has the privilege on the object. On what is no part of the inventory it counts what it
// has on the vCenter.
func (a Account) grants(registry *simulator.Registry, object mo.Reference, id string) bool {
	entity, isEntity := object.(mo.Entity)
	if isEntity {
		for _, denial := range a.Denied {
			if denial.Name == entity.Entity().Name && denial.Privileges.has(id) {
				return false
			}
		}
	}
	if a.Privileges.has(id) || slices.Contains(everybodys, id) {
		return true
	}
	where := "/"
	if isEntity {
		where = inventoryPath(registry, entity)
	}
	return slices.ContainsFunc(a.Granted, func(grant Grant) bool {
		return grant.Privileges.has(id) && isBelow(where, grant.Path)
	})
}

func isBelow(where, top string) bool {
	top = strings.TrimSuffix(top, "/")
	return where == top || strings.HasPrefix(where, top+"/")
}

// inventoryPath is "/" for the root folder. A virtual machine's goes by its folder; permissions on its pool are left out,
// so that an account here has rather too little than too much.
func inventoryPath(registry *simulator.Registry, entity mo.Entity) string {
	where := ""
	for entity != nil && entity.Entity().Parent != nil {
		where = path.Join(entity.Entity().Name, where)
		entity, _ = registry.Get(*entity.Entity().Parent).(mo.Entity)
	}
	return "/" + where
}
