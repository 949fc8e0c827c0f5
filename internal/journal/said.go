package journal

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"yunchou/internal/database"
)

// few is up to how many records are named to the database one by one.
const few = 500

// Said are the entries of some kinds that people wrote about records of a kind from an instant on, in order; without
// their payloads. Of many ids the entries of all such records come.
func Said(ctx context.Context, tx database.Tx, tenant, of string, ids, kinds []string, from time.Time) ([]Entry, error) {
	if len(ids) == 0 || len(kinds) == 0 {
		return nil, nil
	}
	after, err := KnownBefore(ctx, tx, tenant, from)
	if err != nil {
		return nil, err
	}
	args := &database.Args{}
	where := `tenant_id = ` + args.Add(tenant) + ` AND seq > ` + args.Add(after) + ` AND scope_kind = ` + args.Add(of) +
		` AND kind IN ` + database.In(args, kinds) + ` AND path NOT IN ('job', 'import')`
	if len(ids) <= few {
		where += ` AND scope_id IN ` + database.In(args, ids)
	}
	rows, err := tx.Query(ctx, `SELECT seq, id, recorded_at, happened_on, actor_id, on_behalf_of, path, subject_kind, subject_id,
		scope_kind, scope_id, kind, version, '' FROM journal WHERE `+where+` ORDER BY seq`, args.Values...)
	return database.All(rows, err, scan)
}

// ForOthers tells who wrote the entries of a kind about records of a kind in somebody else's name, by the record's id.
func ForOthers(ctx context.Context, tx database.Tx, tenant, of, kind string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	for some := range slices.Chunk(ids, few) {
		args := &database.Args{}
		rows, err := tx.Query(ctx, `SELECT subject_id, actor_id FROM journal WHERE tenant_id = `+args.Add(tenant)+` AND subject_kind = `+args.Add(of)+
			` AND subject_id IN `+database.In(args, some)+` AND kind = `+args.Add(kind)+` AND on_behalf_of IS NOT NULL`, args.Values...)
		if _, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var id, by string
			err = r.Scan(&id, &by)
			out[id] = by
			return none, err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
