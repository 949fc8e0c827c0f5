package conversationdb

import (
	"context"
	"database/sql"

	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
)

func (Rows) Parties(ctx context.Context, tx database.Tx, tenant, thread string, n int64) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT member_id FROM thread_mark WHERE tenant_id = $1 AND thread_id = $2 AND joined AND joined_n <= $3 ORDER BY member_id`, tenant, thread, n)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) Words(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) (map[string]conversation.Thread, error) {
	return words(ctx, tx, tenant, x, "m.id", "m.taken_back_at IS NULL AND m.id", ids)
}

func (Rows) Begun(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) (map[string]conversation.Thread, error) {
	return words(ctx, tx, tenant, x, "t.id", "m.n = 1 AND t.id", ids)
}

// words are threads a member reads with one message, by a column that is among some.
func words(ctx context.Context, tx database.Tx, tenant string, x org.Reading, by, which string, ids []string) (map[string]conversation.Thread, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+threadColumns+`, m.text, `+by+` FROM message m JOIN thread t ON t.tenant_id = m.tenant_id AND t.id = m.thread_id
		WHERE m.tenant_id = `+args.Add(tenant)+` AND `+which+` IN `+database.In(args, ids)+` AND `+scopedb.Thread(args, x), args.Values...)
	out := map[string]conversation.Thread{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id, text string
		t, err := scanThread(r, &text, &id)
		t.Last = []conversation.Message{{ThreadID: t.ID, Text: text}}
		out[id] = t
		return none, err
	})
	return out, err
}
