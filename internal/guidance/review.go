package guidance

import (
	"cmp"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// What is a kind of facts of an opportunity that are looked at.
type What string

// The kinds.
const (
	OfStage    What = "stage"    // where it stands, won and lost
	OfFigures  What = "figures"  // amount, date, confidence
	OfTalk     What = "talk"     // follow-ups
	OfStep     What = "step"     // next steps and promises
	OfPeople   What = "people"   // who decides, who competes
	OfEvidence What = "evidence" // what shows that a milestone is reached
)

// Whats are all of them.
var Whats = []What{OfStage, OfFigures, OfTalk, OfStep, OfPeople, OfEvidence}

// Deal is an opportunity that is to be looked at while it is open and qualified.
type Deal struct {
	ID, OwnerID, TeamID   string
	QualifiedOn, ClosedOn calendar.Date // ClosedOn is "" while it is open
	Owners                record.Owners // where it changed hands
}

// ownerOn is whose a deal was on a day.
func (d Deal) ownerOn(day calendar.Date) string {
	if len(d.Owners) == 0 {
		return d.OwnerID
	}
	return cmp.Or(d.Owners.On(day), d.Owners[0]).MemberID
}

// leaders are who leads a member next on a day: a look of one of them is of all.
type leaders func(member string, day calendar.Date) []string

// leadersIn asks the organisation, once for each member and day.
func leadersIn(st *org.Structure) leaders {
	type key struct {
		member string
		day    calendar.Date
	}
	days, next := map[calendar.Date]*org.Heads{}, map[key][]string{}
	return func(member string, day calendar.Date) []string {
		at := key{member, day}
		if _, known := next[at]; !known {
			if days[day] == nil {
				days[day] = st.HeadsOn(day)
			}
			next[at] = days[day].Next(member)
		}
		return next[at]
	}
}

// of are the leaders of a deal's owner on a day.
func (l leaders) of(d Deal, day calendar.Date) []string { return l(d.ownerOn(day), day) }

// through are those who lead a deal's owner from a day to another: who took it over between them did not have all
// the time there was.
func (l leaders) through(d Deal, from, to calendar.Date) (out []string) {
	at := l.of(d, to)
	for _, m := range l.of(d, from) {
		if slices.Contains(at, m) {
			out = append(out, m)
		}
	}
	return out
}

// Fact is something new on an opportunity.
type Fact struct {
	DealID, ByID string
	What         What
	At           time.Time
}

// Look is one look of a manager at an opportunity: with what he looked at, or one of many marked at once (Bulk),
// which says nothing and counts for nothing.
type Look struct {
	ID, DealID, MemberID, OwnerID string
	At                            time.Time
	Facts                         []What
	Text                          string
	Bulk                          bool
}

// Coverage is what a manager was to look at in a week, by its Monday: what he did, what he did not, and what still
// has time. BulkOnly are of Missed and Open, those he only marked with many others.
type Coverage struct {
	MemberID                             string
	WeekOn                               calendar.Date
	Due, Covered, Missed, Open, BulkOnly int
}

// within is how long a fact that nobody looked at is asked for.
const within = 28 // days

// starts are the days the periods of a week begin on, by how often a week is looked.
func starts(perWeek int) []int {
	switch perWeek {
	case 2:
		return []int{0, 3}
	case 5:
		return []int{0, 1, 2, 3, 4}
	}
	return []int{0}
}

// Monday is the first day of a day's week.
func Monday(d calendar.Date) calendar.Date { return d.Add(-(int(d.Time().Weekday()) + 6) % 7) }

// period is a time in which what is new is to be looked at once.
type period struct {
	week, from, to calendar.Date // to is the day after its last
}

// periodsOf are those of a week.
func periodsOf(week calendar.Date, perWeek int) (out []period) {
	days := starts(perWeek)
	for i, d := range days {
		to := week.Add(7)
		if i+1 < len(days) {
			to = week.Add(days[i+1])
		}
		out = append(out, period{week, week.Add(d), to})
	}
	return out
}

// seen is a deal with what is new on it and who looked when, each in order.
type seen struct {
	Deal
	facts []Fact
	looks []Look // of who led its owner then; also the notes they gave, but no praise
}

// lastBefore is the last look that counts before an instant.
func (s seen) lastBefore(at time.Time) (last time.Time) {
	for _, l := range s.looks {
		if !l.Bulk && l.At.Before(at) && l.At.After(last) {
			last = l.At
		}
	}
	return last
}

// unseen are the facts before an instant that are newer than the last look before another, in a period that ends at a
// third: what nobody looked at for too long by then is asked for no more.
func (s seen) unseen(before, looked, end time.Time) (out []Fact) {
	last, oldest := s.lastBefore(looked), end.AddDate(0, 0, -within-7)
	for _, f := range s.facts {
		if f.At.Before(before) && f.At.After(last) && f.At.After(oldest) {
			out = append(out, f)
		}
	}
	return out
}

// stands is how a deal stands in a period: what was new when it began is due in it; what became new in it is due in
// the next, and counts as seen where it was looked at before. What was closed in it, and not looked at, was not there to
// be looked at until its end.
func (s seen) stands(p period, zone *time.Location, now time.Time) (due, covered, open, bulk bool) {
	from, to := p.from.In(zone), p.to.In(zone)
	if from.After(now) || s.QualifiedOn >= p.to || s.ClosedOn != "" && s.ClosedOn < p.from {
		return
	}
	news := s.unseen(to, from, to)
	if len(news) == 0 {
		return
	}
	since := news[0].At
	for _, l := range s.looks {
		if in := !l.At.Before(from) && l.At.Before(to) && l.At.After(since); in && l.Bulk {
			bulk = true
		} else if in {
			covered = true
		}
	}
	if !covered && (!since.Before(from) || s.ClosedOn != "" && s.ClosedOn < p.to) {
		return false, false, false, false
	}
	return true, covered, !covered && now.Before(to), bulk && !covered
}

// coverageOf adds up what managers were to look at in weeks from one day to another. perWeek is how often the deals of
// a team are looked at.
func coverageOf(deals []seen, from, to calendar.Date, perWeek func(team string) int, by leaders, zone *time.Location, now time.Time) []Coverage {
	type key struct {
		member string
		week   calendar.Date
	}
	sums := map[key]*Coverage{}
	eachDue(deals, from, to, perWeek, by, zone, now, func(x Looked) {
		at := key{x.MemberID, x.WeekOn}
		if sums[at] == nil {
			sums[at] = &Coverage{MemberID: x.MemberID, WeekOn: x.WeekOn}
		}
		sums[at].add(x.Covered, x.Open, x.Bulk)
	})
	out := make([]Coverage, 0, len(sums))
	for _, c := range sums {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Coverage) int {
		return cmp.Or(cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.WeekOn, b.WeekOn))
	})
	return out
}

