// Package recorddb is the SQL of what records of every kind keep alike.
package recorddb

import (
	"cmp"
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// Rows implements record.Rows.
type Rows struct{}

// FirstOwners opens the intervals of new records.
func (Rows) FirstOwners(ctx context.Context, tx database.Tx, tenant, kind string, owners []record.Ownership) error {
	rows, ord := make([][]any, len(owners)), map[string]int{}
	for i, o := range owners {
		ord[o.RecordID]++
		rows[i] = []any{tenant, o.RecordID, ord[o.RecordID], kind, database.Null(o.MemberID), database.Null(o.TeamID), string(cmp.Or(o.From, record.Start)), o.Seq, database.Null(o.Basis)}
	}
	return tx.InsertMany(ctx, "ownership", "tenant_id, record_id, ord, record_kind, member_id, team_id, from_on, seq, basis", "", rows)
}

// OpenOwnership ends the open interval of a record and begins the next.
func (Rows) OpenOwnership(ctx context.Context, tx database.Tx, tenant, kind string, o record.Ownership, handover string) error {
	from := string(cmp.Or(o.From, record.Start))
	_, err := tx.Exec(ctx, `UPDATE ownership SET to_on = $3 WHERE tenant_id = $1 AND record_id = $2 AND to_on IS NULL`, tenant, o.RecordID, from)
	if err != nil {
		return err
	}
	tx.Later(`INSERT INTO ownership (tenant_id, record_id, ord, record_kind, member_id, team_id, from_on, handover_id, seq, basis)
		VALUES ($1, $2, (SELECT COALESCE(max(ord), 0) + 1 FROM ownership WHERE tenant_id = $1 AND record_id = $2), $3, $4, $5, $6, $7, $8, $9)`,
		tenant, o.RecordID, kind, database.Null(o.MemberID), database.Null(o.TeamID), from, database.Null(handover), o.Seq, database.Null(o.Basis))
	return nil
}

// OwnerOn is whose a record was on a day.
func (r Rows) OwnerOn(ctx context.Context, tx database.Tx, tenant, id string, on calendar.Date) (record.Ownership, error) {
	all, err := r.Owners(ctx, tx, tenant, id)
	return all.On(on), err
}

// Owners are a record's ownerships.
func (Rows) Owners(ctx context.Context, tx database.Tx, tenant, id string) (out record.Owners, err error) {
	if err := tx.Settle(ctx, "ownership"); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT member_id, team_id, from_on, seq, basis FROM ownership
		WHERE tenant_id = $1 AND record_id = $2 AND ended_seq IS NULL ORDER BY from_on, seq, ord`, tenant, id)
	all, err := database.All(rows, err, func(r *sql.Rows) (record.Ownership, error) {
		w := record.Ownership{RecordID: id}
		return w, r.Scan(database.Into(&w.MemberID), database.Into(&w.TeamID), &w.From, &w.Seq, database.Into(&w.Basis))
	})
	return oneADay(all), err
}

// oneADay leaves of what begins on one day the last.
func oneADay(all []record.Ownership) (out record.Owners) {
	for _, w := range all {
		if last := len(out) - 1; last >= 0 && out[last].From == w.From {
			out[last] = w
		} else {
			out = append(out, w)
		}
	}
	return out
}

// Rehanded are the ownerships of what changed hands after a day.
func (Rows) Rehanded(ctx context.Context, tx database.Tx, tenant, kind string, after calendar.Date) (map[string]record.Owners, error) {
	if err := tx.Settle(ctx, "ownership"); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT record_id, member_id, team_id, from_on, seq, basis FROM ownership w
		WHERE tenant_id = $1 AND record_kind = $2 AND ended_seq IS NULL AND EXISTS (SELECT 1 FROM ownership x WHERE x.tenant_id = w.tenant_id
			AND x.record_id = w.record_id AND x.ended_seq IS NULL AND x.from_on > $3) ORDER BY record_id, from_on, seq, ord`, tenant, kind, string(after))
	all, err := database.All(rows, err, func(r *sql.Rows) (w record.Ownership, err error) {
		return w, r.Scan(&w.RecordID, database.Into(&w.MemberID), database.Into(&w.TeamID), &w.From, &w.Seq, database.Into(&w.Basis))
	})
	out := map[string]record.Owners{}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].RecordID == all[from].RecordID {
			to++
		}
		out[all[from].RecordID], from = oneADay(all[from:to]), to
	}
	return out, err
}

