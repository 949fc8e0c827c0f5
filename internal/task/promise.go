package task

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// What became of a promise: a task with a day the customer agreed to.
const (
	Kept      = "kept"      // done by its first day, or by one agreed to before that passed
	Broken    = "broken"    // not done by that day, whatever was agreed to after it
	TakenBack = "withdrawn" // dropped before its day
	Standing  = "standing"  // its day has not passed
)

// Judged is what became of a promise: on which day that was so, whose it was then, of which team, how often the customer agreed to
// another day before the last had passed.
type Judged struct {
	Task     Task
	Outcome  string
	Day      calendar.Date
	First    calendar.Date // the first day the customer agreed to
	Last     calendar.Date // the one it is held to
	MemberID string
	TeamID   string
	Reagreed int
}

// Judge tells what became of a promise by the end of a day; false where the customer had agreed to none by then. It reads facts of
// days up to that one alone, so that what is told of a day stays.
func (t Task) Judge(asOf calendar.Date) (j Judged, is bool) {
	j = Judged{Task: t, Outcome: Standing}
	var owners []Fact
	for _, f := range t.Facts {
		if f.Day > asOf || is && f.Day > j.Last {
			break // what comes after the day has passed changes nothing
		}
		switch f.Kind {
		case FactGiven, FactHanded:
			owners = append(owners, f)
		case FactDone:
			j.Outcome, j.Day = Kept, f.Day
		case FactReopened, FactSentBack:
			j.Outcome, j.Day = Standing, ""
		case FactDropped:
			j.Outcome = TakenBack
		}
		if f.Agreed && f.DueOn != "" {
			if is {
				j.Reagreed++
			} else {
				j.First, is = f.DueOn, true
			}
			j.Last = f.DueOn
		}
	}
	switch {
	case j.Outcome == Standing && asOf > j.Last:
		j.Outcome, j.Day = Broken, j.Last
	case j.Outcome == TakenBack:
		j.Day = j.Last
	}
	if len(owners) > 0 {
		j.MemberID = owners[len(owners)-1].MemberID
	}
	return j, is
}

// Count is how promises ended. Standing ones and those taken back are in no rate.
type Count struct {
	Kept, Broken, TakenBack, Standing, Reagreed int
}

// RateBP is kept of kept and broken, in 1/100 %; -1 of none.
func (c Count) RateBP() int {
	n := c.Kept + c.Broken
	if n == 0 {
		return -1
	}
	return (c.Kept*10000 + n/2) / n
}

func (c *Count) add(j Judged) {
	switch j.Outcome {
	case Kept:
		c.Kept++
	case Broken:
		c.Broken++
	case TakenBack:
		c.TakenBack++
	case Standing:
		c.Standing++
	}
	c.Reagreed += j.Reagreed
}

// Promises are what became of promises, by the end of a day.
type Promises struct {
	From, To calendar.Date
	People   map[string]Count
	Teams    map[string]Count // with the teams below, as they were on each one's day
	Records  []Judged
}

// PromiseAsk is which promises: kept, broken or taken back from a day to another, or with a day that comes by then; of a member, or of a
// team and those below.
type PromiseAsk struct {
	From, To     calendar.Date // "" is 90 days up to today
	Member, Team string
}

// mostDays is the longest time promises are asked for.
const mostDays = 800

// Promises tells what became of promises, of the members the actor reads and of whoever was then of a team he leads; teams
// are those he leads, or all.
// Faults: calendar.bad_date, task.period_order, input.out_of_range.
func (s *Service) Promises(ctx context.Context, a org.Actor, q PromiseAsk) (Promises, error) {
	if err := q.fill(a.Today); err != nil {
		return Promises{}, err
	}
	out := Promises{From: q.From, To: q.To, People: map[string]Count{}, Teams: map[string]Count{}}
	err := s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.Promises(ctx, tx, a.TenantID, counted(a), q.From, q.To)
		if err != nil {
			return err
		}
		ids := make([]string, len(list))
		for i, t := range list {
			ids[i] = t.ID
		}
		if err := s.withParts(ctx, tx, a.TenantID, ids, list); err != nil {
			return err
		}
		out.Records = s.judge(a, list, q, &out)
		return s.hideWords(ctx, tx, a, out.Records)
	})
	return out, err
}

