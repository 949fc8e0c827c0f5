// Package enginedb is the SQL the in-memory funnel is loaded and fed by.
package enginedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/opportunity/opportunitydb"
)

// Rows implements engine.Rows.
type Rows struct{}

func (Rows) Tail(ctx context.Context, tx database.Tx, tenant string) (seq int64, id string, err error) {
	row := tx.QueryRow(ctx, `SELECT seq, id FROM journal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`, tenant)
	err = row.Scan(&seq, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return seq, id, err
}

func (Rows) Touched(ctx context.Context, tx database.Tx, tenant string, after int64, limit int) ([]engine.Touch, error) {
	rows, err := tx.Query(ctx, `SELECT seq, id, kind, subject_kind, subject_id, scope_kind, scope_id,
		CASE WHEN kind = 'contact.erased' THEN payload END FROM journal
		WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, tenant, after, limit)
	return database.All(rows, err, func(r *sql.Rows) (t engine.Touch, err error) {
		var erased *string
		err = r.Scan(&t.Seq, &t.ID, &t.Kind, &t.SubjectKind, &t.SubjectID, &t.ScopeKind, &t.ScopeID, &erased)
		if err == nil && erased != nil {
			err = json.Unmarshal([]byte(*erased), &struct{ Places *[]account.Place }{&t.Rewritten})
		}
		return t, err
	})
}

// idsAtOnce bounds the ids bound to one statement.
const idsAtOnce = 400

func (Rows) Size(ctx context.Context, tx database.Tx, tenant string) (n int64, err error) {
	return n, tx.QueryRow(ctx, `SELECT count(*) FROM opportunity WHERE tenant_id = $1`, tenant).Scan(&n)
}

func (Rows) Large(ctx context.Context, tx database.Tx, atLeast int64, limit int) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT tenant_id FROM opportunity GROUP BY tenant_id HAVING count(*) >= $1
		ORDER BY count(*) DESC LIMIT $2`, atLeast, limit)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// Page reads a run of opportunities with all that hangs on them: their ids first, so
// that every part is read by its range of keys.
func (r Rows) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	var last sql.NullString
	err := tx.QueryRow(ctx, `SELECT max(id) FROM (SELECT id FROM opportunity WHERE tenant_id = $1 AND id > $2
		ORDER BY id LIMIT $3) AS page`, tenant, after, limit).Scan(&last)
	if err != nil || !last.Valid {
		return nil, err
	}
	return r.deals(ctx, tx, tenant, func(args *database.Args, id string) string {
		return id + " > " + args.Add(after) + " AND " + id + " <= " + args.Add(last.String)
	})
}

// Deals reads opportunities with all that hangs on them.
func (r Rows) Deals(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]engine.Deal, error) {
	var out []engine.Deal
	for from := 0; from < len(ids); from += idsAtOnce {
		some := ids[from:min(len(ids), from+idsAtOnce)]
		part, err := r.deals(ctx, tx, tenant, func(args *database.Args, id string) string {
			return id + " IN " + database.In(args, some)
		})
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

func (Rows) OfAccounts(ctx context.Context, tx database.Tx, tenant string, accounts []string) ([]string, error) {
	return someAtATime(ctx, tx, tenant, accounts, `SELECT id FROM opportunity WHERE account_id IN `)
}

func (Rows) HungOn(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]string, error) {
	return someAtATime(ctx, tx, tenant, ids, `SELECT to_id FROM record_link WHERE kind IN ('task', 'follow_up')
		AND to_kind = 'opportunity' AND id IN `)
}

// someAtATime lists ids by a query that ends before the ids it is given.
func someAtATime(ctx context.Context, tx database.Tx, tenant string, ids []string, query string) (out []string, err error) {
	for from := 0; from < len(ids); from += idsAtOnce {
		args := &database.Args{}
		some := ids[from:min(len(ids), from+idsAtOnce)]
		rows, err := tx.Query(ctx, query+database.In(args, some)+` AND tenant_id = `+args.Add(tenant), args.Values...)
		part, err := database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

func (Rows) Belonged(
	ctx context.Context, tx database.Tx, tenant string, ids []string, do func(id string, v engine.Value) error,
) error {
	if len(ids) == 0 {
		ids = []string{""} // an account that is not there takes the work of one out of sight
	}
	for from := 0; from < len(ids); from += idsAtOnce {
		args := &database.Args{}
		some := ids[from:min(len(ids), from+idsAtOnce)]
		rows, err := tx.Query(ctx, `SELECT v.record_id, v.day, v.text_value, v.seq, COALESCE(v.ended_seq, 0) FROM dated_value v
			WHERE v.tenant_id = `+args.Add(tenant)+` AND v.record_id IN `+database.In(args, some)+`
			AND v.field = 'account' AND v.key = '' ORDER BY v.record_id, v.day, v.seq`, args.Values...)
		_, err = database.All(rows, err, func(r *sql.Rows) (struct{}, error) {
			var id string
			var v engine.Value
			if err := r.Scan(append([]any{&id}, class(&v)...)...); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, do(id, v)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (Rows) Positions(ctx context.Context, tx database.Tx, tenant string) ([]engine.Position, error) {
	rows, err := tx.Query(ctx, `SELECT version_id, stage_id, position FROM stage_version WHERE tenant_id = $1`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (p engine.Position, err error) {
		return p, r.Scan(&p.VersionID, &p.StageID, &p.Position)
	})
}

func (Rows) Accepted(
	ctx context.Context, tx database.Tx, tenant string, do func(opportunity, stage, key string, on calendar.Date) error,
) error {
	rows, err := tx.Query(ctx, `SELECT opportunity_id, stage_id, milestone_key, submitted_on FROM evidence
		WHERE tenant_id = $1 AND status = 'accepted' ORDER BY opportunity_id`, tenant)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var opportunity, stage, key string
		var on calendar.Date
		if err := rows.Scan(&opportunity, &stage, &key, &on); err != nil {
			return err
		}
		if err := do(opportunity, stage, key, on); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (Rows) Around(ctx context.Context, tx database.Tx, tenant string) (a engine.Around, err error) {
	rows, err := tx.Query(ctx, `SELECT id, pipeline_id FROM pipeline_version WHERE tenant_id = $1`, tenant)
	if a.Versions, err = database.All(rows, err, func(r *sql.Rows) (v engine.VersionRow, err error) {
		return v, r.Scan(&v.ID, &v.PipelineID)
	}); err != nil {
		return a, err
	}
	rows, err = tx.Query(ctx, `SELECT currency, from_on, rate, seq FROM exchange_rate WHERE tenant_id = $1
		ORDER BY currency, from_on, seq`, tenant)
	if a.Rates, err = database.All(rows, err, func(r *sql.Rows) (x engine.RateRow, err error) {
		return x, r.Scan(&x.Currency, &x.From, &x.Rate, &x.Seq)
	}); err != nil {
		return a, err
	}
	rows, err = tx.Query(ctx, `SELECT id, name, same_as FROM competitor WHERE tenant_id = $1`, tenant)
	list, err := database.All(rows, err, func(r *sql.Rows) (p [3]string, err error) { return p, r.Scan(&p[0], &p[1], database.Into(&p[2])) })
	a.Competitors, a.SameRivals = map[string]string{}, map[string]string{}
	for _, p := range list {
		a.Competitors[p[0]] = p[1]
		if p[2] != "" {
			a.SameRivals[p[0]] = p[2]
		}
	}
	return a, err
}

func (Rows) Matching(ctx context.Context, tx database.Tx, q funnel.Query) ([]string, error) {
	args := &database.Args{}
	where := opportunitydb.Where(args, q.TenantID, q.Scope, q.Filter)
	rows, err := tx.Query(ctx, `SELECT o.id FROM opportunity o WHERE `+where, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
