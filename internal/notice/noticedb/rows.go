// Package noticedb is the SQL of notices.
package noticedb

import (
	"context"
	"database/sql"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/page"
)

// Rows implements notice.Rows.
type Rows struct{}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, list []notice.Notice) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{tenant, n.MemberID, n.Seq, n.Kind, n.About.Kind, n.About.ID, database.Null(n.ActorID), n.At}
	}
	return tx.InsertMany(ctx, "notice", "tenant_id, member_id, seq, kind, about_kind, about_id, actor_id, told_at", "", rows)
}

const columns = `n.member_id, n.seq, n.kind, n.about_kind, n.about_id, n.actor_id, n.told_at, n.read_at`

func scan(r *sql.Rows) (n notice.Notice, err error) {
	var at, read database.Instant
	err = r.Scan(&n.MemberID, &n.Seq, &n.Kind, &n.About.Kind, &n.About.ID, database.Into(&n.ActorID), &at, &read)
	n.At, n.ReadAt = at.Time, read.Ptr()
	return n, err
}

func (Rows) List(ctx context.Context, tx database.Tx, tenant, member string, q notice.Asked, r page.Request) ([]notice.Notice, error) {
	args := &database.Args{}
	w := `n.tenant_id = ` + args.Add(tenant) + ` AND n.member_id = ` + args.Add(member)
	if q.Unread {
		w += ` AND n.read_at IS NULL`
	}
	if q.After > 0 {
		w += ` AND n.seq > ` + args.Add(q.After)
	}
	next, order, err := r.Clauses(args, map[string]page.Column{"seq": {SQL: "n.seq", Number: true}}, "n.member_id")
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM notice n WHERE `+w+` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...)
	return database.All(rows, err, scan)
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant, member string, seq int64) (notice.Notice, bool, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM notice n WHERE n.tenant_id = $1 AND n.member_id = $2 AND n.seq = $3`, tenant, member, seq)
	list, err := database.All(rows, err, scan)
	if len(list) == 0 {
		return notice.Notice{}, false, err
	}
	return list[0], true, err
}

func (Rows) Unread(ctx context.Context, tx database.Tx, tenant, member string) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `SELECT kind, count(*) FROM notice WHERE tenant_id = $1 AND member_id = $2 AND read_at IS NULL GROUP BY kind`, tenant, member)
	out := map[string]int64{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var kind string
		var n int64
		err = r.Scan(&kind, &n)
		out[kind] = n
		return none, err
	})
	return out, err
}

func (Rows) Read(ctx context.Context, tx database.Tx, tenant, member string, at time.Time, seqs []int64, upTo int64) error {
	args := &database.Args{}
	w := ` WHERE tenant_id = ` + args.Add(tenant) + ` AND member_id = ` + args.Add(member) + ` AND read_at IS NULL AND (seq <= ` + args.Add(upTo)
	if len(seqs) > 0 {
		w += ` OR seq IN ` + database.In(args, seqs)
	}
	_, err := tx.Exec(ctx, `UPDATE notice SET read_at = `+args.Add(at)+w+`)`, args.Values...)
	return err
}

func (Rows) Readers(ctx context.Context, tx database.Tx, tenant string) (map[string]time.Time, error) {
	rows, err := tx.Query(ctx, `SELECT member_id, min(told_at) FROM notice WHERE tenant_id = $1 AND read_at IS NULL GROUP BY member_id`, tenant)
	out := map[string]time.Time{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id string
		var first database.Instant
		err = r.Scan(&id, &first)
		out[id] = first.Time
		return none, err
	})
	return out, err
}

func (Rows) Last(ctx context.Context, tx database.Tx, tenant string) (seq int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(max(seq), 0) FROM notice WHERE tenant_id = $1`, tenant).Scan(&seq)
	return seq, err
}

func (Rows) Since(ctx context.Context, tx database.Tx, tenant string, after notice.Mark, limit int) ([]notice.Notice, error) {
	behind := `n.seq > $2`
	args := []any{tenant, after.Seq, limit}
	if after.MemberID != "" {
		behind, args = `(n.seq, n.member_id) > ($2, $4)`, append(args, after.MemberID)
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM notice n WHERE n.tenant_id = $1 AND `+behind+` ORDER BY n.seq, n.member_id LIMIT $3`, args...)
	return database.All(rows, err, scan)
}

func (Rows) Purge(ctx context.Context, tx database.Tx, tenant string, upTo int64, of []string, most int) (int64, error) {
	args := &database.Args{}
	w := ` WHERE tenant_id = ` + args.Add(tenant) + ` AND seq <= ` + args.Add(upTo) + ` AND (read_at IS NOT NULL`
	if len(of) > 0 {
		w += ` OR member_id IN ` + database.In(args, of)
	}
	w += `)`
	return tx.Exec(ctx, `DELETE FROM notice WHERE (tenant_id, member_id, seq) IN (SELECT tenant_id, member_id, seq FROM notice`+w+
		` ORDER BY seq LIMIT `+args.Add(most)+`)`, args.Values...)
}

func (Rows) Gone(ctx context.Context, tx database.Tx, tenant string, after int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice WHERE tenant_id = $1 AND seq > $2`, tenant, after)
	return err
}
