// Package mergedb is the SQL of merges. It knows whatever table names an account or a person.
package mergedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

// Rows implements merge.Rows.
type Rows struct{}

const columns = `id, kind, kept_id, gone_id, before, made_at, made_by, undone_at`

func scan(r interface{ Scan(...any) error }) (m merge.Merge, err error) {
	var before string
	var made, undone database.Instant
	if err := r.Scan(&m.ID, &m.Kind, &m.KeptID, &m.GoneID, &before, &made, &m.MadeBy, &undone); err != nil {
		return m, err
	}
	m.MadeAt, m.UndoneAt = made.Time, undone.Ptr()
	return m, json.Unmarshal([]byte(before), &m.Before)
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, m merge.Merge) error {
	before, err := json.Marshal(m.Before)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO merging (tenant_id, id, kind, kept_id, gone_id, before, made_at, made_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, m.ID, m.Kind, m.KeptID, m.GoneID, string(before), m.MadeAt, m.MadeBy)
	return err
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string, scopes map[string]org.Scope) (merge.Merge, error) {
	args := &database.Args{}
	w := `m.tenant_id = ` + args.Add(tenant) + ` AND m.id = ` + args.Add(id) + ` AND (
		m.kind = 'account' AND EXISTS (SELECT 1 FROM account a WHERE a.tenant_id = m.tenant_id AND a.id = m.kept_id AND ` + scopedb.Account(args, scopes[record.Account]) + `)
		OR m.kind = 'contact' AND EXISTS (SELECT 1 FROM contact c WHERE c.tenant_id = m.tenant_id AND c.id = m.kept_id AND c.deleted_at IS NULL AND ` +
		scopedb.Contact(args, scopes[record.Contact]) + `))`
	m, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM merging m WHERE `+w, args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		return m, fault.New(fault.NotFound, "merge.unknown", "no such merge")
	}
	return m, err
}

func (Rows) Into(ctx context.Context, tx database.Tx, tenant string, gone record.Ref) (into string, err error) {
	err = tx.QueryRow(ctx, `SELECT kept_id FROM merging WHERE tenant_id = $1 AND kind = $2 AND gone_id = $3 AND undone_at IS NULL`,
		tenant, gone.Kind, gone.ID).Scan(&into)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return into, err
}

// Of lists a hundred at most, far more than anybody merges into one.
func (Rows) Of(ctx context.Context, tx database.Tx, tenant string, kept record.Ref) ([]merge.Merge, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM merging WHERE tenant_id = $1 AND kind = $2 AND kept_id = $3 ORDER BY made_at DESC, id DESC LIMIT 100`,
		tenant, kept.Kind, kept.ID)
	return database.All(rows, err, func(r *sql.Rows) (merge.Merge, error) { return scan(r) })
}

func (Rows) Undo(ctx context.Context, tx database.Tx, tenant, id string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE merging SET undone_at = $3, before = '{}' WHERE tenant_id = $1 AND id = $2`, tenant, id, at)
	return err
}

func (Rows) Blank(ctx context.Context, tx database.Tx, tenant, person string) error {
	for _, column := range []string{"kept_id", "gone_id"} {
		if _, err := tx.Exec(ctx, `UPDATE merging SET before = '{}' WHERE tenant_id = $1 AND kind = 'contact' AND `+column+` = $2`, tenant, person); err != nil {
			return err
		}
	}
	return nil
}
