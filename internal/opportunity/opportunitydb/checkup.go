package opportunitydb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/scopedb"
)

// FirstRecorded is the day a company's first record that is there was written down, "" where none is.
func (Rows) FirstRecorded(ctx context.Context, tx database.Tx, tenant string) (on calendar.Date, err error) {
	err = tx.QueryRow(ctx, `SELECT recorded_on FROM opportunity WHERE tenant_id = $1 AND deleted_at IS NULL AND recorded_on IS NOT NULL
		ORDER BY recorded_on LIMIT 1`, tenant).Scan(database.Into(&on))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return on, err
}

// lacking keeps the open records that want cleaning up.
func lacking(args *database.Args, l opportunity.Lacks) (w []string) {
	if l.NoAmount {
		w = append(w, "o.state = 'open' AND o.amount_minor IS NULL")
	}
	if l.NoPerson {
		w = append(w, `o.state = 'open' AND NOT EXISTS (SELECT 1 FROM opportunity_contact oc
			WHERE oc.tenant_id = o.tenant_id AND oc.opportunity_id = o.id)`)
	}
	if l.NoOwner {
		w = append(w, "o.state = 'open' AND o.owner_id IS NULL")
	}
	if l.Twins { // in the inner query o is the twin, so that the scope is that of whoever asks
		w = append(w, `o.state = 'open' AND EXISTS (SELECT 1 FROM opportunity t WHERE t.tenant_id = o.tenant_id AND t.account_id = o.account_id
			AND t.id <> o.id AND t.state = 'open' AND t.deleted_at IS NULL
			AND (t.name_key = o.name_key OR t.amount_minor = o.amount_minor AND t.currency = o.currency)
			AND EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = t.tenant_id AND o.id = t.id AND `+scopedb.Opportunity(args, l.Among)+`))`)
	}
	return w
}
