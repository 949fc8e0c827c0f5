package conversationdb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

const threadColumns = `t.id, t.kind, t.on_kind, t.on_id, t.to_id, t.created_at, t.created_by, t.last_at, t.last_n`

func scanThread(r interface{ Scan(...any) error }, more ...any) (t conversation.Thread, err error) {
	var created, last database.Instant
	err = r.Scan(append([]any{&t.ID, &t.Kind, &t.On.Kind, &t.On.ID, database.Into(&t.ToID), &created, &t.CreatedBy, &last, &t.LastN}, more...)...)
	t.CreatedAt, t.LastAt = created.Time, last.Time
	return t, err
}

func (Rows) AnyThread(ctx context.Context, tx database.Tx, tenant, id string) (conversation.Thread, error) {
	t, err := scanThread(tx.QueryRow(ctx, `SELECT `+threadColumns+` FROM thread t WHERE t.tenant_id = $1 AND t.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, conversation.ErrUnknown
	}
	return t, err
}

// marked are threads with the reader's place in them.
func marked(args *database.Args, x org.Reading) string {
	return `SELECT ` + threadColumns + `, COALESCE(k.read_n, 0), COALESCE(k.mention_n, 0) FROM thread t
		LEFT JOIN thread_mark k ON k.tenant_id = t.tenant_id AND k.thread_id = t.id AND k.member_id = ` + args.Add(x.Effective)
}

func scanMarked(r interface{ Scan(...any) error }) (t conversation.Thread, err error) {
	var read, mention int64
	t, err = scanThread(r, &read, &mention)
	t.ReadN, t.MentionN = read, mention
	return t, err
}

func (Rows) Thread(ctx context.Context, tx database.Tx, tenant string, x org.Reading, id string) (conversation.Thread, error) {
	args := &database.Args{}
	t, err := scanMarked(tx.QueryRow(ctx, marked(args, x)+` WHERE t.tenant_id = `+args.Add(tenant)+` AND t.id = `+args.Add(id)+
		` AND `+scopedb.Thread(args, x), args.Values...))
	if errors.Is(err, sql.ErrNoRows) {
		return t, conversation.ErrUnknown
	}
	return t, err
}

// waits are the threads something is new in for a member who takes part: few, found by the index of what is
// unread.
func waits(args *database.Args, tenant string, x org.Reading) string {
	return `t.tenant_id = ` + args.Add(tenant) + ` AND w.tenant_id = t.tenant_id AND w.thread_id = t.id AND w.member_id = ` + args.Add(x.Effective) +
		` AND w.unread AND ` + scopedb.Thread(args, x)
}

const waiting = ` CROSS JOIN thread_mark w` // which keeps SQLite to the marks

func (Rows) Waiting(ctx context.Context, tx database.Tx, tenant string, x org.Reading) (unread, mentioned int64, err error) {
	args := &database.Args{}
	w := waits(args, tenant, x)
	err = tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE w.mention_n > w.read_n) FROM thread_mark w CROSS JOIN thread t WHERE `+w,
		args.Values...).Scan(&unread, &mentioned)
	return unread, mentioned, err
}

// notApart leaves out the kinds of threads t that stand apart on a record's page.
func notApart(args *database.Args, x org.Reading) string {
	if len(x.Turns) == 0 {
		return ""
	}
	return ` AND t.kind NOT IN ` + database.In(args, x.Turns)
}

func (Rows) SaidOn(ctx context.Context, tx database.Tx, tenant string, x org.Reading, kind string, ids []string) (map[string]int64, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT t.on_id, sum(t.last_n) FROM thread t WHERE t.tenant_id = `+args.Add(tenant)+` AND t.on_kind = `+args.Add(kind)+
		` AND t.on_id IN `+database.In(args, ids)+notApart(args, x)+` AND `+scopedb.Thread(args, x)+` GROUP BY t.on_id`, args.Values...)
	out := map[string]int64{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var n int64
		err = r.Scan(&id, &n)
		out[id] = n
		return none, err
	})
	return out, err
}

func (Rows) Threads(ctx context.Context, tx database.Tx, tenant string, x org.Reading, q conversation.Asked, r page.Request) ([]conversation.Thread, error) {
	args := &database.Args{}
	from, w := marked(args, x), ""
	switch {
	case q.Unread || q.Mentioned:
		from += waiting
		if w = waits(args, tenant, x); q.Mentioned {
			w += ` AND w.mention_n > w.read_n`
		}
	case q.Notes:
		w = `t.tenant_id = ` + args.Add(tenant) + ` AND t.created_by = ` + args.Add(x.Member) + ` AND t.kind = 'note' AND ` + scopedb.Thread(args, x)
	default:
		w = `t.tenant_id = ` + args.Add(tenant) + notApart(args, x) + ` AND ` + scopedb.Thread(args, x)
	}
	if q.On.ID != "" {
		w += ` AND t.on_kind = ` + args.Add(q.On.Kind) + ` AND t.on_id = ` + args.Add(q.On.ID)
	}
	next, order, err := r.Clauses(args, map[string]page.Column{"last": {SQL: "t.last_at"}}, "t.id")
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, from+` WHERE `+w+` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (conversation.Thread, error) { return scanMarked(r) })
}

