package guidance

import (
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/worktime"
)

// by is what an act says, and how it is known that a note has had this act by a message.
type by struct {
	conversation.Said
	did func(k Kept, m conversation.Message) bool
}

// act runs a change of a note the actor reads, with when whoever has it works, and answers with the note. What was
// done with the same message before is answered with the note as it is, also to who read it only while it was his; a
// message of his that said something else, or did, is record.id_taken.
func (s *Service) act(ctx context.Context, a org.Actor, id string, by by, event string,
	fn func(ctx context.Context, tx database.Tx, k *Kept, works worktime.Schedule) error) (Kept, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Kept, error) {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return Kept{}, err
		}
		if done, err := s.did(ctx, tx, a, id, by); err != nil {
			return Kept{}, err
		} else if done {
			return s.ofAuthor(ctx, tx, a, id, by.ID)
		}
		k, err := s.read(ctx, tx, a, id)
		if err != nil {
			return k, err
		}
		works, err := s.worksOf(ctx, tx, a, k)
		if err != nil {
			return k, err
		}
		before := len(k.Turns)
		if t := k.Open(); t != nil {
			t.Due = works.After(t.From, t.Limit) // as the calendar is known now
		}
		if err := fn(ctx, tx, &k, works); errors.Is(err, errNothing) {
			return s.whole(ctx, tx, a, k)
		} else if err != nil {
			return k, err
		}
		if err := s.save(ctx, tx, a, &k, max(0, before-1), event); err != nil {
			return k, err
		}
		return s.whole(ctx, tx, a, k)
	})
}

// ofAuthor is a note for who said a message in it: of one he does not read any more his own words alone.
func (s *Service) ofAuthor(ctx context.Context, tx database.Tx, a org.Actor, id, message string) (Kept, error) {
	k, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	if err != nil {
		return k, err
	}
	if k, err = s.whole(ctx, tx, a, k); err != nil || k.Thread.ID != "" {
		return k, err
	}
	k.Text, k.Words, k.May = "", map[string]string{message: k.Word(message)}, May{}
	return k, nil
}

// inPlace tells whether what a member left unfinished is the actor's: his own, or of who has left and in whose place he
// stands.
func inPlace(a org.Actor, member string) bool {
	return a.Structure.InPlaceOf(member, a.Today) == a.Effective()
}

// errNothing says that what was asked is so already.
var errNothing = errors.New("guidance: nothing changes")

// read reads a note of a thread the actor reads. Fault: guidance.unknown.
func (s *Service) read(ctx context.Context, tx database.Tx, a org.Actor, id string) (Kept, error) {
	err := s.Talks.Reads(ctx, tx, a, id)
	var k Kept
	if err == nil {
		k, err = s.Rows.Get(ctx, tx, a.TenantID, id)
	}
	if fault.Is(err, fault.NotFound) {
		err = ErrUnknown
	}
	return k, err
}

// worksOf is when whoever has, or had, the last turn of a note works.
func (s *Service) worksOf(ctx context.Context, tx database.Tx, a org.Actor, k Kept) (worktime.Schedule, error) {
	member := k.ToID
	if n := len(k.Turns); n > 0 {
		member = k.Turns[n-1].MemberID
	}
	return s.Times.Of(ctx, tx, a, member)
}

// Receive notes that whoever has it has read it (收到). The clock runs on. Faults: guidance.unknown,
// guidance.closed, guidance.not_yours.
func (s *Service) Receive(ctx context.Context, a org.Actor, id string) (Kept, error) {
	return s.act(ctx, a, id, by{}, "guidance.received", func(_ context.Context, _ database.Tx, k *Kept, _ worktime.Schedule) error {
		if t := k.Open(); t != nil && t.MemberID == a.Effective() && t.ReceivedAt != nil {
			return errNothing
		}
		return k.Receive(a.Effective(), a.Now)
	})
}

// Answer is an answer as it is given.
type Answer struct {
	MessageID    string
	Text         string
	Mentions     []string
	WantsOutcome bool   // whoever asked is to say what became of it
	PieceID      string // of what may be said again
}

// Answer answers a note (答复), which stops the clock. The same message again is answered with what was done.
// Faults: guidance.unknown, guidance.closed, guidance.not_yours, guidance.piece_unknown and those of
// conversation.Service.Say.
func (s *Service) Answer(ctx context.Context, a org.Actor, id string, in Answer) (Kept, error) {
	did := func(k Kept, m conversation.Message) bool { // also the one that was called none since
		return slices.ContainsFunc(k.Turns, func(t Turn) bool { return t.End == Answered && t.EndedAt.Equal(m.SaidAt) })
	}
	said := conversation.Said{ID: in.MessageID, Text: in.Text, Mentions: in.Mentions}
	return s.act(ctx, a, id, by{said, did}, "guidance.answered", func(ctx context.Context, tx database.Tx, k *Kept, works worktime.Schedule) error {
		if err := k.Answer(a.Effective(), a.Now, works); err != nil {
			return err
		}
		if in.PieceID != "" {
			if _, err := s.piece(ctx, tx, a, in.PieceID); err != nil {
				return err
			}
		}
		m, err := s.Talks.SayIn(ctx, tx, a, k.ID, said)
		if err != nil {
			return err
		}
		k.Reply = &Reply{MessageID: m.ID, At: a.Now, By: a.Effective(), PieceID: in.PieceID}
		if in.WantsOutcome && k.AskerID != a.Effective() {
			return s.wantOutcome(ctx, tx, a, k, k.AskerID)
		}
		return nil
	})
}

