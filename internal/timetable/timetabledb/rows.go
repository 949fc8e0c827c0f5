// Package timetabledb is the SQL of the timetable.
package timetabledb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/timetable"
)

// Rows implements timetable.Rows.
type Rows struct{}

// Insert adds a row unless one of its kind and key is there.
func (Rows) Insert(ctx context.Context, tx database.Tx, r timetable.Row) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO timetable (tenant_id, id, kind, unique_key, due_at, payload, created_at, created_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (tenant_id, kind, unique_key) DO NOTHING`,
		r.TenantID, r.ID, r.Kind, r.Key, r.Due, string(r.Payload), r.CreatedAt, r.CreatedBy)
	return n > 0, err
}

// clock is the database's, so long from now: processes agree on it, whatever their own say.
func clock(tx database.Tx, ahead time.Duration) string {
	if tx.Dialect() == database.SQLite {
		return fmt.Sprintf("strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now', '+%.3f seconds')", ahead.Seconds())
	}
	return fmt.Sprintf(`to_char((clock_timestamp() + interval '%d milliseconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, ahead.Milliseconds())
}

// free is that nobody works on a row: nobody took it, his lease is over, or it ends later than a lease
// can, by a clock that was put back since.
func free(tx database.Tx, lease time.Duration) string {
	return "(leased_until IS NULL OR leased_until < " + clock(tx, 0) + " OR leased_until > " + clock(tx, 2*lease) + ")"
}

// Due is not bound to one tenant: a process works for all of them.
func (Rows) Due(ctx context.Context, tx database.Tx, kinds []string, l timetable.Lease, limit int) ([]timetable.Row, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT tenant_id, id, kind, unique_key, due_at, payload, progress, attempts, created_at, created_by FROM timetable
		WHERE done_at IS NULL AND due_at <= `+args.Add(database.Time(l.Now))+` AND `+free(tx, l.For)+` AND kind IN `+database.In(args, kinds)+`
		ORDER BY due_at, id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (row timetable.Row, err error) {
		var due, created database.Instant
		var payload, progress string
		err = r.Scan(&row.TenantID, &row.ID, &row.Kind, &row.Key, &due, &payload, &progress, &row.Attempts, &created, &row.CreatedBy)
		row.Due, row.CreatedAt, row.Payload, row.Progress = due.Time, created.Time, json.RawMessage(payload), json.RawMessage(progress)
		return row, err
	})
}

// Fire ends a row that is nobody's and not done.
func (Rows) Fire(ctx context.Context, tx database.Tx, r timetable.Row, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE timetable SET done_at = $3, attempts = attempts + 1, error = ''
		WHERE tenant_id = $1 AND id = $2 AND done_at IS NULL AND due_at <= $3 AND leased_by IS NULL`, r.TenantID, r.ID, database.Time(now))
	return n > 0, err
}

// Postpone has a row that nobody works on be due again.
func (Rows) Postpone(ctx context.Context, tx database.Tx, r timetable.Row, e timetable.End) error {
	_, err := tx.Exec(ctx, `UPDATE timetable SET due_at = $3, attempts = $4, error = $5
		WHERE tenant_id = $1 AND id = $2 AND done_at IS NULL AND leased_by IS NULL`, r.TenantID, r.ID, e.Due, e.Attempts, e.Error)
	return err
}

// Standing counts what is due and who works, of every company.
func (Rows) Standing(ctx context.Context, tx database.Tx, now time.Time) (q timetable.Queue, err error) {
	var oldest database.Instant
	at := clock(tx, 0)
	err = tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE leased_until IS NULL OR leased_until < `+at+`), count(*) FILTER (WHERE leased_until >= `+at+`),
		min(CASE WHEN leased_until IS NULL OR leased_until < `+at+` THEN due_at END)
		FROM timetable WHERE done_at IS NULL AND due_at <= $1`, database.Time(now)).Scan(&q.Waiting, &q.Running, &oldest)
	q.Oldest = oldest.Time
	return q, err
}

// Take leases a row that is nobody's still.
func (Rows) Take(ctx context.Context, tx database.Tx, r timetable.Row, l timetable.Lease) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE timetable SET leased_by = $3, leased_until = `+clock(tx, l.For)+`, attempts = attempts + 1
		WHERE tenant_id = $1 AND id = $2 AND done_at IS NULL AND due_at <= $4 AND `+free(tx, l.For),
		r.TenantID, r.ID, l.By, database.Time(l.Now))
	return n > 0, err
}

// Renew renews the lease of its holder.
func (Rows) Renew(ctx context.Context, tx database.Tx, r timetable.Row, l timetable.Lease) (held, cancelled bool, err error) {
	err = tx.QueryRow(ctx, `UPDATE timetable SET leased_until = `+clock(tx, l.For)+` WHERE tenant_id = $1 AND id = $2 AND leased_by = $3 AND done_at IS NULL
		RETURNING cancel_at IS NOT NULL`, r.TenantID, r.ID, l.By).Scan(&cancelled)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, cancelled, err
}

// SaveProgress keeps how far a row is.
func (Rows) SaveProgress(ctx context.Context, tx database.Tx, r timetable.Row) error {
	_, err := tx.Exec(ctx, `UPDATE timetable SET progress = $3 WHERE tenant_id = $1 AND id = $2`, r.TenantID, r.ID, string(r.Progress))
	return err
}

// End ends the lease of its holder. What was hastened meanwhile stays due.
func (Rows) End(ctx context.Context, tx database.Tx, r timetable.Row, by string, e timetable.End) error {
	_, err := tx.Exec(ctx, `UPDATE timetable SET leased_by = NULL, leased_until = NULL, done_at = $4,
		due_at = CASE WHEN due_at = $8 THEN $5 ELSE due_at END, attempts = $6, error = $7
		WHERE tenant_id = $1 AND id = $2 AND leased_by = $3`, r.TenantID, r.ID, by, e.Done, e.Due, e.Attempts, e.Error, database.Time(r.Due))
	return err
}

// Cancel asks to stop; a row nobody works on is done with.
func (Rows) Cancel(ctx context.Context, tx database.Tx, tenant, kind, key string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE timetable SET cancel_at = $4, done_at = CASE WHEN leased_by IS NULL OR leased_until < `+clock(tx, 0)+` THEN $4 ELSE done_at END
		WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3 AND done_at IS NULL`, tenant, kind, key, database.Time(now))
	return n > 0, err
}

// Hasten has a row be due by an instant: at once again where somebody works on it, who may have passed by what it is for.
func (Rows) Hasten(ctx context.Context, tx database.Tx, tenant, kind, key string, due time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE timetable SET due_at = $4 WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3
		AND (due_at > $4 OR leased_by IS NOT NULL) AND done_at IS NULL`, tenant, kind, key, due)
	return err
}

// Companies are all that do not close.
func (Rows) Companies(ctx context.Context, tx database.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT id FROM tenant WHERE closing_at IS NULL ORDER BY id`)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
