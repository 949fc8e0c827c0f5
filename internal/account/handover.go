package account

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/handover"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Held lists the accounts of a member that the actor may give away (handover.Takes).
func (k Kind) Held(ctx context.Context, tx database.Tx, a org.Actor, member, after string, limit int) ([]string, error) {
	return k.Rows.Held(ctx, tx, a.TenantID, a.Scope(record.Account, org.Write), member, after, limit)
}

// CountHeld tells how many accounts some members own.
func (k Kind) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	return k.Rows.CountHeld(ctx, tx, tenant, members)
}

// Transfer gives an account to another owner: an interval ends and another begins.
func (k Kind) Transfer(ctx context.Context, tx database.Tx, a org.Actor, id string, h handover.Handover) (string, error) {
	c, err := k.TakeIn(ctx, tx, a, id)
	if err != nil || c.OwnerID == h.ToID {
		return "", err
	}
	was := c
	c.OwnerID = h.ToID
	c.TeamID, _ = a.Structure.TeamOf(h.ToID, a.Today)
	c.Version++
	seq, err := k.save(ctx, tx, a, was, c, accountHandedOver(id, a.Today,
		handedOver{[2]string{was.OwnerID, c.OwnerID}, [2]string{was.TeamID, c.TeamID}, h.ID}))
	if err != nil {
		return "", err
	}
	return was.OwnerID, k.owned(ctx, tx, a, c, a.Today, seq, h.ID)
}

// owned opens the interval of an account's new owner.
func (s *Service) owned(ctx context.Context, tx database.Tx, a org.Actor, c Account, from calendar.Date,
	seq database.Seq, handover string) error {
	owner := record.Ownership{RecordID: c.ID, MemberID: c.OwnerID, TeamID: c.TeamID, From: from, Seq: seq}
	return s.Records.OpenOwnership(ctx, tx, a.TenantID, record.Account, owner, handover)
}
