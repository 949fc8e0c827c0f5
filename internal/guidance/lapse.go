package guidance

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timetable"
	"yunchou/internal/worktime"
)

// Fires are the timetable's kinds: a turn that is due, and somebody who goes away.
func (s *Service) Fires() map[string]timetable.Handler {
	return map[string]timetable.Handler{
		Due: {Fire: s.due},
		Away: {Fire: func(ctx context.Context, tx database.Tx, r timetable.Row) error {
			var p awayPayload
			if err := json.Unmarshal(r.Payload, &p); err != nil {
				return err
			}
			return s.moveFrom(ctx, tx, r, p)
		}},
	}
}

func (s *Service) due(ctx context.Context, tx database.Tx, r timetable.Row) error {
	var p payload
	if err := json.Unmarshal(r.Payload, &p); err != nil {
		return err
	}
	return s.lapse(ctx, tx, r.TenantID, p.NoteID)
}

// Lapse looks at a note whose turn may be due, as the timetable does.
func (s *Service) Lapse(ctx context.Context, tenant, id string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.lapse(ctx, tx, tenant, id) })
}

// lapse looks at a note whose turn may be due. A calendar corrected since, or leave, may have put it off: then
// it is due again.
func (s *Service) lapse(ctx context.Context, tx database.Tx, tenant, id string) error {
	if err := record.Take(ctx, tx, tenant, id); err != nil {
		return err
	}
	k, err := s.Rows.Get(ctx, tx, tenant, id)
	if fault.Is(err, fault.NotFound) || err == nil && k.Open() == nil {
		return nil
	} else if err != nil {
		return err
	}
	a, err := s.As(ctx, tx, tenant)
	if err != nil {
		return err
	}
	works, err := s.worksOf(ctx, tx, a, k)
	if err != nil {
		return err
	}
	t := k.Open()
	if due := works.After(t.From, t.Limit); !due.Equal(t.Due) {
		t.Due = due
		if a.Now.Before(due) {
			return s.save(ctx, tx, a, &k, len(k.Turns)-1, "guidance.put_off")
		}
	}
	to, his, err := s.above(ctx, tx, a, k, t.MemberID, calendar.DateOf(t.Due, a.Company.Zone()), t.Due)
	if err != nil {
		return err
	}
	before := len(k.Turns)
	if !k.Lapse(a.Now, works, to, his) {
		return nil
	}
	event := "guidance.climbed"
	if k.Open() == nil {
		event = "guidance.returned"
	}
	return s.save(ctx, tx, a, &k, before-1, event)
}

// above is to whom a note goes from a member, by whom he reported to on a day: to his superior, or who answers
// for that one; to nobody where he reports to whoever asked, who then sees to it himself.
func (s *Service) above(ctx context.Context, tx database.Tx, a org.Actor, k Kept, member string, on calendar.Date, at time.Time,
) (Turn, worktime.Schedule, error) {
	superiors := a.Structure.Superiors(member, on)
	r, err := s.rules(ctx, tx, a.TenantID)
	if err != nil {
		return Turn{}, worktime.Schedule{}, err
	}
	for _, m := range slices.Concat(superiors, a.Structure.Superiors(k.ToID, on)) { // whoever stood in for whom it was given to
		if m == k.AskerID {
			return Turn{}, worktime.Schedule{}, nil
		}
	}
	var away string // the first who is, where nobody is there
	for _, m := range superiors {
		if a.Structure.Gone(m, a.Today) || k.hadTurn(m) {
			continue
		}
		who, err := s.Times.Answerer(ctx, tx, a, m, at)
		if err != nil {
			return Turn{}, worktime.Schedule{}, err
		}
		if who.MemberID != "" && who.MemberID != k.AskerID && !k.hadTurn(who.MemberID) {
			works, err := s.Times.Of(ctx, tx, a, who.MemberID)
			return Turn{MemberID: who.MemberID, Limit: r.Limit()}, works, err
		}
		away = cmp.Or(away, m)
	}
	if away == "" {
		return Turn{}, worktime.Schedule{}, nil
	}
	works, err := s.Times.Of(ctx, tx, a, away)
	return Turn{MemberID: away, Limit: r.Limit()}, works, err
}

