package guidance

import (
	"cmp"
	"context"
	"encoding/json"
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
	for _, m := range superiors {
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

// Away is the kind of the timetable's rows for members who go away.
const Away = "guidance.away"

type awayPayload struct {
	MemberID string `json:"memberId"`
}

// atOnce is how many notes one row of the timetable moves.
const atOnce = 200

// GoesAway puts on the timetable that a member goes away at an instant: what he holds then goes to who stands
// in. key is the same whenever the same is said.
func (s *Service) GoesAway(ctx context.Context, tx database.Tx, tenant, member, key string, at time.Time) error {
	raw, _ := json.Marshal(awayPayload{member}) // a string
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
	held, err := s.Rows.HeldBy(ctx, tx, r.TenantID, p.MemberID, atOnce)
	if err != nil || len(held) == 0 {
		return err
	}
	ids := make([]string, len(held))
	for i, k := range held {
		ids[i] = k.ID
	}
	if err := record.Take(ctx, tx, r.TenantID, ids...); err != nil {
		return err
	}
	moved := 0
	for _, id := range ids {
		ok, err := s.moveOne(ctx, tx, a, id, p.MemberID)
		if err != nil {
			return err
		}
		if ok {
			moved++
		}
	}
	if moved == atOnce {
		return s.GoesAway(ctx, tx, r.TenantID, p.MemberID, r.Key+" +", a.Now)
	}
	return nil
}

func (s *Service) moveOne(ctx context.Context, tx database.Tx, a org.Actor, id, from string) (bool, error) {
	k, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	if err != nil || k.Holder() != from {
		return false, err
	}
	works, err := s.worksOf(ctx, tx, a, k)
	if err != nil {
		return false, err
	}
	before := len(k.Turns)
	if err := s.pass(ctx, tx, a, &k, works); err != nil {
		return false, err
	}
	if t := k.Open(); t != nil && len(k.Turns) == before {
		due := works.After(t.From, t.Limit)
		if due.Equal(t.Due) {
			return false, nil
		}
		t.Due = due // leave that was withdrawn or is shorter brings it forward
		return false, s.save(ctx, tx, a, &k, before-1, "guidance.put_off")
	}
	event := "guidance.moved"
	if k.Open() == nil {
		event = "guidance.returned"
	}
	return true, s.save(ctx, tx, a, &k, before-1, event)
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
