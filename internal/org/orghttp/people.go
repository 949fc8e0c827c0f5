package orghttp

import (
	"context"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type memberBody struct {
	org.Member
	TeamID       string      `json:"teamId"`
	Team         string      `json:"team"`
	Position     string      `json:"position"`
	Leads        bool        `json:"leads"`
	Role         org.RoleKey `json:"role"`
	ProductLines []string    `json:"productLines"`
}

type teamBody struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Region   string `json:"region"`
	ParentID string `json:"parentId"`
	Version  int    `json:"version"`
}

type structureBody struct {
	Members []memberBody `json:"members"`
	Teams   []teamBody   `json:"teams"`
	Roles   []string     `json:"roles"`
}

func structureOf(a org.Actor) structureBody {
	st := a.Structure
	out := structureBody{Members: []memberBody{}, Teams: []teamBody{}}
	for _, m := range st.Members {
		b := memberBody{Member: m, ProductLines: []string{}}
		var pos string
		b.TeamID, pos = st.TeamOf(m.ID, a.Today)
		b.Team, b.Position, b.Leads = st.Teams[b.TeamID].Name, st.Positions[pos].Name, st.Positions[pos].Leads
		for _, g := range st.Grants {
			if g.MemberID == m.ID && g.On(a.Today) {
				b.Role = g.Role
				b.ProductLines = append(b.ProductLines, g.ProductLines...)
			}
		}
		if !a.Can(org.OrgEdit) { // sign-in names and phones are the administrator's
			b.Login, b.Phone, b.Email = "", "", ""
		}
		out.Members = append(out.Members, b)
	}
	sort.Slice(out.Members, func(i, j int) bool {
		return out.Members[i].Pinyin+out.Members[i].ID < out.Members[j].Pinyin+out.Members[j].ID
	})
	for _, t := range st.Teams {
		out.Teams = append(out.Teams, teamBody{t.ID, t.Name, t.Region, st.ParentOf(t.ID, a.Today), t.Version})
	}
	sort.Slice(out.Teams, func(i, j int) bool {
		return out.Teams[i].Name+out.Teams[i].ID < out.Teams[j].Name+out.Teams[j].ID
	})
	for r := range org.Roles {
		out.Roles = append(out.Roles, string(r))
	}
	sort.Strings(out.Roles)
	return out
}

type leftBody struct {
	Held []org.Held `json:"held" doc:"what the member still holds and is to be handed over"`
}

func members(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/org", ID: "getOrg", Permission: org.OrgRead,
	}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[structureBody], error) {
		return httpapi.Answer(structureOf(actor), nil)
	})
	type memberIn struct {
		Body struct {
			Name         string        `json:"name" minLength:"1" maxLength:"100"`
			Email        string        `json:"email,omitempty" maxLength:"200"`
			Phone        string        `json:"phone,omitempty" maxLength:"40"`
			Login        string        `json:"login,omitempty" maxLength:"80"`
			Password     string        `json:"password,omitempty" maxLength:"200"`
			TeamID       string        `json:"teamId,omitempty" maxLength:"60"`
			Position     string        `json:"position,omitempty" maxLength:"60"`
			Leads        bool          `json:"leads,omitempty"`
			Role         org.RoleKey   `json:"role,omitempty" maxLength:"30"`
			ProductLines []string      `json:"productLines,omitempty" maxItems:"100"`
			From         calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members", ID: "addMember", Permission: org.OrgEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *memberIn) (*httpapi.Body[org.Member], error) {
		b := in.Body
		return httpapi.Answer(d.Org.AddMember(ctx, actor, org.NewMember{
			Name: b.Name, Email: b.Email, Phone: b.Phone, Login: b.Login, Secret: b.Password, TeamID: b.TeamID,
			Position: b.Position, Leads: b.Leads, Role: b.Role, ProductLines: b.ProductLines, From: b.From,
		}))
	})
	type transferIn struct {
		httpapi.ByID
		Body struct {
			TeamID   string        `json:"teamId" maxLength:"60"`
			Position string        `json:"position,omitempty" maxLength:"60"`
			Leads    bool          `json:"leads,omitempty"`
			From     calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/transfer", ID: "transferMember", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *transferIn) (*httpapi.Done, error) {
		b := in.Body
		return httpapi.Nothing(d.Org.Transfer(ctx, actor, in.ID, b.TeamID, b.Position, b.Leads, b.From))
	})
	type roleIn struct {
		httpapi.ByID
		Body struct {
			Role         org.RoleKey `json:"role" maxLength:"30"`
			ProductLines []string    `json:"productLines,omitempty" maxItems:"100"`
			Regions      []string    `json:"regions,omitempty" maxItems:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/role", ID: "setRole", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *roleIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.SetRole(ctx, actor, in.ID, in.Body.Role, in.Body.ProductLines, in.Body.Regions))
	})
	type loginIn struct {
		httpapi.ByID
		Body struct {
			Login    string `json:"login" minLength:"2" maxLength:"80"`
			Password string `json:"password" minLength:"10" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/login", ID: "giveLogin", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *loginIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.GiveLogin(ctx, actor, in.ID, in.Body.Login, in.Body.Password))
	})
	type leaveIn struct {
		httpapi.ByID
		Body struct {
			On calendar.Date `json:"on,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/leave", ID: "memberLeaves", Permission: org.OrgEdit,
	}, func(ctx context.Context, actor org.Actor, in *leaveIn) (*httpapi.Body[leftBody], error) {
		held, err := d.Org.Leave(ctx, actor, in.ID, in.Body.On)
		return httpapi.Answer(leftBody{append([]org.Held{}, held...)}, err)
	})
	type delegateIn struct {
		httpapi.ByID
		Body struct {
			AssistantID string `json:"assistantId" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/delegate", ID: "delegate", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *delegateIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.Delegate(ctx, actor, in.ID, in.Body.AssistantID))
	})
}

func teams(api *httpapi.API, d Deps) {
	type teamIn struct {
		Body struct {
			Name     string `json:"name" minLength:"1" maxLength:"100"`
			ParentID string `json:"parentId" maxLength:"60"`
			Region   string `json:"region,omitempty" maxLength:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/teams", ID: "addTeam", Permission: org.OrgEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *teamIn) (*httpapi.Body[teamBody], error) {
		t, err := d.Org.AddTeam(ctx, actor, "", in.Body.Name, in.Body.ParentID, in.Body.Region, "")
		return httpapi.Answer(teamBody{t.ID, t.Name, t.Region, in.Body.ParentID, t.Version}, err)
	})
	type moveIn struct {
		httpapi.ByID
		Body struct {
			ParentID string        `json:"parentId" maxLength:"60"`
			From     calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/teams/{id}/move", ID: "moveTeam", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *moveIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.MoveTeam(ctx, actor, in.ID, in.Body.ParentID, in.Body.From))
	})
}
