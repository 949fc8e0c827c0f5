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
	"yunchou/internal/text"
)

// Rows implements intake.Rows.
type Rows struct{}

func (Rows) InsertBatch(ctx context.Context, tx database.Tx, tenant string, b intake.Batch, mapping string, l intake.Lease) error {
	files, err := json.Marshal(b.Files)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO import_batch (tenant_id, id, status, dry_run, files, mapping, created_at, created_by, leased_by, leased_until)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, tenant, b.ID, b.Status, b.DryRun, string(files), mapping, b.CreatedAt, b.CreatedBy, l.By, l.Until)
	return err
}

func (Rows) SaveBatch(ctx context.Context, tx database.Tx, tenant string, b intake.Batch) error {
	summary, err := json.Marshal(b.Summary)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE import_batch SET status = $3, summary = $4, rows_total = $5, rows_done = $6, error = $7, finished_at = $8,
		leased_by = NULL, leased_until = NULL WHERE tenant_id = $1 AND id = $2`,
		tenant, b.ID, b.Status, string(summary), b.RowsTotal, b.RowsDone, b.Error, b.Finished)
	return err
}

func (Rows) Progress(ctx context.Context, tx database.Tx, tenant, id string, done, total int64) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET rows_done = $3, rows_total = $4 WHERE tenant_id = $1 AND id = $2`, tenant, id, done, total)
	return err
}

// Renew renews the lease of its holder.
func (Rows) Renew(ctx context.Context, tx database.Tx, tenant, id string, l intake.Lease) (held, cancelled bool, err error) {
	err = tx.QueryRow(ctx, `UPDATE import_batch SET leased_until = $4 WHERE tenant_id = $1 AND id = $2 AND leased_by = $3
		RETURNING cancel_at IS NOT NULL`, tenant, id, l.By, database.Time(l.Until)).Scan(&cancelled)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, cancelled, err
}

// TakeQueued takes an import that waits on the timetable.
func (Rows) TakeQueued(ctx context.Context, tx database.Tx, tenant, id string, l intake.Lease) (mapping string, taken bool, err error) {
	err = tx.QueryRow(ctx, `UPDATE import_batch SET leased_by = $3, leased_until = $4 WHERE tenant_id = $1 AND id = $2 AND status = 'running'
		AND leased_by = $5 RETURNING mapping`, tenant, id, l.By, database.Time(l.Until), intake.Queued).Scan(&mapping)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return mapping, err == nil, err
}

// HandBack puts an import that only looked back on the timetable, as if it had not begun.
func (Rows) HandBack(ctx context.Context, tx database.Tx, tenant, id string, from string, l intake.Lease) error {
	done, err := tx.Exec(ctx, `UPDATE import_batch SET leased_by = $4, leased_until = $5, rows_done = 0 WHERE tenant_id = $1 AND id = $2
		AND leased_by = $3 AND status = 'running' AND dry_run`, tenant, id, from, l.By, database.Time(l.Until))
	if err != nil || done == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM import_issue WHERE tenant_id = $1 AND batch_id = $2`, tenant, id)
	return err
}

func (Rows) LetGo(ctx context.Context, tx database.Tx, tenant, id, by string) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET leased_until = NULL, leased_by = NULL WHERE tenant_id = $1 AND id = $2 AND leased_by = $3`, tenant, id, by)
	return err
}

func (Rows) Cancel(ctx context.Context, tx database.Tx, tenant, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET cancel_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, now)
	return err
}

