// Package journal writes the one numbered entry per change that timelines, the
// audit trail, notices and the in-memory funnel are read from. Nothing else keeps
// a second history. Payloads hold ids, codes, numbers and dates; names, phones and
// free text stay in the rows an entry points to, so that a person can be erased.
package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// By says who acted, for whom, when, and by which path (form, board, bulk, import,
// api, cli, job).
type By struct {
	TenantID, MemberID, OnBehalfOf, Path string
	Now                                  time.Time
	Address                              string // of who sent it, where it came by a network
}

// Event is one change. Scope is the record whose visibility decides who may see
// the entry; left empty it is the subject.
type Event struct {
	Subject, Scope record.Ref
	Kind           string
	Version        int // of the payload's shape; 0 means 1
	On             calendar.Date
	Payload        any
}

// Append collects the event; it is written with the transaction's commit. What it returns
// stands for its number, in the rows the event writes.
func Append(tx database.Tx, by By, e Event) database.Seq {
	body, err := json.Marshal(e.Payload)
	if err != nil {
		panic(fmt.Sprintf("journal: payload of %s: %v", e.Kind, err)) // our own struct
	}
	if e.Scope.Kind == "" {
		e.Scope = e.Subject
	}
	if e.Version == 0 {
		e.Version = 1
	}
	if e.On == "" {
		e.On = calendar.DateOf(by.Now, time.UTC)
	}
	return tx.Append(database.Entry{
		TenantID: by.TenantID, ID: record.NewID(by.Now), RecordedAt: by.Now, HappenedOn: string(e.On),
		ActorID: by.MemberID, OnBehalfOf: by.OnBehalfOf, Path: by.Path,
		SubjectKind: e.Subject.Kind, SubjectID: e.Subject.ID, ScopeKind: e.Scope.Kind, ScopeID: e.Scope.ID,
		Kind: e.Kind, Version: e.Version, Payload: string(body), Audited: audited(e.Kind, e.Subject), Address: by.Address,
	})
}

// Entry is a journal entry as read.
type Entry struct {
	Seq        int64           `json:"seq"`
	RecordedAt time.Time       `json:"recordedAt"`
	HappenedOn calendar.Date   `json:"happenedOn"`
	ActorID    string          `json:"actorId"`
	OnBehalfOf string          `json:"onBehalfOf,omitempty"`
	Path       string          `json:"path"`
	SubjectID  string          `json:"subjectId" doc:"of the record, task or follow-up it is about"`
	Subject    record.Ref      `json:"-"`
	ID         string          `json:"-"`
	Scope      record.Ref      `json:"-"`
	Version    int             `json:"-"`
	Kind       string          `json:"kind"`
	Payload    json.RawMessage `json:"payload"`
}

const columns = `seq, id, recorded_at, happened_on, actor_id, on_behalf_of, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload`

// Since returns entries after seq, oldest first: what a reader with a cursor asks.
func Since(ctx context.Context, tx database.Tx, tenant string, after int64, limit int) ([]Entry, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+`
		FROM journal WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, tenant, after, limit)
	return database.All(rows, err, scan)
}

// SinceOf returns entries of some kinds after seq, oldest first; no kinds are all.
func SinceOf(ctx context.Context, tx database.Tx, tenant string, after int64, kinds []string, limit int) ([]Entry, error) {
	if len(kinds) == 0 {
		return Since(ctx, tx, tenant, after, limit)
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM journal WHERE tenant_id = `+args.Add(tenant)+` AND seq > `+args.Add(after)+
		` AND kind IN `+database.In(args, kinds)+` ORDER BY seq LIMIT `+args.Add(limit), args.Values...)
	return database.All(rows, err, scan)
}

// IDOf is the id of the entry with a number; "" where there is none: another history is shorter.
func IDOf(ctx context.Context, tx database.Tx, tenant string, seq int64) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM journal WHERE tenant_id = $1 AND seq = $2`, tenant, seq).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// First returns the oldest entry about a record; sql.ErrNoRows where there is none.
func First(ctx context.Context, tx database.Tx, tenant string, subject record.Ref) (Entry, error) {
	return one(ofSubject(ctx, tx, tenant, subject, 0, 1))
}

// After returns the entries about a record after one, oldest first.
func After(ctx context.Context, tx database.Tx, tenant string, subject record.Ref, after database.Seq) ([]Entry, error) {
	return ofSubject(ctx, tx, tenant, subject, after, 10_000)
}

// ofSubject finds entries by what they are about: most are seen with that, and are found by the
// index of scopes; the index of subjects holds the others alone.
func ofSubject(ctx context.Context, tx database.Tx, tenant string, subject record.Ref, after database.Seq, limit int) ([]Entry, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM journal
		WHERE tenant_id = $1 AND scope_kind = $2 AND scope_id = $3 AND subject_kind = $2 AND subject_id = $3 AND seq > $4
		UNION ALL SELECT `+columns+` FROM journal
		WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND (scope_id <> subject_id OR scope_kind <> subject_kind) AND seq > $4
		ORDER BY seq LIMIT $5`, tenant, subject.Kind, subject.ID, after, limit)
	return database.All(rows, err, scan)
}

