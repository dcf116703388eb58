// The authorization manager: what it tells of an account's privileges is what the account may do.
package main

import (
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type authorization struct {
	*simulator.AuthorizationManager
	vc *VCenter
}

func (m *authorization) known() []string {
	return object.AuthorizationRoleList(m.RoleList).ByName("Admin").Privilege
}

// FetchUserPrivilegeOnEntities answers for any user, as OpenShift's installer asks it for its own. Users that nobody
// knows are a fault.
func (m *authorization) FetchUserPrivilegeOnEntities(ctx *simulator.Context, req *types.FetchUserPrivilegeOnEntities) soap.HasFault {
	body := new(methods.FetchUserPrivilegeOnEntitiesBody)
	account, known := m.vc.accounts[req.UserName]
	if !known {
		body.Fault_ = simulator.Fault("unknown user", &types.InvalidArgument{InvalidProperty: "userName"})
		return body
	}
	body.Res = new(types.FetchUserPrivilegeOnEntitiesResponse)
	for _, ref := range req.Entities {
		body.Res.Returnval = append(body.Res.Returnval, types.UserPrivilegeResult{
			Entity: ref, Privileges: account.privilegesOn(ctx.Map, ctx.Map.Get(ref), m.known()),
		})
	}
	return body
}

func (m *authorization) HasUserPrivilegeOnEntities(ctx *simulator.Context, req *types.HasUserPrivilegeOnEntities) soap.HasFault {
	body := new(methods.HasUserPrivilegeOnEntitiesBody)
	account, known := m.vc.accounts[req.UserName]
	if !known {
		body.Fault_ = simulator.Fault("unknown user", &types.InvalidArgument{InvalidProperty: "userName"})
		return body
	}
	answer := availability(ctx, account, req.Entities, req.PrivId)
	body.Res = &types.HasUserPrivilegeOnEntitiesResponse{Returnval: answer}
	return body
}

func (m *authorization) HasPrivilegeOnEntities(ctx *simulator.Context, req *types.HasPrivilegeOnEntities) soap.HasFault {
	answer := availability(ctx, m.accountOf(req.SessionId), req.Entity, req.PrivId)
	return &methods.HasPrivilegeOnEntitiesBody{Res: &types.HasPrivilegeOnEntitiesResponse{Returnval: answer}}
}

func (m *authorization) HasPrivilegeOnEntity(ctx *simulator.Context, req *types.HasPrivilegeOnEntity) soap.HasFault {
	body := &methods.HasPrivilegeOnEntityBody{Res: new(types.HasPrivilegeOnEntityResponse)}
	account := m.accountOf(req.SessionId)
	for _, id := range req.PrivId {
		body.Res.Returnval = append(body.Res.Returnval, account.grants(ctx.Map, ctx.Map.Get(req.Entity), id))
	}
	return body
}

// accountOf an unknown session has no privileges.
func (m *authorization) accountOf(session string) Account {
	for _, s := range m.vc.soapSessions().SessionList {
		if s.Key == session {
			return m.vc.accounts[s.UserName]
		}
	}
	return Account{}
}

func availability(ctx *simulator.Context, account Account, entities []types.ManagedObjectReference, ids []string) []types.EntityPrivilege {
	var answer []types.EntityPrivilege
	for _, ref := range entities {
		privilege := types.EntityPrivilege{Entity: ref}
		for _, id := range ids {
			privilege.PrivAvailability = append(privilege.PrivAvailability, types.PrivilegeAvailability{
				PrivId: id, IsGranted: account.grants(ctx.Map, ctx.Map.Get(ref), id),
			})
		}
		answer = append(answer, privilege)
	}
	return answer
}