// Looked is an opportunity that was due for a look of a member in a week, or a part of it, and whether he did.
type Looked struct {
	MemberID, DealID, Name string
	WeekOn                 calendar.Date
	Covered, Open, Bulk    bool // Open: it still has time; Bulk: only marked with many others
}

// eachDue tells what was due of whom in weeks from one day to another.
func eachDue(deals []seen, from, to calendar.Date, perWeek func(team string) int, by leaders, zone *time.Location, now time.Time, tell func(Looked)) {
	today := calendar.DateOf(now, zone)
	for _, d := range deals {
		for week := Monday(from); week <= to; week = week.Add(7) {
			for _, p := range periodsOf(week, perWeek(d.TeamID)) {
				due, covered, open, bulk := d.stands(p, zone, now)
				if !due {
					continue
				}
				for _, m := range by.through(d.Deal, p.from, min(p.to.Add(-1), today)) {
					tell(Looked{MemberID: m, DealID: d.ID, WeekOn: week, Covered: covered, Open: open, Bulk: bulk})
				}
			}
		}
	}
}

func (c *Coverage) add(covered, open, bulk bool) {
	c.Due++
	switch {
	case covered:
		c.Covered++
	case open:
		c.Open++
	default:
		c.Missed++
	}
	if bulk {
		c.BulkOnly++
	}
}
