// Package readerdb is the SQL of the readers' places.
package readerdb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/reader"
)

// Rows implements reader.Rows.
type Rows struct{}

const columns = `r.tenant_id, r.name, r.seq, r.entry_id, r.holder, r.turn, r.attempts`

// Places lists the places of readers in a company.
func (Rows) Places(ctx context.Context, tx database.Tx, tenant string, readers []string) ([]reader.Place, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM reader r WHERE r.tenant_id = `+args.Add(tenant)+` AND r.name IN `+database.In(args, readers),
		args.Values...)
	return database.All(rows, err, scan)
}

func scan(r *sql.Rows) (p reader.Place, err error) {
	return p, r.Scan(&p.TenantID, &p.Reader, &p.Seq, &p.EntryID, &p.Holder, &p.Turn, &p.Attempts)
}

// Behind is not bound to one company: a process works for all of them.
func (Rows) Behind(ctx context.Context, tx database.Tx, readers []string, after reader.Place, limit int) ([]reader.Place, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT c.tenant_id, n.name, COALESCE(r.seq, 0), COALESCE(r.entry_id, ''), COALESCE(r.holder, ''),
			COALESCE(r.turn, -1), COALESCE(r.attempts, 0)
		FROM journal_counter c CROSS JOIN (`+named(args, readers)+`) n LEFT JOIN reader r ON r.tenant_id = c.tenant_id AND r.name = n.name
		WHERE c.closing_at IS NULL AND (r.seq IS NULL OR r.seq <> c.seq)
			AND (c.tenant_id, n.name) > (`+args.Add(after.TenantID)+`, `+args.Add(after.Reader)+`)
		ORDER BY c.tenant_id, n.name LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, scan)
}

// named is a table of readers' names.
func named(args *database.Args, readers []string) (table string) {
	for i, name := range readers {
		if i > 0 {
			table += " UNION ALL "
		}
		table += "SELECT CAST(" + args.Add(name) + " AS text) AS name"
	}
	return table
}

// Heads reads every company's counter.
func (Rows) Heads(ctx context.Context, tx database.Tx) (map[string]int64, error) {
	out := map[string]int64{}
	rows, err := tx.Query(ctx, `SELECT tenant_id, seq FROM journal_counter WHERE closing_at IS NULL`)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var tenant string
		var seq int64
		err = r.Scan(&tenant, &seq)
		out[tenant] = seq
		return none, err
	})
	return out, err
}

// Insert makes a place unless it is there.
func (Rows) Insert(ctx context.Context, tx database.Tx, p reader.Place) error {
	_, err := tx.Exec(ctx, `INSERT INTO reader (tenant_id, name, seq, entry_id)
		SELECT c.tenant_id, $2, $3, $4 FROM journal_counter c WHERE c.tenant_id = $1 AND c.closing_at IS NULL
		ON CONFLICT (tenant_id, name) DO NOTHING`, p.TenantID, p.Reader, p.Seq, p.EntryID)
	return err
}

// Take gives a place to another holder.
func (Rows) Take(ctx context.Context, tx database.Tx, p reader.Place, holder string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE reader SET holder = $5, turn = turn + 1 WHERE tenant_id = $1 AND name = $2 AND turn = $3 AND holder = $4`,
		p.TenantID, p.Reader, p.Turn, p.Holder, holder)
	return n > 0, err
}

const held = ` WHERE tenant_id = $1 AND name = $2 AND turn = $3 AND holder = $4`

// Move moves the place of its holder on to an entry.
func (Rows) Move(ctx context.Context, tx database.Tx, p reader.Place, seq int64, entryID string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE reader SET seq = $5, entry_id = $6, turn = turn + 1, attempts = 0, failing_seq = 0, failing_since = NULL, error = ''`+held+`
		AND EXISTS (SELECT 1 FROM journal j WHERE j.tenant_id = $1 AND j.seq = $5 AND j.id = $6)`, p.TenantID, p.Reader, p.Turn, p.Holder, seq, entryID)
	return n > 0, err
}

// Reset puts the place of its holder elsewhere.
func (Rows) Reset(ctx context.Context, tx database.Tx, p reader.Place, seq int64, entryID string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE reader SET seq = $5, entry_id = $6, turn = turn + 1, attempts = 0, failing_seq = 0, failing_since = NULL, error = ''`+held,
		p.TenantID, p.Reader, p.Turn, p.Holder, seq, entryID)
	return n > 0, err
}

// Fail notes that the next entry could not be applied, since when, and how often.
func (Rows) Fail(ctx context.Context, tx database.Tx, p reader.Place, f reader.Failure) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE reader SET turn = turn + 1, attempts = attempts + 1, failing_seq = $5, error = $6,
			failing_since = CASE WHEN failing_seq = $5 THEN failing_since ELSE $7 END`+held,
		p.TenantID, p.Reader, p.Turn, p.Holder, f.Seq, f.Code, f.Since)
	return n > 0, err
}

// Release has a place be nobody's.
func (Rows) Release(ctx context.Context, tx database.Tx, p reader.Place) error {
	_, err := tx.Exec(ctx, `UPDATE reader SET holder = '', turn = turn + 1`+held, p.TenantID, p.Reader, p.Turn, p.Holder)
	return err
}

// Lags tells how far each reader is behind, over all companies; the oldest entry is looked up only
// where there is one.
func (Rows) Lags(ctx context.Context, tx database.Tx, readers []string) ([]reader.Lag, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT n.name, CAST(COALESCE(sum(CASE WHEN r.seq < c.seq THEN 1 ELSE 0 END), 0) AS bigint),
			CAST(COALESCE(sum(CASE WHEN r.seq < c.seq THEN c.seq - r.seq END), 0) AS bigint), CAST(COALESCE(sum(CASE WHEN r.attempts > 0 THEN 1 ELSE 0 END), 0) AS bigint),
			min(CASE WHEN r.seq < c.seq THEN (SELECT j.recorded_at FROM journal j WHERE j.tenant_id = r.tenant_id AND j.seq = r.seq + 1) END)
		FROM (`+named(args, readers)+`) n LEFT JOIN reader r ON r.name = n.name
			LEFT JOIN journal_counter c ON c.tenant_id = r.tenant_id AND c.closing_at IS NULL
		GROUP BY n.name ORDER BY n.name`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (l reader.Lag, err error) {
		var oldest database.Instant
		err = r.Scan(&l.Reader, &l.Companies, &l.Entries, &l.Failing, &oldest)
		l.Oldest = oldest.Time
		return l, err
	})
}

var _ reader.Rows = Rows{}
