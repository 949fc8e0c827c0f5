package account

import (
	"context"

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

// handedOver is the payload of account.handed_over: old and new.
type handedOver struct {
	OwnerID    [2]string `json:"ownerId"`
	TeamID     [2]string `json:"teamId"`
	HandoverID string    `json:"handoverId"`
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
	seq, err := k.save(ctx, tx, a, was, c, c.event("handed_over", a.Today,
		handedOver{[2]string{was.OwnerID, c.OwnerID}, [2]string{was.TeamID, c.TeamID}, h.ID}))
	if err != nil {
		return "", err
	}
	owner := record.Ownership{RecordID: id, MemberID: c.OwnerID, TeamID: c.TeamID, From: a.Today, Seq: seq}
	return was.OwnerID, k.Records.OpenOwnership(ctx, tx, a.TenantID, "account", owner, h.ID)
}
