package worktime

import (
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/org"
)

// Book is what was stated of teams, by team: in the order of the days, of each day the last entry.
type Book map[string][]Setting

func bookOf(all []Setting) Book {
	b := Book{}
	for _, s := range all {
		list := b[s.TeamID]
		if n := len(list); n > 0 && list[n-1].From == s.From {
			list[n-1] = s
		} else {
			list = append(list, s)
		}
		b[s.TeamID] = list
	}
	return b
}

// of is a team's own way on a day, nil where it has none.
func (b Book) of(team string, on calendar.Date) *Way {
	var way *Way
	for _, s := range b[team] {
		if s.From <= on {
			way = s.Way
		}
	}
	return way
}

// On is how a team works on a day, and the team it has that from: itself, one above it, or "" where
// nobody stated anything.
func (b Book) On(st *org.Structure, team string, on calendar.Date) (way Way, from string) {
	for depth := 0; team != "" && depth <= len(st.Teams); depth++ {
		if own := b.of(team, on); own != nil {
			return *own, team
		}
		team = st.ParentOf(team, on)
	}
	return usualWay, ""
}

// rulesOf are a member's rules: those of the team of his main post, of the last one where he has none.
func (b Book) rulesOf(a org.Actor, member string) []From {
	moves := a.Structure.MainTeams(member, org.Start)
	return b.rules(a, func(day calendar.Date) (team string) {
		for _, m := range moves {
			if m.From <= day {
				team = m.TeamID
			}
		}
		return team
	}, moves)
}

func (b Book) rulesOfTeam(a org.Actor, team string) []From {
	return b.rules(a, func(calendar.Date) string { return team }, nil)
}

// rules are the rules of the team of each day, from the day on that they differ.
func (b Book) rules(a org.Actor, teamOn func(calendar.Date) string, moves []org.TeamFrom) []From {
	days := []calendar.Date{org.Start}
	if len(b) > 0 {
		days = b.days(a.Structure, moves)
	}
	var out []From
	var before Way
	for i, day := range days {
		way, _ := b.On(a.Structure, teamOn(day), day)
		if i == 0 || !way.same(before) {
			out = append(out, From{day, way.rule(a.Company)})
		}
		before = way
	}
	return out
}

// days are those on which a team may come to work in another way.
func (b Book) days(st *org.Structure, moves []org.TeamFrom) []calendar.Date {
	days := []calendar.Date{org.Start}
	for _, list := range b {
		for _, s := range list {
			days = append(days, s.From)
		}
	}
	for _, p := range st.Parents {
		days = append(days, p.From)
	}
	for _, m := range moves {
		days = append(days, m.From)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func (w Way) same(o Way) bool {
	return w.Pattern == o.Pattern && w.SixDayWeek == o.SixDayWeek && slices.Equal(w.Weekdays, o.Weekdays) &&
		w.OnHolidays == o.OnHolidays && w.Hours.Equal(o.Hours) && w.Zone == o.Zone
}
