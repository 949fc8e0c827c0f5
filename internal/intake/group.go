package intake

import (
	"database/sql"
	"encoding/json"
	"errors"
	"os"

	"yunchou/internal/database"
)

// grouper brings the rows of one key together however far apart they stand in the
// file, on disk, so that there is no ceiling on rows.
type grouper struct {
	path   string
	db     *sql.DB
	tx     *sql.Tx
	insert *sql.Stmt
}

func newGrouper(dir string) (*grouper, error) {
	f, err := os.CreateTemp(dir, "intake-*.db")
	if err != nil {
		return nil, err
	}
	g := &grouper{path: f.Name()}
	f.Close()
	// A scratch file: losing it in a crash costs nothing.
	if g.db, err = sql.Open("sqlite", database.SQLiteURI(g.path)+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"); err != nil {
		return nil, err
	}
	g.db.SetMaxOpenConns(1)
	if _, err := g.db.Exec(`CREATE TABLE line (key text NOT NULL, n integer NOT NULL, body text NOT NULL)`); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if g.tx, err = g.db.Begin(); err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.insert, err = g.tx.Prepare(`INSERT INTO line VALUES (?, ?, ?)`)
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

func (g *grouper) add(key string, n int, cells []string) error {
	body, err := json.Marshal(cells)
	if err != nil {
		return err
	}
	_, err = g.insert.Exec(key, n, string(body))
	return err
}

type groupedRow struct {
	line  int
	cells []string
}

// each calls fn with the rows of each key, keys in the order they first appeared.
func (g *grouper) each(fn func(key string, rows []groupedRow) error) error {
	if err := g.tx.Commit(); err != nil {
		return err
	}
	if _, err := g.db.Exec(`CREATE INDEX line_key ON line (key, n)`); err != nil {
		return err
	}
	rows, err := g.db.Query(`SELECT l.key, l.n, l.body FROM line l JOIN (SELECT key, min(n) AS first FROM line GROUP BY key) k ON k.key = l.key ORDER BY k.first, l.n`)
	if err != nil {
		return err
	}
	defer rows.Close()
	key, group := "", []groupedRow(nil)
	for rows.Next() {
		var k, body string
		var r groupedRow
		if err := rows.Scan(&k, &r.line, &body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &r.cells); err != nil {
			return err
		}
		if k != key && group != nil {
			if err := fn(key, group); err != nil {
				return err
			}
			group = nil
		}
		key, group = k, append(group, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if group != nil {
		return fn(key, group)
	}
	return nil
}

func (g *grouper) close() error { return errors.Join(g.db.Close(), os.Remove(g.path)) }

// Grouped brings the rows together that have the same text in a target, however far apart they
// stand, and hands each group to fn as one row with more. A row without it is an issue.
func (t *Table) Grouped(target string, fn func(*Row) error) error {
	r := t.Run
	g, err := newGrouper(r.opt.Scratch)
	if err != nil {
		return err
	}
	defer g.close()
	rows, refused := r.Sum.Rows, r.Sum.Refused
	progress := r.opt.Progress
	r.opt.Progress = nil
	err = t.Rows(func(x *Row) error {
		k := x.Text(target)
		if k == "" {
			x.Issue("error", target, "input.required", "the row has no id to group by")
			refused++
			return nil
		}
		return g.add(k, x.Line, x.cells)
	})
	r.opt.Progress, r.Sum.Rows, r.Sum.Refused = progress, rows, refused
	for n := range r.notes { // the first pass read each id once; count again below
		if n.File == t.Name() && n.Code != "header_blank" {
			delete(r.notes, n)
		}
	}
	if err != nil {
		return err
	}
	err = g.each(func(_ string, group []groupedRow) error {
		head := &Row{Run: r, Table: t, cells: group[0].cells, Line: group[0].line}
		for _, o := range group[1:] {
			head.More = append(head.More, &Row{Run: r, Table: t, cells: o.cells, Line: o.line})
		}
		return r.one(head, fn)
	})
	if err != nil {
		return err
	}
	return r.Flush()
}
