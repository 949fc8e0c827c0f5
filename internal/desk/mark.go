package desk

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Decision is how a line ended.
type Decision string

// The decisions.
const (
	Done     Decision = "done"      // it was seen to
	Handed   Decision = "handed"    // it is somebody's task now
	Until    Decision = "until"     // it comes back on a day
	NotIssue Decision = "not_issue" // there is nothing to it, and why
	Asked    Decision = "asked"     // its owner, or another, is asked why
	Back     Decision = "back"      // what was decided last is taken back
)

// Mark is a decision of one member on a record, and the facts it was made on.
type Mark struct {
	ID, MemberID string
	Of           record.Ref
	Kinds        []string
	Facts        Facts
	Decision     Decision
	Until        calendar.Date
	Reason       string
	ToID, TaskID string
	NoteID       string // of asked: the question
	BackOf       string // of back: the decision that is taken back
	On           calendar.Date
	At           time.Time
}

// Holds tells whether a line stays away: nothing of it is new, and the day it was put off to has not come.
func (m *Mark) Holds(now Facts, today calendar.Date) bool {
	return m.Decision != Back && now.Within(m.Facts) && (m.Until == "" || today < m.Until)
}

// stays is Holds of who decided: what he asked holds only until there is an answer, or he takes it back.
func (m *Mark) stays(l *Line, today calendar.Date) bool {
	return m.Holds(l.Facts, today) && (m.Decision != Asked || l.asked(m.NoteID))
}

// Deciding is what a member decides. Facts are those he saw.
type Deciding struct {
	ID       string
	Of       record.Ref
	Facts    Facts
	Decision Decision
	Until    calendar.Date
	Reason   string
	// ToID gets a task, by DueOn: What. Of asked he is asked What, of which Mentions are to know; nobody is the owner.
	ToID, What string
	Mentions   []string
	DueOn      calendar.Date
}

// mostUntil bounds for how many days a line may be put off: a quarter.
const mostUntil = 92

// wordsMost bounds a reason, in characters.
const wordsMost = 300

func (d *Deciding) check(a org.Actor) error {
	if d.Reason = text.Words(d.Reason); d.Decision != Asked {
		d.What = text.Line(d.What)
	}
	switch {
	case text.Longer(d.Reason, wordsMost):
		return fault.Input("/reason", "input.too_long", "at most %d characters", wordsMost).With("max", wordsMost)
	case d.Decision == NotIssue && d.Reason == "":
		return fault.Missing("/reason")
	case d.Decision == Handed && d.ToID == "":
		return fault.Missing("/toId")
	case (d.Decision == Handed || d.Decision == Asked) && text.Words(d.What) == "":
		return fault.Missing("/what")
	case d.Decision == Back: // by TakeBack
		return fault.Input("/decision", "desk.decision_unknown", "done, handed, until, not_issue or asked")
	}
	if d.Decision != Until {
		d.Until = ""
		return nil
	}
	if _, err := calendar.Parse(string(d.Until)); err != nil {
		return calendar.BadDate("/until")
	}
	if last := a.Today.Add(mostUntil); d.Until <= a.Today || d.Until > last {
		return fault.Input("/until", "desk.until_range", "a day after today, up to %s", last).
			With("first", string(a.Today.Add(1))).With("last", string(last))
	}
	return nil
}

// Faults of a decision.
var (
	errGone     = fault.New(fault.NotFound, "desk.line_gone", "it does not stand on your desk any more")
	errChanged  = fault.New(fault.Conflict, "desk.facts_changed", "something has happened meanwhile: look again")
	errDecided  = fault.New(fault.Conflict, "desk.decided_already", "you decided on it already, and nothing has happened since")
	errOnlyDay  = fault.New(fault.Rule, "desk.only_until", "several records in one line can be put off to a day, and are seen to one by one")
	errNothing  = fault.New(fault.NotFound, "desk.nothing_to_take_back", "it is not what you decided last")
	errGoesOn   = fault.New(fault.Rule, "desk.goes_on", "what became a task or a question is ended there")
	errToAccept = fault.Input("/reason", "desk.still_to_accept", "what waits to be accepted stays so: accept it, or say what was done")
)