// hideWords leaves out what was promised in tasks the actor does not see today: they count, and are somebody else's now.
func (s *Service) hideWords(ctx context.Context, tx database.Tx, a org.Actor, list []Judged) error {
	ids := make([]string, len(list))
	for i, j := range list {
		ids[i] = j.Task.ID
	}
	names, err := Talked{Service: s}.Names(ctx, tx, a, false, ids)
	for i := range list {
		list[i].Task.What = names[list[i].Task.ID]
	}
	return err
}

func (q *PromiseAsk) fill(today calendar.Date) error {
	if q.To == "" {
		q.To = today
	}
	if _, err := calendar.Parse(string(q.To)); err != nil {
		return calendar.BadDate("/to")
	}
	if q.From == "" {
		q.From = q.To.Add(-89)
	}
	if _, err := calendar.Parse(string(q.From)); err != nil {
		return calendar.BadDate("/from")
	}
	switch {
	case q.From > q.To:
		return fault.Input("/from", "task.period_order", "it begins after it ends")
	case q.To.Sub(q.From) > mostDays:
		return fault.Input("/from", "input.out_of_range", "at most 800 days").With("max", mostDays)
	}
	return nil
}

// counted are the members whose promises count for the actor: whom he reads today, and whoever was at any time of a team
// that lay at any time under one he leads, as some may have left; nil is everybody.
func counted(a org.Actor) []string {
	scope := a.Scope(record.Task, org.Read)
	if scope.All {
		return nil
	}
	under := map[string]bool{}
	for _, team := range a.Structure.Leads(a.Effective(), a.Today) {
		under[team] = true
	}
	for grown := true; grown; {
		grown = false
		for _, p := range a.Structure.Parents {
			if under[p.ParentID] && !under[p.TeamID] {
				under[p.TeamID], grown = true, true
			}
		}
	}
	of := map[string]bool{a.Effective(): true}
	for _, id := range scope.Owners {
		of[id] = true
	}
	for _, h := range a.Structure.Holdings {
		if under[a.Structure.Seats[h.SeatID].TeamID] {
			of[h.MemberID] = true
		}
	}
	return slices.Sorted(maps.Keys(of))
}

// judge counts the promises the actor reads, and lists those that were asked for, the last in front.
func (s *Service) judge(a org.Actor, list []Task, q PromiseAsk, out *Promises) (records []Judged) {
	scope := a.Scope(record.Task, org.Read)
	leads := a.Structure.Leads(a.Effective(), a.Today)
	asOf := a.Today // a day of the period may be over since it ended: each promise has one day, and is of the period that day is in
	for _, t := range list {
		j, is := t.Judge(asOf)
		day := cmp.Or(j.Day, j.Last)
		if !is || day < q.From || day > q.To {
			continue
		}
		j.TeamID = a.Structure.MainTeams(j.MemberID, min(day, asOf))[0].TeamID
		own := j.MemberID == a.Effective() || a.Structure.Within(j.TeamID, leads, min(day, asOf))
		if !own && !scope.Allows(j.MemberID, nil, nil, "") {
			continue
		}
		c := out.People[j.MemberID]
		c.add(j)
		out.People[j.MemberID] = c
		in := false
		for team := j.TeamID; team != ""; team = a.Structure.ParentOf(team, min(day, asOf)) {
			in = in || team == q.Team
			if scope.All || a.Structure.Within(team, leads, a.Today) {
				c := out.Teams[team]
				c.add(j)
				out.Teams[team] = c
			}
		}
		if (q.Member == "" || q.Member == j.MemberID) && (q.Team == "" || in) && q.Member+q.Team != "" {
			records = append(records, j)
		}
	}
	slices.SortFunc(records, func(x, y Judged) int {
		return cmp.Or(cmp.Compare(cmp.Or(y.Day, y.Last), cmp.Or(x.Day, x.Last)), cmp.Compare(x.Task.ID, y.Task.ID))
	})
	return records
}

// ByRate are the keys of counts, those with the most broken in front.
func ByRate(of map[string]Count) []string {
	keys := slices.Sorted(maps.Keys(of))
	slices.SortStableFunc(keys, func(x, y string) int { return cmp.Compare(of[y].Broken, of[x].Broken) })
	return keys
}