func (Rows) Messages(ctx context.Context, tx database.Tx, tenant, thread string, r page.Request) ([]conversation.Message, error) {
	args := &database.Args{}
	w := `m.tenant_id = ` + args.Add(tenant) + ` AND m.thread_id = ` + args.Add(thread)
	next, order, err := r.Clauses(args, map[string]page.Column{"n": {SQL: "m.n", Number: true}}, "m.id")
	if err != nil {
		return nil, err
	}
	return list(tx.Query(ctx, `SELECT `+columns+` FROM message m WHERE `+w+` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...))
}

func (Rows) About(ctx context.Context, tx database.Tx, tenant string, x org.Reading, on record.Ref, limit int) ([]conversation.Message, error) {
	args := &database.Args{}
	w := `t.tenant_id = ` + args.Add(tenant) + ` AND t.on_kind = ` + args.Add(on.Kind) + ` AND t.on_id = ` + args.Add(on.ID) + ` AND ` + scopedb.Thread(args, x)
	return list(tx.Query(ctx, `SELECT `+columns+` FROM thread t JOIN message m ON m.tenant_id = t.tenant_id AND m.thread_id = t.id WHERE `+w+
		` ORDER BY m.said_at DESC, m.id DESC LIMIT `+args.Add(limit), args.Values...))
}

func (Rows) Readable(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) (map[string]conversation.Thread, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+threadColumns+`, m.id FROM message m JOIN thread t ON t.tenant_id = m.tenant_id AND t.id = m.thread_id
		WHERE m.tenant_id = `+args.Add(tenant)+` AND m.id IN `+database.In(args, ids)+` AND m.taken_back_at IS NULL AND `+scopedb.Thread(args, x), args.Values...)
	out := map[string]conversation.Thread{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		t, err := scanThread(r, &id)
		out[id] = t
		return none, err
	})
	return out, err
}

// next is the message after the last of a thread; joinedN keeps since which message who takes part does.
const (
	next    = `(SELECT t.last_n + 1 FROM thread t WHERE t.tenant_id = $1 AND t.id = $2)`
	joinedN = `joined_n = CASE WHEN thread_mark.joined THEN thread_mark.joined_n ELSE excluded.joined_n END`
)

func (Rows) Joins(ctx context.Context, tx database.Tx, tenant, thread string, m conversation.Mark) error {
	_, err := tx.Exec(ctx, `INSERT INTO thread_mark (tenant_id, thread_id, member_id, read_n, mention_n, joined, unread, joined_n)
		VALUES ($1,$2,$3,$4,$5,true,$6,CASE WHEN CAST($7 AS bigint) > 0 THEN CAST($7 AS bigint) ELSE `+next+` END)
		ON CONFLICT (tenant_id, thread_id, member_id) DO UPDATE SET joined = true, unread = excluded.unread, `+joinedN+`,
		read_n = CASE WHEN excluded.read_n > thread_mark.read_n THEN excluded.read_n
			WHEN excluded.mention_n BETWEEN 1 AND thread_mark.read_n THEN excluded.mention_n - 1 ELSE thread_mark.read_n END,
		mention_n = CASE WHEN excluded.mention_n > thread_mark.mention_n THEN excluded.mention_n ELSE thread_mark.mention_n END`,
		tenant, thread, m.MemberID, m.ReadN, m.MentionN, m.Unread, m.From)
	return err
}

func (Rows) Stirred(ctx context.Context, tx database.Tx, tenant, thread, but string) error {
	_, err := tx.Exec(ctx, `UPDATE thread_mark SET unread = true WHERE tenant_id = $1 AND thread_id = $2 AND member_id <> $3 AND joined AND NOT unread`,
		tenant, thread, but)
	return err
}

func (Rows) Reads(ctx context.Context, tx database.Tx, tenant, thread string, m conversation.Mark) error {
	_, err := tx.Exec(ctx, `INSERT INTO thread_mark (tenant_id, thread_id, member_id, read_n, mention_n, joined, unread, joined_n)
		VALUES ($1,$2,$3,$4,0,$5,$5,`+next+`)
		ON CONFLICT (tenant_id, thread_id, member_id) DO UPDATE SET read_n = excluded.read_n, unread = excluded.unread, `+joinedN+`,
		joined = (thread_mark.joined OR excluded.joined)`, tenant, thread, m.MemberID, m.ReadN, m.Unread)
	return err
}

func (Rows) Unnamed(ctx context.Context, tx database.Tx, tenant, thread string, n int64) error {
	_, err := tx.Exec(ctx, `UPDATE thread_mark SET mention_n = COALESCE((SELECT max(m.n) FROM message m WHERE m.tenant_id = $1 AND m.thread_id = $2
		AND ' ' || m.mentions || ' ' LIKE '% ' || thread_mark.member_id || ' %'), 0) WHERE tenant_id = $1 AND thread_id = $2 AND mention_n = $3`, tenant, thread, n)
	return err
}