// Decide ends a line, and what is handed over becomes a task. The same id with the same content is answered
// with the first answer. Faults: desk.line_gone, desk.facts_changed, desk.decided_already, desk.only_until,
// desk.still_to_accept, desk.until_range, desk.not_asked, those of a task and of a question.
func (s *Service) Decide(ctx context.Context, a org.Actor, d Deciding) (Mark, error) {
	if err := a.Need(org.OppRead); err != nil {
		return Mark{}, err
	}
	if err := d.check(a); err != nil {
		return Mark{}, err
	}
	if err := record.UseID(&d.ID, a.Now); err != nil {
		return Mark{}, err
	}
	if d.Decision == Handed {
		if err := a.AtWork("/toId", d.ToID); err != nil {
			return Mark{}, err
		}
	}
	l, gone := s.lineOf(ctx, a, d.Of) // before the write: it looks through columns
	return idempotency.Made(ctx, s.Keys, a.By(), d.ID, d, func(tx database.Tx) (Mark, error) {
		switch {
		case gone != nil:
			return Mark{}, gone
		case !l.Facts.Within(d.Facts):
			return Mark{}, errChanged
		case l.Group() && d.Decision != Until:
			return Mark{}, errOnlyDay
		case (d.Decision == Done || d.Decision == Until && !l.Group()) && d.Reason == "" && l.accepts():
			return Mark{}, errToAccept
		}
		if err := s.undecided(ctx, tx, a, l); err != nil {
			return Mark{}, err
		}
		m := Mark{ID: d.ID, MemberID: a.Effective(), Of: d.Of, Kinds: kindsOf(l.Signs), Facts: l.Facts, Decision: d.Decision,
			Until: d.Until, Reason: d.Reason, ToID: d.ToID, On: a.Today, At: a.Now}
		if err := s.begin(ctx, tx, a, &m, d); err != nil {
			return Mark{}, err
		}
		journal.Append(tx, a.By(), decided(m))
		return m, database.Taken(s.Rows.Insert(ctx, tx, a.TenantID, m), record.ErrIDTaken)
	})
}

// TakeBack takes back what the actor decided last on a record: its line stands again as if he had not. What became a task
// or a question has its own way back. Twice is once. Faults: desk.nothing_to_take_back, desk.goes_on.
func (s *Service) TakeBack(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.OppRead); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		was, err := s.Rows.Mark(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		if was.MemberID != a.Effective() {
			return errNothing
		}
		if err := record.Take(ctx, tx, a.TenantID, "desk "+was.Of.Kind+" "+was.Of.ID); err != nil {
			return err
		}
		last, _, err := s.Rows.Last(ctx, tx, a.TenantID, was.MemberID, was.Of)
		switch {
		case err != nil || last.BackOf == id:
			return err
		case last.ID != id:
			return errNothing
		case was.Decision == Handed || was.Decision == Asked:
			return errGoesOn
		}
		m := Mark{ID: record.NewID(a.Now), MemberID: was.MemberID, Of: was.Of, Kinds: was.Kinds, Facts: was.Facts, Decision: Back, BackOf: id, On: a.Today, At: a.Now}
		journal.Append(tx, a.By(), decided(m))
		return s.Rows.Insert(ctx, tx, a.TenantID, m)
	})
}

// begin makes what a decision says somebody is to do: a task, or a question.
func (s *Service) begin(ctx context.Context, tx database.Tx, a org.Actor, m *Mark, d Deciding) (err error) {
	switch d.Decision {
	case Handed:
		m.TaskID, err = s.Hand(ctx, tx, a, *m, d.What, d.DueOn)
	case Asked:
		m.NoteID, m.ToID, err = s.Question(ctx, tx, a, *m, d.What, d.Mentions)
	}
	return err
}

// undecided has decisions on a line follow one another: what the actor decided holds until something happens.
func (s *Service) undecided(ctx context.Context, tx database.Tx, a org.Actor, l Line) error {
	if err := record.Take(ctx, tx, a.TenantID, "desk "+l.On.Kind+" "+l.On.ID); err != nil {
		return err
	}
	m, is, err := s.Rows.Last(ctx, tx, a.TenantID, a.Effective(), l.On)
	if err == nil && is && m.Holds(l.Facts, a.Today) && (m.ID != l.last || m.stays(&l, a.Today)) {
		err = errDecided
	}
	return err
}

// lineOf is a line of the actor's desk, whatever he decided on it before. Fault: desk.line_gone.
func (s *Service) lineOf(ctx context.Context, a org.Actor, of record.Ref) (l Line, err error) {
	if err := s.Await(ctx, a.TenantID); err != nil {
		return l, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		k, err := s.ask(ctx, tx, a, 1)
		if err != nil {
			return err
		}
		k.Needs = of
		// As this transaction sees it, before the signs are read: what is in memory may be newer than they are.
		last, _, err := s.Rows.Last(ctx, tx, a.TenantID, a.Effective(), of)
		if err != nil {
			return err
		}
		list, err := s.lines(ctx, tx, k)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list.Lines, func(l Line) bool { return l.On == of })
		if at < 0 {
			return errGone
		}
		l = list.Lines[at]
		l.last = last.ID
		return nil
	})
	return l, err
}

func kindsOf(signs []Sign) (kinds []string) {
	for _, s := range signs {
		kinds = append(kinds, s.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
