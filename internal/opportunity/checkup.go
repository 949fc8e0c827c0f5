package opportunity

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Lacks narrows a list to open records that want cleaning up.
type Lacks struct {
	NoAmount    bool
	NoPerson    bool // of the customer
	NoOwner     bool
	Twins       bool // of one customer with another's name or amount, among those the reader sees
	LongStalled bool // has stood still for more than three times the maximum
	NotLong     bool // of what stands still, the rest

	// Among is whose records twins are sought among; the service fills it in.
	Among org.Scope
}

// Check is one of the things a checkup (体检) looks for.
type Check string

// The checks, in the order they are shown.
const (
	Passed     Check = "passed"
	NoAmount   Check = "noAmount"
	NoNextStep Check = "noNextStep"
	NoPerson   Check = "noPerson"
	Twins      Check = "twins"
)

// Checks are all of them.
var Checks = []Check{Passed, NoAmount, NoNextStep, NoPerson, Twins}

// Filter is the list of the open records that a check finds.
func (c Check) Filter() Filter {
	var f Filter
	switch c {
	case Passed:
		f.Passed = true
	case NoAmount:
		f.NoAmount = true
	case NoNextStep:
		f.NoNextStep = true
	case NoPerson:
		f.NoPerson = true
	case Twins:
		f.Twins = true
	}
	return f
}

// CheckupDays is for how many working days a company's desks open with the checkup.
const CheckupDays = 20

// Checkup is where a company is in its first working days.
type Checkup struct {
	From    calendar.Date // its first record was written down
	Day     int           // 1 is that day, or the first working day after it
	Running bool
}

// CheckupOn tells it of a day; from is "" where nothing was recorded yet.
func CheckupOn(from, today calendar.Date, cal calendar.Calendar) Checkup {
	if from == "" {
		return Checkup{}
	}
	day := max(1, cal.WorkingDaysIn(from, today.Add(1)))
	return Checkup{from, day, day <= CheckupDays}
}

// Checkup tells where the actor's company is in its first working days.
func (s *Service) Checkup(ctx context.Context, a org.Actor) (c Checkup, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return c, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		from, err := s.Rows.FirstRecorded(ctx, tx, a.TenantID)
		c = CheckupOn(from, a.Today, s.Calendar(a.TenantID))
		return err
	})
	return c, err
}

// among fills in whose records twins are sought among: a list tells nobody of what he does not see.
func (l *Lacks) among(a org.Actor) {
	if l.Twins {
		l.Among = a.Scope(record.Opportunity, org.Read)
	}
}

// BySQL tells whether only tables can answer it.
func (l Lacks) BySQL() bool { return l.NoPerson || l.Twins }

// Any tells whether it asks for anything.
func (l Lacks) Any() bool { return l.NoAmount || l.NoPerson || l.NoOwner || l.Twins || l.LongStalled }

// Limited tells whether a filter asks for what is beyond a limit of its stage.
func (f Filter) Limited() bool { return f.Stalled || f.Overstayed || f.LongStalled }

// StandsStill tells whether it asks for what stands still; what waits for an approver does not.
func (f Filter) StandsStill() bool { return f.Stalled || f.LongStalled }

// beyond are the limits a filter asks for, as days: two of them, where it asks for what both
// stands still and has stayed too long.
func (f Filter) beyond(cal calendar.Calendar, today calendar.Date, byStage map[string]Limits) (all []Beyond) {
	add := func(asked bool, on string, days, notFrom func(Limits) int) {
		if !asked {
			return
		}
		b := Beyond{On: on}
		for stage, l := range byStage {
			if days(l) <= 0 {
				continue
			}
			cut := Cutoff{StageID: stage, Before: cal.Before(today, days(l))}
			if n := notFrom(l); n > 0 {
				cut.After = cal.Before(today, n)
			}
			b.Cutoffs = append(b.Cutoffs, cut)
		}
		slices.SortFunc(b.Cutoffs, func(a, b Cutoff) int { return strings.Compare(a.StageID, b.StageID) })
		all = append(all, b)
	}
	long := func(l Limits) int { return l.LongStalled }
	never := func(Limits) int { return 0 }
	notLong := never
	if f.NotLong {
		notLong = long
	}
	add(f.Stalled, clockOn, func(l Limits) int { return l.Stalled }, notLong)
	add(f.LongStalled, clockOn, long, never)
	add(f.Overstayed, stayOn, func(l Limits) int { return l.Overstayed }, never)
	return all
}
