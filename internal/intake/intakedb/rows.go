// Package intakedb is the SQL of imports.
package intakedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
)

// Rows implements intake.Rows.
type Rows struct{}

func (Rows) InsertBatch(ctx context.Context, tx database.Tx, tenant string, b intake.Batch, mapping string) error {
	files, err := json.Marshal(b.Files)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO import_batch (tenant_id, id, status, dry_run, files, mapping, created_at, created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, b.ID, b.Status, b.DryRun, string(files), mapping, b.CreatedAt, b.CreatedBy)
	return err
}

func (Rows) SaveBatch(ctx context.Context, tx database.Tx, tenant string, b intake.Batch) error {
	summary, err := json.Marshal(b.Summary)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE import_batch SET status = $3, summary = $4, rows_total = $5, rows_done = $6, error = $7, finished_at = $8 WHERE tenant_id = $1 AND id = $2`,
		tenant, b.ID, b.Status, string(summary), b.RowsTotal, b.RowsDone, b.Error, b.Finished)
	return err
}

func (Rows) Progress(ctx context.Context, tx database.Tx, tenant, id string, done, total int64) (cancelled bool, err error) {
	return cancelled, tx.QueryRow(ctx, `UPDATE import_batch SET rows_done = $3, rows_total = $4 WHERE tenant_id = $1 AND id = $2 RETURNING cancel_at IS NOT NULL`, tenant, id, done, total).Scan(&cancelled)
}

func (Rows) Cancel(ctx context.Context, tx database.Tx, tenant, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET cancel_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, now)
	return err
}

// Abandon is not bound to one tenant: it runs once when a process starts.
func (Rows) Abandon(ctx context.Context, tx database.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET status = 'failed', error = 'import.interrupted', finished_at = $1 WHERE status = 'running'`, now)
	return err
}

const batchColumns = `id, status, dry_run, files, summary, rows_total, rows_done, error, created_at, created_by, finished_at`

func scanBatch(r interface{ Scan(...any) error }) (b intake.Batch, err error) {
	var files, summary string
	var created, finished database.Instant
	if err := r.Scan(&b.ID, &b.Status, &b.DryRun, &files, &summary, &b.RowsTotal, &b.RowsDone, &b.Error, &created, &b.CreatedBy, &finished); err != nil {
		return b, err
	}
	b.CreatedAt, b.Finished = created.Time, finished.Ptr()
	if b.Finished != nil {
		b.Summary = &intake.Summary{}
		err = json.Unmarshal([]byte(summary), b.Summary)
	}
	return b, errors.Join(err, json.Unmarshal([]byte(files), &b.Files))
}

func (Rows) Batch(ctx context.Context, tx database.Tx, tenant, id string) (intake.Batch, error) {
	b, err := scanBatch(tx.QueryRow(ctx, `SELECT `+batchColumns+` FROM import_batch WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return b, fault.New(fault.NotFound, "import.unknown", "no such import")
	}
	return b, err
}

func (Rows) Batches(ctx context.Context, tx database.Tx, tenant string) ([]intake.Batch, error) {
	rows, err := tx.Query(ctx, `SELECT `+batchColumns+` FROM import_batch WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (intake.Batch, error) { return scanBatch(r) })
}

func (Rows) InsertIssues(ctx context.Context, tx database.Tx, tenant, batch string, from int, issues []intake.Issue) error {
	rows := make([][]any, len(issues))
	for i, x := range issues {
		rows[i] = []any{tenant, batch, from + i + 1, x.File, x.Line, x.Field, x.Level, x.Code, x.Detail}
	}
	return tx.InsertMany(ctx, "import_issue", "tenant_id, batch_id, ord, file, line, field, level, code, detail", "", rows)
}

func (Rows) Issues(ctx context.Context, tx database.Tx, tenant, batch string, after, limit int) ([]intake.Issue, error) {
	rows, err := tx.Query(ctx, `SELECT file, line, field, level, code, detail FROM import_issue WHERE tenant_id = $1 AND batch_id = $2 AND ord > $3 ORDER BY ord LIMIT $4`, tenant, batch, after, limit)
	return database.All(rows, err, func(r *sql.Rows) (i intake.Issue, err error) {
		return i, r.Scan(&i.File, &i.Line, &i.Field, &i.Level, &i.Code, &i.Detail)
	})
}

func (Rows) InsertChanges(ctx context.Context, tx database.Tx, tenant, batch string, changes []intake.Change) error {
	rows := make([][]any, len(changes))
	for i, c := range changes {
		rows[i] = []any{tenant, batch, c.Kind, c.ID, c.Created, c.Before, c.Version}
	}
	return tx.InsertMany(ctx, "import_change", "tenant_id, batch_id, record_kind, record_id, created, before, after_version",
		"ON CONFLICT (tenant_id, batch_id, record_kind, record_id) DO UPDATE SET after_version = excluded.after_version", rows)
}

func (Rows) BumpChange(ctx context.Context, tx database.Tx, tenant, batch, kind, id string, version int) error {
	_, err := tx.Exec(ctx, `UPDATE import_change SET after_version = $5 WHERE tenant_id = $1 AND batch_id = $2 AND record_kind = $3 AND record_id = $4`, tenant, batch, kind, id, version)
	return err
}

func (Rows) Changes(ctx context.Context, tx database.Tx, tenant, batch, after string, limit int) ([]intake.Change, error) {
	kind, id, _ := strings.Cut(after, "\x00")
	rows, err := tx.Query(ctx, `SELECT record_kind, record_id, created, before, after_version FROM import_change
		WHERE tenant_id = $1 AND batch_id = $2 AND (record_kind, record_id) > ($3, $4) ORDER BY record_kind, record_id LIMIT $5`, tenant, batch, kind, id, limit)
	return database.All(rows, err, func(r *sql.Rows) (c intake.Change, err error) {
		return c, r.Scan(&c.Kind, &c.ID, &c.Created, &c.Before, &c.Version)
	})
}

func (Rows) SaveMapping(ctx context.Context, tx database.Tx, tenant, id, name, body string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO import_mapping (tenant_id, id, name, body, created_at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (tenant_id, name) DO UPDATE SET body = excluded.body`, tenant, id, name, body, now)
	return err
}

func (Rows) Mappings(ctx context.Context, tx database.Tx, tenant string) ([]intake.Saved, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, body FROM import_mapping WHERE tenant_id = $1 ORDER BY name LIMIT 200`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (s intake.Saved, err error) { return s, r.Scan(&s.ID, &s.Name, &s.YAML) })
}
