package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// unrecorded is the payload of opportunity.unrecorded: what was recorded never was.
type unrecorded struct {
	BatchID string   `json:"batchId,omitempty"`
	Voided  []string `json:"voided"` // ids of the stays
}

// Unrecord takes a recorded history back as if it had never been: its stays, values and
// ownerships are ended, its credit is reversed on the days it was given for, its ids in
// other systems are forgotten. A record somebody touched since, that is one of another
// version than it was left at or one that something hangs on, stays as it is: then the
// answer is false. Taken back before, it is so still.
func (s *Service) Unrecord(ctx context.Context, tx database.Tx, a org.Actor, id string, version int) (bool, error) {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil {
		return false, err
	}
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil || len(h.counted) == 0 {
		return err == nil, err
	}
	hanging, err := s.Records.Hanging(ctx, tx, a.TenantID, Ref(id))
	if err != nil || hanging || was.Version != version {
		return false, err
	}
	return true, s.unrecord(ctx, tx, a, was, h)
}

// unrecord writes it.
func (s *Service) unrecord(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history) error {
	id, payload := was.ID, unrecorded{BatchID: was.BatchID}
	for _, st := range h.counted {
		payload.Voided = append(payload.Voided, st.ID)
	}
	seq := journal.Append(tx, a.By(), event(id, "unrecorded", a.Today, payload))
	for _, st := range h.counted {
		s.Rows.VoidStay(tx, a, id, st.Ord, seq)
	}
	s.Values.EndAll(tx, a.TenantID, id, seq)
	if err := s.settle(ctx, tx, a, id, h.never(), seq); err != nil {
		return err
	}
	if err := s.Records.Forget(ctx, tx, a.TenantID, Ref(id)); err != nil {
		return err
	}
	o, now := was, a.Now
	o.Version++
	o.State, o.StageID, o.ProgressOn, o.ClockOn, o.WaitingOn = Withdrawn, "", "", "", "" // nothing goes on with it
	if o.DeletedAt == nil {
		o.DeletedAt = &now
	}
	return s.saveChanged(ctx, tx, a, was, &o)
}

// errUnrecorded refuses to restore what never was.
var errUnrecorded = fault.New(fault.Rule, "opportunity.unrecorded", "its import was undone; import it again")
