package safekeepdb

import (
	"context"
	"database/sql"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/safekeep"
)

// Erased is who was erased, as the journal says, and which companies were deleted. It asks
// nothing that a database of an older program has not.
func Erased(ctx context.Context, tx database.Tx) ([]safekeep.Erasure, error) {
	query := `SELECT tenant_id, subject_id, recorded_at, payload FROM journal WHERE kind = 'contact.erased'`
	there, err := tombstones(ctx, tx)
	if err != nil {
		return nil, err
	}
	if there {
		query += ` UNION ALL SELECT id, '', deleted_at, '{}' FROM deleted_company`
	}
	rows, err := tx.Query(ctx, query+` ORDER BY 1, 3, 2`)
	return database.All(rows, err, func(r *sql.Rows) (e safekeep.Erasure, err error) {
		var payload string
		if err := r.Scan(&e.Company, &e.Contact, &e.At, &payload); err != nil {
			return e, err
		}
		var said struct {
			Places []struct{ Kind, ID string }
		}
		err = json.Unmarshal([]byte(payload), &said)
		for _, p := range said.Places {
			e.Texts = append(e.Texts, p.Kind+" "+p.ID)
		}
		return e, err
	})
}

// tombstones tells whether the database says which companies were deleted.
func tombstones(ctx context.Context, tx database.Tx) (there bool, err error) {
	query := `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'deleted_company')`
	if tx.Dialect() == database.PostgreSQL {
		query = `SELECT to_regclass('deleted_company') IS NOT NULL`
	}
	return there, tx.QueryRow(ctx, query).Scan(&there)
}

// Still is which of the erased a database still holds: those of a backup made before.
func Still(ctx context.Context, tx database.Tx, list []safekeep.Erasure) (out []safekeep.Erasure, err error) {
	for _, e := range list {
		there := false
		query, args := `SELECT EXISTS (SELECT 1 FROM contact WHERE tenant_id = $1 AND id = $2
			AND (name <> '' OR mobile <> '' OR phone <> '' OR email <> '' OR wechat <> ''))`, []any{e.Company, e.Contact}
		if e.WholeCompany() {
			query, args = `SELECT EXISTS (SELECT 1 FROM tenant WHERE id = $1)`, []any{e.Company}
		}
		if err := tx.QueryRow(ctx, query, args...).Scan(&there); err != nil {
			return nil, err
		}
		if there {
			out = append(out, e)
		}
	}
	return out, nil
}
