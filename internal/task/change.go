package task

import (
	"cmp"
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// step is one change of a task: what is said of it, and what happened.
type step struct {
	kind    string
	payload any
	fact    Fact
}

// Finish marks a task done with its result. By the member whose it is, a long order is done after a plan and with a
// result, and waits for its review. Who has a part in it finishes his part.
// Faults: task.done, task.plan_required, task.result_required.
func (s *Service) Finish(ctx context.Context, a org.Actor, id, result string) (Task, error) {
	return s.changeBy(ctx, a, id, true, func(t *Task) (step, error) {
		if i := t.partOf(a.Effective()); i >= 0 && t.MemberID != a.Effective() && t.Parties[i].DoneOn == "" {
			return t.finishPart(a, i, result), nil
		}
		if t.Long && t.isOrder() && t.MemberID == a.Effective() {
			switch {
			case t.last(FactPlanned).Ord == 0:
				return step{}, fault.New(fault.Rule, "task.plan_required", "say how it is to be done first")
			case text.Blank(result):
				return step{}, fault.Input("/result", "task.result_required", "say what came of it")
			}
		}
		t.DoneOn, t.DoneAt, t.Result = a.Today, &a.Now, text.Words(result)
		t.endOffer()
		return step{"task.done", done{t.DueOn, t.DoneOn}, Fact{Kind: FactDone, Words: t.Result}}, nil
	})
}

// SayResult says of what is done what came of it, in place of what was said: who finished the task or whose it is, or who
// has a part in it of his part. The same words again change nothing. Faults: task.not_done, task.result_not_yours,
// task.accepted, input.required, input.too_long.
func (s *Service) SayResult(ctx context.Context, a org.Actor, id, result string) (Task, error) {
	result = text.Words(result)
	switch {
	case text.Blank(result):
		return Task{}, fault.Missing("/result")
	case text.Longer(result, 1000):
		return Task{}, errTooLong("/result")
	}
	return s.write1(ctx, a, id, true, func(_ database.Tx, t *Task, _ bool) (step, error) {
		whole, err := t.resultOf(a.Effective())
		if err != nil || t.saidOf(a.Effective(), whole) == result {
			return step{}, err
		}
		if whole {
			t.Result = result
		}
		return step{"task.result_said", noted{}, Fact{Kind: FactResult, MemberID: a.Effective(), Words: result}}, nil
	})
}

// resultOf tells whether a member says the result of the whole or of his part.
func (t *Task) resultOf(member string) (whole bool, err error) {
	i, d := t.partOf(member), t.last(FactDone)
	own := t.MemberID == member || t.DoneOn != "" && d.ByID == member
	switch {
	case own && t.DoneOn != "" && t.last(FactAccepted).Ord > d.Ord:
		return true, fault.New(fault.Conflict, "task.accepted", "its result was accepted")
	case own && t.DoneOn != "":
		return true, nil
	case i >= 0 && t.Parties[i].DoneOn != "" && t.DroppedAt == nil:
		return false, nil
	case own || i >= 0:
		return false, errNotDone
	}
	return false, fault.New(fault.Forbidden, "task.result_not_yours", "who finished it says what came of it")
}

// saidOf is what a member said came of the whole or of his part.
func (t *Task) saidOf(member string, whole bool) (words string) {
	if whole {
		return t.Result
	}
	for _, f := range t.Facts {
		if f.MemberID == member && (f.Kind == FactPartDone || f.Kind == FactResult) {
			words = f.Words
		}
	}
	return words
}

// Reopen takes back, on the same day, that a task or a part of it was done. Faults: task.not_done, task.undo_late.
func (s *Service) Reopen(ctx context.Context, a org.Actor, id string) (Task, error) {
	return s.write1(ctx, a, id, true, func(_ database.Tx, t *Task, may bool) (step, error) {
		if i := t.partOf(a.Effective()); i >= 0 && t.MemberID != a.Effective() && t.Parties[i].DoneOn != "" {
			return t.reopenPart(a, i)
		}
		switch {
		case !may:
			return step{}, errNotYours
		case t.DoneOn == "" || t.DroppedAt != nil:
			return step{}, errNotDone
		case t.DoneOn != a.Today || t.last(FactAccepted).Ord > t.last(FactDone).Ord:
			return step{}, errUndoLate
		}
		was := t.DoneOn
		t.DoneOn, t.DoneAt, t.Result = "", nil, ""
		return step{"task.reopened", done{DueOn: t.DueOn, DoneOn: was}, Fact{Kind: FactReopened}}, nil
	})
}

var errNotDone = fault.New(fault.Conflict, "task.not_done", "it is not done")

var errUndoLate = fault.New(fault.Rule, "task.undo_late", "it was done on another day, or was accepted since")

// Moved is another day for a task. A promise to a customer is moved with a reason, and is his to agree to.
type Moved struct {
	To     calendar.Date
	Reason string
	Agreed bool // by the customer
}

// Redate moves a task to another day; the days before are kept. Faults: task.done, task.due_past,
// task.reason_required, input.too_long.
func (s *Service) Redate(ctx context.Context, a org.Actor, id string, m Moved) (Task, error) {
	return s.changeBy(ctx, a, id, false, func(t *Task) (step, error) {
		reason := text.Words(m.Reason)
		switch {
		case t.CustomerAgreed && text.Blank(reason):
			return step{}, fault.Input("/reason", "task.reason_required", "the customer was told another day: say why it moves")
		case text.Longer(reason, 1000):
			return step{}, errTooLong("/reason")
		}
		was := t.DueOn
		t.DueOn, t.CustomerAgreed = m.To, t.CustomerAgreed || m.Agreed
		return step{"task.redated", redated{[2]calendar.Date{was, m.To}, m.Agreed},
			Fact{Kind: FactRedated, DueOn: m.To, Agreed: m.Agreed, Words: reason}}, checkDue(a, m.To)
	})
}

func errTooLong(pointer string) error {
	return fault.Input(pointer, "input.too_long", "at most 1000 characters").With("max", 1000)
}

// Drop takes a task back that is not needed any more. Fault: task.done.
func (s *Service) Drop(ctx context.Context, a org.Actor, id string) (Task, error) {
	return s.changeBy(ctx, a, id, false, func(t *Task) (step, error) {
		t.DroppedAt = &a.Now
		t.endOffer()
		return step{"task.dropped", dropped{t.DueOn}, Fact{Kind: FactDropped}}, nil
	})
}

// changeBy runs a change of an open task the actor may change, or with parts has a part in.
// Faults: task.unknown, task.not_yours, task.done, record.stale.
func (s *Service) changeBy(ctx context.Context, a org.Actor, id string, parts bool, fn func(*Task) (step, error)) (Task, error) {
	return s.write1(ctx, a, id, parts, func(_ database.Tx, t *Task, may bool) (step, error) {
		i := t.partOf(a.Effective())
		switch {
		case t.DoneOn != "" || t.DroppedAt != nil || !may && i >= 0 && t.Parties[i].DoneOn != "":
			return step{}, fault.New(fault.Conflict, "task.done", "it was done or dropped already")
		case !may && i < 0:
			return step{}, errNotYours
		}
		return fn(t)
	})
}

// write1 runs a change of a task the actor may change, or with seen only sees; may tells which.
func (s *Service) write1(ctx context.Context, a org.Actor, id string, seen bool, fn func(tx database.Tx, t *Task, may bool) (step, error)) (Task, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Task, error) {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return Task{}, err
		}
		t, may, err := s.access(ctx, tx, a, id)
		if err == nil && !may && !seen {
			err = errNotYours
		}
		if err != nil {
			return t, err
		}
		st, err := fn(tx, &t, may)
		if err == nil && st.kind == "" { // it is so already
			return t, nil
		}
		if stale := a.HasRead(t.Version); stale != nil && fault.CodeOf(err) != "task.done" {
			err = stale
		}
		if err != nil {
			return t, err
		}
		return t, s.happen(ctx, tx, a, &t, st)
	})
}

