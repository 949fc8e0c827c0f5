package orghttp

import (
	"context"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type MemberBody struct {
	org.Member
	TeamID       string      `json:"teamId"`
	Team         string      `json:"team"`
	Position     string      `json:"position"`
	Leads        bool        `json:"leads"`
	Gone         bool        `json:"gone" doc:"has left by today, and is not back"`
	Role         org.RoleKey `json:"role"`
	ProductLines []string    `json:"productLines"`
	Regions      []string    `json:"regions"`
}

type teamBody struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Region   string        `json:"region"`
	ParentID string        `json:"parentId"`
	ClosedOn calendar.Date `json:"closedOn"`
	Version  int           `json:"version"`
}

// roleName is a role to choose; a preset has no name, the screen words it.
type roleName struct {
	Key  org.RoleKey `json:"key"`
	Name string      `json:"name"`
}

type structureBody struct {
	Members []MemberBody `json:"members"`
	Teams   []teamBody   `json:"teams"`
	Roles   []roleName   `json:"roles"`
}

func memberOf(a org.Actor, m org.Member) MemberBody {
	st := a.Structure
	b := MemberBody{Member: m, ProductLines: []string{}, Regions: []string{}, Gone: st.Gone(m.ID, a.Today)}
	if b.LeftOn = m.Leaving(a.Today); b.LeftOn == "" { // what is past is history
		b.BackOn = ""
	}
	var position string
	b.TeamID, position = st.TeamOf(m.ID, a.Today)
	b.Team, b.Position, b.Leads = st.Teams[b.TeamID].Name, st.Positions[position].Name, st.Positions[position].Leads
	for _, g := range st.RolesOf(m.ID) {
		if g.On(a.Today) {
			b.Role = g.Role
			b.ProductLines, b.Regions = append(b.ProductLines, g.ProductLines...), append(b.Regions, g.Regions...)
		}
	}
	if !a.Can(org.OrgEdit) { // sign-in names and phones are the administrator's
		b.Login, b.Phone, b.Email = "", "", ""
	}
	return b
}

func teamOf(a org.Actor, t org.Team) teamBody {
	return teamBody{t.ID, t.Name, t.Region, a.Structure.ParentOf(t.ID, a.Today), t.ClosedOn, t.Version}
}

func structureOf(a org.Actor) structureBody {
	out := structureBody{Members: []MemberBody{}, Teams: []teamBody{}, Roles: []roleName{}}
	for _, m := range a.Structure.Members {
		out.Members = append(out.Members, memberOf(a, m))
	}
	sort.Slice(out.Members, func(i, j int) bool {
		return out.Members[i].Pinyin+out.Members[i].ID < out.Members[j].Pinyin+out.Members[j].ID
	})
	for _, t := range a.Structure.Teams {
		out.Teams = append(out.Teams, teamOf(a, t))
	}
	sort.Slice(out.Teams, func(i, j int) bool {
		return out.Teams[i].Name+out.Teams[i].ID < out.Teams[j].Name+out.Teams[j].ID
	})
	for _, r := range a.Structure.AllRoles() {
		if !r.Retired {
			out.Roles = append(out.Roles, roleName{r.Key, r.Name})
		}
	}
	return out
}

// Changing is the path and the version of what is changed.
type Changing struct {
	httpapi.ByID
	IfMatch string `header:"If-Match" doc:"the version the change is based on; another one is answered 412"`
}

// by is the actor with the version he has read.
func (in Changing) by(a org.Actor) (org.Actor, error) {
	version, err := httpapi.Version(in.IfMatch)
	a.IfMatch = version
	return a, err
}

// changes runs a change without an answer.
func (in Changing) changes(a org.Actor, fn func(a org.Actor) error) (*httpapi.Done, error) {
	a, err := in.by(a)
	if err != nil {
		return nil, err
	}
	return httpapi.Nothing(fn(a))
}

func people(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/org", ID: "getOrg", Permission: org.OrgRead,
	}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[structureBody], error) {
		return httpapi.Answer(structureOf(actor), nil)
	})
	chart(api)
	members(api, d)
	leaving(api, d)
	posts(api, d)
}
