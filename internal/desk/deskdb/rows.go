// Package deskdb is the SQL of what was decided on desks.
package deskdb

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/record"
)

// Rows implements desk.Rows.
type Rows struct{}

func (Rows) Lasts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]desk.Mark, error) {
	rows, err := tx.Query(ctx, `SELECT id, member_id, record_kind, record_id, facts_key, decision, until_on, note_id, decided_on FROM desk_mark
		WHERE tenant_id = $1 AND last AND id > $2 ORDER BY id LIMIT $3`, tenant, after, limit)
	return database.All(rows, err, func(r *sql.Rows) (m desk.Mark, err error) {
		var facts string
		err = r.Scan(&m.ID, &m.MemberID, &m.Of.Kind, &m.Of.ID, &facts, &m.Decision, database.Into(&m.Until), database.Into(&m.NoteID), &m.On)
		m.Facts = desk.ParseFacts(facts)
		return m, err
	})
}

func (Rows) Last(ctx context.Context, tx database.Tx, tenant, member string, of record.Ref) (m desk.Mark, is bool, err error) {
	list, err := marks(tx.Query(ctx, columns+`tenant_id = $1 AND member_id = $2 AND record_kind = $3 AND record_id = $4 AND last LIMIT 1`,
		tenant, member, of.Kind, of.ID))
	if len(list) == 0 {
		return m, false, err
	}
	return list[0], true, err
}

const columns = `SELECT id, member_id, record_kind, record_id, kinds, facts_key, decision, until_on, reason, to_id, task_id, note_id, back_of, decided_on, decided_at
	FROM desk_mark WHERE `

func marks(rows *sql.Rows, err error) ([]desk.Mark, error) {
	return database.All(rows, err, func(r *sql.Rows) (m desk.Mark, err error) {
		var kinds, facts string
		var at database.Instant
		err = r.Scan(&m.ID, &m.MemberID, &m.Of.Kind, &m.Of.ID, &kinds, &facts, &m.Decision, database.Into(&m.Until), &m.Reason,
			database.Into(&m.ToID), database.Into(&m.TaskID), database.Into(&m.NoteID), database.Into(&m.BackOf), &m.On, &at)
		m.Kinds, m.Facts, m.At = strings.Fields(kinds), desk.ParseFacts(facts), at.Time
		return m, err
	})
}

func (Rows) Mark(ctx context.Context, tx database.Tx, tenant, id string) (desk.Mark, error) {
	list, err := marks(tx.Query(ctx, columns+`tenant_id = $1 AND id = $2`, tenant, id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "desk.nothing_to_take_back", "no such decision")
	}
	if err != nil {
		return desk.Mark{}, err
	}
	return list[0], nil
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, m desk.Mark) error {
	_, err := tx.Exec(ctx, `UPDATE desk_mark SET last = $5 WHERE tenant_id = $1 AND member_id = $2 AND record_kind = $3 AND record_id = $4 AND last`,
		tenant, m.MemberID, m.Of.Kind, m.Of.ID, false)
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "desk_mark", `tenant_id, id, member_id, record_kind, record_id, kinds, facts_key, decision, until_on, reason, to_id, task_id, note_id,
		back_of, decided_on, decided_at, last`, "", [][]any{{tenant, m.ID, m.MemberID, m.Of.Kind, m.Of.ID, strings.Join(m.Kinds, " "), m.Facts.Text(), string(m.Decision),
		database.Null(m.Until), m.Reason, database.Null(m.ToID), database.Null(m.TaskID), database.Null(m.NoteID),
		database.Null(m.BackOf), string(m.On), m.At, true}})
}

func (Rows) Counts(ctx context.Context, tx database.Tx, tenant string, from calendar.Date) ([]desk.Counted, error) {
	rows, err := tx.Query(ctx, `SELECT m.kinds, m.decision, count(*) FROM desk_mark m WHERE m.tenant_id = $1 AND m.decided_on >= $2
		AND NOT EXISTS (SELECT 1 FROM desk_mark b WHERE b.tenant_id = m.tenant_id AND b.back_of = m.id) GROUP BY m.kinds, m.decision`,
		tenant, string(from))
	by := map[string]*desk.Counted{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var kinds string
		var d desk.Decision
		var n int64
		err = r.Scan(&kinds, &d, &n)
		for _, kind := range strings.Fields(kinds) {
			if by[kind] == nil {
				by[kind] = &desk.Counted{Kind: kind}
			}
			by[kind].Add(d, n)
		}
		return none, err
	})
	out := []desk.Counted{}
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[kind])
	}
	return out, err
}

func (Rows) Levels(ctx context.Context, tx database.Tx, tenant string) (b desk.Bars, version int, err error) {
	rows, err := tx.Query(ctx, `SELECT amount_minor, version FROM desk_level WHERE tenant_id = $1 ORDER BY level`, tenant)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var minor int64
		err = r.Scan(&minor, &version)
		b = append(b, minor)
		return none, err
	})
	return b, version, err
}

func (Rows) SetLevels(ctx context.Context, tx database.Tx, tenant string, b desk.Bars, version int) error {
	rows := make([][]any, len(b))
	for n, minor := range b {
		rows[n] = []any{tenant, n + 2, minor, version}
	}
	return tx.InsertMany(ctx, "desk_level", "tenant_id, level, amount_minor, version",
		"ON CONFLICT (tenant_id, level) DO UPDATE SET amount_minor = excluded.amount_minor, version = excluded.version", rows)
}
