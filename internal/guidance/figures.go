package guidance

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Figure is one of the figures of how somebody answers.
type Figure string

// The figures.
const (
	FigureAsked      Figure = "asked"
	FigureAnswered   Figure = "answered"
	FigureUnanswered Figure = "unanswered" // also what is over its time
	FigureInTime     Figure = "inTime"
	FigureReceived   Figure = "received"
	FigureAdvice     Figure = "advice" // whatever was said of it
)

// of is what a figure is of a measure.
func (f Figure) of(m Measure) int {
	switch f {
	case FigureAsked:
		return m.Asked
	case FigureAnswered:
		return m.Answered
	case FigureUnanswered:
		return m.Unanswered + m.Late
	case FigureInTime:
		return m.Running - m.Late
	case FigureReceived:
		return m.ReceivedOnly
	}
	return m.Used + m.NotUsed + m.OutcomeOpen
}

// mostBehind is how many records of a figure are listed.
const mostBehind = 200

// Behind are the notes a figure of a member is made of, the last asked in front; unseen counts those the actor does not
// read, or that are too many. Faults: org.member_unknown, calendar.bad_date, guidance.period.
func (s *Service) Behind(ctx context.Context, a org.Actor, member string, f Figure, from, to calendar.Date) (out []Kept, unseen int, err error) {
	if err := s.measures(a, member, from, to); err != nil {
		return nil, 0, err
	}
	in := Span{from.In(a.Company.Zone()), to.Add(1).In(a.Company.Zone())}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		notes, err := s.Rows.Counted(ctx, tx, a.TenantID, []string{member}, in)
		if err != nil {
			return err
		}
		notes = slices.DeleteFunc(notes, func(k Kept) bool {
			return f.of(MeasuresOf([]string{member}, []Kept{k}, in, a.Now)[0]) == 0
		})
		slices.Reverse(notes)
		unseen = len(notes)
		notes = notes[:min(len(notes), mostBehind)]
		err = s.complete(ctx, tx, a, notes)
		out = slices.DeleteFunc(notes, func(k Kept) bool { return k.Thread.ID == "" })
		unseen -= len(out)
		return err
	})
	return out, unseen, err
}

// BehindCoverage are the opportunities that were due for a member's look, the last week in front and in it what he did
// not look at; unseen counts those the actor does not read, or that are too many. Faults: those of Behind.
func (s *Service) BehindCoverage(ctx context.Context, a org.Actor, member string, from, to calendar.Date) (out []Looked, unseen int, err error) {
	if err := s.measures(a, member, from, to); err != nil {
		return nil, 0, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		rules, err := s.rules(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		heads := leadersIn(a.Structure)
		deals, err := s.seen(ctx, tx, a, ledBy(a.Structure, []string{member}, Monday(from), min(to, a.Today)), Monday(from), heads)
		if err != nil {
			return err
		}
		cadence := func(team string) int { return rules.CadenceOf(a, team) }
		eachDue(deals, from, to, cadence, heads, a.Company.Zone(), a.Now, func(x Looked) {
			if x.MemberID == member {
				out = append(out, x)
			}
		})
		slices.SortFunc(out, func(x, y Looked) int {
			return cmp.Or(cmp.Compare(y.WeekOn, x.WeekOn), after(x.Covered)-after(y.Covered), cmp.Compare(x.DealID, y.DealID))
		})
		unseen = len(out)
		out, err = s.readable(ctx, tx, a, out[:min(len(out), mostBehind)])
		unseen -= len(out)
		return err
	})
	return out, unseen, err
}

// after sorts what is so behind what is not.
func after(is bool) int { return map[bool]int{true: 1}[is] }

// readable leaves what the actor reads, with what it is called.
func (s *Service) readable(ctx context.Context, tx database.Tx, a org.Actor, list []Looked) ([]Looked, error) {
	refs := make([]record.Ref, len(list))
	for i, x := range list {
		refs[i] = record.Ref{Kind: record.Opportunity, ID: x.DealID}
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, refs)
	for i := range list {
		list[i].Name = names[refs[i]]
	}
	return slices.DeleteFunc(list, func(x Looked) bool { return x.Name == "" }), err
}

// measures refuses figures of whom the actor sees none.
func (s *Service) measures(a org.Actor, member string, from, to calendar.Date) error {
	if !slices.Contains(s.measured(a), member) {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	return checkPeriod(from, to)
}
