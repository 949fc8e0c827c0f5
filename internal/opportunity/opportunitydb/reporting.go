package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
)

// Foreign are the amounts of records in some currencies, in the order of their ids.
func (Rows) Foreign(
	ctx context.Context, tx database.Tx, tenant string, currencies []string, after string, limit int,
) ([]opportunity.Foreign, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT id, amount_minor, currency, reporting_minor FROM opportunity
		WHERE tenant_id = `+args.Add(tenant)+` AND id > `+args.Add(after)+` AND currency IN `+database.In(args, currencies)+`
		ORDER BY id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (f opportunity.Foreign, err error) {
		return f, r.Scan(&f.ID, &f.AmountMinor, &f.Currency, &f.ReportingMinor)
	})
}

// SetReporting writes what records are worth in the company's currency, where their amount
// is still the one that was read.
func (Rows) SetReporting(ctx context.Context, tx database.Tx, tenant string, list []opportunity.Foreign) error {
	for _, f := range list {
		_, err := tx.Exec(ctx, `UPDATE opportunity SET reporting_minor = $3 WHERE tenant_id = $1 AND id = $2
			AND currency = $4 AND amount_minor = $5`, tenant, f.ID, minor(f.ReportingMinor), f.Currency, minor(f.AmountMinor))
		if err != nil {
			return err
		}
	}
	return nil
}
