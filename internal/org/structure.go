package org

import (
	"cmp"
	"slices"

	"yunchou/internal/calendar"
)

// Structure is a company's organisation with its whole history: teams, seats and
// who held them, roles. It answers for any day, so a past report uses the
// organisation of that day. It is immutable once loaded.
type Structure struct {
	Version     int64
	Members     map[string]Member
	Teams       map[string]Team
	Positions   map[string]Position
	Parents     []TeamParent // what counts as known; before Index every row ever written
	Seats       map[string]Seat
	Holdings    []Holding // likewise
	Grants      []Grant
	Delegations []Delegation
	Roles       map[RoleKey]Role // the company's own; Role finds presets too

	everParents  []TeamParent
	everHoldings []Holding
	holdingsOf   map[string][]Holding
	heldBy       map[string][]Holding // by seat
	parentsOf    map[string][]TeamParent
	grantsOf     map[string][]Grant
	trees        *trees
}

// Member is a person of the company. Login is "" where the person cannot sign in.
type Member struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Pinyin   string        `json:"pinyin"`
	Initials string        `json:"initials"`
	Email    string        `json:"email"`
	Phone    string        `json:"phone"`
	Login    string        `json:"login"`
	Locale   string        `json:"locale"`
	JoinedOn calendar.Date `json:"joinedOn"`
	LeftOn   calendar.Date `json:"leftOn" doc:"the first day without the member, which may lie ahead; of several times the last"`
	BackOn   calendar.Date `json:"backOn" doc:"the day the member is back from it"`
	Version  int           `json:"version"`
}

// Team is a node of the tree; where it hangs is a TeamParent interval.
type Team struct {
	ID, Name, Region string
	ClosedOn         calendar.Date
	Version          int
}

// Position (岗位) is what the job is; Leads makes its holder the superior of the team.
// The journal keeps no names.
type Position struct {
	ID    string `json:"id"`
	Name  string `json:"-"`
	Leads bool   `json:"leads"`
}

// Interval is half-open: From is in, To is not; To "" is open-ended.
type Interval struct {
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to,omitempty"`
}

// On reports whether the day lies in the interval.
func (i Interval) On(d calendar.Date) bool { return i.From <= d && (i.To == "" || d < i.To) }

// Meets reports whether the intervals have a day in common.
func (i Interval) Meets(o Interval) bool {
	return !i.Empty() && !o.Empty() && (i.To == "" || o.From < i.To) && (o.To == "" || i.From < o.To)
}

// Empty reports whether no day lies in the interval.
func (i Interval) Empty() bool { return i.To != "" && i.To <= i.From }

// covers reports whether every day of o lies in the interval.
func (i Interval) covers(o Interval) bool {
	return i.From <= o.From && (i.To == "" || o.To != "" && o.To <= i.To)
}

// TeamParent hangs a team under another (ParentID "" is the root) from a day on, until the
// team's next row: To is that row's day. Seq is the entry that wrote it, EndedSeq the one
// that said it was never true.
type TeamParent struct {
	ID       string `json:"id"`
	TeamID   string `json:"teamId"`
	ParentID string `json:"parentId,omitempty"`
	Interval
	Seq      int64 `json:"-"`
	EndedSeq int64 `json:"-"`
}

// Seat (编制) is one place of a position in a team.
type Seat struct {
	ID         string `json:"id"`
	TeamID     string `json:"teamId"`
	PositionID string `json:"positionId"`
	Interval
}

// Holding is a member in a seat; one holding at a time is the main one. A row is never
// changed: what becomes known of its end is another row, and EndedSeq of the first.
type Holding struct {
	ID       string `json:"id"`
	SeatID   string `json:"seatId"`
	MemberID string `json:"memberId"`
	Main     bool   `json:"main"`
	Interval
	Seq      int64 `json:"-"`
	EndedSeq int64 `json:"-"`
}

// Grant gives a member a role.
type Grant struct {
	ID           string   `json:"id"`
	MemberID     string   `json:"memberId"`
	Role         RoleKey  `json:"role"`
	ProductLines []string `json:"productLines,omitempty"`
	Regions      []string `json:"regions,omitempty"`
	Interval
}

