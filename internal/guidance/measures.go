package guidance

import (
	"context"
	"maps"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// Measure is how a member answers, of what came to be his to answer in a period, whenever it was asked: each turn counts
// in the period it began in, and advice in the one it was given in. Received is none of it: 收到 is no answer. A turn that went to who stands in, because he was away, is not his.
type Measure struct {
	MemberID string
	// Asked are his turns in it: those he answered, those that were taken from him because he did not (Unanswered),
	// and those that still run (Running), of which Late are over their time.
	Asked, Answered, Unanswered, Running, Late int
	// ReceivedOnly are those he read and did not answer: of Unanswered and Late.
	ReceivedOnly int
	// First are the minutes of work until he answered, in order; what is unanswered counts as not answered yet,
	// so that the median is known only where half was answered.
	Median, P90 *int
	// Advice of his: what was said of it.
	Used, NotUsed, OutcomeOpen int
	AdvisedOf
}

// count adds a turn of a note, as it stands at an instant.
func (m *Measure) count(t Turn, at time.Time, minutes *[]int) {
	switch {
	case t.End == Passed || t.End == Recalled || t.End == Gone:
		return
	case t.End == Returned && t.EndedAt.Before(t.Due): // he left before it was due
		return
	case t.End == Answered:
		m.Answered++
		*minutes = append(*minutes, t.Used)
	case t.EndedAt != nil:
		m.Unanswered++
	default:
		m.Running++
		if at.After(t.Due) {
			m.Late++
		}
	}
	m.Asked++
	if t.ReceivedAt != nil && t.End != Answered && (t.EndedAt != nil || at.After(t.Due)) {
		m.ReceivedOnly++
	}
}

// counted are the turns as they count: an answer that was none and what came after it are one turn, and one that
// somebody else answered, from whom it had been taken, is nobody's.
func (k Kept) counted() (out []Turn) {
	for i, t := range k.Turns {
		if n := len(out); t.Why == Unsaid && n > 0 {
			t.Used, t.From = t.Used+out[n-1].Used, out[n-1].From
			if t.ReceivedAt == nil {
				t.ReceivedAt = out[n-1].ReceivedAt
			}
			out = out[:n-1]
		}
		if t.End == Answered && i == len(k.Turns)-1 && k.Reply != nil && k.Reply.By != t.MemberID {
			t.End = Passed
		}
		out = append(out, t)
	}
	return out
}

// quantile is the k-th part of the answers among all that were to be answered by now: nil where so many are not
// answered that nobody knows.
func quantile(minutes []int, of int, p float64) *int {
	if of == 0 {
		return nil
	}
	slices.Sort(minutes)
	rank := int(p*float64(of)+0.999999) - 1
	if rank = max(0, rank); rank >= len(minutes) {
		return nil
	}
	return &minutes[rank]
}

// Span is a time, half-open.
type Span struct{ From, To time.Time }

func (s Span) holds(t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

// MeasuresOf are the measures of members in a time, over notes, at an instant. Turns that do not run out of their time yet
// are not counted against anybody's median.
func MeasuresOf(members []string, notes []Kept, in Span, at time.Time) []Measure {
	by, minutes := map[string]*Measure{}, map[string]*[]int{}
	out := make([]Measure, len(members))
	for i, id := range members {
		out[i].MemberID = id
		by[id], minutes[id] = &out[i], &[]int{}
	}
	for _, k := range notes {
		for _, t := range k.counted() {
			if m := by[t.MemberID]; m != nil && in.holds(t.From) {
				m.count(t, at, minutes[t.MemberID])
			}
		}
		k.adopted(by, in)
	}
	for i := range out {
		m := &out[i]
		due := m.Answered + m.Unanswered + m.Late
		m.Median, m.P90 = quantile(*minutes[m.MemberID], due, 0.5), quantile(*minutes[m.MemberID], due, 0.9)
	}
	return out
}

// advised is who advised and when: unasked, or in an answer.
func (k Kept) advised() (giver string, at time.Time) {
	if k.Kind != Advice && k.Reply != nil {
		return k.Reply.By, k.Reply.At
	}
	return k.AskerID, k.AskedAt
}

// advises tells whether a note holds advice of which somebody is to say what became of it.
func (k Kept) advises() bool {
	return k.Outcome != nil && k.State() != Taken && (k.Kind == Advice || k.Reply != nil)
}

// adopted counts what was said of advice for who gave it.
func (k Kept) adopted(by map[string]*Measure, in Span) {
	giver, at := k.advised()
	m := by[giver]
	switch {
	case m == nil || !k.advises() || !in.holds(at):
	case k.Outcome.Used == Used:
		m.Used++
	case k.Outcome.Used == NotUsed:
		m.NotUsed++
	default:
		m.OutcomeOpen++
	}
}

// longestPeriod is how many days measures are of at most.
const longestPeriod = 400

// Measures are those of the actor and of all who report to him, or of everybody where he sees all figures, of a time from a day to another, both in;
// those who have no turn and gave no advice are left out. Faults: calendar.bad_date, guidance.period.
func (s *Service) Measures(ctx context.Context, a org.Actor, from, to calendar.Date) (out []Measure, err error) {
	if err := checkPeriod(from, to); err != nil {
		return nil, err
	}
	members := s.measured(a)
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		in := Span{from.In(a.Company.Zone()), to.Add(1).In(a.Company.Zone())}
		notes, err := s.Rows.Counted(ctx, tx, a.TenantID, members, in)
		if err != nil {
			return err
		}
		out = MeasuresOf(members, notes, in, a.Now)
		deals, err := s.advised(ctx, tx, a, notes, in)
		for i, m := range out {
			out[i].AdvisedOf = advisedOf(deals[m.MemberID])
		}
		return err
	})
	out = slices.DeleteFunc(out, func(m Measure) bool { return m.Asked+m.Used+m.NotUsed+m.OutcomeOpen == 0 })
	return out, err
}

func checkPeriod(from, to calendar.Date) error {
	for _, d := range []calendar.Date{from, to} {
		if _, err := calendar.Parse(string(d)); err != nil {
			return calendar.BadDate("/from")
		}
	}
	if to < from || to.Sub(from) > longestPeriod {
		return fault.Input("/to", "guidance.period", "a period is of %d days at most, and does not end before it begins", longestPeriod).With("max", longestPeriod)
	}
	return nil
}

// measured are those whose measures the actor sees, in order.
func (s *Service) measured(a org.Actor) []string {
	members := a.Structure.MembersUnder(a.Structure.Leads(a.Effective(), a.Today), a.Today)
	if a.Figures.All {
		members = slices.Collect(maps.Keys(a.Structure.Members))
	}
	if !slices.Contains(members, a.Effective()) {
		members = append(members, a.Effective())
	}
	slices.Sort(members)
	return members
}
