package database

import (
	"context"
	"database/sql"
	"fmt"
)

// Verify tells whether a copy of the SQLite database can be relied on: it is whole, and
// every table has as many rows as here. Nobody must write meanwhile.
func (db *DB) Verify(ctx context.Context, copied string) error {
	conn, err := sql.Open("sqlite", SQLiteURI(copied)+"?mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer conn.Close()
	var found string
	if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("the copy %s cannot be read: %w", copied, err)
	}
	if found != "ok" {
		return fmt.Errorf("the copy %s is damaged: %s", copied, found)
	}
	rows, err := db.write.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	tables, err := All(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
	if err != nil {
		return err
	}
	for _, t := range tables {
		var here, there int64
		if err := db.write.QueryRowContext(ctx, `SELECT count(*) FROM "`+t+`"`).Scan(&here); err != nil {
			return err
		}
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM "`+t+`"`).Scan(&there); err != nil {
			return fmt.Errorf("the copy %s has no table %s: %w", copied, t, err)
		}
		if here != there {
			return fmt.Errorf("the copy %s has %d rows of %s, the database %d", copied, there, t, here)
		}
	}
	return nil
}
