// Package file is the small store for what people attach: evidence for milestones
// today. Content lies in the database, in chunks by hash, so that backup, batch
// undo and erasure include it on both engines; docs/decisions/0006-files.md.
package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
)

// MaxSize bounds one file.
const MaxSize = 20 << 20

// allowed are the extensions people attach; programs and pages are not among them.
var allowed = map[string]bool{".pdf": true, ".png": true, ".jpg": true, ".jpeg": true, ".webp": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".txt": true, ".csv": true, ".zip": true, ".wps": true, ".et": true, ".ofd": true}

// File is one attached file.
type File struct {
	ID, OwnerKind, OwnerID, Name, Type, Hash string
	Size                                     int64
	CreatedAt                                time.Time
	CreatedBy                                string
}

// Store keeps files.
type Store struct{ DB *database.DB }

// Put keeps a file for a record; the caller has checked that the actor may write
// it. Faults: file.too_large, file.type_refused, file.empty.
func (s *Store) Put(ctx context.Context, a org.Actor, kind, id, name string, body io.Reader) (File, error) {
	raw, err := io.ReadAll(io.LimitReader(body, MaxSize+1))
	if err != nil {
		return File{}, err
	}
	name = pinyin.Fold(filepath.Base(strings.ReplaceAll(name, `\`, "/")))
	switch {
	case len(raw) > MaxSize:
		return File{}, fault.New(fault.Invalid, "file.too_large", "at most 20 MiB").With("maxMiB", MaxSize>>20)
	case len(raw) == 0:
		return File{}, fault.New(fault.Invalid, "file.empty", "the file is empty")
	case !allowed[strings.ToLower(filepath.Ext(name))] || len(name) > 200:
		return File{}, fault.New(fault.Invalid, "file.type_refused", "documents, pictures, tables and archives only")
	}
	sum := sha256.Sum256(raw)
	f := File{ID: journal.NewID(a.Now), OwnerKind: kind, OwnerID: id, Name: name, Type: http.DetectContentType(raw), Hash: hex.EncodeToString(sum[:]), Size: int64(len(raw)), CreatedAt: a.Now, CreatedBy: a.Effective()}
	var rows [][]any
	const chunk = 256 << 10
	for n := 0; n*chunk < len(raw); n++ {
		rows = append(rows, []any{a.TenantID, f.Hash, n, base64.StdEncoding.EncodeToString(raw[n*chunk : min(len(raw), (n+1)*chunk)])})
	}
	return f, s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.InsertMany(ctx, "file_chunk", "tenant_id, hash, ord, body", "ON CONFLICT DO NOTHING", rows); err != nil {
			return err
		}
		journal.Append(tx, a.By(), journal.Event{Subject: journal.Ref{Kind: "file", ID: f.ID}, Scope: journal.Ref{Kind: kind, ID: id}, Kind: "file.attached", On: a.Today, Payload: map[string]any{"size": f.Size, "hash": f.Hash}})
		_, err := tx.Exec(ctx, `INSERT INTO file (tenant_id, id, owner_kind, owner_id, name, type, size, hash, created_at, created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			a.TenantID, f.ID, kind, id, f.Name, f.Type, f.Size, f.Hash, f.CreatedAt, f.CreatedBy)
		return err
	})
}

// Get reads a file of one record.
func (s *Store) Get(ctx context.Context, a org.Actor, kind, owner, id string) (f File, raw []byte, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		var created database.Instant
		err := tx.QueryRow(ctx, `SELECT id, name, type, size, hash, created_at FROM file WHERE tenant_id = $1 AND id = $2 AND owner_kind = $3 AND owner_id = $4`, a.TenantID, id, kind, owner).
			Scan(&f.ID, &f.Name, &f.Type, &f.Size, &f.Hash, &created)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "file.unknown", "no such file")
		} else if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT body FROM file_chunk WHERE tenant_id = $1 AND hash = $2 ORDER BY ord`, a.TenantID, f.Hash)
		if err != nil {
			return err
		}
		defer rows.Close()
		var out bytes.Buffer
		for rows.Next() {
			var body string
			if err := rows.Scan(&body); err != nil {
				return err
			}
			part, err := base64.StdEncoding.DecodeString(body)
			if err != nil {
				return err
			}
			out.Write(part)
		}
		raw = out.Bytes()
		return rows.Err()
	})
	return f, raw, err
}
