package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
)

// Cards reads what a board shows of open records of any scope, by id.
func (Rows) Cards(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]opportunity.Card, error) {
	out := make(map[string]opportunity.Card, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT o.id, o.name, o.account_id, o.pipeline_id, o.stage_id, o.owner_id, o.team_id, o.amount_minor, o.currency,
		o.confidence_bp, o.expected_on, o.created_on, o.entered_on, o.clock_on, o.contact_on, o.waiting_on, o.pushes, o.version,
		o.recorded_on, o.stay_on, o.clock_at_least
		FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+` AND o.id IN `+database.In(args, ids), args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (c opportunity.Card, err error) {
		return c, r.Scan(&c.ID, &c.Name, database.Into(&c.AccountID), &c.PipelineID, database.Into(&c.StageID), database.Into(&c.OwnerID),
			database.Into(&c.TeamID), &c.AmountMinor, &c.Currency, &c.ConfidenceBP, database.Into(&c.ExpectedOn), database.Into(&c.CreatedOn),
			database.Into(&c.EnteredOn), database.Into(&c.ClockOn), database.Into(&c.ContactOn), database.Into(&c.WaitingOn), &c.Pushes, &c.Version,
			database.Into(&c.RecordedOn), database.Into(&c.StayOn), &c.ClockAtLeast)
	})
	for _, c := range list {
		out[c.ID] = c
	}
	return out, err
}