// Abandon is not bound to one tenant: a process looks for all of them.
func (Rows) Abandon(ctx context.Context, tx database.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET status = 'failed', error = 'import.interrupted', finished_at = $1, leased_by = NULL, leased_until = NULL
		WHERE status = 'running' AND (leased_until IS NULL OR leased_until < $1)`, database.Time(now))
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

// Finished are the newest imports that came in and stand, with their mappings.
func (Rows) Finished(ctx context.Context, tx database.Tx, tenant string, limit int) ([]intake.Finished, error) {
	rows, err := tx.Query(ctx, `SELECT `+batchColumns+`, mapping FROM import_batch WHERE tenant_id = $1 AND status = 'done' AND NOT dry_run
		ORDER BY created_at DESC, id DESC LIMIT $2`, tenant, limit)
	return database.All(rows, err, func(r *sql.Rows) (f intake.Finished, err error) {
		f.Batch, err = scanBatch(scanning{r, &f.Mapping})
		return f, err
	})
}

// scanning reads a column more.
type scanning struct {
	*sql.Rows
	more any
}

func (s scanning) Scan(into ...any) error { return s.Rows.Scan(append(into, s.more)...) }

func (Rows) InsertIssues(ctx context.Context, tx database.Tx, tenant, batch string, from int, issues []intake.Issue) error {
	rows := make([][]any, len(issues))
	for i, x := range issues {
		params, err := json.Marshal(x.Params)
		if err != nil {
			return err
		}
		rows[i] = []any{tenant, batch, from + i + 1, x.File, x.Line, x.Field, x.Column, x.Value, x.Level, x.Code, string(params), x.Detail}
	}
	return tx.InsertMany(ctx, "import_issue", "tenant_id, batch_id, ord, file, line, field, column_name, value, level, code, params, detail", "", rows)
}

func (Rows) Issues(ctx context.Context, tx database.Tx, tenant, batch string, after, limit int) ([]intake.Issue, error) {
	rows, err := tx.Query(ctx, `SELECT file, line, field, column_name, value, level, code, params, detail FROM import_issue
		WHERE tenant_id = $1 AND batch_id = $2 AND ord > $3 ORDER BY ord LIMIT $4`, tenant, batch, after, limit)
	return database.All(rows, err, func(r *sql.Rows) (i intake.Issue, err error) {
		var params string
		err = r.Scan(&i.File, &i.Line, &i.Field, &i.Column, &i.Value, &i.Level, &i.Code, &params, &i.Detail)
		return i, errors.Join(err, json.Unmarshal([]byte(params), &i.Params))
	})
}

func (Rows) InsertChanges(ctx context.Context, tx database.Tx, tenant, batch string, changes []intake.Change) error {
	rows := make([][]any, len(changes))
	for i, c := range changes {
		rows[i] = []any{tenant, batch, c.Kind, c.ID, c.Created, c.Before, c.After, c.Version, tx.Newest()}
	}
	return tx.InsertMany(ctx, "import_change", "tenant_id, batch_id, record_kind, record_id, created, before, after, after_version, after_seq",
		`ON CONFLICT (tenant_id, batch_id, record_kind, record_id) DO UPDATE SET after_version = excluded.after_version,
			after_seq = excluded.after_seq, after = excluded.after`, rows)
}

// again marks a change of which an undo before gave back a part, until it is looked at once more.
const again = "again"

// TakeForUndo takes a batch; what an undo before kept is looked at again.
func (Rows) TakeForUndo(ctx context.Context, tx database.Tx, tenant, id string, l intake.Lease) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE import_batch SET status = 'undoing', cancel_at = NULL, leased_by = $3, leased_until = $4
		WHERE tenant_id = $1 AND id = $2 AND NOT dry_run AND (status IN ('done', 'failed', 'cancelled')
			OR status = 'undoing' AND (leased_until IS NULL OR leased_until < $5 OR leased_by IN ($3, $6))
			OR status = 'undone' AND EXISTS (SELECT 1 FROM import_change c WHERE c.tenant_id = $1 AND c.batch_id = $2
				AND c.undone IN ('kept', 'partly')))`,
		tenant, id, l.By, database.Time(l.Until), database.Time(l.Now), intake.Queued)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE import_change SET undone = CASE undone WHEN 'kept' THEN '' ELSE $3 END
		WHERE tenant_id = $1 AND batch_id = $2 AND undone IN ('kept', 'partly')`, tenant, id, again)
	return true, err
}

func (Rows) ChangesLeft(ctx context.Context, tx database.Tx, tenant, batch, kind string, limit int) ([]intake.Change, error) {
	for _, undone := range []string{"", again} { // one after the other: each in the order of the index
		rows, err := tx.Query(ctx, `SELECT record_kind, record_id, created, before, after, after_version, after_seq FROM import_change
			WHERE tenant_id = $1 AND batch_id = $2 AND record_kind = $3 AND undone = $4 ORDER BY record_id LIMIT $5`,
			tenant, batch, kind, undone, limit)
		list, err := database.All(rows, err, func(r *sql.Rows) (c intake.Change, err error) {
			c.Partly = undone == again
			return c, r.Scan(&c.Kind, &c.ID, &c.Created, &c.Before, &c.After, &c.Version, &c.Seq)
		})
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

// Standing are the changes of a record that were not undone.
func (Rows) Standing(ctx context.Context, tx database.Tx, tenant, kind, id string) ([]intake.Change, error) {
	rows, err := tx.Query(ctx, `SELECT batch_id, record_kind, record_id, created, before, after, after_version, after_seq FROM import_change
		WHERE tenant_id = $1 AND record_kind = $2 AND record_id = $3 AND undone IN ('', 'kept') ORDER BY after_seq, batch_id`, tenant, kind, id)
	return database.All(rows, err, func(r *sql.Rows) (c intake.Change, err error) {
		return c, r.Scan(&c.BatchID, &c.Kind, &c.ID, &c.Created, &c.Before, &c.After, &c.Version, &c.Seq)
	})
}

func (Rows) ChangedAgain(ctx context.Context, tx database.Tx, tenant string, c intake.Change) (again bool, err error) {
	return again, tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM import_change WHERE tenant_id = $1 AND record_kind = $2 AND record_id = $3
		AND after_seq > $4 AND batch_id <> $5 AND undone NOT IN ('removed', 'restored'))`, tenant, c.Kind, c.ID, c.Seq, c.BatchID).Scan(&again)
}

