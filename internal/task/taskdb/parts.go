package taskdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/task"
)

func (Rows) Facts(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]task.Fact, error) {
	args, out := &database.Args{}, map[string][]task.Fact{}
	rows, err := tx.Query(ctx, `SELECT task_id, ord, kind, member_id, by_id, happened_at, day, due_on, agreed, words FROM task_fact
		WHERE tenant_id = `+args.Add(tenant)+` AND task_id IN `+database.In(args, ids)+` ORDER BY task_id, ord`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var f task.Fact
		var at database.Instant
		err = r.Scan(&f.TaskID, &f.Ord, &f.Kind, &f.MemberID, &f.ByID, &at, &f.Day, database.Into(&f.DueOn), &f.Agreed, &f.Words)
		f.At = at.Time
		out[f.TaskID] = append(out[f.TaskID], f)
		return none, err
	})
	return out, err
}

func (Rows) AddFacts(ctx context.Context, tx database.Tx, tenant string, facts []task.Fact) error {
	rows := make([][]any, len(facts))
	for i, f := range facts {
		rows[i] = []any{tenant, f.ID(), f.TaskID, f.Ord, f.Kind, f.MemberID, f.ByID, f.At, string(f.Day), database.Null(f.DueOn), f.Agreed, f.Words}
	}
	return tx.InsertMany(ctx, "task_fact", "tenant_id, id, task_id, ord, kind, member_id, by_id, happened_at, day, due_on, agreed, words", "", rows)
}

func (Rows) Parties(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]task.Party, error) {
	args, out := &database.Args{}, map[string][]task.Party{}
	rows, err := tx.Query(ctx, `SELECT task_id, member_id, part, done_on, done_at FROM task_party WHERE tenant_id = `+args.Add(tenant)+` AND task_id IN `+
		database.In(args, ids)+` ORDER BY task_id, member_id`, args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var of string
		var p task.Party
		var done database.Instant
		err = r.Scan(&of, &p.MemberID, &p.Part, database.Into(&p.DoneOn), &done)
		p.DoneAt = done.Ptr()
		out[of] = append(out[of], p)
		return none, err
	})
	return out, err
}

func (Rows) SaveParties(ctx context.Context, tx database.Tx, tenant, id string, parties []task.Party) error {
	if _, err := tx.Exec(ctx, `DELETE FROM task_party WHERE tenant_id = $1 AND task_id = $2`, tenant, id); err != nil {
		return err
	}
	rows := make([][]any, len(parties))
	for i, p := range parties {
		rows[i] = []any{tenant, id, p.MemberID, p.Part, database.Null(p.DoneOn), p.DoneAt}
	}
	return tx.InsertMany(ctx, "task_party", "tenant_id, task_id, member_id, part, done_on, done_at", "", rows)
}

func (Rows) Series(ctx context.Context, tx database.Tx, tenant, id string) (s task.Series, err error) {
	var rule string
	var ended database.Instant
	err = tx.QueryRow(ctx, `SELECT id, rule, member_id, last_task_id, last_day, last_due_on, made, ended_at FROM task_series WHERE tenant_id = $1 AND id = $2`, tenant, id).
		Scan(&s.ID, &rule, &s.MemberID, &s.LastTaskID, &s.LastDay, &s.LastDueOn, &s.Made, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "task.no_series", "it does not come again")
	}
	if err != nil {
		return s, err
	}
	s.EndedAt = ended.Ptr()
	return s, json.Unmarshal([]byte(rule), &s.Rule)
}

func (Rows) InsertSeries(ctx context.Context, tx database.Tx, tenant string, s task.Series) error {
	rule, err := json.Marshal(s.Rule)
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "task_series", "tenant_id, id, rule, member_id, last_task_id, last_day, last_due_on, made, ended_at", "",
		[][]any{{tenant, s.ID, string(rule), s.MemberID, s.LastTaskID, string(s.LastDay), string(s.LastDueOn), s.Made, s.EndedAt}})
}

func (Rows) SaveSeries(ctx context.Context, tx database.Tx, tenant string, s task.Series) error {
	_, err := tx.Exec(ctx, `UPDATE task_series SET last_task_id = $3, last_day = $4, last_due_on = $5, made = $6, ended_at = $7
		WHERE tenant_id = $1 AND id = $2`, tenant, s.ID, s.LastTaskID, string(s.LastDay), string(s.LastDueOn), s.Made, s.EndedAt)
	return err
}

func (Rows) PassSeries(ctx context.Context, tx database.Tx, tenant, id, last, from, to string) error {
	_, err := tx.Exec(ctx, `UPDATE task_series SET member_id = $3 WHERE tenant_id = $1 AND id = $2 AND last_task_id = $4 AND member_id = $5`,
		tenant, id, to, last, from)
	return err
}

func (Rows) Promises(ctx context.Context, tx database.Tx, tenant string, members []string, from, to calendar.Date) ([]task.Task, error) {
	args := &database.Args{}
	of, first, last := args.Add(tenant), args.Add(string(from)), args.Add(string(to))
	whose := ""
	if members != nil {
		in := database.In(args, members)
		whose = ` AND (t.member_id IN ` + in + ` OR EXISTS (SELECT 1 FROM task_fact g WHERE g.tenant_id = t.tenant_id AND g.task_id = t.id
			AND g.kind IN ('given', 'handed') AND g.member_id IN ` + in + `))`
	}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM task t WHERE t.tenant_id = `+of+` AND t.customer_agreed`+whose+` AND t.id IN (
		SELECT f.task_id FROM task_fact f WHERE f.tenant_id = `+of+` AND f.agreed AND f.due_on >= `+first+` AND f.due_on <= `+last+`
		UNION SELECT f.task_id FROM task_fact f WHERE f.tenant_id = `+of+` AND f.kind = 'done' AND f.day >= `+first+` AND f.day <= `+last+`)`, args.Values...))
}
