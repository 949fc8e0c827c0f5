// Package auditdb is the SQL of what the audit trail keeps beside the journal.
package auditdb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Rows implements audit.Rows.
type Rows struct{}

// place is where a company's failures are counted, or those that concern none; both have the same
// columns but for whose they are.
type place struct {
	table, whose string // whose are the columns that say so, each with a comma behind
	values       []any
}

func placeOf(f audit.Failure) place {
	if f.TenantID == "" {
		return place{"stranger_act", "", nil}
	}
	return place{"failed_act", "tenant_id, member_id, ", []any{f.TenantID, f.MemberID}}
}

// where are the conditions that the rows are theirs.
func (p place) where(args *database.Args) string {
	if p.values == nil {
		return "1 = 1"
	}
	return "tenant_id = " + args.Add(p.values[0])
}

func (Rows) CountAgain(ctx context.Context, tx database.Tx, f audit.Failure, n audit.Counted) (bool, error) {
	args := &database.Args{}
	p := placeOf(f)
	set := "times = times + " + args.Add(n.Times) + ", last_at = " + args.Add(n.Last)
	where := p.where(args)
	if p.values != nil {
		where += " AND member_id = " + args.Add(f.MemberID)
	}
	where += " AND hour = " + args.Add(f.Hour()) + " AND kind = " + args.Add(f.Kind) + " AND route = " + args.Add(f.Route) +
		" AND address = " + args.Add(f.Address)
	changed, err := tx.Exec(ctx, `UPDATE `+p.table+` SET `+set+` WHERE `+where, args.Values...)
	return changed > 0, err
}

func (Rows) InHour(ctx context.Context, tx database.Tx, f audit.Failure) (rows, his int, err error) {
	args := &database.Args{}
	p := placeOf(f)
	of := "0"
	if p.values != nil {
		of = "count(CASE WHEN member_id = " + args.Add(f.MemberID) + " THEN 1 END)"
	}
	err = tx.QueryRow(ctx, `SELECT count(*), `+of+` FROM `+p.table+` WHERE `+p.where(args)+` AND hour = `+args.Add(f.Hour()), args.Values...).Scan(&rows, &his)
	return rows, his, err
}

func (Rows) Count(ctx context.Context, tx database.Tx, f audit.Failure, n audit.Counted) error {
	args := &database.Args{}
	p := placeOf(f)
	var values []string
	for _, v := range append(p.values, record.NewID(n.First), f.Hour(), f.Kind, f.Route, f.Address, n.Times, n.First, n.Last) {
		values = append(values, args.Add(v))
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+p.table+` (`+p.whose+`id, hour, kind, route, address, times, first_at, last_at)
		VALUES (`+strings.Join(values, ", ")+`) ON CONFLICT (`+p.whose+`hour, kind, route, address)
		DO UPDATE SET times = `+p.table+`.times + EXCLUDED.times, last_at = EXCLUDED.last_at`, args.Values...)
	return err
}

// Failures returns a page and one row of a company's, by the instant of the first of an hour. Of
// some kinds each is asked for by itself: what is rare is not looked for among what is not.
func (Rows) Failures(ctx context.Context, tx database.Tx, tenant string, q audit.Query, r page.Request) (out []audit.Item, err error) {
	kinds := q.Failures()
	if kinds == nil {
		return failures(ctx, tx, tenant, q, r)
	}
	for _, kind := range kinds {
		of := q
		of.Kind = kind
		list, err := failures(ctx, tx, tenant, of, r)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func failures(ctx context.Context, tx database.Tx, tenant string, q audit.Query, r page.Request) ([]audit.Item, error) {
	args := &database.Args{}
	p := placeOf(audit.Failure{TenantID: tenant})
	where, member := p.where(args), "member_id"
	if p.values == nil {
		member = "''"
	}
	next, order, err := r.Clauses(args, map[string]page.Column{"at": {SQL: "first_at"}}, "id")
	if err != nil {
		return nil, err
	}
	where += " AND " + next
	for _, x := range [][2]string{{"kind", q.Kind}, {member, q.Person}, {member, q.About}, {"address", q.Address}} {
		if x[1] != "" {
			where += " AND " + x[0] + " = " + args.Add(x[1])
		}
	}
	if !q.From.IsZero() {
		where += " AND first_at >= " + args.Add(q.From)
	}
	if !q.To.IsZero() {
		where += " AND first_at < " + args.Add(q.To)
	}
	rows, err := tx.Query(ctx, `SELECT id, kind, `+member+`, route, address, times, first_at, last_at FROM `+p.table+` WHERE `+where+
		" ORDER BY "+order+" LIMIT "+args.Add(r.Size()+1), args.Values...)
	return database.All(rows, err, scanFailure)
}

func scanFailure(r *sql.Rows) (i audit.Item, err error) {
	var first, last database.Instant
	var member, route string
	err = r.Scan(&i.ID, &i.Kind, &member, &route, &i.Address, &i.Times, &first, &last)
	i.At, i.Until, i.Outcome = first.Time, last.Time, audit.OutcomeOf(i.Kind)
	if member != "" {
		i.About = record.Ref{Kind: "member", ID: member}
		i.PersonID = audit.Failure{Kind: i.Kind, MemberID: member}.By()
	}
	if route != "" {
		i.Details = []audit.Detail{{Key: "route", Of: "text", New: route}}
	}
	return i, err
}

func (Rows) Forget(ctx context.Context, tx database.Tx, tenant string, before time.Time) (int64, error) {
	args := &database.Args{}
	p := placeOf(audit.Failure{TenantID: tenant})
	return tx.Exec(ctx, `DELETE FROM `+p.table+` WHERE `+p.where(args)+` AND first_at < `+args.Add(before), args.Values...)
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
