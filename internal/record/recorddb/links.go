package recorddb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// InsertLinks hangs records on others; what hangs there already stays.
func (Rows) InsertLinks(ctx context.Context, tx database.Tx, tenant string, links []record.Link) error {
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{tenant, l.From.Kind, l.From.ID, l.To.Kind, l.To.ID}
	}
	return tx.InsertMany(ctx, "record_link", "tenant_id, kind, id, to_kind, to_id", "ON CONFLICT DO NOTHING", rows)
}

// Links tells what some records of a kind hang on.
func (Rows) Links(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string][]record.Ref, error) {
	out := map[string][]record.Ref{}
	if len(ids) == 0 {
		return out, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT id, to_kind, to_id FROM record_link WHERE tenant_id = `+args.Add(tenant)+` AND kind = `+args.Add(kind)+
		` AND id IN `+database.In(args, ids)+` ORDER BY id, to_kind, to_id`, args.Values...)
	links, err := database.All(rows, err, func(r *sql.Rows) (l record.Link, err error) { return l, r.Scan(&l.From.ID, &l.To.Kind, &l.To.ID) })
	for _, l := range links {
		out[l.From.ID] = append(out[l.From.ID], l.To)
	}
	return out, err
}

// ForgetExternal takes back one id of a record in another system.
func (Rows) ForgetExternal(ctx context.Context, tx database.Tx, tenant string, of record.Ref, e record.External) error {
	_, err := tx.Exec(ctx, `DELETE FROM external_ref WHERE tenant_id = $1 AND record_kind = $2 AND source = $3 AND external_id = $4 AND record_id = $5`,
		tenant, of.Kind, e.Source, e.ID, of.ID)
	return err
}

// Forget takes back a record's ids in other systems and what it hangs on.
func (Rows) Forget(ctx context.Context, tx database.Tx, tenant string, of record.Ref) error {
	if _, err := tx.Exec(ctx, `DELETE FROM external_ref WHERE tenant_id = $1 AND record_id = $2`, tenant, of.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM record_link WHERE tenant_id = $1 AND kind = $2 AND id = $3`, tenant, of.Kind, of.ID)
	return err
}

// Hanging tells whether anything hangs on a record.
func (Rows) Hanging(ctx context.Context, tx database.Tx, tenant string, on record.Ref) (some bool, err error) {
	return some, tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM record_link WHERE tenant_id = $1 AND to_kind = $2 AND to_id = $3)`,
		tenant, on.Kind, on.ID).Scan(&some)
}

// HangsOn tells that a record of a kind, whose table has an alias, hangs on another. tenant
// is the placeholder of the company.
func HangsOn(args *database.Args, tenant, kind, alias string, on record.Ref) string {
	return alias + ".tenant_id = " + tenant + " AND " + alias + ".id IN (SELECT l.id FROM record_link l WHERE l.tenant_id = " + tenant +
		" AND l.to_kind = " + args.Add(on.Kind) + " AND l.to_id = " + args.Add(on.ID) + " AND l.kind = '" + kind + "')"
}

// Hanging are the ids of those of a kind that hang on one of several records of another, and of what each hangs on: id, to_id.
func Hanging(args *database.Args, tenant, kind, to string, ids []string) string {
	return "(SELECT l.id, l.to_id FROM record_link l WHERE l.tenant_id = " + tenant + " AND l.to_kind = " + args.Add(to) + " AND l.to_id IN " +
		database.In(args, ids) + " AND l.kind = '" + kind + "')"
}

// HangsOnAny is HangsOn for several records of one kind.
func HangsOnAny(args *database.Args, tenant, kind, alias, to string, ids []string) string {
	return alias + ".tenant_id = " + tenant + " AND " + alias + ".id IN (SELECT l.id FROM record_link l WHERE l.tenant_id = " + tenant +
		" AND l.to_kind = " + args.Add(to) + " AND l.to_id IN " + database.In(args, ids) + " AND l.kind = '" + kind + "')"
}

// JoinLinked joins to each record of a kind, whose table has an alias, those of another kind it hangs on, as l.to_id.
func JoinLinked(kind, alias, to string) string {
	return " JOIN record_link l ON l.tenant_id = " + alias + ".tenant_id AND l.kind = '" + kind + "' AND l.id = " + alias + ".id AND l.to_kind = '" + to + "' "
}
