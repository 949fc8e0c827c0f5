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
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/scopedb"
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

// Kept adds up the bytes of files.
func (Rows) Kept(ctx context.Context, tx database.Tx, tenant, member string) (company, mine int64, err error) {
	err = tx.QueryRow(ctx, `SELECT CAST(COALESCE(sum(size), 0) AS bigint), CAST(COALESCE(sum(size) FILTER (WHERE created_by = $2), 0) AS bigint)
		FROM file WHERE tenant_id = $1`, tenant, member).Scan(&company, &mine)
	return company, mine, err
}

// Empty blanks a file; bytes no other file of the company has go.
func (Rows) Empty(ctx context.Context, tx database.Tx, tenant string, f file.File) error {
	_, err := tx.Exec(ctx, `UPDATE file SET name = '', hash = '', size = 0 WHERE tenant_id = $1 AND id = $2`, tenant, f.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM file_chunk WHERE tenant_id = $1 AND hash = $2 AND NOT EXISTS
		(SELECT 1 FROM file f WHERE f.tenant_id = $1 AND f.hash = $2)`, tenant, f.Hash)
	return err
}

// Get reads what a file is.
func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (file.File, error) {
	f, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM file WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, file.ErrUnknown
	}
	return f, err
}

// ByID reads what some files are, in no order.
func (Rows) ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]file.File, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM file WHERE tenant_id = `+args.Add(tenant)+` AND id IN `+database.In(args, ids), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (file.File, error) { return scan(r) })
}

// Of lists the files of a record, the last first.
func (Rows) Of(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]file.File, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM file f WHERE f.hash <> '' AND `+recorddb.HangsOn(args, args.Add(tenant), "file", "f", on)+
		` ORDER BY created_at DESC, id DESC LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (file.File, error) { return scan(r) })
}

// orders of the list: ids are made as files are attached, so that their order is the order of time.
var orders = map[string]page.Column{"size": {SQL: "f.size", Number: true}, "created": {SQL: "f.id"}}

// asked are the conditions of the files that are asked for, whose table is aliased f.
func asked(args *database.Args, tenant string, q file.Asked) string {
	w := "f.tenant_id = " + args.Add(tenant) + " AND f.hash <> ''"
	if q.Member != "" {
		w += " AND f.created_by = " + args.Add(q.Member)
	}
	return w
}

// List returns a page of files in sight, and one more.
func (Rows) List(ctx context.Context, tx database.Tx, tenant string, q file.Asked, r page.Request) ([]file.File, error) {
	args := &database.Args{}
	w := asked(args, tenant, q) + " AND " + scopedb.Attached(args, q.Scopes, q.Talks)
	by, id := orders, "f.id"
	if q.Member != "" {
		// Not the id itself, whose indexes are in the order of the whole company's: among a million files
		// they would be walked for somebody's few.
		id = "(f.id || '')"
		by = map[string]page.Column{"size": orders["size"], "created": {SQL: id}}
	}
	next, order, err := r.Clauses(args, by, id)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM file f WHERE `+w+` AND `+next+` ORDER BY `+order+` LIMIT `+args.Add(r.Size()+1), args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (file.File, error) { return scan(r) })
}

// Counted adds up files, in sight and out of it.
func (Rows) Counted(ctx context.Context, tx database.Tx, tenant string, q file.Asked) (room file.Room, err error) {
	args := &database.Args{}
	w := asked(args, tenant, q)
	err = tx.QueryRow(ctx, `SELECT CAST(COALESCE(sum(size), 0) AS bigint), count(*) FILTER (WHERE seen = 1), count(*) FILTER (WHERE seen = 0),
		CAST(COALESCE(sum(size) FILTER (WHERE seen = 0), 0) AS bigint)
		FROM (SELECT f.size, CASE WHEN `+scopedb.Attached(args, q.Scopes, q.Talks)+` THEN 1 ELSE 0 END AS seen FROM file f WHERE `+w+`) kept`,
		args.Values...).Scan(&room.Used, &room.Files, &room.Hidden, &room.HiddenBytes)
	return room, err
}

// Plains lists texts and tables.
func (Rows) Plains(ctx context.Context, tx database.Tx, tenant string, largest int64, limit int) ([]file.File, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM file WHERE tenant_id = $1 AND size <= $2 AND hash <> ''
		AND (lower(name) LIKE '%.txt' OR lower(name) LIKE '%.csv') ORDER BY id DESC LIMIT $3`, tenant, largest, limit)
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

// OfAny lists the files of records of a kind, by the record, in the order they were attached.
func (Rows) OfAny(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) ([]file.File, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM file f WHERE f.hash <> '' AND `+recorddb.HangsOnAny(args, args.Add(tenant), "file", "f", kind, ids)+
		` ORDER BY id`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (file.File, error) { return scan(r) })
}
