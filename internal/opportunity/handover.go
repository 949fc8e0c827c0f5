package opportunity

import (
	"context"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Handover moves open records to another owner. History, stage, clocks and credit
// of what was won stay as they are; open next steps go along.
type Handover struct {
	ID, FromID, ToID, Reason string
	On                       calendar.Date
	CreatedAt                time.Time
	CreatedBy                string
	ConfirmedAt              *time.Time
	Count                    int64
}

// HandOver hands over a selection, or, with from and no ids, every open record of
// a member. It works in chunks; a record that fails stops it with what was done
// before kept. Faults: handover.same_owner, handover.reason_required.
func (s *Service) HandOver(ctx context.Context, a org.Actor, ids []string, from, to, reason string) (h Handover, err error) {
	if err := a.Need(org.OppHandOver); err != nil {
		return h, err
	}
	receiver, ok := a.Structure.Members[to]
	switch {
	case !ok || receiver.LeftOn != "" && receiver.LeftOn <= a.Today:
		return h, fault.Input("/toId", "org.member_unknown", "no such member at work")
	case from == to:
		return h, fault.Input("/toId", "handover.same_owner", "choose another member")
	case strings.TrimSpace(reason) == "":
		return h, fault.Input("/reason", "handover.reason_required", "say why")
	case len(ids) > 500:
		return h, fault.Input("/ids", "input.out_of_range", "at most 500 at a time").With("max", 500)
	}
	h = Handover{ID: record.NewID(a.Now), FromID: from, ToID: to, Reason: text.Fold(reason), On: a.Today, CreatedAt: a.Now, CreatedBy: a.MemberID}
	const chunk = 100
	err = s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.InsertHandover(ctx, tx, a, h) })
	for err == nil {
		n := 0
		err = s.DB.Write(ctx, func(tx database.Tx) error {
			part := ids
			if len(ids) == 0 && from != "" {
				if part, err = s.Rows.OwnedBy(ctx, tx, a.TenantID, from, chunk); err != nil {
					return err
				}
			} else {
				part = ids[:min(chunk, len(ids))]
			}
			if err := s.alone(ctx, tx, a, part); err != nil {
				return err
			}
			for _, id := range part {
				if err := s.transfer(ctx, tx, a, id, h); err != nil {
					return err
				}
			}
			n = len(part)
			return nil
		})
		h.Count += int64(n)
		if len(ids) > 0 {
			ids = ids[min(chunk, len(ids)):]
			if len(ids) == 0 {
				return h, err
			}
		} else if n < chunk {
			return h, err
		}
	}
	return h, err
}

// transfer changes the owner of one record. Shares of an open record that were
// wholly the old owner's follow; shares agreed by hand stay.
func (s *Service) transfer(ctx context.Context, tx database.Tx, a org.Actor, id string, h Handover) error {
	was, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Write), id)
	if err != nil || was.OwnerID == h.ToID {
		return err
	}
	o := was
	o.OwnerID = h.ToID
	o.TeamID, _ = a.Structure.TeamOf(h.ToID, a.Today)
	payload := handedOver{OwnerID: Pair[string]{was.OwnerID, o.OwnerID}, TeamID: Pair[string]{was.TeamID, o.TeamID}, HandoverID: h.ID}
	seq, err := s.save(ctx, tx, a, was, &o, event(id, "handed_over", a.Today, payload))
	if err != nil {
		return err
	}
	owner := record.Ownership{RecordID: id, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today, Seq: seq}
	if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, h.ID); err != nil || o.State != Open {
		return err
	}
	if err := s.announce(ctx, tx, a, o, seq); err != nil {
		return err
	}
	shares, err := s.Rows.Shares(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	if len(shares) == 1 && shares[0].MemberID == was.OwnerID {
		follow := []Share{{MemberID: h.ToID, Kind: shares[0].Kind, BP: shares[0].BP}}
		if err := s.writeShares(ctx, tx, a, id, shares, follow, seq); err != nil {
			return err
		}
	}
	return s.Promises.HandOver(ctx, tx, a, Ref(id), was.OwnerID, h.ToID)
}

// ConfirmHandover is the receiver's word that the records arrived.
func (s *Service) ConfirmHandover(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "handover", ID: id}, Kind: "handover.confirmed", On: a.Today, Payload: map[string]any{}})
		return s.Rows.ConfirmHandover(ctx, tx, a, id)
	})
}
