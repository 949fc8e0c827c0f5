// Package conversationdb is the SQL of conversations.
package conversationdb

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// Rows implements conversation.Rows.
type Rows struct{}

func (Rows) InsertThread(ctx context.Context, tx database.Tx, tenant string, t conversation.Thread) error {
	_, err := tx.Exec(ctx, `INSERT INTO thread (tenant_id, id, kind, on_kind, on_id, to_id, created_at, created_by, last_at, last_n)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		tenant, t.ID, t.Kind, t.On.Kind, t.On.ID, database.Null(t.ToID), t.CreatedAt, t.CreatedBy, t.LastAt, t.LastN)
	return err
}

func (Rows) Grown(ctx context.Context, tx database.Tx, tenant string, t conversation.Thread) error {
	_, err := tx.Exec(ctx, `UPDATE thread SET last_at = $3, last_n = $4 WHERE tenant_id = $1 AND id = $2`, tenant, t.ID, t.LastAt, t.LastN)
	return err
}

const columns = `m.id, m.thread_id, m.n, m.text, m.mentions, m.said_on, m.said_at, m.said_by, m.opens_day, m.edited_at, m.taken_back_at, m.version`

func scan(r interface{ Scan(...any) error }) (m conversation.Message, err error) {
	var saidAt, edited, back database.Instant
	var mentions string
	err = r.Scan(&m.ID, &m.ThreadID, &m.N, &m.Text, &mentions, &m.SaidOn, &saidAt, &m.SaidBy, &m.OpensDay, &edited, &back, &m.Version)
	m.SaidAt, m.EditedAt, m.TakenBackAt, m.Mentions = saidAt.Time, edited.Ptr(), back.Ptr(), strings.Fields(mentions)
	return m, err
}

func list(rows *sql.Rows, err error) ([]conversation.Message, error) {
	return database.All(rows, err, func(r *sql.Rows) (conversation.Message, error) { return scan(r) })
}

func (Rows) InsertMessage(ctx context.Context, tx database.Tx, tenant string, m conversation.Message) error {
	_, err := tx.Exec(ctx, `INSERT INTO message (tenant_id, id, thread_id, n, text, mentions, said_on, said_at, said_by, opens_day, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		tenant, m.ID, m.ThreadID, m.N, m.Text, strings.Join(m.Mentions, " "), string(m.SaidOn), m.SaidAt, m.SaidBy, m.OpensDay, m.Version)
	return err
}

func (Rows) Message(ctx context.Context, tx database.Tx, tenant, id string) (conversation.Message, error) {
	m, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM message m WHERE m.tenant_id = $1 AND m.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, conversation.ErrMessageUnknown
	}
	return m, err
}

func (Rows) Save(ctx context.Context, tx database.Tx, tenant string, m conversation.Message) error {
	n, err := tx.Exec(ctx, `UPDATE message SET text = $3, mentions = $4, edited_at = $5, taken_back_at = $6, version = $7
		WHERE tenant_id = $1 AND id = $2 AND version = $8`,
		tenant, m.ID, m.Text, strings.Join(m.Mentions, " "), m.EditedAt, m.TakenBackAt, m.Version, m.Version-1)
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}

func (Rows) Opened(ctx context.Context, tx database.Tx, tenant, thread string, on calendar.Date) (opened bool, err error) {
	var last calendar.Date
	err = tx.QueryRow(ctx, `SELECT said_on FROM message WHERE tenant_id = $1 AND thread_id = $2 ORDER BY n DESC LIMIT 1`, tenant, thread).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return last == on, err
}

// Days counts by the index of threads: the messages between the first of a day and the next day's.
func (Rows) Days(ctx context.Context, tx database.Tx, tenant string, first []string) (map[string]conversation.Day, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT f.id, t.kind, count(m.id), COALESCE((SELECT s.text FROM message s WHERE s.tenant_id = f.tenant_id
			AND s.thread_id = f.thread_id AND s.n >= f.n AND s.said_on = f.said_on AND s.taken_back_at IS NULL ORDER BY s.n LIMIT 1), '')
		FROM message f JOIN thread t ON t.tenant_id = f.tenant_id AND t.id = f.thread_id LEFT JOIN message m ON m.tenant_id = f.tenant_id AND m.thread_id = f.thread_id AND m.n >= f.n AND m.said_on = f.said_on
			AND m.taken_back_at IS NULL
		WHERE f.tenant_id = `+args.Add(tenant)+` AND f.id IN `+database.In(args, first)+` GROUP BY f.tenant_id, f.id, f.thread_id, f.n, f.said_on, t.kind`,
		args.Values...)
	out := map[string]conversation.Day{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var d conversation.Day
		err = r.Scan(&id, &d.Kind, &d.Said, &d.Text)
		out[id] = d
		return none, err
	})
	return out, err
}

func (Rows) LastOf(ctx context.Context, tx database.Tx, tenant string, threads []string, each int) (map[string][]conversation.Message, error) {
	out := map[string][]conversation.Message{}
	if len(threads) == 0 {
		return out, nil
	}
	args := &database.Args{}
	all, err := list(tx.Query(ctx, `SELECT `+columns+` FROM thread t JOIN message m ON m.tenant_id = t.tenant_id AND m.thread_id = t.id
		AND m.n > t.last_n - `+args.Add(each)+` WHERE t.tenant_id = `+args.Add(tenant)+` AND t.id IN `+database.In(args, threads)+
		` ORDER BY m.thread_id, m.n`, args.Values...))
	for _, m := range all {
		out[m.ThreadID] = append(out[m.ThreadID], m)
	}
	return out, err
}

func (Rows) Blank(ctx context.Context, tx database.Tx, tenant string, on record.Ref) ([]string, error) {
	rows, err := tx.Query(ctx, `UPDATE message SET text = '' WHERE tenant_id = $1 AND thread_id IN (SELECT t.id FROM thread t
		WHERE t.tenant_id = $1 AND t.on_kind = $2 AND t.on_id = $3) RETURNING id`, tenant, on.Kind, on.ID)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