// happen writes a change and what happened.
func (s *Service) happen(ctx context.Context, tx database.Tx, a org.Actor, t *Task, st step) error {
	t.Version++
	t.note(a, st.fact)
	t.append(tx, a, st.kind, st.payload)
	return s.save(ctx, tx, a.TenantID, *t)
}

// save writes a task, its last fact and its parties.
func (s *Service) save(ctx context.Context, tx database.Tx, tenant string, t Task) error {
	if err := s.Rows.Save(ctx, tx, tenant, t); err != nil {
		return err
	}
	if err := s.Rows.AddFacts(ctx, tx, tenant, t.Facts[len(t.Facts)-1:]); err != nil {
		return err
	}
	return s.Rows.SaveParties(ctx, tx, tenant, t.ID, t.Parties)
}

var errNotYours = fault.New(fault.Forbidden, "task.not_yours", "it is somebody else's promise, in a record you only read")

// mine reads a task the actor may change. Faults: task.unknown where it may not be seen either, task.not_yours.
func (s *Service) mine(ctx context.Context, tx database.Tx, a org.Actor, id string) (Task, error) {
	t, may, err := s.access(ctx, tx, a, id)
	if err == nil && !may {
		err = errNotYours
	}
	return t, err
}

// access reads a task the actor sees, and whether he may change it: one's own promise, one that was asked for by
// oneself, one of a member one writes for, or one in a record one may change. Fault: task.unknown.
func (s *Service) access(ctx context.Context, tx database.Tx, a org.Actor, id string) (t Task, may bool, err error) {
	t, err = s.Rows.Get(ctx, tx, a.TenantID, id)
	missing := fault.Is(err, fault.NotFound)
	if err != nil && !missing {
		return t, false, err
	}
	list, err := s.withRecords(ctx, tx, a, []Task{t})
	if err != nil {
		return t, false, err
	}
	t = list[0]
	if missing { // asked what one out of sight is asked, so that neither is told from the other
		_, err := s.Kinds.Sees(ctx, tx, a, true, nil)
		return Task{}, false, cmp.Or(err, error(errUnknown))
	}
	me := a.Effective()
	if t.MemberID == me || t.CreatedBy == me || a.Scope(record.Task, org.Write).Allows(t.MemberID, nil, nil, "") {
		return t, true, nil
	}
	changeable, err := s.Kinds.Sees(ctx, tx, a, true, t.On)
	switch {
	case err != nil:
		return t, false, err
	case len(changeable) > 0:
		return t, true, nil
	case len(t.Names) > 0 || t.OfferedTo == me || t.MayReview(a) || t.party(me) >= 0 || a.Scope(record.Task, org.Read).Allows(t.MemberID, nil, nil, ""):
		return t, false, nil
	}
	return Task{}, false, errUnknown
}

