package opportunity

import (
	"context"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// unrecorded is the payload of opportunity.unrecorded: what was recorded never was.
type unrecorded struct {
	BatchID string   `json:"batchId,omitempty"`
	Voided  []string `json:"voided"` // ids of the stays
}

// Unrecord takes a recorded history back as if it had never been: its stays, values and
// ownerships are ended, its credit is reversed on the days it was given for, its ids in
// other systems are forgotten. A record somebody touched since, or one that something hangs
// on, stays as it is: then the answer is false. Taken back before, it is so still.
func (s *Service) Unrecord(ctx context.Context, tx database.Tx, a org.Actor, left record.Left) (bool, error) {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, left.ID)
	if err != nil {
		return false, err
	}
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil || len(h.counted) == 0 {
		return err == nil, err
	}
	hanging, err := s.Records.Hanging(ctx, tx, a.TenantID, Ref(left.ID))
	if err != nil || hanging {
		return false, err
	}
	if touched, err := s.touched(ctx, tx, a, was, left); err != nil || touched {
		return false, err
	}
	return true, s.unrecord(ctx, tx, a, was, h)
}

// touched tells whether a person did something to a record since an import left it. That its
// owner changed teams and it went along, or that its pipeline has a new version, is nobody's
// doing.
func (s *Service) touched(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, left record.Left) (bool, error) {
	left.Found = was.Version
	return journal.Touched(ctx, tx, a.TenantID, left, func(e journal.Entry) bool {
		switch e.Kind {
		case "opportunity.taken_over":
			return true
		case "opportunity.moved":
			var p struct{ Move pipeline.Move }
			return json.Unmarshal(e.Payload, &p) == nil && p.Move == pipeline.Remap
		case "opportunity.team_moved":
			var p struct{ With bool }
			return json.Unmarshal(e.Payload, &p) == nil && p.With
		}
		return false
	})
}

// unrecord writes it.
func (s *Service) unrecord(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history) error {
	id, payload := was.ID, unrecorded{BatchID: was.BatchID}
	for _, st := range h.counted {
		payload.Voided = append(payload.Voided, st.ID)
	}
	seq := journal.Append(tx, a.By(), event(id, "unrecorded", a.Today, payload))
	for _, st := range h.counted {
		s.Rows.VoidStay(tx, a, id, Void{Ord: st.Ord, Seq: seq})
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
	o.State, o.StageID = Withdrawn, "" // nothing goes on with it
	progress{}.tell(&o)
	if o.DeletedAt == nil {
		o.DeletedAt = &now
	}
	return s.saveChanged(ctx, tx, a, was, &o)
}

// errUnrecorded refuses to restore what never was.
var errUnrecorded = fault.New(fault.Rule, "opportunity.unrecorded", "its import was undone; import it again")
