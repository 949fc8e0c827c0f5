package task

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
	"yunchou/internal/worktime"
)

// shortOrder is within how many working days an order asks for a receipt and a result alone.
const shortOrder = 5

// Times tells when members work; worktime.Service is one.
type Times interface {
	Each(ctx context.Context, tx database.Tx, a org.Actor) func(member string) (worktime.Schedule, error)
	Of(ctx context.Context, tx database.Tx, a org.Actor, member string) (worktime.Schedule, error)
}

// works tells on which days a schedule has working time.
func works(a org.Actor, s worktime.Schedule) func(calendar.Date) bool {
	return func(d calendar.Date) bool {
		from := d.In(a.Company.Zone())
		return s.Worked(from, d.Add(1).In(a.Company.Zone())) > 0
	}
}

// isLong: it is due after more than five working days of whoever it is given to, the day it is given not counted.
func isLong(given, due calendar.Date, works func(calendar.Date) bool) bool {
	n := 0
	for d := given.Add(1); d <= due && n <= shortOrder; d = d.Add(1) {
		if works(d) {
			n++
		}
	}
	return n > shortOrder
}

// ordered decides on which day of its rule what comes again is due first, and whether an order that is given now asks
// for a plan and a review.
func (s *Service) ordered(a org.Actor, t Task, hours func(member string) (worktime.Schedule, error)) (Task, error) {
	if !t.isOrder() && t.Repeat == nil {
		return t, nil
	}
	times, err := hours(t.MemberID)
	if err != nil {
		return t, err
	}
	at := works(a, times)
	if t.Repeat != nil {
		if err := t.beginBy(*t.Repeat, at); err != nil {
			return t, err
		}
	}
	t.Long = t.isOrder() && isLong(a.Today, t.DueOn, at)
	return t, nil
}

// Receive says 收到: whoever got the order knows of it. Faults: task.done, task.no_order, task.received.
func (s *Service) Receive(ctx context.Context, a org.Actor, id string) (Task, error) {
	return s.asOwner(ctx, a, id, func(t *Task) (step, error) {
		switch {
		case !t.isOrder():
			return step{}, fault.New(fault.Rule, "task.no_order", "nobody gave it to somebody else")
		case t.received():
			return step{}, fault.New(fault.Conflict, "task.received", "that was said already")
		}
		return step{"task.received", noted{}, Fact{Kind: FactReceived, MemberID: a.Effective()}}, nil
	})
}

// Plan says how it is to be done; said again, how it is now. Progress says how far it is. Faults: task.done, input.required,
// input.too_long.
func (s *Service) Plan(ctx context.Context, a org.Actor, id, words string) (Task, error) {
	return s.tell(ctx, a, id, "task.planned", FactPlanned, words)
}

// Progress is told at Plan.
func (s *Service) Progress(ctx context.Context, a org.Actor, id, words string) (Task, error) {
	return s.tell(ctx, a, id, "task.progressed", FactProgressed, words)
}

func (s *Service) tell(ctx context.Context, a org.Actor, id, kind, fact, words string) (Task, error) {
	words = text.Words(words)
	switch {
	case text.Blank(words):
		return Task{}, fault.Missing("/words")
	case text.Longer(words, 1000):
		return Task{}, errTooLong("/words")
	}
	return s.asOwner(ctx, a, id, func(t *Task) (step, error) {
		return step{kind, noted{}, Fact{Kind: fact, MemberID: a.Effective(), Words: words}}, nil
	})
}

// asOwner is changeBy of what only the member whose task it is says. Fault: task.not_accountable.
func (s *Service) asOwner(ctx context.Context, a org.Actor, id string, fn func(*Task) (step, error)) (Task, error) {
	return s.changeBy(ctx, a, id, false, func(t *Task) (step, error) {
		if t.MemberID != a.Effective() {
			return step{}, fault.New(fault.Forbidden, "task.not_accountable", "only the member whose task it is says that")
		}
		return fn(t)
	})
}

// Review says what who gave a long order, or a superior of whoever did it, thinks of its result: accepted, or sent back with a
// reason. Faults: task.no_review, task.not_reviewer, task.reason_required, input.too_long.
func (s *Service) Review(ctx context.Context, a org.Actor, id string, accepted bool, reason string) (Task, error) {
	reason = text.Words(reason)
	return s.write1(ctx, a, id, true, func(_ database.Tx, t *Task, _ bool) (step, error) {
		switch {
		case t.State() != InReview:
			return step{}, fault.New(fault.Conflict, "task.no_review", "no result waits for a review")
		case !t.MayReview(a):
			return step{}, fault.New(fault.Forbidden, "task.not_reviewer", "who gave it reviews it")
		case !accepted && text.Blank(reason):
			return step{}, fault.Input("/reason", "task.reason_required", "say what is missing")
		case text.Longer(reason, 1000):
			return step{}, errTooLong("/reason")
		}
		fact := Fact{Kind: FactAccepted, MemberID: t.MemberID, Words: reason}
		if !accepted {
			fact.Kind, t.DoneOn, t.DoneAt, t.Result = FactSentBack, "", nil, ""
		}
		return step{"task.reviewed", reviewed{accepted}, fact}, nil
	})
}

// Reviewer is who says what he thinks of a long order: who gave it; once he has left, whoever leads the team he was of or
// one above it; "" where nobody does.
func (t Task) Reviewer(s *org.Structure, today calendar.Date) string {
	if !s.Gone(t.CreatedBy, today) {
		return t.CreatedBy
	}
	for team := s.MainTeams(t.CreatedBy, today)[0].TeamID; team != ""; team = s.ParentOf(team, today) {
		for _, h := range s.Holdings {
			seat := s.Seats[h.SeatID]
			if seat.TeamID == team && h.On(today) && s.Positions[seat.PositionID].Leads && h.MemberID != t.MemberID {
				return h.MemberID
			}
		}
	}
	return ""
}

// reviewsFor are those whose orders the actor may review: himself, and who has left and was of a team under a leader of
// which he is one. Which of theirs are his, Reviewer says of each.
func reviewsFor(a org.Actor) []string {
	out := []string{a.Effective()}
	leads := a.Structure.Leads(a.Effective(), a.Today)
	for id := range a.Structure.Members {
		if a.Structure.Gone(id, a.Today) && a.Structure.Within(a.Structure.MainTeams(id, a.Today)[0].TeamID, leads, a.Today) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// MayReview: he gave it, or reviews what its giver can no more, or writes for whoever did it.
func (t Task) MayReview(a org.Actor) bool {
	return t.State() == InReview && t.MemberID != a.Effective() &&
		(t.Reviewer(a.Structure, a.Today) == a.Effective() || a.Scope(record.Task, org.Write).Allows(t.MemberID, nil, nil, ""))
}