// Get is a task the actor sees. Fault: task.unknown.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (t Task, may bool, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		t, may, err = s.access(ctx, tx, a, id)
		return err
	})
	return t, may, err
}

// FinishIn is Finish inside a transaction, of a task the program made with something else that happened on a day; it
// was not done before it was set, and one that was done or dropped stays as it is.
func (s *Service) FinishIn(ctx context.Context, tx database.Tx, a org.Actor, id string, on calendar.Date) error {
	return s.endIn(ctx, tx, a, id, func(t *Task) step {
		t.DoneOn, t.DoneAt = max(on, calendar.DateOf(t.CreatedAt, a.Company.Zone())), &a.Now
		return step{"task.done", done{t.DueOn, t.DoneOn}, Fact{Kind: FactDone}}
	})
}

// DropIn is Drop inside a transaction, of a task the program made with something else; one that was done or dropped
// stays as it is.
func (s *Service) DropIn(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	return s.endIn(ctx, tx, a, id, func(t *Task) step {
		t.DroppedAt = &a.Now
		return step{"task.dropped", dropped{t.DueOn}, Fact{Kind: FactDropped}}
	})
}

func (s *Service) endIn(ctx context.Context, tx database.Tx, a org.Actor, id string, end func(*Task) step) error {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return err
	}
	t, _, err := s.access(ctx, tx, a, id)
	if err != nil || t.DoneOn != "" || t.DroppedAt != nil {
		return err
	}
	st := end(&t)
	t.endOffer()
	return s.happen(ctx, tx, a, &t, st)
}
