package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
)

// QualifiedOf goes by the first stay that counts at a stage that is qualified, or behind one; where a process marks none,
// all are.
func (Rows) QualifiedOf(ctx context.Context, tx database.Tx, tenant string, owners []string, since calendar.Date) ([]opportunity.Qualified, error) {
	args := &database.Args{}
	where := `o.tenant_id = ` + args.Add(tenant) + ` AND o.deleted_at IS NULL AND o.owner_id IS NOT NULL AND (o.state = 'open' OR o.closed_on >= ` + args.Add(string(since)) + `)`
	if owners != nil {
		where += ` AND ` + recorddb.OwnedBy(args, "o", owners)
	}
	rows, err := tx.Query(ctx, `SELECT * FROM (SELECT o.id, o.owner_id, COALESCE(o.team_id, ''), COALESCE(o.closed_on, ''),
			`+scopedb.QualifiedOn+` AS qualified_on
		FROM opportunity o WHERE `+where+`) x WHERE qualified_on IS NOT NULL ORDER BY 1`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (q opportunity.Qualified, err error) {
		err = r.Scan(&q.ID, &q.OwnerID, &q.TeamID, &q.ClosedOn, &q.QualifiedOn)
		return q, err
	})
}

func (Rows) StatesOf(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]opportunity.Became, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT o.id, o.state, COALESCE(o.closed_on, '') FROM opportunity o
		WHERE o.tenant_id = `+args.Add(tenant)+` AND o.id IN `+database.In(args, ids)+` AND o.deleted_at IS NULL`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (x opportunity.Became, err error) {
		return x, r.Scan(&x.ID, &x.State, &x.ClosedOn)
	})
}
