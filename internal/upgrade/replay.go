package upgrade

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Restorer writes rows of a baseline; upgradedb implements it.
type Restorer interface {
	// Restore writes rows of a table; what a column that is not among them has to hold is
	// filled in.
	Restore(ctx context.Context, tx database.Tx, company, table string, columns []string, rows [][]any) error
	// SetParent gives an account its parent.
	SetParent(ctx context.Context, tx database.Tx, company, account, parent string) error
}

// replaying plays the baseline of one company: the columns its own entry names, and the rows
// that refer to records of the same kind, which wait until all of the kind are there.
type replaying struct {
	rows    Restorer
	columns map[string][]string
	kind    int                            // of the records at hand, by its place
	waiting map[int]map[int64][]waitingRow // by kind and entry
}

type waitingRow struct {
	table string
	row   []any
	// account and parent are of an account, which was written without.
	account, parent string
}

// Replays plays the baseline of a company that was upgraded.
func Replays(rows Restorer) map[string]org.Replay {
	r := &replaying{rows: rows}
	return map[string]org.Replay{"upgrade.baseline": r.begin, "record.baseline": r.record}
}

func (r *replaying) begin(_ context.Context, _ database.Tx, _ org.Actor, e journal.Entry) error {
	var p companyBaseline
	err := json.Unmarshal(e.Payload, &p)
	r.columns, r.kind, r.waiting = p.Columns, 0, map[int]map[int64][]waitingRow{}
	return err
}

// sameKind are tables whose rows refer to another record of the kind.
var sameKind = map[string]bool{"team_parent": true, "delegation": true}

// jobs are kinds of which nothing is given back.
var jobs = map[string]bool{"import": true}

// record writes the rows of one record, its own first.
func (r *replaying) record(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry) error {
	if jobs[e.Subject.Kind] {
		return nil
	}
	at := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Kind == e.Subject.Kind })
	if at < 0 || r.columns == nil {
		return fmt.Errorf("upgrade: a baseline of no known kind, or without the company's own: %s", e.Subject.Kind)
	}
	if err := r.complete(ctx, tx, a, at); err != nil {
		return err
	}
	var state recordBaseline
	d := json.NewDecoder(bytes.NewReader(e.Payload))
	d.UseNumber()
	if err := d.Decode(&state); err != nil {
		return err
	}
	if r.waiting[at] == nil {
		r.waiting[at] = map[int64][]waitingRow{}
	}
	var waits []waitingRow
	for _, p := range Kinds[at].Parts {
		rows := state[p.Table]
		for _, row := range rows {
			if err := numbers(row); err != nil {
				return err
			}
			if sameKind[p.Table] {
				waits = append(waits, waitingRow{table: p.Table, row: row})
			}
		}
		if sameKind[p.Table] {
			continue
		}
		if p.Table == "account" {
			waits = append(waits, r.parentless(e, rows)...)
		}
		if err := r.rows.Restore(ctx, tx, a.TenantID, p.Table, r.columns[p.Table], rows); err != nil {
			return fmt.Errorf("%s: %w", p.Table, err)
		}
	}
	r.waiting[at][e.Seq] = waits
	return nil
}

// parentless takes the parents of accounts out, to be given them later.
func (r *replaying) parentless(e journal.Entry, rows [][]any) (out []waitingRow) {
	at := slices.Index(r.columns["account"], "parent_id")
	for _, row := range rows {
		if parent, ok := row[at].(string); ok {
			row[at] = nil
			out = append(out, waitingRow{account: e.Subject.ID, parent: parent})
		}
	}
	return out
}

// complete writes what waited for all records of the kind before, once one of a later comes.
// What waited is kept, for a transaction that is run again.
func (r *replaying) complete(ctx context.Context, tx database.Tx, a org.Actor, kind int) error {
	before := r.kind
	r.kind = kind
	if kind <= before {
		return nil
	}
	for _, list := range r.waiting[before] {
		for _, w := range list {
			var err error
			if w.account != "" {
				err = r.rows.SetParent(ctx, tx, a.TenantID, w.account, w.parent)
			} else {
				err = r.rows.Restore(ctx, tx, a.TenantID, w.table, r.columns[w.table], [][]any{w.row})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// numbers makes whole numbers of the numbers of a row.
func numbers(row []any) error {
	for i, v := range row {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return err
			}
			row[i] = whole
		}
	}
	return nil
}
