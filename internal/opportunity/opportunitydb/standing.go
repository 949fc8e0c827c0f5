package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// Standings count what some filters hold, by owner; the worth is that of the first.
func (Rows) Standings(
	ctx context.Context, tx database.Tx, tenant string, s org.Scope, matters []opportunity.Filter,
) (map[string]opportunity.Standing, error) {
	out := map[string]opportunity.Standing{}
	for k, f := range matters {
		if err := tx.PlanAnew(ctx); err != nil {
			return nil, err
		}
		args := &database.Args{}
		rows, err := tx.Query(ctx, `SELECT o.owner_id, count(*) FROM opportunity o WHERE `+Where(args, tenant, s, f)+` GROUP BY o.owner_id`, args.Values...)
		_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var owner string
			var n int64
			err = r.Scan(database.Into(&owner), &n)
			st := out[owner]
			*st.Counts()[k] = n
			out[owner] = st
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT o.owner_id, o.reporting_minor FROM opportunity o WHERE `+Where(args, tenant, s, matters[0]), args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var owner string
		var worth *int64
		err = r.Scan(database.Into(&owner), &worth)
		st := out[owner]
		st.Worth.Add(worth, false)
		out[owner] = st
		return none, err
	})
	return out, err
}
