package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"yunchou/internal/fault"
)

// Seq is the number of a journal entry, and so the moment a row was written or ended. An
// entry appended in a transaction has its number only when the transaction commits: until
// then its Seq is negative and stands for it, in rows that InsertMany and Later keep back.
type Seq int64

// pending is what a transaction does as its last act before commit.
type pending struct {
	entries  []Entry
	numbered []Seq // by entry appended, as far as they are numbered
	later    []later
	wrote    bool           // a statement changed rows, or may have
	plan     string         // how PostgreSQL plans now; "" as it thinks
	once     map[any]any    // what a snapshot was asked already
	moved    map[string]Seq // by company, the last entry that was numbered
}

// later is a statement, or rows of a table, that wait for numbers.
type later struct {
	query          string
	args           []any
	table, columns string
	suffix         string
	rows           [][]any
}

// Append collects a journal entry and returns what stands for its number. The handle
// numbers and writes all entries of the transaction, and the rows that wait for the
// numbers, as its last act before commit.
func (tx Tx) Append(e Entry) Seq {
	if tx.again != 0 {
		return tx.again
	}
	p := tx.pending
	p.entries = append(p.entries, e)
	return -Seq(len(p.numbered) + len(p.entries))
}

// Newest stands for the number of the last entry this transaction appended, 0 where there is
// none yet.
func (tx Tx) Newest() Seq {
	if tx.again != 0 {
		return tx.again
	}
	return -Seq(len(tx.pending.numbered) + len(tx.pending.entries))
}

// Again runs the writing half of a use case once more, for an entry that is in the journal
// already: what fn appends is that entry, and rows that wait for its number have it when
// Again returns.
func (tx Tx) Again(ctx context.Context, seq Seq, fn func(Tx) error) error {
	if err := tx.flush(ctx); err != nil {
		return err
	}
	tx.pending.numbered = append(tx.pending.numbered, seq)
	again := tx
	again.again = -Seq(len(tx.pending.numbered))
	if err := fn(again); err != nil {
		return err
	}
	return again.flush(ctx)
}

// Later runs a statement once the numbers among its values are known.
func (tx Tx) Later(query string, args ...any) {
	tx.pending.later = append(tx.pending.later, later{query: query, args: args})
}

// waits tells whether rows hold a number that is not known yet.
func waits(rows [][]any) bool {
	for _, row := range rows {
		for _, v := range row {
			if s, ok := v.(Seq); ok && s < 0 {
				return true
			}
		}
	}
	return false
}

// keep keeps rows back until they can be written; rows of one table join those before.
func (p *pending) keep(table, columns, suffix string, rows [][]any) {
	if n := len(p.later); n > 0 {
		if last := &p.later[n-1]; last.table == table && last.columns == columns && last.suffix == suffix {
			last.rows = append(last.rows, rows...)
			return
		}
	}
	p.later = append(p.later, later{table: table, columns: columns, suffix: suffix, rows: slices.Clone(rows)})
}

// Settle writes what waits for numbers where some of it is of one of the tables: whoever
// reads a table in the transaction that wrote it settles first. The company's counter is
// then held until the commit, so this is for work on many records, which locks them first.
func (tx Tx) Settle(ctx context.Context, tables ...string) error {
	for _, l := range tx.pending.later {
		if l.table == "" || slices.Contains(tables, l.table) {
			return tx.flush(ctx)
		}
	}
	return nil
}

// flush is leave for who goes on: what fails is told now, and not to the statement that comes next.
func (tx Tx) flush(ctx context.Context) error {
	if err := tx.leave(ctx); err != nil || tx.conn == nil {
		return err
	}
	return translate(onPostgres(tx.conn, func(c *postgresConn) error { return c.settle(tx.within(ctx)) }))
}

