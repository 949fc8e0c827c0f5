package org

import (
	"context"

	"yunchou/internal/database"
)

// Setting reads what a company has settled, for who has the permission to see it.
func Setting[T any](ctx context.Context, db *database.DB, a Actor, need Permission,
	read func(ctx context.Context, tx database.Tx, tenant string) (T, error)) (out T, err error) {
	if err := a.Need(need); err != nil {
		return out, err
	}
	err = db.Read(ctx, func(tx database.Tx) error {
		out, err = read(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}