// SetUndone writes down what became of each record.
func (Rows) SetUndone(ctx context.Context, tx database.Tx, tenant, batch string, list []intake.Change, outcomes []intake.Outcome) error {
	ids := map[[2]string][]string{}
	for i, c := range list {
		key := [2]string{c.Kind, string(outcomes[i])}
		ids[key] = append(ids[key], c.ID)
	}
	for key, of := range ids {
		args := &database.Args{}
		_, err := tx.Exec(ctx, `UPDATE import_change SET undone = `+args.Add(key[1])+` WHERE tenant_id = `+args.Add(tenant)+
			` AND batch_id = `+args.Add(batch)+` AND record_kind = `+args.Add(key[0])+` AND record_id IN `+database.In(args, of), args.Values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// mostKept is how many kept records are named.
const mostKept = 1000

func (Rows) Undone(ctx context.Context, tx database.Tx, tenant, batch string) (u intake.Undone, err error) {
	rows, err := tx.Query(ctx, `SELECT undone, count(*) FROM import_change WHERE tenant_id = $1 AND batch_id = $2 GROUP BY undone`, tenant, batch)
	type some struct {
		outcome intake.Outcome
		n       int64
	}
	list, err := database.All(rows, err, func(r *sql.Rows) (s some, err error) { return s, r.Scan(&s.outcome, &s.n) })
	if err != nil {
		return u, err
	}
	for _, s := range list {
		switch s.outcome {
		case intake.Removed:
			u.Removed = s.n
		case intake.Restored, intake.Partly:
			u.Restored += s.n
		case "", again:
			u.Left += s.n
		}
	}
	rows, err = tx.Query(ctx, `SELECT record_kind, record_id FROM import_change WHERE tenant_id = $1 AND batch_id = $2 AND undone IN ('kept', 'partly')
		ORDER BY record_kind, record_id LIMIT $3`, tenant, batch, mostKept)
	u.Kept, err = database.All(rows, err, func(r *sql.Rows) (string, error) {
		var kind, id string
		err := r.Scan(&kind, &id)
		return kind + ":" + id, err
	})
	return u, err
}

func (Rows) EndUndo(ctx context.Context, tx database.Tx, tenant, id, status, by string) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET status = $3, cancel_at = NULL, leased_by = NULL, leased_until = NULL
		WHERE tenant_id = $1 AND id = $2 AND leased_by = $4`, tenant, id, status, by)
	return err
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

// MappingsWith are the mappings with a text in them, of imports that were written and kept ones, the newest 1000 of
// either.
func (Rows) MappingsWith(ctx context.Context, tx database.Tx, tenant, text string) (list []string, err error) {
	for _, from := range []string{
		`mapping FROM import_batch WHERE status = 'done' AND NOT dry_run AND mapping`, `body FROM import_mapping WHERE body`,
	} {
		rows, err := tx.Query(ctx, `SELECT `+from+` LIKE $2 ESCAPE '!' AND tenant_id = $1
			ORDER BY created_at DESC LIMIT 1000`, tenant, database.Containing(text))
		some, err := database.All(rows, err, func(r *sql.Rows) (body string, err error) { return body, r.Scan(&body) })
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// Forget blanks what imports kept of somebody: every cell of a line that holds one of the texts,
// in notes of how values were read, and what was found of the record.
func (Rows) Forget(ctx context.Context, tx database.Tx, tenant, contact string, texts []string) error {
	if _, err := tx.Exec(ctx, `UPDATE import_change SET before = '', after = '' WHERE tenant_id = $1 AND record_kind = 'contact' AND record_id = $2`,
		tenant, contact); err != nil {
		return err
	}
	of := text.LooksOf(texts)
	if len(of) == 0 {
		return nil
	}
	if err := blankLines(ctx, tx, tenant, of); err != nil {
		return err
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+batchColumns+` FROM import_batch WHERE tenant_id = `+args.Add(tenant)+` AND finished_at IS NOT NULL AND `+
		like(args, of, "summary"), args.Values...)
	batches, err := database.All(rows, err, func(r *sql.Rows) (intake.Batch, error) { return scanBatch(r) })
	if err != nil {
		return err
	}
	for _, b := range batches {
		summary, err := json.Marshal(b.Summary.Without(of))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE import_batch SET summary = $3 WHERE tenant_id = $1 AND id = $2`, tenant, b.ID, string(summary)); err != nil {
			return err
		}
	}
	return nil
}