// Away is the kind of the timetable's rows for members who go away, or work otherwise.
const Away = "guidance.away"

// awayPayload is whose notes are looked at, "" everybody's, and after which.
type awayPayload struct {
	MemberID string `json:"memberId"`
	After    string `json:"after,omitempty"`
}

// atOnce is how many notes one row of the timetable looks at.
const atOnce = 200

// GoesAway puts on the timetable that a member goes away at an instant, or from then on works otherwise: what he holds
// then goes to who stands in, or is due at another hour. No member is everybody. key is the same whenever the same is said.
func (s *Service) GoesAway(ctx context.Context, tx database.Tx, tenant, member, key string, at time.Time) error {
	return s.goesAway(ctx, tx, tenant, awayPayload{MemberID: member}, key, at)
}

func (s *Service) goesAway(ctx context.Context, tx database.Tx, tenant string, p awayPayload, key string, at time.Time) error {
	raw, _ := json.Marshal(p) // strings
	_, err := s.Timetable.Add(ctx, tx, timetable.Row{TenantID: tenant, Kind: Away, Key: key, Due: at, Payload: raw})
	return err
}

// moveFrom gives what a member who is away holds to who answers for him, as of now: the time that has run stays
// his.
func (s *Service) moveFrom(ctx context.Context, tx database.Tx, r timetable.Row, p awayPayload) error {
	a, err := s.As(ctx, tx, r.TenantID)
	if err != nil {
		return err
	}
	ids, err := s.Rows.OpenAfter(ctx, tx, r.TenantID, p.MemberID, p.After, atOnce)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := record.Take(ctx, tx, r.TenantID, ids...); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.moveOne(ctx, tx, a, id, p.MemberID); err != nil {
			return err
		}
	}
	if len(ids) < atOnce {
		return nil
	}
	p.After = ids[len(ids)-1]
	return s.goesAway(ctx, tx, r.TenantID, p, r.Key+" +", a.Now)
}

// moveOne does so with one note, where a member holds it still; "" is whoever does.
func (s *Service) moveOne(ctx context.Context, tx database.Tx, a org.Actor, id, from string) error {
	k, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	if err != nil || k.Holder() == "" || from != "" && k.Holder() != from {
		return err
	}
	works, err := s.worksOf(ctx, tx, a, k)
	if err != nil {
		return err
	}
	before := len(k.Turns)
	if err := s.pass(ctx, tx, a, &k, works); err != nil {
		return err
	}
	if t := k.Open(); t != nil && len(k.Turns) == before {
		due := works.After(t.From, t.Limit)
		if due.Equal(t.Due) {
			return nil
		}
		t.Due = due // leave that was withdrawn or is shorter brings it forward
		return s.save(ctx, tx, a, &k, before-1, "guidance.put_off")
	}
	event := "guidance.moved"
	if k.Open() == nil {
		event = "guidance.returned"
	}
	return s.save(ctx, tx, a, &k, before-1, event)
}

// pass gives the turn that runs to who answers for whoever has it, where he is away or has left: the time that has
// run stays his. A leaver has no place any more: it goes to whom he reported to last, or back to who asked.
func (s *Service) pass(ctx context.Context, tx database.Tx, a org.Actor, k *Kept, works worktime.Schedule) error {
	from := k.Holder()
	to, his, err := s.turnOf(ctx, tx, a, from, k.AskerID, a.Now)
	if a.Structure.Gone(from, a.Today) {
		to, his, err = s.above(ctx, tx, a, *k, from, a.Structure.Members[from].LeftOn.Add(-1), a.Now)
	}
	switch {
	case err != nil || to.MemberID == from:
	case to.MemberID == "":
		k.Return(a.Now, works)
	default:
		k.Move(a.Now, works, to, his)
	}
	return err

}
