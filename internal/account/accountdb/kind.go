package accountdb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
)

// Names tells the names of those accounts that are in scope.
func (Rows) Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT a.id, a.name FROM account a WHERE a.tenant_id = `+args.Add(tenant)+` AND a.id IN `+database.In(args, ids)+
		` AND `+scopedb.Account(args, s), args.Values...)
}

// ContactNames tells the names of those people that are in scope.
func (Rows) ContactNames(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT c.id, c.name FROM contact c WHERE c.tenant_id = `+args.Add(tenant)+` AND c.deleted_at IS NULL AND c.id IN `+database.In(args, ids)+
		` AND `+scopedb.Contact(args, s), args.Values...)
}

// Held lists a member's accounts that are in scope, by id, after one.
func (Rows) Held(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member, after string, limit int) ([]string, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT a.id FROM account a WHERE a.tenant_id = `+args.Add(tenant)+` AND a.owner_id = `+args.Add(member)+
		` AND a.deleted_at IS NULL AND a.id > `+args.Add(after)+` AND `+scopedb.Account(args, s)+` ORDER BY a.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// CountHeld tells how many accounts some members own.
func (Rows) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	args := &database.Args{}
	return recorddb.Counts(ctx, tx, `SELECT a.owner_id, count(*) FROM account a WHERE a.tenant_id = `+args.Add(tenant)+
		` AND a.owner_id IN `+database.In(args, members)+` AND a.deleted_at IS NULL GROUP BY a.owner_id`, args.Values...)
}
