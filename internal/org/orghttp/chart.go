package orghttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type nodeBody struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Region   string        `json:"region"`
	ParentID string        `json:"parentId"`
	ClosedOn calendar.Date `json:"closedOn"`
	Version  int           `json:"version"`
	People   int           `json:"people" doc:"who sit in it or below today, each once"`
	Members  []string      `json:"members" doc:"who sit in it, by name"`
	Heads    []string      `json:"heads"`
	StandIn  []string      `json:"standIn" doc:"where nobody leads it: who leads the next team above that somebody leads"`
	Vacant   []vacancyBody `json:"vacant" doc:"seats nobody has today"`
}

type vacancyBody struct {
	ID       string        `json:"id"`
	TeamID   string        `json:"teamId"`
	Position string        `json:"position"`
	Leads    bool          `json:"leads"`
	NextID   string        `json:"nextId" doc:"who is to hold it next"`
	NextFrom calendar.Date `json:"nextFrom"`
	LastID   string        `json:"lastId" doc:"who had it last; empty where nobody had"`
	LastTo   calendar.Date `json:"lastTo" doc:"the first day without"`
}

type chartBody struct {
	Teams        []nodeBody `json:"teams" doc:"that are open today, by name"`
	FoundTeams   []string   `json:"foundTeams" doc:"whose names q finds, empty without q"`
	FoundMembers []string   `json:"foundMembers"`
}

func chartOf(a org.Actor, query string) chartBody {
	chart := a.Structure.Chart(a.Today)
	out := chartBody{Teams: make([]nodeBody, len(chart)), FoundTeams: []string{}, FoundMembers: []string{}}
	for i, n := range chart {
		t := n.Team
		b := nodeBody{t.ID, t.Name, t.Region, n.ParentID, t.ClosedOn, t.Version, n.People, some(n.Members), some(n.Heads), some(n.StandIn), []vacancyBody{}}
		for _, v := range n.Vacant {
			s := seatOf(a, v.Place)
			b.Vacant = append(b.Vacant,
				vacancyBody{s.ID, s.TeamID, s.Position, s.Leads, s.NextID, s.NextFrom, v.Last.MemberID, v.Last.To})
		}
		out.Teams[i] = b
	}
	if query != "" {
		out.FoundTeams, out.FoundMembers = a.Structure.Found(chart, query)
	}
	return out
}

func some(ids []string) []string { return append([]string{}, ids...) }

// chart is the route of the organisation as a tree.
func chart(api *httpapi.API) {
	type chartIn struct {
		Q string `query:"q" maxLength:"100" doc:"finds teams and people by characters, pinyin or initials"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/org/chart", ID: "getOrgChart", Permission: org.OrgRead,
		Summary: "The teams of today with who sits in them, who leads or stands in, and what stands empty",
	}, func(_ context.Context, actor org.Actor, in *chartIn) (*httpapi.Body[chartBody], error) {
		return httpapi.Answer(chartOf(actor, in.Q), nil)
	})
}
