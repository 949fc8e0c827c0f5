// Package timetabledb is the SQL of the timetable.
package timetabledb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
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

// Due is not bound to one tenant: a process works for all of them.
func (Rows) Due(ctx context.Context, tx database.Tx, kinds []string, now time.Time, limit int) ([]timetable.Row, error) {
	args := &database.Args{}
	at := args.Add(database.Time(now))
	rows, err := tx.Query(ctx, `SELECT tenant_id, id, kind, unique_key, due_at, payload, progress, attempts, created_at, created_by FROM timetable
		WHERE done_at IS NULL AND due_at <= `+at+` AND (leased_until IS NULL OR leased_until < `+at+`) AND kind IN `+database.In(args, kinds)+`
		ORDER BY due_at, id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (row timetable.Row, err error) {
		var due, created database.Instant
		var payload, progress string
		err = r.Scan(&row.TenantID, &row.ID, &row.Kind, &row.Key, &due, &payload, &progress, &row.Attempts, &created, &row.CreatedBy)
		row.Due, row.CreatedAt, row.Payload, row.Progress = due.Time, created.Time, json.RawMessage(payload), json.RawMessage(progress)
		return row, err
	})
}

// Standing counts what is due and who works, of every company.
func (Rows) Standing(ctx context.Context, tx database.Tx, now time.Time) (q timetable.Queue, err error) {
	var oldest database.Instant
	err = tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE leased_until IS NULL OR leased_until < $1), count(*) FILTER (WHERE leased_until >= $1),
		min(CASE WHEN leased_until IS NULL OR leased_until < $1 THEN due_at END)
		FROM timetable WHERE done_at IS NULL AND due_at <= $1`, database.Time(now)).Scan(&q.Waiting, &q.Running, &oldest)
	q.Oldest = oldest.Time
	return q, err
}

// Take leases a row that is nobody's still.
func (Rows) Take(ctx context.Context, tx database.Tx, r timetable.Row, l timetable.Lease) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE timetable SET leased_by = $3, leased_until = $4, attempts = attempts + 1
		WHERE tenant_id = $1 AND id = $2 AND done_at IS NULL AND due_at <= $5 AND (leased_until IS NULL OR leased_until < $5)`,
		r.TenantID, r.ID, l.By, database.Time(l.Until), database.Time(l.Now))
	return n > 0, err
}

// Renew renews the lease of its holder.
func (Rows) Renew(ctx context.Context, tx database.Tx, r timetable.Row, l timetable.Lease) (held, cancelled bool, err error) {
	err = tx.QueryRow(ctx, `UPDATE timetable SET leased_until = $4 WHERE tenant_id = $1 AND id = $2 AND leased_by = $3 AND done_at IS NULL
		RETURNING cancel_at IS NOT NULL`, r.TenantID, r.ID, l.By, database.Time(l.Until)).Scan(&cancelled)
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

// End ends the lease of its holder.
func (Rows) End(ctx context.Context, tx database.Tx, r timetable.Row, by string, e timetable.End) error {
	_, err := tx.Exec(ctx, `UPDATE timetable SET leased_by = NULL, leased_until = NULL, done_at = $4, due_at = $5, attempts = $6, error = $7
		WHERE tenant_id = $1 AND id = $2 AND leased_by = $3`, r.TenantID, r.ID, by, e.Done, e.Due, e.Attempts, e.Error)
	return err
}

// Cancel asks to stop; a row nobody works on is done with.
func (Rows) Cancel(ctx context.Context, tx database.Tx, tenant, kind, key string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE timetable SET cancel_at = $4, done_at = CASE WHEN leased_by IS NULL OR leased_until < $4 THEN $4 ELSE done_at END
		WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3 AND done_at IS NULL`, tenant, kind, key, database.Time(now))
	return n > 0, err
}

// Companies are all that do not close.
func (Rows) Companies(ctx context.Context, tx database.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT id FROM tenant WHERE closing_at IS NULL ORDER BY id`)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
