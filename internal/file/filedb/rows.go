// Package filedb is the SQL of attached files.
package filedb

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"io"

	"yunchou/internal/database"
	"yunchou/internal/file"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
)

// Rows implements file.Rows.
type Rows struct{}

// chunkSize keeps one row within what both engines move easily.
const chunkSize = 256 << 10

// Insert writes what a file is.
func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, f file.File) error {
	_, err := tx.Exec(ctx, `INSERT INTO file (tenant_id, id, owner_kind, owner_id, name, type, size, hash, created_at, created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		tenant, f.ID, f.On.Kind, f.On.ID, f.Name, f.Type, f.Size, f.Hash, f.CreatedAt, f.CreatedBy)
	return err
}

// InsertContent writes a file's bytes, one piece at a time; content that is there already, by
// hash, is shared.
func (Rows) InsertContent(ctx context.Context, tx database.Tx, tenant string, f file.File, content io.ReaderAt) error {
	piece := make([]byte, chunkSize)
	for n := 0; int64(n)*chunkSize < f.Size; n++ {
		part := piece[:min(chunkSize, f.Size-int64(n)*chunkSize)]
		if _, err := content.ReadAt(part, int64(n)*chunkSize); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		row := []any{tenant, f.Hash, n, base64.StdEncoding.EncodeToString(part)}
		if err := tx.InsertMany(ctx, "file_chunk", "tenant_id, hash, ord, body", "ON CONFLICT DO NOTHING", [][]any{row}); err != nil {
			return err
		}
	}
	return nil
}

const columns = `id, owner_kind, owner_id, name, type, size, hash, created_at, created_by`

func scan(r interface{ Scan(...any) error }) (f file.File, err error) {
	var created database.Instant
	err = r.Scan(&f.ID, &f.On.Kind, &f.On.ID, &f.Name, &f.Type, &f.Size, &f.Hash, &created, &f.CreatedBy)
	f.CreatedAt = created.Time
	return f, err
}

// Get reads what a file is.
func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (file.File, error) {
	f, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM file WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, file.ErrUnknown
	}
	return f, err
}

// Of lists the files of a record, the last first.
func (Rows) Of(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]file.File, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM file f WHERE `+recorddb.HangsOn(args, args.Add(tenant), "file", "f", on)+
		` ORDER BY created_at DESC, id DESC LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (file.File, error) { return scan(r) })
}

// Piece reads the nth piece of a hash; none is beyond the last.
func (Rows) Piece(ctx context.Context, tx database.Tx, tenant, hash string, n int) ([]byte, error) {
	var body string
	err := tx.QueryRow(ctx, `SELECT body FROM file_chunk WHERE tenant_id = $1 AND hash = $2 AND ord = $3`, tenant, hash, n).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(body)
}