// leave numbers the collected entries under the tenant's counter, inserts them, and
// writes what waited for their numbers: gaps are impossible because number, entry and rows
// commit together. The instant recorded never goes back within a company: it is the later
// of the entries' and the last recorded. On PostgreSQL all but the numbers goes with the commit.
func (tx Tx) leave(ctx context.Context) error {
	p := tx.pending
	first := len(p.numbered)
	p.numbered = append(p.numbered, make([]Seq, len(p.entries))...)
	byTenant := map[string][]int{}
	order := []string{}
	for i, e := range p.entries {
		if byTenant[e.TenantID] == nil {
			order = append(order, e.TenantID)
		}
		byTenant[e.TenantID] = append(byTenant[e.TenantID], i)
	}
	slices.Sort(order) // transactions of several companies take the counters in one order
	for _, tenant := range order {
		if err := tx.number(ctx, tenant, byTenant[tenant], first); err != nil {
			return err
		}
	}
	p.entries = nil
	waiting := p.later
	p.later = nil
	for _, l := range waiting {
		if l.query != "" {
			if err := tx.Soon(ctx, l.query, p.known(l.args)...); err != nil {
				return err
			}
			continue
		}
		for i := range l.rows {
			l.rows[i] = p.known(l.rows[i])
		}
		if err := tx.InsertSoon(ctx, l.table, l.columns, l.suffix, l.rows); err != nil {
			return err
		}
	}
	return nil
}

// number writes one company's entries.
func (tx Tx) number(ctx context.Context, tenant string, which []int, first int) error {
	p := tx.pending
	at := ""
	for _, i := range which {
		at = max(at, Time(p.entries[i].RecordedAt))
	}
	var last int64
	err := tx.QueryRow(ctx, `UPDATE journal_counter SET seq = seq + $1, recorded_at = CASE WHEN recorded_at > $2 THEN recorded_at ELSE $2 END
		WHERE tenant_id = $3 AND closing_at IS NULL RETURNING seq, recorded_at`, len(which), at, tenant).Scan(&last, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return tx.whyNone(ctx, tenant)
	}
	if err != nil {
		return fmt.Errorf("journal counter of tenant %s: %w", tenant, err)
	}
	if p.moved == nil {
		p.moved = map[string]Seq{}
	}
	p.moved[tenant] = Seq(last)
	rows, addresses := make([][]any, len(which)), [][]any{}
	for k, i := range which {
		e := p.entries[i]
		seq := last - int64(len(which)) + int64(k) + 1
		p.numbered[first+i] = Seq(seq)
		rows[k] = []any{e.TenantID, seq, e.ID, at, e.HappenedOn, e.ActorID,
			Null(e.OnBehalfOf), e.Path, e.SubjectKind, e.SubjectID, e.ScopeKind, e.ScopeID, e.Kind, e.Version, e.Payload, e.Audited}
		if e.Audited && e.Address != "" {
			addresses = append(addresses, []any{e.TenantID, seq, e.ID, at, e.Address})
		}
	}
	err = tx.InsertSoon(ctx, "journal", `tenant_id, seq, id, recorded_at, happened_on, actor_id,
		on_behalf_of, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload, audited`, "", rows)
	if err != nil {
		return err
	}
	return tx.InsertSoon(ctx, "entry_address", "tenant_id, seq, id, recorded_at, address", "", addresses)
}

// ErrClosing: the company takes no entry any more, and so nothing is written of it.
var ErrClosing = fault.New(fault.Forbidden, "org.company_closing", "the company is being closed")

// whyNone is why a company's entries have no number.
func (tx Tx) whyNone(ctx context.Context, tenant string) error {
	var closing bool
	err := tx.QueryRow(ctx, `SELECT closing_at IS NOT NULL FROM journal_counter WHERE tenant_id = $1`, tenant).Scan(&closing)
	if closing {
		return ErrClosing
	}
	return fmt.Errorf("journal counter of tenant %s: %w", tenant, err)
}

// Close has a company's journal take no entry from now on, or with the zero time take them
// again. Entries on their way are waited for: what Close's transaction leaves stays.
func (tx Tx) Close(ctx context.Context, tenant string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE journal_counter SET closing_at = $2 WHERE tenant_id = $1`, tenant, Instant{at}.Ptr())
	return err
}

// known puts numbers in the place of what stood for them.
func (p *pending) known(values []any) []any {
	for i, v := range values {
		if s, ok := v.(Seq); ok {
			if s < 0 {
				s = p.numbered[-s-1]
			}
			values[i] = int64(s)
		}
	}
	return values
}
