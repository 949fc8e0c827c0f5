package opportunity

import (
	"cmp"
	"context"

	"yunchou/internal/database"
	"yunchou/internal/handover"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Held lists the open records of a member that the actor may give away (handover.Takes).
func (k Kind) Held(ctx context.Context, tx database.Tx, a org.Actor, member, after string, limit int) ([]string, error) {
	return k.Rows.Held(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), member, after, limit)
}

// CountHeld tells how many open records some members own.
func (k Kind) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	return k.Rows.CountHeld(ctx, tx, tenant, members)
}

// Transfer changes the owner of one record. Shares of an open record that were wholly the
// old owner's follow; shares agreed by hand stay.
func (k Kind) Transfer(ctx context.Context, tx database.Tx, a org.Actor, id string, h handover.Handover) (string, error) {
	s := k.Service
	was, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Write), id)
	if err != nil || was.OwnerID == h.ToID {
		return "", err
	}
	if owned, err := s.Records.Owned(ctx, tx, a.TenantID, id); err != nil || !owned {
		return "", cmp.Or(err, error(errUnrecorded))
	}
	o := was
	o.OwnerID = h.ToID
	o.TeamID, _ = a.Structure.TeamOf(h.ToID, a.Today)
	return was.OwnerID, k.transfer(ctx, tx, a, was, o, h.ID)
}

// transfer writes a record with its new owner.
func (s *Service) transfer(ctx context.Context, tx database.Tx, a org.Actor, was, o Opportunity, handover string) error {
	payload := handedOver{OwnerID: Pair[string]{was.OwnerID, o.OwnerID}, TeamID: Pair[string]{was.TeamID, o.TeamID}, HandoverID: handover}
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, "handed_over", a.Today, payload))
	if err != nil {
		return err
	}
	s.Records.EndOwnerships(tx, a.TenantID, o.ID, a.Today, seq) // of whose it was
	owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today, Seq: seq}
	if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, handover); err != nil || o.State != Open || o.DeletedAt != nil {
		return err
	}
	if err := s.announce(ctx, tx, a, o, seq); err != nil {
		return err
	}
	shares, err := s.Rows.Shares(ctx, tx, a.TenantID, o.ID)
	if err != nil || len(shares) != 1 || shares[0].MemberID != was.OwnerID {
		return err
	}
	follow := []Share{{MemberID: o.OwnerID, Kind: shares[0].Kind, BP: shares[0].BP}}
	return s.writeShares(ctx, tx, a, o.ID, shares, follow, seq)
}
