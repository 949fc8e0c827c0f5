// Package reader is how whatever follows from the journal follows it. A reader has a name and, in each
// company, a place: the number and id of the last entry it applied. What it does about an entry and
// the step of its place are one transaction, so that within one history each entry is applied exactly
// once; one process at a time runs a reader for a company. What acts outside the database writes a
// row (a mail to be sent) under Entry.Key, and whoever sends it does so at least once with that key.
//
// Readers are woken after a commit, in every process (Feed), with a poll behind it. What keeps its
// place in memory (the engine, limits) hears of the same Feed and needs no row.
// docs/decisions/0027-readers.md explains.
package reader

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// Reader is what follows the journal. It knows nothing of places, processes and wake-ups.
type Reader struct {
	// Name is kept with the places: another name is another reader, which begins anew.
	Name string
	// Kinds are the entries it is told; none are all.
	Kinds []string
	// Apply does what follows from one entry, in the transaction that moves the place, and tells how
	// many records it wrote: a transaction writes at most database.MaxRecords. More than these for one
	// entry are work for the timetable, which Apply puts there. It may run twice, as any write.
	Apply func(ctx context.Context, tx database.Tx, e Entry) (records int, err error)
	// First says where it begins in a company that was there before the reader; nil is FromNow. A
	// company that is founded later is read from its first entry on.
	First Where
	// Lost says where it goes on where the last entry it applied is gone or another: a database that
	// was put back in part, or a standby that had not heard the last. nil is FromNow. It may take
	// back what it wrote of entries that are no more.
	Lost Where
}

// Entry is what a reader is told.
type Entry struct {
	journal.Entry
	TenantID, Reader string
}

// Key names an effect of this reader for this entry, and is the same whenever it is applied: after a
// backup was put back too. parts tell several effects of one entry apart (to whom).
func (e Entry) Key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{e.Reader, e.TenantID, e.ID}, parts...), "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Place is how far a reader is in a company.
type Place struct {
	TenantID, Reader string
	Seq              int64
	EntryID          string // of that number; "" at 0
	Holder           string // the process that runs it, "" nobody
	Turn             int64  // rises with each change of the row
	Attempts         int    // at the next entry, that failed
}

// Where says after which entry a reader goes on: last is its place, with 0 where it has none.
type Where func(ctx context.Context, tx database.Tx, last Place) (after int64, err error)

// FromStart applies the whole history: for what can be made anew from it.
func FromStart(context.Context, database.Tx, Place) (int64, error) { return 0, nil }

// FromNow applies what comes next: what nobody would want told late.
func FromNow(ctx context.Context, tx database.Tx, last Place) (int64, error) {
	return journal.Head(ctx, tx, last.TenantID)
}

// FromCommon goes on behind the place, or from the end of a history that ends before it: for what
// would rather miss an entry than apply one twice.
func FromCommon(ctx context.Context, tx database.Tx, last Place) (int64, error) {
	head, err := journal.Head(ctx, tx, last.TenantID)
	return min(head, last.Seq), err
}

// Failure is an entry a reader could not apply.
type Failure struct {
	Seq   int64
	Code  string
	Since time.Time
}

// Lag is how far a reader is behind over all companies.
type Lag struct {
	Reader    string
	Companies int   // in which it is behind
	Entries   int64 // not applied
	Oldest    time.Time
	Failing   int // companies in which an entry fails
}

// Rows is what the package needs of its tables; readerdb implements it.
type Rows interface {
	// Places lists the places of readers in a company.
	Places(ctx context.Context, tx database.Tx, tenant string, readers []string) ([]Place, error)
	// Behind lists, over all companies, the places that are not at the journal's end, and with Turn -1 those
	// that are not there yet, after one of them in order of company and reader.
	Behind(ctx context.Context, tx database.Tx, readers []string, after Place, limit int) ([]Place, error)
	// Heads are the numbers of the last entries, by company.
	Heads(ctx context.Context, tx database.Tx) (map[string]int64, error)
	// Insert makes a place unless it is there, or the company is being closed.
	Insert(ctx context.Context, tx database.Tx, p Place) error
	// Take gives a place to another holder, where nobody changed it since it was read.
	Take(ctx context.Context, tx database.Tx, p Place, holder string) (bool, error)
	// Move moves the place of its holder on to an entry, which must be there. It is false where the
	// place is somebody else's, or the entry is not in the journal any more.
	Move(ctx context.Context, tx database.Tx, p Place, seq int64, entryID string) (bool, error)
	// Reset puts the place of its holder elsewhere, without an entry.
	Reset(ctx context.Context, tx database.Tx, p Place, seq int64, entryID string) (bool, error)
	// Fail notes that the next entry could not be applied.
	Fail(ctx context.Context, tx database.Tx, p Place, f Failure) (bool, error)
	// Release has a place be nobody's, where it is its holder's.
	Release(ctx context.Context, tx database.Tx, p Place) error
	// Lags tells how far each reader is behind, over all companies.
	Lags(ctx context.Context, tx database.Tx, readers []string) ([]Lag, error)
}

// errTooMany: one entry makes more records than a transaction writes.
var errTooMany = errors.New("one entry makes more records than a transaction writes; put the work on the timetable")
