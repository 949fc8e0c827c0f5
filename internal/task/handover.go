package task

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/handover"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// On lists the open promises on records of one kind (handover.Along); of very many the first:
// one that is changed while it is handed over may have to wait and run again.
func (s *Service) On(ctx context.Context, tx database.Tx, tenant string, on []record.Ref) ([]string, error) {
	const taken = 800
	return s.Rows.On(ctx, tx, tenant, on, taken)
}

// HandOver gives the open promises of a record's old owner to the new one (handover.Along).
func (s *Service) HandOver(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, h handover.Handover, from string) error {
	list, err := s.Rows.HeldOn(ctx, tx, a.TenantID, on, from)
	if err != nil || len(list) == 0 {
		return err
	}
	if list, err = s.withRecords(ctx, tx, a, list); err != nil {
		return err
	}
	for _, t := range list {
		if err := s.handOn(ctx, tx, a, &t, from, h); err != nil {
			return err
		}
	}
	return nil
}

// Held lists the open tasks of a member, those he has a part in or was asked to take, and the last of what comes again for
// him, in other people's deals or in none, where the actor writes for him (handover.Takes).
func (s *Service) Held(ctx context.Context, tx database.Tx, a org.Actor, member, after string, limit int) ([]string, error) {
	if !a.Scope(record.Task, org.Write).Allows(member, nil, nil, "") {
		return nil, nil
	}
	return s.Rows.Held(ctx, tx, a.TenantID, member, after, limit)
}

// CountHeld tells how many tasks some members have to do with.
func (s *Service) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	return s.Rows.CountHeld(ctx, tx, tenant, members)
}

// Transfer makes a promise another member's, or the part somebody has in it, or what he was asked to take.
func (s *Service) Transfer(ctx context.Context, tx database.Tx, a org.Actor, id string, h handover.Handover) (string, error) {
	t, may, err := s.access(ctx, tx, a, id)
	if err != nil {
		return "", err
	}
	from := h.FromID
	if from == "" {
		from = t.MemberID
	}
	if !may && !a.Scope(record.Task, org.Write).Allows(from, nil, nil, "") {
		return "", errNotYours
	}
	if from == h.ToID {
		return "", nil
	}
	return from, s.handOn(ctx, tx, a, &t, from, h)
}

// handOn gives whatever a member has to do with a task to another.
func (s *Service) handOn(ctx context.Context, tx database.Tx, a org.Actor, t *Task, from string, h handover.Handover) error {
	if err := s.passFrom(ctx, tx, a.TenantID, *t, from, h.ToID); err != nil {
		return err
	}
	fact := t.givenOn(from, h.ToID)
	return s.happen(ctx, tx, a, t, step{"task.handed_over", handedOver{[2]string{from, h.ToID}, h.ID}, fact})
}

// givenOn is what a hand-over does to a task: an open one becomes another's, or his part does; what he was asked to take is not
// asked any more.
func (t *Task) givenOn(from, to string) Fact {
	open := t.DoneOn == "" && t.DroppedAt == nil
	if t.MemberID == from && open {
		t.becomes(to)
		return Fact{Kind: FactHanded, MemberID: to}
	}
	if t.OfferedTo == from {
		t.endOffer()
	}
	if i := t.partOf(from); i >= 0 && open && t.Parties[i].DoneOn == "" {
		part := t.Parties[i].Part
		t.Parties[i].Part = Was
		switch at := t.party(to); {
		case to == t.MemberID || at >= 0 && t.Parties[at].Part != Was:
		case at >= 0:
			t.Parties[at].Part = part
		default:
			t.Parties = append(t.Parties, Party{MemberID: to, Part: part})
		}
	}
	return Fact{Kind: FactPartners, MemberID: to}
}