// EndOwnerships ends what begins after a day.
func (Rows) EndOwnerships(tx database.Tx, tenant, id string, after calendar.Date, seq database.Seq) {
	tx.Later(`UPDATE ownership SET ended_seq = $1 WHERE tenant_id = $2 AND record_id = $3 AND from_on > $4 AND ended_seq IS NULL`,
		seq, tenant, id, string(after))
}

// BegunOn lists what became a member's on a day.
func (Rows) BegunOn(ctx context.Context, tx database.Tx, tenant, kind, member string, on calendar.Date) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT record_id FROM ownership WHERE tenant_id = $1 AND member_id = $2 AND from_on = $3
		AND record_kind = $4 AND ended_seq IS NULL ORDER BY record_id`, tenant, member, string(on), kind)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// Owned tells whether a record has an ownership that was not ended.
func (Rows) Owned(ctx context.Context, tx database.Tx, tenant, id string) (owned bool, err error) {
	if err := tx.Settle(ctx, "ownership"); err != nil {
		return false, err
	}
	return owned, tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM ownership WHERE tenant_id = $1 AND record_id = $2 AND ended_seq IS NULL)`,
		tenant, id).Scan(&owned)
}

// External lists a record's ids in other systems.
func (Rows) External(ctx context.Context, tx database.Tx, tenant, id string) ([]record.External, error) {
	rows, err := tx.Query(ctx, `SELECT source, external_id FROM external_ref WHERE tenant_id = $1 AND record_id = $2
		ORDER BY source, external_id LIMIT 100`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (e record.External, err error) { return e, r.Scan(&e.Source, &e.ID) })
}

// ByExternal returns record ids by their id in a source system.
func (Rows) ByExternal(ctx context.Context, tx database.Tx, tenant, kind, source string) (map[string]string, error) {
	return Pairs(ctx, tx, `SELECT external_id, record_id FROM external_ref WHERE tenant_id = $1 AND record_kind = $2 AND source = $3`, tenant, kind, source)
}

// KnownExternal is ByExternal of some ids.
func (Rows) KnownExternal(ctx context.Context, tx database.Tx, tenant, kind, source string, ids []string) (map[string]string, error) {
	if len(ids) == 0 {
		return map[string]string{}, nil
	}
	args := &database.Args{}
	return Pairs(ctx, tx, `SELECT external_id, record_id FROM external_ref WHERE tenant_id = `+args.Add(tenant)+
		` AND record_kind = `+args.Add(kind)+` AND source = `+args.Add(source)+` AND external_id IN `+database.In(args, ids), args.Values...)
}

// Pairs reads rows of two texts into a map of the first to the second.
func Pairs(ctx context.Context, tx database.Tx, query string, args ...any) (map[string]string, error) {
	return pairs[string](ctx, tx, query, args)
}

// Counts reads rows of a text and a number into a map of the first to the second.
func Counts(ctx context.Context, tx database.Tx, query string, args ...any) (map[string]int64, error) {
	return pairs[int64](ctx, tx, query, args)
}

func pairs[T any](ctx context.Context, tx database.Tx, query string, args []any) (map[string]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]T{}
	for rows.Next() {
		var key string
		var value T
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		out[key] = value
	}
	return out, rows.Err()
}

// InsertExternal writes the ids of records in other systems.
func (Rows) InsertExternal(ctx context.Context, tx database.Tx, tenant, kind string, refs map[record.External]string) error {
	rows := make([][]any, 0, len(refs))
	for e, id := range refs {
		rows = append(rows, []any{tenant, kind, e.Source, e.ID, id})
	}
	return tx.InsertMany(ctx, "external_ref", "tenant_id, record_kind, source, external_id, record_id", "", rows)
}
