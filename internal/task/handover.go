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
	ids, err := s.Rows.HandOver(ctx, tx, a.TenantID, on, from, h.ToID)
	for _, id := range ids {
		Task{ID: id, On: []record.Ref{on}}.append(tx, a, "task.handed_over", handedOver{[2]string{from, h.ToID}, h.ID})
	}
	return err
}

// Held lists the open tasks of a member, in other people's deals or in none, where the
// actor writes for him (handover.Takes).
func (s *Service) Held(ctx context.Context, tx database.Tx, a org.Actor, member, after string, limit int) ([]string, error) {
	if !a.Scope(record.Task, org.Write).Allows(member, nil, nil, "") {
		return nil, nil
	}
	return s.Rows.Held(ctx, tx, a.TenantID, member, after, limit)
}

// CountHeld tells how many open tasks some members have.
func (s *Service) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	return s.Rows.CountHeld(ctx, tx, tenant, members)
}

// Transfer makes a promise another member's.
func (s *Service) Transfer(ctx context.Context, tx database.Tx, a org.Actor, id string, h handover.Handover) (string, error) {
	t, err := s.mine(ctx, tx, a, id)
	if err != nil || t.MemberID == h.ToID || t.DoneOn != "" || t.DroppedAt != nil {
		return "", err
	}
	from := t.MemberID
	t.MemberID = h.ToID
	t.Version++
	t.append(tx, a, "task.handed_over", handedOver{[2]string{from, h.ToID}, h.ID})
	return from, s.Rows.Save(ctx, tx, a.TenantID, t)
}