// Delegation lets an assistant act for a principal.
type Delegation struct {
	ID          string `json:"id"`
	PrincipalID string `json:"principalId"`
	AssistantID string `json:"assistantId"`
	Interval
}

// TeamOf returns the team and position of a member's main seat on a day, "" where
// there is none.
func (s *Structure) TeamOf(member string, on calendar.Date) (team, position string) {
	best := Holding{}
	for _, h := range s.holdingsOf[member] {
		if h.On(on) && (best.ID == "" || h.Main && !best.Main) {
			best = h
		}
	}
	seat := s.Seats[best.SeatID]
	return seat.TeamID, seat.PositionID
}

// TeamsOf lists the teams a member has posts in on a day, the main one first.
func (s *Structure) TeamsOf(member string, on calendar.Date) (out []string) {
	if main, _ := s.TeamOf(member, on); main != "" {
		out = append(out, main)
	}
	for _, h := range s.holdingsOf[member] {
		if team := s.Seats[h.SeatID].TeamID; h.On(on) && !slices.Contains(out, team) {
			out = append(out, team)
		}
	}
	return out
}

// ParentOf returns the team above on a day, "" for the root.
func (s *Structure) ParentOf(team string, on calendar.Date) string {
	for _, p := range s.parentsOf[team] {
		if p.On(on) {
			return p.ParentID
		}
	}
	return ""
}

// TeamsBelow lists the teams right below one that are not closed on a day, by name.
func (s *Structure) TeamsBelow(team string, on calendar.Date) (out []string) {
	for id, t := range s.Teams {
		if (t.ClosedOn == "" || t.ClosedOn > on) && id != team && s.ParentOf(id, on) == team {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(s.Teams[a].Name, s.Teams[b].Name), cmp.Compare(a, b)) })
	return out
}

// Tops lists the teams with none above them that are not closed on a day.
func (s *Structure) Tops(on calendar.Date) []string { return s.TeamsBelow("", on) }

// OpenAbove is a team, or, where it is closed or its closing is announced, the first above it
// on a day that is not.
func (s *Structure) OpenAbove(team string, on calendar.Date) string {
	for depth := 0; s.Teams[team].ClosedOn != "" && depth < 64; depth++ {
		team = s.ParentOf(team, on)
	}
	return team
}

// Leads returns the teams a member leads on a day.
func (s *Structure) Leads(member string, on calendar.Date) []string {
	var teams []string
	for _, h := range s.holdingsOf[member] {
		seat := s.Seats[h.SeatID]
		if h.On(on) && s.Positions[seat.PositionID].Leads {
			teams = append(teams, seat.TeamID)
		}
	}
	return teams
}

// Within reports whether a team lies in the subtree of one of roots on a day.
func (s *Structure) Within(team string, roots []string, on calendar.Date) bool {
	for depth := 0; team != "" && depth < 64; depth++ {
		if contains(roots, team) {
			return true
		}
		team = s.ParentOf(team, on)
	}
	return false
}

// Superiors returns the leaders of the member's team and of the teams above it,
// nearest first, the member excluded.
func (s *Structure) Superiors(member string, on calendar.Date) []string {
	var out []string
	team, _ := s.TeamOf(member, on)
	for depth := 0; team != "" && depth < 64; depth++ {
		for _, h := range s.Holdings {
			seat := s.Seats[h.SeatID]
			if seat.TeamID == team && h.On(on) && s.Positions[seat.PositionID].Leads && h.MemberID != member && !contains(out, h.MemberID) {
				out = append(out, h.MemberID)
			}
		}
		team = s.ParentOf(team, on)
	}
	return out
}

// principals returns the members an assistant may act for on a day.
func (s *Structure) principals(assistant string, on calendar.Date) []string {
	var out []string
	for _, d := range s.Delegations {
		if d.AssistantID == assistant && d.On(on) && !s.Gone(d.PrincipalID, on) && !s.Gone(assistant, on) {
			out = append(out, d.PrincipalID)
		}
	}
	return out
}
