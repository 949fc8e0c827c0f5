package replaydb

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/replay"
)

// Row is a row that one of two databases has: whose it is, what it is named by, and its
// columns but those that are left out.
type Row struct {
	Company, Name string
	Values        map[string]string
}

// String is the row with all its values, for a test; they may be a person's.
func (r Row) String() string {
	parts := []string{}
	for c, v := range r.Values {
		if v != "" {
			parts = append(parts, c+"="+v)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// Difference is what two databases do not share of a table. Of each at most `most` rows are
// listed; all are counted.
type Difference struct {
	Table          string
	Missing, Extra []Row
	Misses, Extras int // how many
}

// most is how many rows of a difference are listed: enough to see what is wrong.
const most = 1000

// Compare finds the rows of a table that one database has and another has not, but for what is
// left out on purpose (replay.Left). Only a hash of each row is held.
func Compare(ctx context.Context, was, now database.Tx, table string) (Difference, error) {
	d := Difference{Table: table}
	if table == "journal" || replay.Left[table]["*"] != "" {
		return d, nil
	}
	t, err := reading(ctx, was, table)
	if err != nil {
		return d, err
	}
	left := map[hash]int{}
	count := func(by int) func(hash, []string) {
		return func(h hash, _ []string) {
			if left[h] += by; left[h] == 0 {
				delete(left, h)
			}
		}
	}
	if err := t.each(ctx, was, count(1)); err != nil {
		return d, err
	}
	if err := t.each(ctx, now, count(-1)); err != nil || len(left) == 0 {
		return d, err
	}
	// Again, to name those that are left.
	list := func(by int, to *[]Row, n *int) func(hash, []string) {
		return func(h hash, values []string) {
			if left[h]*by <= 0 {
				return
			}
			left[h] -= by
			if *n++; *n <= most {
				*to = append(*to, t.row(values))
			}
		}
	}
	if err := t.each(ctx, was, list(1, &d.Missing, &d.Misses)); err != nil {
		return d, err
	}
	return d, t.each(ctx, now, list(-1, &d.Extra, &d.Extras))
}

type hash = [sha256.Size]byte

// table is how the rows of one are read.
type table struct {
	name          string
	columns, keys []string
	without       map[string][]string // keys of columns that are JSON
}

func reading(ctx context.Context, tx database.Tx, name string) (*table, error) {
	all, err := Columns(ctx, tx, name)
	if err != nil {
		return nil, err
	}
	t := &table{name: name, without: map[string][]string{}}
	for _, c := range all {
		if replay.Left[name][c] == "" {
			t.columns = append(t.columns, c)
		}
	}
	for left := range replay.Left[name] {
		if c, key, of := strings.Cut(left, ":"); of {
			t.without[c] = append(t.without[c], key)
		}
	}
	t.keys, err = keys(ctx, tx, name, t.columns)
	return t, err
}

// each gives the rows that are compared, with a hash of each.
func (t *table) each(ctx context.Context, tx database.Tx, give func(hash, []string)) error {
	query := "SELECT " + strings.Join(t.columns, ", ") + " FROM " + t.name
	if replay.LeftRows[t.name] != "" {
		query += " WHERE NOT (" + leftRows[t.name] + ")"
	}
	line := make([]string, len(t.columns))
	return Each(ctx, tx, query, func(values []any) (err error) {
		for i, v := range values {
			line[i] = Text(v)
			if without := t.without[t.columns[i]]; len(without) > 0 {
				if line[i], err = lessKeys(line[i], without); err != nil {
					return err
				}
			}
		}
		give(sha256.Sum256([]byte(strings.Join(line, "\x00"))), line)
		return nil
	})
}

func (t *table) row(values []string) Row {
	r := Row{Values: map[string]string{}}
	for i, c := range t.columns {
		r.Values[c] = values[i]
	}
	var name []string
	for _, c := range t.keys {
		name = append(name, r.Values[c])
	}
	r.Company, r.Name = r.Values["tenant_id"], strings.Join(name, " ")
	return r
}

// leftRows are the rows replay.LeftRows speaks of.
var leftRows = map[string]string{
	"custom_value": "field_id IN (SELECT f.id FROM custom_field f WHERE f.type = 'text' OR f.record_kind = 'contact')",
	"external_ref": "record_kind = 'contact'",
}
