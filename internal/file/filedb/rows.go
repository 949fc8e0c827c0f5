// Package filedb is the SQL of attached files.
package filedb

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/file"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
)

// Rows implements file.Rows.
type Rows struct{}

// chunkSize keeps one row within what both engines move easily.
const chunkSize = 256 << 10

// Insert writes a file; content that is there already, by hash, is shared.
func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, f file.File, raw []byte) error {
	var chunks [][]any
	for n := 0; n*chunkSize < len(raw); n++ {
		part := raw[n*chunkSize : min(len(raw), (n+1)*chunkSize)]
		chunks = append(chunks, []any{tenant, f.Hash, n, base64.StdEncoding.EncodeToString(part)})
	}
	if err := tx.InsertMany(ctx, "file_chunk", "tenant_id, hash, ord, body", "ON CONFLICT DO NOTHING", chunks); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO file (tenant_id, id, owner_kind, owner_id, name, type, size, hash, created_at, created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		tenant, f.ID, f.On.Kind, f.On.ID, f.Name, f.Type, f.Size, f.Hash, f.CreatedAt, f.CreatedBy)
	return err
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

// Content puts the chunks of a hash together.
func (Rows) Content(ctx context.Context, tx database.Tx, tenant, hash string) ([]byte, error) {
	rows, err := tx.Query(ctx, `SELECT body FROM file_chunk WHERE tenant_id = $1 AND hash = $2 ORDER BY ord`, tenant, hash)
	parts, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, p := range parts {
		part, err := base64.StdEncoding.DecodeString(p)
		if err != nil {
			return nil, err
		}
		out.Write(part)
	}
	return out.Bytes(), nil
}