// blankLines blanks every cell of a line of which one looks like a person's texts.
func blankLines(ctx context.Context, tx database.Tx, tenant string, of text.Looks) error {
	type line struct {
		batch, file string
		line        int64
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT batch_id, file, line, value, detail, params FROM import_issue WHERE tenant_id = `+args.Add(tenant)+` AND `+
		like(args, of, "value", "detail", "params"), args.Values...)
	found := map[line]bool{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var l line
		var value, detail, params string
		err = r.Scan(&l.batch, &l.file, &l.line, &value, &detail, &params)
		found[l] = found[l] || of.In(value) || of.In(detail) || of.In(params)
		return none, err
	})
	if err != nil {
		return err
	}
	for l, is := range found {
		if !is {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE import_issue SET value = '', detail = '', params = '{}' WHERE tenant_id = $1 AND batch_id = $2 AND file = $3 AND line = $4`,
			tenant, l.batch, l.file, l.line); err != nil {
			return err
		}
	}
	return nil
}

// like finds rows one of whose columns may look like a person's texts.
func like(args *database.Args, of text.Looks, columns ...string) string {
	var any []string
	for _, p := range of.Patterns(database.Containing) {
		at := args.Add(p)
		for _, c := range columns {
			any = append(any, "lower("+c+") LIKE "+at+" ESCAPE '!'")
		}
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// AtWork tells whether an import of the company runs or waits.
func (Rows) AtWork(ctx context.Context, tx database.Tx, tenant string) (some bool, err error) {
	return some, tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM import_batch WHERE tenant_id = $1 AND status = 'running')`, tenant).Scan(&some)
}
