// Package taskdb is the SQL of tasks.
package taskdb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
	"yunchou/internal/task"
)

// Rows implements task.Rows.
type Rows struct{}

const columns = `t.id, t.what, t.member_id, t.due_on, t.customer_agreed, t.created_at, t.created_by, t.done_on, t.done_at, t.result, t.dropped_at, t.version`

func scan(r interface{ Scan(...any) error }) (t task.Task, err error) {
	var created, done, dropped database.Instant
	err = r.Scan(&t.ID, &t.What, &t.MemberID, &t.DueOn, &t.CustomerAgreed, &created, &t.CreatedBy, database.Into(&t.DoneOn), &done, &t.Result, &dropped, &t.Version)
	t.CreatedAt, t.DoneAt, t.DroppedAt = created.Time, done.Ptr(), dropped.Ptr()
	return t, err
}

func list(rows *sql.Rows, err error) ([]task.Task, error) {
	return database.All(rows, err, func(r *sql.Rows) (task.Task, error) { return scan(r) })
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (task.Task, error) {
	t, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM task t WHERE t.tenant_id = $1 AND t.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "task.unknown", "no such task")
	}
	return t, err
}

func (Rows) List(ctx context.Context, tx database.Tx, tenant string, q task.Ask) ([]task.Task, error) {
	args := &database.Args{}
	w := `t.tenant_id = ` + args.Add(tenant) + ` AND t.dropped_at IS NULL AND `
	if q.By != "" {
		by := args.Add(q.By)
		w += `t.created_by = ` + by + ` AND t.member_id <> ` + by
	} else {
		w += `t.member_id = ` + args.Add(q.Member)
	}
	if q.Done {
		return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+w+` AND t.done_on IS NOT NULL
			ORDER BY t.done_on DESC, t.id DESC LIMIT `+args.Add(q.Limit), args.Values...))
	}
	if q.Until != "" {
		w += ` AND t.due_on <= ` + args.Add(string(q.Until)) + ` AND ` + scopedb.TaskStands()
	}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+w+` AND t.done_on IS NULL
		ORDER BY t.due_on, t.id LIMIT `+args.Add(q.Limit), args.Values...))
}

func (Rows) OfRecord(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]task.Task, error) {
	return list(tx.Query(ctx, `SELECT `+columns+` FROM record_link l JOIN task t ON t.tenant_id = l.tenant_id AND t.id = l.id
		WHERE l.tenant_id = $1 AND l.to_kind = $2 AND l.to_id = $3 AND l.kind = 'task' AND t.dropped_at IS NULL
		ORDER BY t.done_on NULLS FIRST, t.due_on, t.id LIMIT $4`, tenant, on.Kind, on.ID, limit))
}

func (Rows) OpenOf(ctx context.Context, tx database.Tx, tenant string, on record.Ref, member string) ([]task.Task, error) {
	return list(tx.Query(ctx, `SELECT `+columns+` FROM record_link l JOIN task t ON t.tenant_id = l.tenant_id AND t.id = l.id
		WHERE l.tenant_id = $1 AND l.to_kind = $2 AND l.to_id = $3 AND l.kind = 'task' AND t.member_id = $4
		AND t.done_on IS NULL AND t.dropped_at IS NULL ORDER BY t.id`, tenant, on.Kind, on.ID, member))
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, tasks []task.Task) error {
	rows := make([][]any, len(tasks))
	for i, t := range tasks {
		rows[i] = []any{tenant, t.ID, t.What, t.MemberID, string(t.DueOn), t.CustomerAgreed, t.CreatedAt, t.CreatedBy, database.Null(t.DoneOn), t.DoneAt, t.Result, t.Version}
	}
	return tx.InsertMany(ctx, "task", "tenant_id, id, what, member_id, due_on, customer_agreed, created_at, created_by, done_on, done_at, result, version", "", rows)
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, t task.Task) error {
	n, err := tx.Exec(ctx, `UPDATE task SET member_id = $3, due_on = $4, done_on = $5, done_at = $6, result = $7, dropped_at = $8, version = $9
		WHERE tenant_id = $1 AND id = $2 AND version = $10`,
		tenant, t.ID, t.MemberID, string(t.DueOn), database.Null(t.DoneOn), t.DoneAt, t.Result, t.DroppedAt, t.Version, t.Version-1)
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}
