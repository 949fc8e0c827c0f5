// Package replaydb reads whole tables, to compare what a journal gave back with what it was
// written beside, and copies a journal. It knows no table by name but the journal.
package replaydb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/replay"
)

// Tables are the tables of a database that hold what companies have.
func Tables(ctx context.Context, tx database.Tx) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`
	if tx.Dialect() == database.PostgreSQL {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`
	}
	all, err := texts(ctx, tx, query)
	return slices.DeleteFunc(all, func(name string) bool {
		return strings.HasPrefix(name, "goose") || strings.HasPrefix(name, "schema")
	}), err
}

// Companies are the companies a journal has entries of.
func Companies(ctx context.Context, tx database.Tx) ([]string, error) {
	return texts(ctx, tx, `SELECT DISTINCT tenant_id FROM journal ORDER BY tenant_id`)
}

// Columns are the columns of a table, by name.
func Columns(ctx context.Context, tx database.Tx, table string) ([]string, error) {
	rows, err := tx.Query(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out, err := rows.Columns()
	slices.Sort(out)
	return out, err
}

// keys are the columns a row is named by, without the company: those of the primary key, or
// where that means nothing to anybody, all that are ids.
func keys(ctx context.Context, tx database.Tx, table string, columns []string) ([]string, error) {
	query := `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`
	if tx.Dialect() == database.PostgreSQL {
		query = `SELECT k.column_name FROM information_schema.table_constraints c
			JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema AND k.table_name = c.table_name
				AND k.constraint_name = c.constraint_name
			WHERE c.table_schema = current_schema() AND c.table_name = $1 AND c.constraint_type = 'PRIMARY KEY'
			ORDER BY k.ordinal_position`
	}
	primary, err := texts(ctx, tx, query, table)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(primary, func(c string) bool { return replay.Left[table][c] != "" }) {
		primary = slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return !strings.HasSuffix(c, "_id") })
	}
	if len(primary) > 1 {
		primary = slices.DeleteFunc(primary, func(c string) bool { return c == "tenant_id" })
	}
	return primary, nil
}

func texts(ctx context.Context, tx database.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, args...)
	return database.All(rows, err, func(r *sql.Rows) (s string, err error) {
		err = r.Scan(&s)
		return s, err
	})
}

// Each gives every row of a query as it is; the values are only good until the next.
func Each(ctx context.Context, tx database.Tx, query string, give func(values []any) error) error {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
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

// Text is a value as both engines write it; nothing is "".
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	case bool:
		if v {
			return "1"
		}
		return "0"
	default:
		return fmt.Sprint(v)
	}
}

// lessKeys is JSON without some keys, wherever they are in it.
func lessKeys(raw string, without []string) (string, error) {
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		return "", err
	}
	dropKeys(v, without)
	out, err := json.Marshal(v)
	return string(out), err
}

func dropKeys(v any, without []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range without {
			delete(v, k)
		}
		for _, inner := range v {
			dropKeys(inner, without)
		}
	case []any:
		for _, inner := range v {
			dropKeys(inner, without)
		}
	}
}
