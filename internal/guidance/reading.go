package guidance

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/worktime"
)

// Get is one note the actor reads. Fault: guidance.unknown.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (k Kept, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if k, err = s.read(ctx, tx, a, id); err != nil {
			return err
		}
		k, err = s.whole(ctx, tx, a, k)
		return err
	})
	return k, err
}

// OnRecord is a page of the notes on a record that the actor reads, the last asked in front. Fault:
// page.cursor_malformed.
func (s *Service) OnRecord(ctx context.Context, a org.Actor, on record.Ref, r page.Request) (page.Result[Kept], error) {
	r.Sort, r.Desc = "asked", true
	return s.list(ctx, a, r, func(k Kept) any { return database.Time(k.AskedAt) }, func(tx database.Tx) ([]Kept, error) {
		return s.Rows.OnRecord(ctx, tx, a.TenantID, s.Talks.Reading(a), on, r)
	})
}

// Box is a page of one of the actor's boxes. Fault: page.cursor_malformed.
func (s *Service) Box(ctx context.Context, a org.Actor, box Box, r page.Request) (page.Result[Kept], error) {
	r.Sort, r.Desc = "asked", true
	place := func(k Kept) any { return database.Time(k.AskedAt) }
	switch box {
	case ToAnswer:
		r.Sort, r.Desc = "due", false
		place = func(k Kept) any { _, due := k.holder(); return database.Time(due) }
	case Outcomes:
		r.Sort, r.Desc = "outcome", false
		place = func(k Kept) any { return string(k.Outcome.DueOn) }
	case Checks:
		r.Sort, r.Desc = "check", false
		place = func(k Kept) any { return string(k.Check.On) }
	}
	return s.list(ctx, a, r, place, func(tx database.Tx) ([]Kept, error) {
		return s.Rows.Box(ctx, tx, a.TenantID, s.Talks.Reading(a), box, a.Today, r)
	})
}

func (s *Service) list(ctx context.Context, a org.Actor, r page.Request, place func(Kept) any, read func(database.Tx) ([]Kept, error),
) (out page.Result[Kept], err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := read(tx)
		if err != nil {
			return err
		}
		out = page.Cut(r, list, func(k Kept) (any, string) { return place(k), k.ID })
		return s.complete(ctx, tx, a, out.Items)
	})
	return out, err
}

// Waiting counts what waits for the actor.
func (s *Service) Waiting(ctx context.Context, a org.Actor) (w Waiting, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if w, err = s.Rows.Waiting(ctx, tx, a.TenantID, s.Talks.Reading(a), a.Today, a.Now); err != nil || w.ToAnswer == 0 {
			return err
		}
		held, err := s.Rows.HeldBy(ctx, tx, a.TenantID, a.Effective(), oldestOf)
		if err != nil {
			return err
		}
		works, err := s.Times.Of(ctx, tx, a, a.Effective())
		for _, k := range held {
			if t := k.Open(); t != nil {
				w.Oldest = max(w.Oldest, works.Minutes(t.From, a.Now))
			}
		}
		return err
	})
	return w, err
}

// oldestOf is among how many notes the one that waits longest is looked for.
const oldestOf = 200

func (s *Service) whole(ctx context.Context, tx database.Tx, a org.Actor, k Kept) (Kept, error) {
	one := []Kept{k}
	err := s.complete(ctx, tx, a, one)
	return one[0], err
}

// complete adds what the reader sees of notes: their threads and words, how the clock stands, what he may do.
func (s *Service) complete(ctx context.Context, tx database.Tx, a org.Actor, list []Kept) error {
	ids := make([]string, len(list))
	for i, k := range list {
		ids[i] = k.ID
	}
	threads, err := s.Talks.Whole(ctx, tx, a, ids)
	if err != nil {
		return err
	}
	var said []string
	for _, k := range list {
		said = append(said, k.said()...)
	}
	texts, words, err := s.Talks.Texts(ctx, tx, a.TenantID, ids, said)
	if err != nil {
		return err
	}
	works := map[string]worktime.Schedule{}
	for i := range list {
		k := &list[i]
		k.Thread, k.Text, k.Words = threads[k.ID], texts[k.ID], words
		last := k.ToID
		if n := len(k.Turns); n > 0 {
			last = k.Turns[n-1].MemberID
		}
		if _, known := works[last]; !known {
			if works[last], err = s.worksOf(ctx, tx, a, *k); err != nil {
				return err
			}
		}
		k.Note.Turns = slices.Clone(k.Turns)
		if t := k.Open(); t != nil {
			t.Due = works[last].After(t.From, t.Limit) // as the calendar is known today
		}
		k.Lamp, k.Left = k.Note.Lamp(a.Now, works[last])
		k.May = s.may(a, *k)
	}
	return nil
}