// AskCustomer has the clock run to the end of a day, because the customer is to be asked first (要先问客户):
// once, and within three working days. Faults: guidance.unknown, guidance.closed, guidance.not_yours,
// guidance.customer_once, guidance.customer_too_far, guidance.customer_past, calendar.bad_date.
func (s *Service) AskCustomer(ctx context.Context, a org.Actor, id string, on calendar.Date) (Kept, error) {
	if _, err := calendar.Parse(string(on)); err != nil {
		return Kept{}, calendar.BadDate("/on")
	}
	return s.act(ctx, a, id, by{}, "guidance.customer_first", func(_ context.Context, _ database.Tx, k *Kept, works worktime.Schedule) error {
		if t := k.Open(); t != nil && t.MemberID == a.Effective() && t.CustomerAt != nil && t.CustomerAt.Equal(s.endOf(a, on)) {
			return errNothing
		}
		if on < a.Today {
			return fault.Input("/on", "guidance.customer_past", "the day the customer is asked lies ahead, or is today")
		}
		return k.AskCustomer(a.Effective(), a.Now, s.endOf(a, on), s.endOf(a, s.customerTo(a)), works)
	})
}

func (s *Service) customerTo(a org.Actor) calendar.Date {
	return s.Calendar(a.TenantID).AddWorkingDays(a.Today, CustomerIn)
}

// endOf is the last instant of a day in the company's zone.
func (s *Service) endOf(a org.Actor, day calendar.Date) time.Time {
	return day.Add(1).In(a.Company.Zone()).Add(-time.Millisecond)
}

// rejectTo is the last day on which whoever asked may say that an answer was none.
func (s *Service) rejectTo(a org.Actor, k Kept) calendar.Date {
	return s.Calendar(a.TenantID).AddWorkingDays(calendar.DateOf(k.Reply.At, a.Company.Zone()), UnsaidIn)
}

// Reject says that an answer was none (没答到), for three working days: the clock goes on. Faults:
// guidance.unknown, guidance.not_answered, guidance.not_asker, guidance.too_late and those of
// conversation.Service.Say.
func (s *Service) Reject(ctx context.Context, a org.Actor, id string, more conversation.Said) (Kept, error) {
	did := func(k Kept, m conversation.Message) bool {
		return slices.ContainsFunc(k.Turns, func(t Turn) bool { return t.Why == Unsaid && t.From.Equal(m.SaidAt) })
	}
	return s.act(ctx, a, id, by{more, did}, "guidance.rejected", func(ctx context.Context, tx database.Tx, k *Kept, works worktime.Schedule) error {
		if k.Reply == nil {
			return ErrNoAnswer
		}
		if err := k.Reject(a.Effective(), a.Now, s.endOf(a, s.rejectTo(a, *k)), works); err != nil {
			return err
		}
		k.Reply = nil
		if k.Kind != Advice {
			k.Outcome = nil
		}
		if _, err := s.more(ctx, tx, a, k.ID, more); err != nil {
			return err
		}
		return s.pass(ctx, tx, a, k, works)
	})
}

// did tells whether the actor did this before, with the same message. Fault: record.id_taken.
func (s *Service) did(ctx context.Context, tx database.Tx, a org.Actor, id string, by by) (bool, error) {
	if by.ID == "" {
		return false, nil
	}
	m, own, err := s.Talks.Own(ctx, tx, a, id, by.ID)
	if err != nil || !own {
		return false, err
	}
	k, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, ErrUnknown
	case err == nil && (!by.did(k, m) || !conversation.Same(m, by.Said)):
		err = record.ErrIDTaken
	}
	return err == nil, err
}

// more says something with an act, where there is something to say, and names the message.
func (s *Service) more(ctx context.Context, tx database.Tx, a org.Actor, id string, m conversation.Said) (string, error) {
	if m.Text == "" {
		return "", nil
	}
	said, err := s.Talks.SayIn(ctx, tx, a, id, m)
	return said.ID, err
}

