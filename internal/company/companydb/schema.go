// Package companydb reads and deletes what one company has, of every table there is: it asks the
// database for its tables, so that one that is new is not forgotten.
package companydb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"yunchou/internal/company"
	"yunchou/internal/database"
)

// Rows implements company.Rows.
type Rows struct{}

// reference is a column of a table that refers to a row of another, or of its own.
type reference struct{ table, column, to string }

// Tables implements company.Rows.
func (Rows) Tables(ctx context.Context, tx database.Tx) ([]company.Table, error) {
	query := `SELECT m.name, c.name, lower(c.type), c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid`
	if tx.Dialect() == database.PostgreSQL {
		query = `SELECT CAST(c.relname AS text), CAST(a.attname AS text), format_type(a.atttypid, NULL),
			COALESCE(array_position(CAST(i.indkey AS int2[]), a.attnum) + 1, 0)
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
			WHERE c.relkind = 'r' ORDER BY c.relname, a.attnum`
	}
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []company.Table
	keys := map[string]map[int]string{}
	for rows.Next() {
		var table string
		var c company.Column
		var pk int
		if err := rows.Scan(&table, &c.Name, &c.Type, &pk); err != nil {
			return nil, err
		}
		if n := len(all); n == 0 || all[n-1].Name != table {
			all = append(all, company.Table{Name: table})
			keys[table] = map[int]string{}
		}
		t := &all[len(all)-1]
		t.Columns = append(t.Columns, c)
		if c.Name == "tenant_id" || table == "tenant" && c.Name == "id" {
			t.Whose = c.Name
		}
		if pk > 0 {
			keys[table][pk] = c.Name
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t company.Table) bool { return t.Whose == "" })
	for i, t := range all {
		for pk := 1; pk <= len(keys[t.Name]); pk++ {
			all[i].Key = append(all[i].Key, keys[t.Name][pk])
		}
	}
	return referring(ctx, tx, all)
}

// referring puts tables that refer to others before them.
func referring(ctx context.Context, tx database.Tx, all []company.Table) ([]company.Table, error) {
	query := `SELECT m.name, f."from", f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	if tx.Dialect() == database.PostgreSQL {
		query = `SELECT CAST(r.relname AS text), CAST(a.attname AS text), CAST(o.relname AS text) FROM pg_constraint c
			JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid
			JOIN pg_namespace n ON n.oid = r.relnamespace
			JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
			WHERE c.contype = 'f' AND n.nspname = current_schema()`
	}
	rows, err := tx.Query(ctx, query)
	refs, err := database.All(rows, err, func(r *sql.Rows) (x reference, err error) {
		return x, r.Scan(&x.table, &x.column, &x.to)
	})
	if err != nil {
		return nil, err
	}
	open := map[string][]string{} // by table: those that still refer to it
	for i, t := range all {
		for _, r := range refs {
			switch {
			case r.table == t.Name && r.to == t.Name:
				if r.column != t.Whose {
					all[i].Own = append(all[i].Own, r.column)
				}
			case r.to == t.Name:
				open[t.Name] = append(open[t.Name], r.table)
			}
		}
	}
	var out []company.Table
	done := map[string]bool{}
	for len(out) < len(all) {
		before := len(out)
		for _, t := range all {
			if done[t.Name] || slices.ContainsFunc(open[t.Name], func(by string) bool { return !done[by] }) {
				continue
			}
			done[t.Name] = true
			out = append(out, t)
		}
		if len(out) == before {
			return nil, fmt.Errorf("tables refer to each other in a circle: %d of %d are in order", len(out), len(all))
		}
	}
	return out, nil
}
