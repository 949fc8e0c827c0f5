package guidancedb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/guidance"
	"yunchou/internal/record"
)

const ofPiece = `SELECT p.id, p.team_id, p.text, p.made_at, p.made_by, p.removed_at, p.version,
	(SELECT count(*) FROM guidance g WHERE g.tenant_id = p.tenant_id AND g.piece_id = p.id),
	(SELECT count(*) FROM guidance g WHERE g.tenant_id = p.tenant_id AND g.piece_id = p.id AND g.used = 'used') FROM guidance_piece p `

func scanPiece(r interface{ Scan(...any) error }) (p guidance.Piece, err error) {
	var made, removed database.Instant
	err = r.Scan(&p.ID, &p.TeamID, &p.Text, &made, &p.MadeBy, &removed, &p.Version, &p.Times, &p.Used)
	p.MadeAt, p.RemovedAt = made.Time, removed.Ptr()
	return p, err
}

func (Rows) Pieces(ctx context.Context, tx database.Tx, tenant string, teams []string) ([]guidance.Piece, error) {
	if len(teams) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, ofPiece+`WHERE p.tenant_id = `+args.Add(tenant)+` AND p.team_id IN `+database.In(args, teams)+
		` AND p.removed_at IS NULL ORDER BY 8 DESC, p.made_at DESC, p.id LIMIT 200`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (guidance.Piece, error) { return scanPiece(r) })
}

func (Rows) Piece(ctx context.Context, tx database.Tx, tenant, id string) (guidance.Piece, error) {
	p, err := scanPiece(tx.QueryRow(ctx, ofPiece+`WHERE p.tenant_id = $1 AND p.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, guidance.ErrPieceUnknown
	}
	return p, err
}

func (Rows) SavePiece(ctx context.Context, tx database.Tx, tenant string, p guidance.Piece) error {
	n, err := tx.Exec(ctx, `INSERT INTO guidance_piece (tenant_id, id, team_id, text, made_at, made_by, removed_at, version) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (tenant_id, id) DO UPDATE SET removed_at = excluded.removed_at, version = excluded.version
		WHERE guidance_piece.version = excluded.version - 1`, tenant, p.ID, p.TeamID, p.Text, p.MadeAt, p.MadeBy, p.RemovedAt, p.Version)
	if err == nil && n == 0 {
		return record.ErrStale
	}
	return err
}