// OfImport returns the numbers of the entries of a kind that an import wrote about a record,
// oldest first. Their payloads name the import as batchId; an import without id wrote none.
func OfImport(ctx context.Context, tx database.Tx, tenant string, subject record.Ref, kind, batch string) ([]database.Seq, error) {
	if batch == "" {
		return nil, nil
	}
	list, err := After(ctx, tx, tenant, subject, 0)
	var out []database.Seq
	for _, e := range list {
		var p struct{ BatchID string }
		if e.Kind == kind && json.Unmarshal(e.Payload, &p) == nil && p.BatchID == batch {
			out = append(out, database.Seq(e.Seq))
		}
	}
	return out, err
}

// Touched tells whether a person did something to a record since an import left it. What the
// program does by itself is none: a job, and what own knows of the record's kind. Of other
// imports left says whether they stand.
func Touched(ctx context.Context, tx database.Tx, tenant string, left record.Left, own func(Entry) bool) (bool, error) {
	if left.Again || left.Seq == 0 {
		return left.Again || left.Version != left.Found, nil
	}
	list, err := After(ctx, tx, tenant, left.Ref, left.Seq)
	for _, e := range list {
		if e.Path != "job" && e.Path != "import" && (own == nil || !own(e)) {
			return true, err
		}
	}
	return false, err
}

// Last returns the newest entry of a company; sql.ErrNoRows where there is none.
func Last(ctx context.Context, tx database.Tx, tenant string) (Entry, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+`
		FROM journal WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`, tenant)
	return one(database.All(rows, err, scan))
}

func one(list []Entry, err error) (Entry, error) {
	if err == nil && len(list) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

// LastOf is the number of the last entry of a kind, 0 where there is none.
func LastOf(ctx context.Context, tx database.Tx, tenant, kind string) (seq int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(max(seq), 0) FROM journal WHERE tenant_id = $1 AND kind = $2`, tenant, kind).Scan(&seq)
	return seq, err
}

// KnownBefore is the number of the last entry recorded before an instant, 0 where none
// was: what was known then. Within a company instants go on with the numbers, so the index of
// instants holds every 64th entry; from the last of these that is early enough it is a few steps.
func KnownBefore(ctx context.Context, tx database.Tx, tenant string, at time.Time) (seq int64, err error) {
	var near int64
	err = tx.QueryRow(ctx, `SELECT COALESCE((SELECT seq FROM journal WHERE tenant_id = $1 AND seq % 64 = 0 AND recorded_at < $2
		ORDER BY recorded_at DESC, seq DESC LIMIT 1), 0)`, tenant, database.Time(at)).Scan(&near)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT COALESCE(max(seq), 0) FROM journal WHERE tenant_id = $1 AND seq >= $2 AND seq < $3 AND recorded_at < $4`,
		tenant, near, near+64, database.Time(at)).Scan(&seq)
	return seq, err
}

func scan(r *sql.Rows) (Entry, error) { return scanWith(r) }

// scanWith scans an entry and what was asked for behind it.
func scanWith(r *sql.Rows, more ...any) (Entry, error) {
	var e Entry
	var at database.Instant
	var payload string
	err := r.Scan(append([]any{&e.Seq, &e.ID, &at, &e.HappenedOn, &e.ActorID, database.Into(&e.OnBehalfOf), &e.Path, &e.Subject.Kind,
		&e.Subject.ID, &e.Scope.Kind, &e.Scope.ID, &e.Kind, &e.Version, &payload}, more...)...)
	e.RecordedAt, e.Payload, e.SubjectID = at.Time, json.RawMessage(payload), e.Subject.ID
	return e, err
}

// Head is the number of the newest entry, 0 where there is none.
func Head(ctx context.Context, tx database.Tx, tenant string) (seq int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(max(seq), 0) FROM journal WHERE tenant_id = $1`, tenant).Scan(&seq)
	return seq, err
}
