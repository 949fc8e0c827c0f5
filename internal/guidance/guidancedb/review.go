package guidancedb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/guidance"
)

const ofLook = `SELECT l.id, l.opportunity_id, l.member_id, l.owner_id, l.looked_at, l.facts, l.text, l.bulk FROM guidance_look l `

func scanLook(r interface{ Scan(...any) error }) (l guidance.Look, err error) {
	var at database.Instant
	var facts string
	err = r.Scan(&l.ID, &l.DealID, &l.MemberID, &l.OwnerID, &at, &facts, &l.Text, &l.Bulk)
	l.At, l.Facts = at.Time, guidance.FactsOf(facts)
	return l, err
}

// LookOf is one look, if there is one.
func (Rows) LookOf(ctx context.Context, tx database.Tx, tenant, id string) (guidance.Look, bool, error) {
	l, err := scanLook(tx.QueryRow(ctx, ofLook+`WHERE l.tenant_id = $1 AND l.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	return l, err == nil, err
}

// AddLook writes one.
func (Rows) AddLook(ctx context.Context, tx database.Tx, tenant string, l guidance.Look) error {
	_, err := tx.Exec(ctx, `INSERT INTO guidance_look (tenant_id, id, opportunity_id, member_id, owner_id, looked_at, facts, text, bulk)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, tenant, l.ID, l.DealID, l.MemberID, l.OwnerID, l.At, l.Said(), l.Text, l.Bulk)
	return err
}

// few is up to how many opportunities are named to the database one by one.
const few = 500

// Looks are the looks at opportunities from an instant on, the first in front; limit 0 is all of them.
func (Rows) Looks(ctx context.Context, tx database.Tx, tenant string, deals []string, from time.Time, limit int) ([]guidance.Look, error) {
	args := &database.Args{}
	where := `l.tenant_id = ` + args.Add(tenant) + ` AND l.looked_at >= ` + args.Add(database.Time(from))
	if len(deals) <= few {
		where += ` AND l.opportunity_id IN ` + database.In(args, deals)
	}
	if limit == 0 {
		limit = mostAsked
	}
	rows, err := tx.Query(ctx, `SELECT * FROM (`+ofLook+`WHERE `+where+` ORDER BY l.looked_at DESC, l.id DESC LIMIT `+args.Add(limit)+`) x ORDER BY 5, 1`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (guidance.Look, error) { return scanLook(r) })
}

// GivenOn are the notes given on records of a kind from an instant on, as looks of who gave them; praise is none, and
// what was taken back.
func (Rows) GivenOn(ctx context.Context, tx database.Tx, tenant, kind string, from time.Time) ([]guidance.Look, error) {
	rows, err := tx.Query(ctx, `SELECT g.id, g.on_id, g.asker_id, g.asked_at FROM guidance g WHERE g.tenant_id = $1 AND g.asked_at >= $2 AND g.on_kind = $3
		AND g.kind <> 'praise' AND g.state <> 'recalled' ORDER BY g.asked_at, g.id LIMIT $4`, tenant, database.Time(from), kind, mostAsked)
	return database.All(rows, err, func(r *sql.Rows) (l guidance.Look, err error) {
		var at database.Instant
		err = r.Scan(&l.ID, &l.DealID, &l.MemberID, &at)
		l.At = at.Time
		return l, err
	})
}
