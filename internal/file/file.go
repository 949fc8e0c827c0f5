// Package file is the small store for what people attach to records of any kind: evidence
// for milestones, papers of a customer. Content lies in the database, in chunks by hash, so that backup, batch
// undo and erasure include it on both engines; docs/decisions/0006-files.md.
package file

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/text"
)

// MaxSize bounds one file.
const MaxSize = 20 << 20

// long is how large a file is that nobody should wait for in one transaction: SQLite writes
// a few of it in the time of a small request's commit.
const long = 256 << 10

// What a company and one member of it may keep attached, unless the operator says otherwise:
// far above what selling needs, and less than a disk.
const (
	CompanyRoom = 64 << 30
	MemberRoom  = 8 << 30
)

// File is one attached file; On is the record it was attached to.
type File struct {
	ID, Name, Type, Hash string
	On                   record.Ref
	Size                 int64
	CreatedAt            time.Time
	CreatedBy            string
	// Needed: somebody needs it where it is, and it cannot be removed; Of alone says so.
	Needed bool
}

// Rows is what the package needs of its tables.
type Rows interface {
	Insert(ctx context.Context, tx database.Tx, tenant string, f File) error
	// InsertContent writes a file's bytes, unless they are there already, by hash.
	InsertContent(ctx context.Context, tx database.Tx, tenant string, f File, content io.ReaderAt) error
	Get(ctx context.Context, tx database.Tx, tenant, id string) (File, error)
	Of(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]File, error)
	// OfAny lists the files of records of a kind.
	OfAny(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) ([]File, error)
	ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]File, error)
	// List returns a page and one row of what is asked for.
	List(ctx context.Context, tx database.Tx, tenant string, q Asked, r page.Request) ([]File, error)
	// Counted adds up what is asked for, in sight and out of it.
	Counted(ctx context.Context, tx database.Tx, tenant string, q Asked) (Room, error)
	// Kept adds up the bytes of a company's files, and of those that one member attached.
	Kept(ctx context.Context, tx database.Tx, tenant, member string) (company, mine int64, err error)
	// Empty blanks what a file is called and holds; bytes nobody else has go.
	Empty(ctx context.Context, tx database.Tx, tenant string, f File) error
	// Plains lists the texts and tables of a company that are no larger, the last first.
	Plains(ctx context.Context, tx database.Tx, tenant string, largest int64, limit int) ([]File, error)
	// Piece reads the nth piece of a content; none is beyond the last.
	Piece(ctx context.Context, tx database.Tx, tenant, hash string, n int) ([]byte, error)
}

// Store keeps files.
type Store struct {
	DB      *database.DB
	Rows    Rows
	Records record.Rows
	Kinds   kinds.Registry
	// Talks tells which threads somebody reads, whose messages may have files.
	Talks func(org.Actor) org.Reading
	// Needed tell whether somebody still needs a file that is to be removed.
	Needed []Needs
	// CompanyRoom and MemberRoom are how many bytes may be kept, 0 the usual.
	CompanyRoom, MemberRoom int64
	// Dir is where a file lies while it is received, "" the system's folder for such.
	Dir string
}

// ErrUnknown is the fault of a file that is not there, or not that record's.
var ErrUnknown = fault.New(fault.NotFound, "file.unknown", "no such file")

// Put keeps a file for a record the actor may change. Its content goes to disk before it goes
// to the database, and is never held as a whole. Faults: file.too_large, file.type_refused,
// file.content_refused, file.empty, file.no_room, record.unknown.
func (s *Store) Put(ctx context.Context, a org.Actor, on record.Ref, name string, body io.Reader) (File, error) {
	name = text.Fold(filepath.Base(strings.ReplaceAll(name, `\`, "/")))
	if !named(name) || len(name) > 200 {
		return File{}, fault.New(fault.Invalid, "file.type_refused", "documents, pictures, tables and archives only")
	}
	if err := s.roomIn(ctx, a, 1); err != nil { // before a body is taken for nothing
		return File{}, err
	}
	c, err := s.receive(name, body)
	if err != nil {
		return File{}, err
	}
	defer c.close()
	f := File{ID: record.NewID(a.Now), On: on, Name: name, Type: c.kind, Hash: c.hash, Size: c.size,
		CreatedAt: a.Now, CreatedBy: a.Effective()}
	if f.Size > long {
		ctx = database.Long(ctx)
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (File, error) {
		mine, err := s.Kinds.Names(ctx, tx, a, true, []record.Ref{on})
		if err != nil {
			return f, err
		}
		if len(mine) == 0 {
			return f, fault.New(fault.NotFound, "record.unknown", "no such record of yours")
		}
		if err := s.take(ctx, tx, a, f.Size); err != nil {
			return f, err
		}
		journal.Append(tx, a.By(), fileAttached(f, a.Today))
		return f, s.write(ctx, tx, a.TenantID, f, c.file)
	})
}

// write writes the rows of a file and its bytes, where they are known.
func (s *Store) write(ctx context.Context, tx database.Tx, tenant string, f File, content io.ReaderAt) error {
	if content != nil {
		if err := s.Rows.InsertContent(ctx, tx, tenant, f, content); err != nil {
			return err
		}
	}
	return errors.Join(s.Rows.Insert(ctx, tx, tenant, f),
		s.Records.InsertLinks(ctx, tx, tenant, []record.Link{{From: ref(f.ID), To: f.On}}))
}

// Of lists the files of a record, the last first; one out of sight has none.
func (s *Store) Of(ctx context.Context, a org.Actor, on record.Ref) (out []File, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		seen, err := s.Kinds.Names(ctx, tx, a, false, []record.Ref{on})
		if err == nil && len(seen) > 0 {
			out, err = s.Rows.Of(ctx, tx, a.TenantID, on, 200)
		}
		for i := range out {
			var wrong error
			out[i].Needed, wrong = s.needed(ctx, tx, a, out[i])
			err = errors.Join(err, wrong)
		}
		return err
	})
	return out, err
}

// Get reads what a file of a record is, if the actor may read the record. Fault: file.unknown.
func (s *Store) Get(ctx context.Context, a org.Actor, id string) (f File, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		f, err = s.seen(ctx, tx, a, false, id)
		return err
	})
	return f, err
}

// seen reads a file of a record the actor may read or, with write, change. A file that is not
// there and one out of sight take the same work. Fault: file.unknown.
func (s *Store) seen(ctx context.Context, tx database.Tx, a org.Actor, write bool, id string) (File, error) {
	f, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return File{}, err
	}
	names, err := s.Kinds.Sees(ctx, tx, a, write, []record.Ref{f.On})
	if err != nil {
		return File{}, err
	}
	if _, ok := names[f.On]; !ok || f.Hash == "" { // or it was removed
		return File{}, ErrUnknown
	}
	return f, nil
}

// Open reads a file's content, a piece at a time, each as it is asked for: who takes long to
// fetch it keeps no transaction open.
func (s *Store) Open(ctx context.Context, a org.Actor, id string) (File, io.ReadSeeker, error) {
	f, err := s.Get(ctx, a, id)
	return f, &content{ctx: ctx, store: s, tenant: a.TenantID, file: f}, err
}
