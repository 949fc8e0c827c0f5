package accountdb

import (
	"context"

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
