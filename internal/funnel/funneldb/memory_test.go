package funneldb_test

import (
	"context"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"

	"github.com/google/uuid"
)

// byName reads the columns of these worlds, whose opportunities have names for ids: the
// engine holds ids only, so each gets one made of its name.
type byName struct{ enginedb.Rows }

func (b byName) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	list, err := b.Rows.Page(ctx, tx, tenant, after, limit)
	for i := range list {
		list[i].ID = idOf(list[i].ID)
	}
	return list, err
}

func (b byName) Matching(ctx context.Context, tx database.Tx, q funnel.Query) ([]string, error) {
	list, err := b.Rows.Matching(ctx, tx, q)
	for i := range list {
		list[i] = idOf(list[i])
	}
	return list, err
}

// Accounts are in no list here, and have names for ids too.
func (byName) Accounts(context.Context, database.Tx, string, string, int) ([]engine.AccountRow, error) {
	return nil, nil
}

func (byName) AccountsByID(context.Context, database.Tx, string, []string) ([]engine.AccountRow, error) {
	return nil, nil
}

// Tail says that there were entries: the facts of these worlds are written without any.
func (byName) Tail(context.Context, database.Tx, string) (int64, string, error) {
	return 1 << 40, "", nil
}

func idOf(name string) string {
	var id uuid.UUID
	copy(id[:], name)
	return id.String()
}

// names turns such ids back.
func names(ids []string) {
	for i := range ids {
		if id, err := uuid.Parse(ids[i]); err == nil {
			ids[i] = strings.TrimRight(string(id[:]), "\x00")
		}
	}
}
