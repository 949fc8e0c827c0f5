package orghttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type postBody struct {
	SeatID   string        `json:"seatId"`
	TeamID   string        `json:"teamId"`
	Team     string        `json:"team"`
	Position string        `json:"position"`
	Leads    bool          `json:"leads"`
	Main     bool          `json:"main" doc:"says whose the member's records are"`
	From     calendar.Date `json:"from" doc:"0001-01-01 where it is not known since when"`
	To       calendar.Date `json:"to"`
}

type grantBody struct {
	Role         org.RoleKey   `json:"role"`
	ProductLines []string      `json:"productLines"`
	Regions      []string      `json:"regions"`
	From         calendar.Date `json:"from"`
	To           calendar.Date `json:"to"`
}

type delegationBody struct {
	PrincipalID string        `json:"principalId"`
	AssistantID string        `json:"assistantId"`
	From        calendar.Date `json:"from"`
	To          calendar.Date `json:"to"`
}

// memberPage is a member with the history of posts and roles, and the delegations that go
// on.
type memberPage struct {
	MemberBody
	Posts       []postBody       `json:"posts"`
	Grants      []grantBody      `json:"roles"`
	Delegations []delegationBody `json:"delegations"`
	Beyond      bool             `json:"beyond" doc:"the member's powers go beyond the reader's, who changes no role, sign-in, delegation or leaving of his"`
}

func memberPageOf(a org.Actor, m org.Member) memberPage {
	st := a.Structure
	p := memberPage{
		MemberBody: memberOf(a, m), Posts: []postBody{}, Grants: []grantBody{}, Delegations: []delegationBody{},
		Beyond: a.MayActOn(m.ID) != nil,
	}
	for _, h := range st.PostsOf(m.ID) {
		seat := st.Seats[h.SeatID]
		position := st.Positions[seat.PositionID]
		p.Posts = append(p.Posts, postBody{h.SeatID, seat.TeamID, st.Teams[seat.TeamID].Name, position.Name, position.Leads, h.Main, h.From, h.To})
	}
	for _, g := range st.RolesOf(m.ID) {
		p.Grants = append(p.Grants, grantBody{g.Role, append([]string{}, g.ProductLines...), append([]string{}, g.Regions...), g.From, g.To})
	}
	for _, d := range st.Delegations {
		if (d.PrincipalID == m.ID || d.AssistantID == m.ID) && !d.Empty() && (d.To == "" || d.To > a.Today) {
			p.Delegations = append(p.Delegations, delegationBody{d.PrincipalID, d.AssistantID, d.From, d.To})
		}
	}
	return p
}

func members(api *httpapi.API, d Deps) {
	type pageOut struct {
		ETag string `header:"ETag"`
		Body memberPage
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/members/{id}", ID: "getMember", Summary: "A member with posts, roles and delegations", Permission: org.OrgEdit,
	}, func(_ context.Context, actor org.Actor, in *httpapi.ByID) (*pageOut, error) {
		m, ok := actor.Structure.Members[in.ID]
		if !ok {
			return nil, fault.New(fault.NotFound, "org.member_unknown", "no such member")
		}
		return &pageOut{httpapi.ETag(m.Version), memberPageOf(actor, m)}, nil
	})
	type memberIn struct {
		Body struct {
			ID           string        `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			Name         string        `json:"name" minLength:"1" maxLength:"100"`
			Email        string        `json:"email,omitempty" maxLength:"200"`
			Phone        string        `json:"phone,omitempty" maxLength:"40"`
			Login        string        `json:"login,omitempty" maxLength:"80"`
			Password     string        `json:"password,omitempty" maxLength:"200"`
			TeamID       string        `json:"teamId,omitempty" maxLength:"60"`
			Position     string        `json:"position,omitempty" maxLength:"60"`
			Leads        bool          `json:"leads,omitempty"`
			Role         org.RoleKey   `json:"role,omitempty" maxLength:"60"`
			ProductLines []string      `json:"productLines,omitempty" maxItems:"100"`
			Regions      []string      `json:"regions,omitempty" maxItems:"100"`
			From         calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members", ID: "addMember", Permission: org.OrgEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *memberIn) (*httpapi.Body[org.Member], error) {
		b := in.Body
		return httpapi.Answer(d.Org.AddMember(ctx, actor, org.NewMember{
			ID: b.ID, Name: b.Name, Email: b.Email, Phone: b.Phone, Login: b.Login, Secret: b.Password, TeamID: b.TeamID,
			Position: b.Position, Leads: b.Leads, Role: b.Role, ProductLines: b.ProductLines, Regions: b.Regions, From: b.From,
		}))
	})
	type detailsIn struct {
		Changing
		Body struct {
			Name   string `json:"name" minLength:"1" maxLength:"100"`
			Email  string `json:"email,omitempty" maxLength:"200"`
			Phone  string `json:"phone,omitempty" maxLength:"40"`
			Locale string `json:"locale,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/members/{id}", ID: "describeMember", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *detailsIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error {
			return d.Org.Describe(ctx, a, in.ID, org.Details(in.Body))
		})
	})
	type roleIn struct {
		Changing
		Body struct {
			Role         org.RoleKey `json:"role" maxLength:"60"`
			ProductLines []string    `json:"productLines,omitempty" maxItems:"100"`
			Regions      []string    `json:"regions,omitempty" maxItems:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/role", ID: "setRole", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *roleIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error {
			return d.Org.SetRole(ctx, a, in.ID, in.Body.Role, in.Body.ProductLines, in.Body.Regions)
		})
	})
	type loginIn struct {
		Changing
		Body struct {
			Login    string `json:"login" minLength:"2" maxLength:"80"`
			Password string `json:"password" minLength:"15" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/login", ID: "giveLogin", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *loginIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error {
			return d.Org.GiveLogin(ctx, a, in.ID, in.Body.Login, in.Body.Password)
		})
	})
	type delegateIn struct {
		Changing
		Body struct {
			AssistantID string `json:"assistantId" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/delegate", ID: "delegate", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *delegateIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.Delegate(ctx, a, in.ID, in.Body.AssistantID) })
	})
	type undelegateIn struct {
		Changing
		Body struct {
			AssistantID string        `json:"assistantId" maxLength:"60"`
			On          calendar.Date `json:"on,omitempty" maxLength:"10" doc:"the first day without; left out it is today"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/undelegate", ID: "endDelegation", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *undelegateIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error {
			return d.Org.EndDelegation(ctx, a, in.ID, in.Body.AssistantID, in.Body.On)
		})
	})
}
