package opportunityhttp

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/fault"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// StandingBody is how some deals stand, with what they are worth together.
type StandingBody struct {
	opportunity.Standing
	WorthMinor int64 `json:"worthMinor" doc:"of what is open, in the company's currency at today's rates"`
	NoWorth    int64 `json:"noWorth" doc:"open ones without an amount or a rate; they are counted and not summed"`
	TooLarge   bool  `json:"tooLarge" doc:"the sum is beyond 2^53-1 minor units and not stated"`
}

func standingOf(s opportunity.Standing) StandingBody {
	worth := s.Worth.Stated()
	return StandingBody{s, worth.AmountMinor, worth.NoAmount, worth.TooLarge}
}

// together adds up standings.
func together(by map[string]opportunity.Standing) (all opportunity.Standing) {
	for _, s := range by {
		all.Add(s)
	}
	return all
}

// teamRow is how the deals of a team and all below it, those of a person, or what is nobody's, stand.
type teamRow struct {
	TeamID   string `json:"teamId" doc:"a team with all below it; empty of a person and of what is nobody's"`
	MemberID string `json:"memberId" doc:"a person; empty of a team and of what is nobody's"`
	StandingBody
}

// teamBody is the teams right below one, and whoever is in it and in none of them.
type teamBody struct {
	TeamID   string    `json:"teamId" doc:"empty where there are several at the top"`
	Currency string    `json:"currency"`
	Open     int64     `json:"open" doc:"open deals of the team and all below it, each person's once"`
	Rows     []teamRow `json:"rows" doc:"teams first; people without a post today are left out where they have nothing open"`
}

func (h *handler) teams(api *httpapi.API) {
	type teamIn struct {
		Team string `query:"team" required:"true" minLength:"1" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/desk/team", ID: "getDeskTeam",
		Summary:    "How the deals of a team stand, of those you see: by the teams right below it and its people, over all pipelines",
		Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *teamIn) (*httpapi.Body[teamBody], error) {
		if _, known := actor.Structure.Teams[in.Team]; !known {
			return nil, fault.New(fault.NotFound, "org.team_unknown", "no such team")
		}
		if _, err := h.Measures.Soon(ctx, actor.TenantID); err != nil {
			return nil, err
		}
		by, err := h.Opportunities.Standings(ctx, actor, h.Measures)
		return httpapi.Answer(rowsOf(actor, in.Team, by), err)
	})
}

// team is the teams an actor leads; of who leads none and sees everybody the whole company. It is nil
// for others.
func (h *handler) team(actor org.Actor, by map[string]opportunity.Standing) *teamBody {
	tops := actor.Structure.Leads(actor.MemberID, actor.Today)
	if len(tops) == 0 {
		if !actor.Scope(record.Opportunity, org.Read).All {
			return nil
		}
		tops = actor.Structure.Tops(actor.Today)
	}
	slices.Sort(tops)
	tops = slices.Compact(tops)
	tops = slices.DeleteFunc(slices.Clone(tops), func(team string) bool { // it is in the row of another
		return actor.Structure.Within(actor.Structure.ParentOf(team, actor.Today), tops, actor.Today)
	})
	if len(tops) == 0 {
		return nil
	}
	b := teamBody{Currency: actor.Company.Currency, Rows: teamsOf(actor, tops, by)}
	if len(tops) == 1 {
		b = rowsOf(actor, tops[0], by)
	}
	if actor.Scope(record.Opportunity, org.Read).All {
		b.Rows = append(b.Rows, ofNoTeam(actor, by)...)
	}
	return &b
}

// ofNoTeam are the rows of what is open and of nobody in a team: of who left, of who has no post, and nobody's. With them
// the rows of the whole company add up to what the desk counts.
func ofNoTeam(actor org.Actor, by map[string]opportunity.Standing) (rows []teamRow) {
	for _, member := range slices.Sorted(maps.Keys(by)) {
		if member != "" && by[member].Open > 0 && len(actor.Structure.TeamsOf(member, actor.Today)) == 0 {
			rows = append(rows, teamRow{MemberID: member, StandingBody: standingOf(by[member])})
		}
	}
	if s := by[""]; s.Open > 0 {
		rows = append(rows, teamRow{StandingBody: standingOf(s)})
	}
	return rows
}

// rowsOf are the rows below a team.
func rowsOf(actor org.Actor, team string, by map[string]opportunity.Standing) teamBody {
	below := actor.Structure.TeamsBelow(team, actor.Today)
	b := teamBody{TeamID: team, Currency: actor.Company.Currency, Rows: teamsOf(actor, below, by)}
	b.Open = teamsOf(actor, []string{team}, by)[0].Standing.Open
	inOne := actor.Structure.MembersUnder(below, actor.Today)
	for _, member := range actor.Structure.MembersUnder([]string{team}, actor.Today) {
		if _, in := slices.BinarySearch(inOne, member); in {
			continue
		}
		if s := by[member]; s.Open > 0 || len(actor.Structure.TeamsOf(member, actor.Today)) > 0 {
			b.Rows = append(b.Rows, teamRow{MemberID: member, StandingBody: standingOf(s)})
		}
	}
	return b
}

// teamsOf are the rows of some teams: what the list by each team holds.
func teamsOf(actor org.Actor, teams []string, by map[string]opportunity.Standing) []teamRow {
	rows := []teamRow{}
	for _, team := range teams {
		var sum opportunity.Standing
		for _, member := range actor.Structure.MembersUnder([]string{team}, actor.Today) {
			sum.Add(by[member])
		}
		rows = append(rows, teamRow{TeamID: team, StandingBody: standingOf(sum)})
	}
	return rows
}
