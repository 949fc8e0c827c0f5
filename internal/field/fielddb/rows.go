// Package fielddb is the SQL of company fields.
package fielddb

import (
	"context"
	"database/sql"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/field"
)

// Rows implements field.Rows.
type Rows struct{}

func (Rows) Fields(ctx context.Context, tx database.Tx, tenant, record string) ([]field.Field, error) {
	rows, err := tx.Query(ctx, `SELECT id, record_kind, key, label, type, options, retired_at IS NOT NULL FROM custom_field
		WHERE tenant_id = $1 AND ($2 = '' OR record_kind = $2)
		ORDER BY record_kind, retired_at IS NOT NULL, position, id LIMIT 1000`, tenant, record)
	return database.All(rows, err, func(r *sql.Rows) (f field.Field, err error) {
		var options string
		if err := r.Scan(&f.ID, &f.Record, &f.Key, &f.Label, &f.Type, &options, &f.Retired); err != nil {
			return f, err
		}
		return f, read(options, &f)
	})
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, f field.Field, position int) error {
	options, err := written(f)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO custom_field (tenant_id, id, record_kind, key, label, type, options, position)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, f.ID, f.Record, f.Key, f.Label, string(f.Type), options, position)
	return err
}

// Put writes what a field and its choices are called.
func (Rows) Put(ctx context.Context, tx database.Tx, tenant string, f field.Field) error {
	options, err := written(f)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE custom_field SET label = $3, options = $4 WHERE tenant_id = $1 AND id = $2`,
		tenant, f.ID, f.Label, options)
	return err
}

func (Rows) Place(ctx context.Context, tx database.Tx, tenant, id string, position int) error {
	_, err := tx.Exec(ctx, `UPDATE custom_field SET position = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, position)
	return err
}

// Retire says since when a field is asked for no more; nil, that it is.
func (Rows) Retire(ctx context.Context, tx database.Tx, tenant, id string, at *time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE custom_field SET retired_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, at)
	return err
}

// Held counts the records with a value.
func (Rows) Held(ctx context.Context, tx database.Tx, tenant, id string) (n int64, err error) {
	return n, tx.QueryRow(ctx, `SELECT count(*) FROM custom_value WHERE tenant_id = $1 AND field_id = $2`, tenant, id).Scan(&n)
}

// Tally are the texts held, the most frequent first.
func (Rows) Tally(ctx context.Context, tx database.Tx, tenant, id string) ([]field.Count, error) {
	rows, err := tx.Query(ctx, `SELECT text_value, count(*) FROM custom_value
		WHERE tenant_id = $1 AND field_id = $2 AND text_value IS NOT NULL
		GROUP BY text_value ORDER BY count(*) DESC, text_value LIMIT 5000`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (c field.Count, err error) {
		return c, r.Scan(&c.Value.Text, &c.Records)
	})
}

func (Rows) Values(ctx context.Context, tx database.Tx, tenant string, records []string) (map[string]map[string]field.Value, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT record_id, field_id, text_value, number_value FROM custom_value WHERE tenant_id = `+args.Add(tenant)+
		` AND record_id IN `+database.In(args, records), args.Values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]map[string]field.Value{}
	for rows.Next() {
		var record, id string
		var v field.Value
		if err := rows.Scan(&record, &id, database.Into(&v.Text), &v.Number); err != nil {
			return nil, err
		}
		if out[record] == nil {
			out[record] = map[string]field.Value{}
		}
		out[record][id] = v
	}
	return out, rows.Err()
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, values, clear []field.Stored) error {
	rows := make([][]any, len(values))
	for i, v := range values {
		rows[i] = []any{tenant, v.Record, v.Field, database.Null(v.Value.Text), v.Value.Number}
	}
	err := tx.InsertMany(ctx, "custom_value", "tenant_id, record_id, field_id, text_value, number_value",
		"ON CONFLICT (tenant_id, record_id, field_id) DO UPDATE SET text_value = excluded.text_value, number_value = excluded.number_value", rows)
	if err != nil {
		return err
	}
	for _, c := range clear {
		if _, err := tx.Exec(ctx, `DELETE FROM custom_value WHERE tenant_id = $1 AND record_id = $2 AND field_id = $3`, tenant, c.Record, c.Field); err != nil {
			return err
		}
	}
	return nil
}

// Where compiles a condition into a predicate on the expression of a record's id.
func Where(args *database.Args, tenant, id string, c field.Condition) string {
	match := "cv.number_value = "
	if c.Value.Number != nil {
		match += args.Add(*c.Value.Number)
	} else {
		match = "cv.text_value = " + args.Add(c.Value.Text)
	}
	return "EXISTS (SELECT 1 FROM custom_value cv WHERE cv.tenant_id = " + args.Add(tenant) + " AND cv.record_id = " + id +
		" AND cv.field_id = " + args.Add(c.Field.ID) + " AND " + match + ")"
}
