package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/idempotency"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Nurture (转培育) takes a record that is not for now out of the open ones: it is lost without a decision, and
// comeBack writes down when its customer is to be seen again, in the same write. said is all that was
// asked, by which a request sent twice is known. Faults: those of Move.
func (s *Service) Nurture(ctx context.Context, a org.Actor, id string, r MoveRequest, said any, comeBack func(tx database.Tx, o Opportunity) error) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	return idempotency.Once(ctx, s.Keys, a.By(), r.Key, idempotency.Hash("nurture "+id, said), func(tx database.Tx) (Opportunity, error) {
		o, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), id)
		if err != nil {
			return o, err
		}
		v, err := s.Pipelines.Current(ctx, tx, a.TenantID, o.PipelineID)
		if err != nil {
			return o, err
		}
		closing := r
		closing.To, closing.LossKind = v.OfKind(pipeline.Lost).ID, NoDecision
		if o, err = s.MoveIn(ctx, tx, a, id, closing); err != nil {
			return o, err
		}
		return o, comeBack(tx, o)
	})
}
