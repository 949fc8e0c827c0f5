// Package handoverdb is the SQL of hand-overs.
package handoverdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Rows implements handover.Rows.
type Rows struct{}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, h handover.Handover) error {
	_, err := tx.Exec(ctx, `INSERT INTO handover (tenant_id, id, from_member_id, to_member_id, reason, effective_on, created_at, created_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, h.ID, database.Null(h.FromID), h.ToID, h.Reason, string(h.On), h.CreatedAt, h.CreatedBy)
	return database.Taken(err, record.ErrIDTaken)
}

func (Rows) SaveCounts(ctx context.Context, tx database.Tx, tenant string, h handover.Handover) error {
	counts, err := json.Marshal(h.Counts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE handover SET counts = $3 WHERE tenant_id = $1 AND id = $2`, tenant, h.ID, string(counts))
	return err
}

func (Rows) Counts(ctx context.Context, tx database.Tx, tenant, id string) (counts map[string]int64, err error) {
	var raw string
	if err = tx.QueryRow(ctx, `SELECT counts FROM handover WHERE tenant_id = $1 AND id = $2`, tenant, id).Scan(&raw); err != nil {
		return nil, err
	}
	return counts, json.Unmarshal([]byte(raw), &counts)
}

func (Rows) Waiting(ctx context.Context, tx database.Tx, tenant, to string) ([]handover.Handover, error) {
	rows, err := tx.Query(ctx, `SELECT id, from_member_id, to_member_id, reason, effective_on, created_at, created_by, counts
		FROM handover WHERE tenant_id = $1 AND to_member_id = $2 AND confirmed_at IS NULL ORDER BY created_at, id LIMIT 50`, tenant, to)
	return database.All(rows, err, func(r *sql.Rows) (h handover.Handover, err error) {
		var created database.Instant
		var counts string
		err = r.Scan(&h.ID, database.Into(&h.FromID), &h.ToID, &h.Reason, &h.On, &created, &h.CreatedBy, &counts)
		h.CreatedAt = created.Time
		return h, errors.Join(err, json.Unmarshal([]byte(counts), &h.Counts))
	})
}

func (Rows) GivenBy(ctx context.Context, tx database.Tx, tenant, id, to string) (by string, err error) {
	err = tx.QueryRow(ctx, `SELECT created_by FROM handover WHERE tenant_id = $1 AND id = $2 AND to_member_id = $3`, tenant, id, to).Scan(&by)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errUnknown
	}
	return by, err
}

var errUnknown = fault.New(fault.NotFound, "handover.unknown", "no such hand-over to you waits")

func (Rows) Confirm(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	n, err := tx.Exec(ctx, `UPDATE handover SET confirmed_at = $4 WHERE tenant_id = $1 AND id = $2 AND to_member_id = $3 AND confirmed_at IS NULL`,
		a.TenantID, id, a.Effective(), a.Now)
	if err == nil && n == 0 {
		return errUnknown
	}
	return err
}

func (Rows) Between(ctx context.Context, tx database.Tx, tenant, member string, ids []string) (map[string]handover.Handover, error) {
	args := &database.Args{}
	me := args.Add(member)
	rows, err := tx.Query(ctx, `SELECT id, counts FROM handover WHERE tenant_id = `+args.Add(tenant)+` AND id IN `+database.In(args, ids)+
		` AND (to_member_id = `+me+` OR from_member_id = `+me+`)`, args.Values...)
	out := map[string]handover.Handover{}
	_, err = database.All(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var h handover.Handover
		var counts string
		err = r.Scan(&h.ID, &counts)
		err = errors.Join(err, json.Unmarshal([]byte(counts), &h.Counts))
		out[h.ID] = h
		return none, err
	})
	return out, err
}

func (Rows) Reasons(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]string, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT id, reason FROM handover WHERE tenant_id = `+args.Add(tenant)+` AND id IN `+database.In(args, ids),
		args.Values...)
	pairs, err := database.All(rows, err, func(r *sql.Rows) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) })
	out := map[string]string{}
	for _, p := range pairs {
		out[p[0]] = p[1]
	}
	return out, err
}
