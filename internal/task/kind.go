package task

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
)

// Talked answers for tasks where records are talked about (kinds.Kind).
type Talked struct {
	*Service
	kinds.NothingHangs
}

// Scope implements kinds.Kind.
func (Talked) Scope(a org.Actor, write bool) (org.Scope, bool) {
	return a.Scope(record.Task, org.Read), !write
}

// Names tells what was promised in those tasks the actor sees; nothing is changed by their talk.
func (k Talked) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	scope, some := k.Scope(a, write)
	if !some {
		return nil, nil
	}
	return k.Rows.Names(ctx, tx, a.TenantID, scope, a.Effective(), k.Kinds.Scopes(a, false), ids)
}

// Whose is whose promise it is (conversation.Whose).
func (k Talked) Whose(ctx context.Context, tx database.Tx, tenant, id string) (string, error) {
	t, err := k.Rows.Get(ctx, tx, tenant, id)
	return t.MemberID, err
}
