// Package taskdb is the SQL of tasks.
package taskdb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
	"yunchou/internal/task"
)

// Rows implements task.Rows.
type Rows struct{}

const columns = `t.id, t.what, t.member_id, t.due_on, t.customer_agreed, t.created_at, t.created_by, t.done_on, t.done_at, t.result, t.dropped_at, t.version, t.long_order, t.offered_to, t.series_id, t.series_day, t.meets`

func scan(r interface{ Scan(...any) error }) (t task.Task, err error) {
	var created, done, dropped database.Instant
	err = r.Scan(&t.ID, &t.What, &t.MemberID, &t.DueOn, &t.CustomerAgreed, &created, &t.CreatedBy, database.Into(&t.DoneOn), &done, &t.Result, &dropped, &t.Version,
		&t.Long, database.Into(&t.OfferedTo), database.Into(&t.SeriesID), database.Into(&t.SeriesDay), database.Into(&t.Meets))
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

// Meeting are the open ones that are to meet some people, or anybody; of some members, or of whoever.
func (Rows) Meeting(ctx context.Context, tx database.Tx, tenant string, contacts, members []string) ([]task.Task, error) {
	args := &database.Args{}
	w := `t.tenant_id = ` + args.Add(tenant) + ` AND t.meets IS NOT NULL AND t.done_on IS NULL AND t.dropped_at IS NULL`
	if len(contacts) > 0 {
		w += ` AND t.meets IN ` + database.In(args, contacts)
	}
	if len(members) > 0 {
		w += ` AND t.member_id IN ` + database.In(args, members)
	}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+w+` ORDER BY t.id LIMIT 5000`, args.Values...))
}

func (Rows) ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]task.Task, error) {
	args := &database.Args{}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE t.tenant_id = `+args.Add(tenant)+` AND t.id IN `+database.In(args, ids), args.Values...))
}

func (Rows) List(ctx context.Context, tx database.Tx, tenant string, q task.Ask) ([]task.Task, error) {
	args := &database.Args{}
	w := `t.tenant_id = ` + args.Add(tenant) + ` AND t.dropped_at IS NULL AND `
	switch {
	case q.Part: // those that are his besides, or asked of him
		me := args.Add(q.Member)
		w += `t.member_id <> ` + me + ` AND (t.offered_to = ` + me + ` OR t.id IN (SELECT p.task_id FROM task_party p WHERE p.tenant_id = t.tenant_id
			AND p.member_id = ` + me + ` AND p.part <> 'was'`
		if !q.Done {
			w += ` AND p.done_on IS NULL`
		}
		w += `))`
	case len(q.Review) > 0:
		w += `t.created_by IN ` + database.In(args, q.Review) + ` AND t.member_id <> t.created_by AND t.member_id <> ` + args.Add(q.Member) // the first as the index has it
	case q.By != "":
		w += `t.created_by = ` + args.Add(q.By) + ` AND t.member_id <> t.created_by` // as the index has it
	default:
		w += `t.member_id = ` + args.Add(q.Member)
	}
	if len(q.Review) > 0 {
		return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+w+` AND t.done_on IS NOT NULL AND t.long_order AND `+inReview+`
			ORDER BY t.due_on, t.id LIMIT `+args.Add(q.Limit), args.Values...))
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

// inReview is of a long order that is done: by the member whose it is, and not accepted since (task.Task.State).
const inReview = `EXISTS (SELECT 1 FROM task_fact f WHERE f.tenant_id = t.tenant_id AND f.task_id = t.id AND f.kind = 'done' AND f.by_id = t.member_id
	AND NOT EXISTS (SELECT 1 FROM task_fact g WHERE g.tenant_id = f.tenant_id AND g.task_id = f.task_id AND g.ord > f.ord AND g.kind IN ('accepted', 'done')))`

func (Rows) OfRecord(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]task.Task, error) {
	args := &database.Args{}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+recorddb.HangsOn(args, args.Add(tenant), "task", "t", on)+` AND t.dropped_at IS NULL
		ORDER BY t.done_on NULLS FIRST, t.due_on, t.id LIMIT `+args.Add(limit), args.Values...))
}

func (Rows) OpenOn(ctx context.Context, tx database.Tx, tenant string, on record.Ref, r page.Request) ([]task.Task, error) {
	args := &database.Args{}
	w := recorddb.HangsOn(args, args.Add(tenant), "task", "t", on) + " AND " + scopedb.TaskOpen
	next, order, err := r.Clauses(args, map[string]page.Column{"due": {SQL: "t.due_on"}}, "t.id")
	if err != nil {
		return nil, err
	}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+w+` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...))
}

func (Rows) Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member string, of map[string]org.Scope,
	ids []string) (map[string]string, error) {
	args := &database.Args{}
	return recorddb.Pairs(ctx, tx, `SELECT k.id, k.what FROM task k WHERE k.tenant_id = `+args.Add(tenant)+` AND k.id IN `+database.In(args, ids)+
		` AND `+scopedb.Task(args, s, member, of), args.Values...)
}

// open is a task that still waits for somebody.
var open = scopedb.TaskOpen + ` AND ` + scopedb.TaskStands()

