package opportunitydb

import (
	"context"

	"yunchou/internal/database"
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
