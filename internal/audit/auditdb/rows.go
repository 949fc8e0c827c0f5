// Package auditdb is the SQL of what the audit trail keeps beside the journal.
package auditdb

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Rows implements audit.Rows.
type Rows struct{}

func (Rows) CountAgain(ctx context.Context, tx database.Tx, f audit.Failure) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE failed_act SET times = times + 1, last_at = $6 WHERE tenant_id = $1 AND hour = $2 AND kind = $3
		AND member_id = $4 AND address = $5`, f.TenantID, f.Hour(), f.Kind, f.MemberID, f.Address, f.At)
	return n > 0, err
}

func (Rows) InHour(ctx context.Context, tx database.Tx, f audit.Failure) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM failed_act WHERE tenant_id = $1 AND hour = $2`, f.TenantID, f.Hour()).Scan(&n)
	return n, err
}

func (Rows) Count(ctx context.Context, tx database.Tx, f audit.Failure) error {
	_, err := tx.Exec(ctx, `INSERT INTO failed_act (tenant_id, id, hour, kind, member_id, address, times, first_at, last_at)
		VALUES ($1,$2,$3,$4,$5,$6,1,$7,$7) ON CONFLICT (tenant_id, hour, kind, member_id, address)
		DO UPDATE SET times = failed_act.times + 1, last_at = EXCLUDED.last_at`,
		f.TenantID, f.NewID(), f.Hour(), f.Kind, f.MemberID, f.Address, f.At)
	return err
}

// Failures returns a page and one row of a company's, by the instant of the first of an hour.
func (Rows) Failures(ctx context.Context, tx database.Tx, tenant string, q audit.Query, r page.Request) ([]audit.Item, error) {
	kinds := audit.FailedKinds(q.Outcome)
	if q.Kind != "" {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k != q.Kind })
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	where := "tenant_id = " + args.Add(tenant)
	next, order, err := r.Clauses(args, map[string]page.Column{"at": {SQL: "first_at"}}, "id")
	if err != nil {
		return nil, err
	}
	where += " AND " + next + " AND kind IN " + database.In(args, kinds)
	for _, member := range []string{q.Person, q.About} {
		if member != "" {
			where += " AND member_id = " + args.Add(member)
		}
	}
	if q.Address != "" {
		where += " AND address = " + args.Add(q.Address)
	}
	if !q.From.IsZero() {
		where += " AND first_at >= " + args.Add(q.From)
	}
	if !q.To.IsZero() {
		where += " AND first_at < " + args.Add(q.To)
	}
	rows, err := tx.Query(ctx, `SELECT id, kind, member_id, address, times, first_at, last_at FROM failed_act WHERE `+where+
		" ORDER BY "+order+" LIMIT "+args.Add(r.Size()+1), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (i audit.Item, err error) {
		var first, last database.Instant
		var member string
		err = r.Scan(&i.ID, &i.Kind, &member, &i.Address, &i.Times, &first, &last)
		i.At, i.Until, i.Outcome = first.Time, last.Time, audit.OutcomeOf(i.Kind)
		if member != "" {
			i.About = record.Ref{Kind: "member", ID: member}
			i.PersonID = audit.Failure{Kind: i.Kind, MemberID: member}.By()
		}
		return i, err
	})
}

func (Rows) Forget(ctx context.Context, tx database.Tx, tenant string, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM failed_act WHERE tenant_id = $1 AND first_at < $2`, tenant, before)
	return err
}

// Policy is the company's, or audit.DefaultPolicy.
func (Rows) Policy(ctx context.Context, tx database.Tx, tenant string) (p audit.Policy, err error) {
	err = tx.QueryRow(ctx, `SELECT keep_days, version FROM audit_policy WHERE tenant_id = $1`, tenant).Scan(&p.KeepDays, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return audit.DefaultPolicy, nil
	}
	return p, err
}

func (Rows) SavePolicy(ctx context.Context, tx database.Tx, tenant string, p audit.Policy) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit_policy (tenant_id, keep_days, version) VALUES ($1,$2,$3)
		ON CONFLICT (tenant_id) DO UPDATE SET keep_days = EXCLUDED.keep_days, version = EXCLUDED.version`, tenant, p.KeepDays, p.Version)
	return err
}
