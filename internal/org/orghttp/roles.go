package orghttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type reachBody struct {
	Kind  string `json:"kind" enum:"opportunity,account,contact,task,credit"`
	Read  string `json:"read" enum:"nothing,own,deal_team,subtree,lines,regions,everything"`
	Write string `json:"write" enum:"nothing,own,deal_team,subtree,lines,regions,everything"`
}

type roleBody struct {
	Key         org.RoleKey      `json:"key"`
	Name        string           `json:"name" doc:"empty of a preset: the screen words it"`
	Preset      bool             `json:"preset" doc:"it is not changed, but may be copied"`
	Retired     bool             `json:"retired"`
	Permissions []org.Permission `json:"permissions"`
	Reach       []reachBody      `json:"reach"`
	Members     int              `json:"members" doc:"who have it today"`
	Version     int              `json:"version"`
}

func roleOf(a org.Actor, r org.Role) roleBody {
	b := roleBody{Key: r.Key, Name: r.Name, Preset: r.Preset, Retired: r.Retired, Permissions: r.Permissions, Version: r.Version, Reach: []reachBody{}}
	for _, kind := range org.Reached {
		b.Reach = append(b.Reach, reachBody{kind, r.Reach[kind].Read.String(), r.Reach[kind].Write.String()})
	}
	for _, g := range a.Structure.Grants {
		if g.Role == r.Key && g.On(a.Today) {
			b.Members++
		}
	}
	return b
}

// RoleIn is what a role says; a kind that is left out is not reached.
type RoleIn struct {
	Name        string           `json:"name" minLength:"1" maxLength:"100"`
	Permissions []org.Permission `json:"permissions" maxItems:"50"`
	Reach       []reachBody      `json:"reach" maxItems:"20"`
}

func (in RoleIn) role() (org.NewRole, error) {
	r := org.NewRole{Name: in.Name, Permissions: in.Permissions, Reach: map[string]org.Reaches{}}
	for _, b := range in.Reach {
		read, err := org.ParseReach(b.Read)
		if err != nil {
			return r, err
		}
		write, err := org.ParseReach(b.Write)
		if err != nil {
			return r, err
		}
		r.Reach[b.Kind] = org.Reaches{Read: read, Write: write}
	}
	return r, nil
}

type rolesBody struct {
	Roles []roleBody `json:"roles"`
	// Permissions are all there are to choose from.
	Permissions []org.Permission `json:"permissions"`
}

func roles(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/roles", ID: "listRoles", Summary: "What each role may do, and how far it reaches by kind of record", Permission: org.OrgRead,
	}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[rolesBody], error) {
		out := rolesBody{Roles: []roleBody{}, Permissions: org.AllPermissions()}
		for _, r := range actor.Structure.AllRoles() {
			out.Roles = append(out.Roles, roleOf(actor, r))
		}
		return httpapi.Answer(out, nil)
	})
	type addIn struct {
		Body struct {
			ID   org.RoleKey `json:"id,omitempty" maxLength:"36"`
			From org.RoleKey `json:"from,omitempty" maxLength:"60" doc:"the role it is a copy of"`
			RoleIn
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/roles", ID: "addRole", Permission: org.OrgEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *addIn) (*httpapi.Body[roleBody], error) {
		r, err := in.Body.role()
		if err != nil {
			return nil, err
		}
		r.Key, r.From = in.Body.ID, in.Body.From
		made, err := d.Org.AddRole(ctx, actor, r)
		return httpapi.Answer(roleOf(actor, made), err)
	})
	type saveIn struct {
		Changing
		Body RoleIn
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/roles/{id}", ID: "saveRole", Permission: org.OrgEdit,
	}, func(ctx context.Context, actor org.Actor, in *saveIn) (*httpapi.Body[roleBody], error) {
		actor, err := in.by(actor)
		if err != nil {
			return nil, err
		}
		r, err := in.Body.role()
		if err != nil {
			return nil, err
		}
		saved, err := d.Org.SaveRole(ctx, actor, org.RoleKey(in.ID), r)
		return httpapi.Answer(roleOf(actor, saved), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/roles/{id}/retire", ID: "retireRole", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *Changing) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.RetireRole(ctx, a, org.RoleKey(in.ID)) })
	})
}