// said are the messages of a note that stand for something.
func (k Kept) said() (out []string) {
	if k.Reply != nil {
		out = append(out, k.Reply.MessageID)
	}
	if o := k.Outcome; o != nil {
		out = append(out, o.UsedID, o.ResultID)
	}
	if c := k.Check; c != nil {
		out = append(out, c.FactID, c.CheckedID)
	}
	return slices.DeleteFunc(out, func(id string) bool { return id == "" })
}

// may is what the actor may do about a note.
func (s *Service) may(a org.Actor, k Kept) (m May) {
	me := a.Effective()
	if t := k.Open(); t != nil {
		m.Receive = t.MemberID == me && t.ReceivedAt == nil
		m.Answer = k.hadTurn(me)
		m.Recall = k.AskerID == me
		if t.MemberID == me && !slices.ContainsFunc(k.Turns, func(t Turn) bool { return t.CustomerAt != nil }) {
			m.AskCustomerTo = s.customerTo(a)
		}
	}
	if k.State() == Settled && k.AskerID == me && k.Reply != nil {
		if to := s.rejectTo(a, k); a.Today <= to {
			m.RejectTo = to
		}
	}
	m.Settle = k.State() == Back && inPlace(a, k.AskerID) && k.SettledAt == nil
	if o := k.Outcome; o != nil && o.ResultAt == nil && inPlace(a, o.Owes()) && k.State() != Taken {
		m.Use, m.Result = true, o.Used != ""
	}
	if c := k.Check; c != nil && inPlace(a, k.AskerID) && k.State() != Taken {
		m.Check = c.CheckedAt == nil && a.Today >= c.On
	}
	return m
}

// Whom is who would answer for a member now, and until when.
type Whom struct {
	MemberID, AnswererID string
	Due                  time.Time
	ContactAt            *time.Time // with the customer, which shortens it
}

// WhomOf tells who would answer a question about a record to a member. Faults: guidance.of_yourself,
// guidance.nobody, org.member_unknown.
func (s *Service) WhomOf(ctx context.Context, a org.Actor, in New) (w Whom, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if w.MemberID, err = s.addressee(ctx, tx, a, in); err != nil {
			return err
		}
		turn, works, err := s.turnOf(ctx, tx, a, w.MemberID, a.Effective(), a.Now)
		if err != nil {
			return err
		}
		if w.ContactAt, err = s.contact(ctx, tx, a, in); err != nil {
			return err
		}
		turn.From = a.Now
		n := Ask(Question, a.Effective(), turn, works, w.ContactAt)
		w.AnswererID, w.Due = turn.MemberID, n.Open().Due
		return nil
	})
	return w, err
}

// Stands tells whether a message is what a note asks, an answer, a result or a fact (conversation.Stands). What
// nobody has answered is taken back as a whole (Recall).
func (s *Service) Stands(ctx context.Context, tx database.Tx, tenant string, m conversation.Message) (bool, error) {
	k, err := s.Rows.Get(ctx, tx, tenant, m.ThreadID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && (m.N == 1 && k.State() != Taken || slices.Contains(k.said(), m.ID)), err
}

// Answers are the answers that stand in some threads (conversation.Stands).
func (s *Service) Answers(ctx context.Context, tx database.Tx, tenant string, threads []string) (map[string]bool, error) {
	ids, err := s.Rows.AnswersOf(ctx, tx, tenant, threads)
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}
