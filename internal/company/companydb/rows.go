package companydb

import (
	"context"
	"database/sql"
	"encoding/base64"
	"strings"
	"time"

	"yunchou/internal/company"
	"yunchou/internal/database"
)

// named is a column as it stands in a statement: "position" and "key" mean something to SQL.
func named(column string) string { return `"` + column + `"` }

func list(columns []string) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = named(c)
	}
	return strings.Join(out, ", ")
}

func whole(t company.Table) (columns []string) {
	for _, c := range t.Columns {
		columns = append(columns, c.Name)
	}
	return columns
}

// Each implements company.Rows.
func (Rows) Each(ctx context.Context, tx database.Tx, t company.Table, tenant string, give func(values []any) error) error {
	columns := whole(t)
	query := `SELECT ` + list(columns) + ` FROM ` + t.Name + ` WHERE ` + t.Whose + ` = $1`
	if len(t.Key) > 0 {
		query += ` ORDER BY ` + list(t.Key)
	}
	rows, err := tx.Query(ctx, query, tenant)
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := give(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Contents implements company.Rows.
func (Rows) Contents(ctx context.Context, tx database.Tx, tenant string, give func(hash string, chunk []byte) error) error {
	rows, err := tx.Query(ctx, `SELECT hash, body FROM file_chunk WHERE tenant_id = $1 ORDER BY hash, ord`, tenant)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash, body string
		if err := rows.Scan(&hash, &body); err != nil {
			return err
		}
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return err
		}
		if err := give(hash, raw); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Size implements company.Rows.
func (Rows) Size(ctx context.Context, tx database.Tx, t company.Table, tenant string) (rows, bytes int64, err error) {
	size := "octet_length(CAST(%s AS text))"
	if tx.Dialect() == database.SQLite {
		size = "length(CAST(%s AS blob))"
	}
	var sum []string
	for _, c := range whole(t) {
		sum = append(sum, "COALESCE("+strings.ReplaceAll(size, "%s", named(c))+", 0)")
	}
	err = tx.QueryRow(ctx, `SELECT count(*), CAST(COALESCE(sum(`+strings.Join(sum, " + ")+`), 0) AS bigint) FROM `+t.Name+` WHERE `+t.Whose+` = $1`,
		tenant).Scan(&rows, &bytes)
	return rows, bytes, err
}

// Count implements company.Rows.
func (Rows) Count(ctx context.Context, tx database.Tx, t company.Table, tenant string) (rows int64, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM `+t.Name+` WHERE `+t.Whose+` = $1`, tenant).Scan(&rows)
	return rows, err
}

// List implements company.Rows: all but records and bytes.
func (Rows) List(ctx context.Context, tx database.Tx) ([]company.About, error) {
	rows, err := tx.Query(ctx, `SELECT t.id, t.name, CASE WHEN d.id IS NOT NULL THEN 'deleting' WHEN t.closing_at IS NOT NULL THEN 'closing' ELSE 'open' END,
		(SELECT count(*) FROM login l WHERE l.tenant_id = t.id),
		(SELECT count(*) FROM session s WHERE s.tenant_id = t.id AND s.revoked_at IS NULL),
		(SELECT j.recorded_at FROM journal j WHERE j.tenant_id = t.id ORDER BY j.seq DESC LIMIT 1),
		(SELECT max(s.seen_at) FROM session s WHERE s.tenant_id = t.id)
		FROM tenant t LEFT JOIN deleted_company d ON d.id = t.id ORDER BY t.created_at, t.id`)
	return database.All(rows, err, func(r *sql.Rows) (c company.About, err error) {
		var wrote, seen database.Instant
		err = r.Scan(&c.ID, &c.Name, &c.State, &c.Members, &c.Sessions, &wrote, &seen)
		if c.Active = wrote.Ptr(); seen.After(wrote.Time) {
			c.Active = seen.Ptr()
		}
		return c, err
	})
}

// Journal implements company.Rows.
func (Rows) Journal(ctx context.Context, tx database.Tx, tenant string) (seq int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(max(seq), 0) FROM journal WHERE tenant_id = $1`, tenant).Scan(&seq)
	return seq, err
}

// SetClosing implements company.Rows. Sessions end with it.
func (Rows) SetClosing(ctx context.Context, tx database.Tx, tenant string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE tenant SET closing_at = $2 WHERE id = $1`, tenant, database.Instant{Time: at}.Ptr())
	if err != nil || n == 0 || at.IsZero() {
		return n > 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE session SET revoked_at = $2 WHERE tenant_id = $1 AND revoked_at IS NULL`, tenant, at)
	return true, err
}

// Bury implements company.Rows.
func (Rows) Bury(ctx context.Context, tx database.Tx, tenant string, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO deleted_company (id, deleted_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET cleared_at = NULL`, tenant, at)
	return err
}

// Buried implements company.Rows.
func (Rows) Buried(ctx context.Context, tx database.Tx) ([]company.Tombstone, error) {
	rows, err := tx.Query(ctx, `SELECT d.id, d.deleted_at, t.id IS NOT NULL, d.cleared_at IS NOT NULL
		FROM deleted_company d LEFT JOIN tenant t ON t.id = d.id ORDER BY d.deleted_at, d.id`)
	return database.All(rows, err, func(r *sql.Rows) (b company.Tombstone, err error) {
		var at database.Instant
		err = r.Scan(&b.ID, &at, &b.Left, &b.Cleared)
		b.At = at.Time
		return b, err
	})
}

// Cleared implements company.Rows: of those that were gone before an instant.
func (Rows) Cleared(ctx context.Context, tx database.Tx, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE deleted_company SET cleared_at = $1 WHERE cleared_at IS NULL AND deleted_at <= $1
		AND NOT EXISTS (SELECT 1 FROM tenant t WHERE t.id = deleted_company.id)`, at)
	return err
}

// some names at most so many of a company's rows that are so.
func some(t company.Table, so string) string {
	key := list(t.Key)
	return `(` + key + `) IN (SELECT ` + key + ` FROM ` + t.Name + ` WHERE ` + t.Whose + ` = $1` + so + ` LIMIT $2)`
}

// Loosen implements company.Rows.
func (Rows) Loosen(ctx context.Context, tx database.Tx, t company.Table, tenant string, most int) (int64, error) {
	var set, there []string
	for _, c := range t.Own {
		set, there = append(set, named(c)+" = NULL"), append(there, named(c)+" IS NOT NULL")
	}
	if err := tx.Seek(ctx); err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `UPDATE `+t.Name+` SET `+strings.Join(set, ", ")+` WHERE `+some(t, " AND ("+strings.Join(there, " OR ")+")"), tenant, most)
}

// Delete implements company.Rows.
func (Rows) Delete(ctx context.Context, tx database.Tx, t company.Table, tenant string, most int) (int64, error) {
	if err := tx.Seek(ctx); err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `DELETE FROM `+t.Name+` WHERE `+some(t, ""), tenant, most)
}