// held are, by member, the open tasks of whoever has to do with them: whose they are, who has a part in them, who was
// asked to take them; and the last of what comes again for somebody.
func held(args *database.Args, tenant string, members []string) string {
	of, in := args.Add(tenant), database.In(args, members)
	const as = ` AND t.tenant_id = `
	return `WITH held (member_id, id) AS (SELECT t.member_id, t.id FROM task t WHERE t.tenant_id = ` + of + ` AND t.member_id IN ` + in + ` AND ` + open + `
		UNION SELECT t.offered_to, t.id FROM task t WHERE t.tenant_id = ` + of + ` AND t.offered_to IN ` + in + ` AND ` + open + `
		UNION SELECT p.member_id, t.id FROM task_party p JOIN task t ON t.tenant_id = p.tenant_id AND t.id = p.task_id WHERE p.tenant_id = ` + of + as + of + `
			AND p.member_id IN ` + in + ` AND p.part <> 'was' AND p.done_on IS NULL AND ` + open + `
		UNION SELECT s.member_id, s.last_task_id FROM task_series s WHERE s.tenant_id = ` + of + ` AND s.member_id IN ` + in + ` AND s.ended_at IS NULL)`
}

func (Rows) Held(ctx context.Context, tx database.Tx, tenant, member, after string, limit int) ([]string, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, held(args, tenant, []string{member})+` SELECT id FROM held WHERE id > `+args.Add(after)+` ORDER BY id LIMIT `+args.Add(limit),
		args.Values...)
	return database.All(rows, err, text)
}

func text(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) }

func (Rows) CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error) {
	args := &database.Args{}
	return recorddb.Counts(ctx, tx, held(args, tenant, members)+` SELECT member_id, count(*) FROM held GROUP BY member_id`, args.Values...)
}

func (Rows) On(ctx context.Context, tx database.Tx, tenant string, on []record.Ref, limit int) ([]string, error) {
	if len(on) == 0 {
		return nil, nil
	}
	to := make([]string, len(on))
	for i, ref := range on {
		to[i] = ref.ID
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT t.id FROM task t WHERE `+recorddb.HangsOnAny(args, args.Add(tenant), "task", "t", on[0].Kind, to)+`
		AND `+scopedb.TaskOpen+` ORDER BY t.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, text)
}

func (Rows) FirstOn(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string]task.Task, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT l.to_id, `+columns+scopedb.OpenTasksOn(args, tenant, kind, ids), args.Values...)
	first := map[string]task.Task{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var on string
		t, err := scan(behind{r, &on})
		if was, there := first[on]; !there || t.DueOn < was.DueOn || t.DueOn == was.DueOn && t.ID < was.ID {
			first[on] = t
		}
		return none, err
	})
	return first, err
}

// behind scans a row whose first column is something else's.
type behind struct {
	*sql.Rows
	first any
}

func (b behind) Scan(into ...any) error { return b.Rows.Scan(append([]any{b.first}, into...)...) }

// behind2 is behind of two columns.
type behind2 struct {
	*sql.Rows
	first, second any
}

func (b behind2) Scan(into ...any) error {
	return b.Rows.Scan(append([]any{b.first, b.second}, into...)...)
}

func (Rows) HeldOn(ctx context.Context, tx database.Tx, tenant string, on record.Ref, member string) ([]task.Task, error) {
	args := &database.Args{}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE `+recorddb.HangsOn(args, args.Add(tenant), "task", "t", on)+` AND t.member_id = `+args.Add(member)+`
		AND `+scopedb.TaskOpen+` ORDER BY t.id`, args.Values...))
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, tasks []task.Task) error {
	rows := make([][]any, len(tasks))
	for i, t := range tasks {
		rows[i] = []any{tenant, t.ID, t.What, t.MemberID, string(t.DueOn), t.CustomerAgreed, t.CreatedAt, t.CreatedBy, database.Null(t.DoneOn), t.DoneAt, t.Result, t.Version,
			t.Long, database.Null(t.SeriesID), database.Null(t.SeriesDay), database.Null(t.Meets)}
	}
	return tx.InsertMany(ctx, "task", "tenant_id, id, what, member_id, due_on, customer_agreed, created_at, created_by, done_on, done_at, result, version, "+
		"long_order, series_id, series_day, meets", "", rows)
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, t task.Task) error {
	n, err := tx.Exec(ctx, `UPDATE task SET member_id = $3, due_on = $4, done_on = $5, done_at = $6, result = $7, dropped_at = $8, version = $9,
		customer_agreed = $11, offered_to = $12 WHERE tenant_id = $1 AND id = $2 AND version = $10`,
		tenant, t.ID, t.MemberID, string(t.DueOn), database.Null(t.DoneOn), t.DoneAt, t.Result, t.DroppedAt, t.Version, t.Version-1,
		t.CustomerAgreed, database.Null(t.OfferedTo))
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}

// Promised are those tasks, with the opportunity each hangs on and the day the customer agreed to last.
func (Rows) Promised(ctx context.Context, tx database.Tx, tenant string, s org.Scope, before calendar.Date, limit int) ([]task.Task, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT l.to_id, `+scopedb.TaskAgreedOn+` AS agreed_on, `+columns+scopedb.PromisedTasks(args, tenant, s, string(before))+
		` ORDER BY agreed_on, t.id LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (t task.Task, err error) {
		var on string
		var agreed calendar.Date
		t, err = scan(behind2{r, &on, &agreed})
		t.DueOn = agreed
		t.On = []record.Ref{{Kind: record.Opportunity, ID: on}}
		return t, err
	})
}
