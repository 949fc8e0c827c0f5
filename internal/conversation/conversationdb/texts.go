package conversationdb

import (
	"context"
	"database/sql"

	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
)

func (Rows) ThreadsOf(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) ([]conversation.Thread, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, marked(args, x)+` WHERE t.tenant_id = `+args.Add(tenant)+` AND t.id IN `+database.In(args, ids)+
		` AND `+scopedb.Thread(args, x), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (conversation.Thread, error) { return scanMarked(r) })
}

func (Rows) FirstTexts(ctx context.Context, tx database.Tx, tenant string, threads []string) (map[string]string, error) {
	return texts(ctx, tx, tenant, "m.thread_id", "m.n = 1 AND ", threads)
}

func (Rows) Texts(ctx context.Context, tx database.Tx, tenant string, messages []string) (map[string]string, error) {
	return texts(ctx, tx, tenant, "m.id", "", messages)
}

func texts(ctx context.Context, tx database.Tx, tenant, by, which string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+by+`, m.text FROM message m WHERE m.tenant_id = `+args.Add(tenant)+` AND `+which+by+` IN `+database.In(args, ids),
		args.Values...)
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id, said string
		err = r.Scan(&id, &said)
		out[id] = said
		return none, err
	})
	return out, err
}
