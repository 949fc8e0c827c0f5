package safekeepdb

import (
	"context"
	"database/sql"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/safekeep"
)

// Erased is who was erased, as the journal says. It asks nothing that a database of an older
// program has not.
func Erased(ctx context.Context, tx database.Tx) ([]safekeep.Erasure, error) {
	rows, err := tx.Query(ctx, `SELECT tenant_id, subject_id, recorded_at, payload FROM journal WHERE kind = 'contact.erased' ORDER BY tenant_id, seq`)
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

// Still is which of the erased a database still holds: those of a backup made before.
func Still(ctx context.Context, tx database.Tx, list []safekeep.Erasure) (out []safekeep.Erasure, err error) {
	for _, e := range list {
		var there bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM contact WHERE tenant_id = $1 AND id = $2
			AND (name <> '' OR mobile <> '' OR phone <> '' OR email <> '' OR wechat <> ''))`, e.Company, e.Contact).Scan(&there); err != nil {
			return nil, err
		}
		if there {
			out = append(out, e)
		}
	}
	return out, nil
}