// Recall takes a note back that nobody has answered. Faults: guidance.unknown, guidance.not_asker, guidance.closed.
func (s *Service) Recall(ctx context.Context, a org.Actor, id string) (Kept, error) {
	return s.act(ctx, a, id, by{}, "guidance.recalled", func(_ context.Context, _ database.Tx, k *Kept, works worktime.Schedule) error {
		if k.AskerID == a.Effective() && k.State() == Taken {
			return errNothing
		}
		return k.Recall(a.Effective(), a.Now, works)
	})
}

// Settle says that whoever asked has done with a note nobody answered. Faults: guidance.unknown,
// guidance.not_asker, guidance.not_returned.
func (s *Service) Settle(ctx context.Context, a org.Actor, id string) (Kept, error) {
	return s.act(ctx, a, id, by{}, "guidance.settled", func(_ context.Context, _ database.Tx, k *Kept, _ worktime.Schedule) error {
		switch {
		case !inPlace(a, k.AskerID):
			return ErrNotAsker
		case k.State() != Back:
			return fault.New(fault.Rule, "guidance.not_returned", "it did not come back")
		case k.SettledAt != nil:
			return errNothing
		}
		now := a.Now
		k.SettledAt = &now
		return nil
	})
}

// Use says whether advice was used (用了, 没用), by whoever owes it. Faults: guidance.unknown,
// guidance.no_outcome, guidance.not_yours, guidance.used_said and those of conversation.Service.Say.
func (s *Service) Use(ctx context.Context, a org.Actor, id string, use Use, more conversation.Said) (Kept, error) {
	did := func(k Kept, m conversation.Message) bool {
		return k.Outcome != nil && k.Outcome.UsedID == m.ID && k.Outcome.Used == use
	}
	return s.act(ctx, a, id, by{more, did}, "guidance.used", func(ctx context.Context, tx database.Tx, k *Kept, _ worktime.Schedule) (err error) {
		switch o := k.Outcome; {
		case o == nil:
			return errNoOutcome
		case !inPlace(a, o.Owes()):
			return ErrNotYours
		case o.Used == use && more.Text == "":
			return errNothing
		case o.ResultAt != nil:
			return fault.New(fault.Rule, "guidance.used_said", "what came of it was said already")
		default:
			now := a.Now
			o.From, o.Used, o.UsedAt = a.Effective(), use, &now
			o.UsedID, err = s.more(ctx, tx, a, k.ID, more)
			return err
		}
	})
}

// Result says what came of it (结果). Faults: guidance.unknown, guidance.no_outcome, guidance.not_yours,
// guidance.used_first, guidance.used_said and those of conversation.Service.Say.
func (s *Service) Result(ctx context.Context, a org.Actor, id string, m conversation.Said) (Kept, error) {
	did := func(k Kept, said conversation.Message) bool { return k.Outcome != nil && k.Outcome.ResultID == said.ID }
	return s.act(ctx, a, id, by{m, did}, "guidance.resulted", func(ctx context.Context, tx database.Tx, k *Kept, _ worktime.Schedule) error {
		switch o := k.Outcome; {
		case o == nil:
			return errNoOutcome
		case !inPlace(a, o.Owes()):
			return ErrNotYours
		case o.ResultAt != nil:
			return fault.New(fault.Rule, "guidance.used_said", "what came of it was said already")
		case o.Used == "":
			return errUsedFirst
		default:
			said, err := s.Talks.SayIn(ctx, tx, a, k.ID, m)
			now := a.Now
			o.From, o.ResultAt, o.ResultID = a.Effective(), &now, said.ID
			return err
		}
	})
}

// Look says whether the fact is there that would show that a correction worked, by whoever gave it, from its
// day on. Faults: guidance.unknown, guidance.no_check, guidance.not_asker, guidance.check_early and those of
// conversation.Service.Say.
func (s *Service) Look(ctx context.Context, a org.Actor, id string, worked bool, more conversation.Said) (Kept, error) {
	did := func(k Kept, m conversation.Message) bool {
		return k.Check != nil && k.Check.CheckedID == m.ID && *k.Check.Worked == worked
	}
	return s.act(ctx, a, id, by{more, did}, "guidance.checked", func(ctx context.Context, tx database.Tx, k *Kept, _ worktime.Schedule) (err error) {
		switch c := k.Check; {
		case c == nil || k.State() == Taken:
			return errNoCheck
		case !inPlace(a, k.AskerID):
			return ErrNotAsker
		case c.CheckedAt != nil && *c.Worked != worked:
			return errNoCheck
		case c.CheckedAt != nil && more.Text == "":
			return errNothing
		case c.CheckedAt != nil: // more is said of it
			c.CheckedID, err = s.more(ctx, tx, a, k.ID, more)
			return err
		case a.Today < c.On:
			return errTooEarly
		default:
			now, is := a.Now, worked
			c.Worked, c.CheckedAt = &is, &now
			c.CheckedID, err = s.more(ctx, tx, a, k.ID, more)
			return err
		}
	})
}
