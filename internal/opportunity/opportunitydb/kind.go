package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
)

// Names tells the names of those records that are in scope.
func (Rows) Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT o.id, o.name FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+` AND o.id IN `+database.In(args, ids)+
		` AND `+scopedb.Opportunity(args, s), args.Values...)
}

// Held lists a member's open records that are in scope, by id, after one.
func (Rows) Held(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member, after string, limit int) ([]string, error) {
	args := &database.Args{}
	return ids(tx.Query(ctx, `SELECT o.id FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+` AND o.owner_id = `+args.Add(member)+
		` AND o.state = 'open' AND o.deleted_at IS NULL AND o.id > `+args.Add(after)+` AND `+scopedb.Opportunity(args, s)+
		` ORDER BY o.id LIMIT `+args.Add(limit), args.Values...))
}

// CountHeld tells how many open records some members own.
func (Rows) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	args := &database.Args{}
	return recorddb.Counts(ctx, tx, `SELECT o.owner_id, count(*) FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+
		` AND o.owner_id IN `+database.In(args, members)+` AND o.state = 'open' AND o.deleted_at IS NULL GROUP BY o.owner_id`, args.Values...)
}

// CountOpen tells how many open records an account or a team has; the empty one does not ask.
func (Rows) CountOpen(ctx context.Context, tx database.Tx, tenant, account, team string) (n int64, err error) {
	column, id := "account_id", account
	if id == "" {
		column, id = "team_id", team
	}
	return n, tx.QueryRow(ctx, `SELECT count(*) FROM opportunity WHERE tenant_id = $1 AND `+column+` = $2 AND state = 'open' AND deleted_at IS NULL`,
		tenant, id).Scan(&n)
}

// mostClashes is up to how many clashes are told.
const mostClashes = 20

// Clashes are open records of a record's account that somebody else owns, out of a scope.
func (Rows) Clashes(ctx context.Context, tx database.Tx, tenant string, s org.Scope, with opportunity.Opportunity) ([]opportunity.Clash, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT o.id, o.owner_id FROM opportunity o WHERE o.tenant_id = `+args.Add(tenant)+
		` AND o.account_id = `+args.Add(with.AccountID)+` AND o.state = 'open' AND o.deleted_at IS NULL AND o.owner_id <> `+args.Add(with.OwnerID)+
		` AND o.id <> `+args.Add(with.ID)+` AND NOT (`+scopedb.Opportunity(args, s)+`) ORDER BY o.id LIMIT `+args.Add(mostClashes), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (c opportunity.Clash, err error) { return c, r.Scan(&c.ID, &c.OwnerID) })
}

// OpenByStage counts the open records of a pipeline in each stage.
func (Rows) OpenByStage(ctx context.Context, tx database.Tx, tenant, pipeline string) (map[string]int64, error) {
	return recorddb.Counts(ctx, tx, `SELECT stage_id, count(*) FROM opportunity WHERE tenant_id = $1 AND pipeline_id = $2 AND state = 'open'
		AND deleted_at IS NULL AND stage_id IS NOT NULL GROUP BY stage_id`, tenant, pipeline)
}

// AtAccount are the ids of the records at an account, whatever their state; what never was is nowhere.
func (Rows) AtAccount(ctx context.Context, tx database.Tx, tenant, at string, limit int) ([]string, error) {
	return ids(tx.Query(ctx, `SELECT o.id FROM opportunity o WHERE o.tenant_id = $1 AND o.account_id = $2 AND `+recorddb.Owned("o")+
		` ORDER BY o.id LIMIT $3`, tenant, at, limit))
}

// WithContact are the records in which a person has a role, and whether another has one too.
func (Rows) WithContact(ctx context.Context, tx database.Tx, tenant, contact, other string, limit int) ([]account.Cast, error) {
	rows, err := tx.Query(ctx, `SELECT oc.opportunity_id, oc.role, EXISTS (SELECT 1 FROM opportunity_contact x WHERE x.tenant_id = oc.tenant_id
		AND x.opportunity_id = oc.opportunity_id AND x.contact_id = $3)
		FROM opportunity_contact oc WHERE oc.tenant_id = $1 AND oc.contact_id = $2 ORDER BY oc.opportunity_id LIMIT $4`, tenant, contact, other, limit)
	return database.All(rows, err, func(r *sql.Rows) (c account.Cast, err error) { return c, r.Scan(&c.DealID, &c.Role, &c.Had) })
}
