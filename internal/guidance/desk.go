package guidance

import (
	"context"
	"strconv"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// The signs of notes. Each is of who reads the desk.
const (
	SignAnswered   = "answered"   // what he asked has its answer
	SignUnanswered = "unanswered" // what he asked nobody answered: it came back
	SignOwed       = "owed"       // he is asked, and his time is over
	SignClimbed    = "climbed"    // he is asked, because somebody else did not answer
)

const (
	askedBack    = 180   // days for which what was asked is looked at
	answeredBack = 14    // days for which a line tells that an answer came
	mostOnDesk   = 2_000 // notes of one member that are looked at, the last asked and the first due
)

// Signs implements desk.Source: what the reader asked and what he is asked, about the record where he sees it.
func (s *Service) Signs(ctx context.Context, tx database.Tx, k *desk.Ask) (out []desk.Found, err error) {
	a := k.Actor
	asked, err := s.Rows.OnDesk(ctx, tx, a.TenantID, s.Talks.Reading(a), a.Now.AddDate(0, 0, -askedBack), a.Now.AddDate(0, 0, -answeredBack), mostOnDesk)
	if err != nil {
		return nil, err
	}
	held, err := s.Rows.HeldBy(ctx, tx, a.TenantID, a.Effective(), mostOnDesk)
	if err != nil {
		return nil, err
	}
	days := func(from time.Time) int {
		return max(0, k.Calendar.WorkingDaysBetween(calendar.DateOf(from, a.Company.Zone()), a.Today))
	}
	for _, n := range asked {
		out = append(out, n.found(a, n.ofAsker(days)))
	}
	for _, n := range held {
		if sign, waits := n.ofHolder(a.Now, days); waits {
			out = append(out, n.found(a, sign))
		}
	}
	return out, s.aboutSeen(ctx, tx, a, out)
}

func (k Kept) found(a org.Actor, s desk.Sign) desk.Found {
	if s.At != nil {
		s.On = calendar.DateOf(*s.At, a.Company.Zone())
	}
	s.ID = k.ID
	return desk.Found{On: k.On, Sign: s}
}

// ofAsker is what a note says to who asked.
func (k Kept) ofAsker(days func(time.Time) int) desk.Sign {
	if t := k.Open(); t != nil {
		return desk.Sign{Kind: desk.SignAsked, Aside: true, MemberID: t.MemberID, At: &t.Due}
	}
	last := k.Turns[len(k.Turns)-1]
	facts := []string{k.ID, strconv.Itoa(len(k.Turns))}
	if k.State() == Back {
		return desk.Sign{Kind: SignUnanswered, Late: true, Own: true, MemberID: last.MemberID, At: last.EndedAt, Days: days(*last.EndedAt), Facts: facts}
	}
	return desk.Sign{Kind: SignAnswered, Aside: true, MemberID: k.Reply.By, At: &k.Reply.At, Facts: facts}
}

// ofHolder is what a note says to who has it, where its time is over or somebody else's was.
func (k Kept) ofHolder(now time.Time, days func(time.Time) int) (desk.Sign, bool) {
	t := k.Open()
	s := desk.Sign{Kind: SignOwed, Late: true, Own: true, MemberID: k.AskerID, At: &t.Due, Days: days(t.Due), Text: string(k.Kind),
		Facts: []string{k.ID, strconv.Itoa(len(k.Turns))}}
	if now.Before(t.Due) {
		s.Kind, s.Days = SignClimbed, days(t.From)
	}
	return s, s.Kind == SignOwed || t.Why == Climbed
}

// aboutSeen has signs of records the reader does not see be of the note, which carries its words.
func (s *Service) aboutSeen(ctx context.Context, tx database.Tx, a org.Actor, found []desk.Found) error {
	refs := make([]record.Ref, len(found))
	for n, f := range found {
		refs[n] = f.On
	}
	if len(refs) == 0 {
		return nil
	}
	seen, err := s.Kinds.Names(ctx, tx, a, false, refs)
	for n, f := range found {
		if _, sees := seen[f.On]; !sees {
			found[n].On = record.Ref{Kind: NoteKind, ID: f.ID}
		}
	}
	return err
}

// NoteKind is the kind of a line about a note whose record the reader does not see.
const NoteKind = "guidance"
