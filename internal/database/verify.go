package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"yunchou/internal/database/migrations"
)

// ErrDamaged: a SQLite file is not what SQLite wrote.
var ErrDamaged = errors.New("the database is damaged")

// Inspected is what is in a SQLite file that was found to be whole.
type Inspected struct {
	Schema int64
	Rows   map[string]int64 // by table
}

// Inspect looks through a SQLite file that nobody has open and that has no log beside it:
// every page, index and reference is as it should be, and there are so many rows of each
// table. Fault: ErrDamaged.
func Inspect(ctx context.Context, path string) (out Inspected, err error) {
	conn, err := sql.Open("sqlite", SQLiteURI(path)+"?mode=ro&immutable=1&_pragma=query_only(1)&_pragma=cell_size_check(1)")
	if err != nil {
		return out, err
	}
	defer conn.Close()
	out.Schema, err = schemaOf(ctx, conn)
	if err != nil {
		return out, fmt.Errorf("%s: %w: %w", path, ErrDamaged, err)
	}
	if err := whole(ctx, conn); err != nil {
		return out, fmt.Errorf("%s: %w", path, err)
	}
	if out.Rows, err = countRows(ctx, conn); err != nil {
		return out, fmt.Errorf("%s: %w: %w", path, ErrDamaged, err)
	}
	return out, nil
}

// whole is what SQLite can tell: pages, cells, indexes, constraints, references.
func whole(ctx context.Context, conn *sql.DB) error {
	var found string
	if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	rows, err := conn.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer rows.Close()
	if rows.Next() {
		var table, parent string
		var row sql.NullInt64
		var key int64
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		return fmt.Errorf("%w: a row of %s names one of %s that is not there", ErrDamaged, table, parent)
	}
	return rows.Err()
}

func schemaOf(ctx context.Context, conn *sql.DB) (schema int64, err error) {
	err = conn.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&schema)
	return schema, err
}

func countRows(ctx context.Context, conn *sql.DB) (map[string]int64, error) {
	rows, err := conn.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	tables, err := All(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, t := range tables {
		var n int64
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM "`+t+`"`).Scan(&n); err != nil {
			return nil, err
		}
		out[t] = n
	}
	return out, nil
}

// Differs says where a copy has other rows than what it was made of; "" where it has not.
func (i Inspected) Differs(from Inspected) string {
	for t, n := range from.Rows {
		if there, ok := i.Rows[t]; !ok || there != n {
			return fmt.Sprintf("%d rows of %s instead of %d", there, t, n)
		}
	}
	return ""
}

// Verify tells whether a copy of the SQLite database can be relied on: it is whole, and
// every table has as many rows as here. Nobody must write meanwhile.
func (db *DB) Verify(ctx context.Context, copied string) error {
	there, err := Inspect(ctx, copied)
	if err != nil {
		return err
	}
	here, err := countRows(ctx, db.write)
	if err != nil {
		return err
	}
	if d := there.Differs(Inspected{Rows: here}); d != "" {
		return fmt.Errorf("the copy %s has %s", copied, d)
	}
	return nil
}

// Whole tells whether SQLite finds the database as it should be, log and all, while others
// read and write; PostgreSQL sees to that itself. Fault: ErrDamaged.
func (db *DB) Whole(ctx context.Context) error {
	if db.dialect != SQLite {
		return nil
	}
	return whole(ctx, db.read)
}

// Fold takes what is in the log beside a SQLite file into the file, which nobody has open,
// so that it is one file alone.
func Fold(ctx context.Context, path string) error {
	conn, err := sql.Open("sqlite", SQLiteURI(path)+"?mode=rw&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	conn.SetMaxOpenConns(1)
	var mode string
	err = conn.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	if err == nil && mode != "delete" {
		err = fmt.Errorf("its log could not be taken in (%s)", mode)
	}
	if err = errors.Join(err, conn.Close()); err != nil {
		return fmt.Errorf("%s: %w: %w", path, ErrDamaged, err)
	}
	return nil
}

// Schema is the number of this program's schema.
func Schema() int64 {
	files, err := fs.Glob(migrations.SQLite, "sqlite/*.sql")
	if err != nil || len(files) == 0 {
		panic("database: no migrations") // embedded
	}
	last := strings.TrimPrefix(files[len(files)-1], "sqlite/")
	n, err := strconv.ParseInt(last[:4], 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
