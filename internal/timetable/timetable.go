// Package timetable is what falls due later, and work that outlives its request: one row a
// piece of work, with the instant it is due, a key so that it is there once, and a lease so
// that one process at a time does it. A process that dies is waited for until its lease
// ends; then another takes the row up with the progress it had. It knows no capability:
// each registers a handler for its kind. docs/decisions/0012-timetable.md explains.
package timetable

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/record"
	"yunchou/internal/tally"
)

// Row is one piece of work.
type Row struct {
	TenantID, ID string
	Kind, Key    string // there is one row of a kind and key
	Due          time.Time
	Payload      json.RawMessage
	Progress     json.RawMessage
	Attempts     int
	CreatedAt    time.Time
	CreatedBy    string
}

// Lease is who works on a row, and how long he is believed to: by the database's clock, on which
// processes agree. Now is what is due by the process's.
type Lease struct {
	By  string
	For time.Duration
	Now time.Time
}

// Rows is what the package needs of its table; timetabledb implements it.
type Rows interface {
	// Insert adds a row unless one of its kind and key is there.
	Insert(ctx context.Context, tx database.Tx, r Row) (added bool, err error)
	// Due lists rows of some kinds of every company that are due and nobody's. A lease that ends later
	// than one can is of a clock that was put back since.
	Due(ctx context.Context, tx database.Tx, kinds []string, l Lease, limit int) ([]Row, error)
	// Fire ends a row that is nobody's and not done, and tells whether it was there.
	Fire(ctx context.Context, tx database.Tx, r Row, now time.Time) (bool, error)
	// Postpone has a row that nobody works on be due again.
	Postpone(ctx context.Context, tx database.Tx, r Row, e End) error
	// Take leases a row that is nobody's still.
	Take(ctx context.Context, tx database.Tx, r Row, l Lease) (bool, error)
	// Renew renews the lease of its holder and tells whether he has it still and whether
	// somebody cancelled.
	Renew(ctx context.Context, tx database.Tx, r Row, l Lease) (held, cancelled bool, err error)
	SaveProgress(ctx context.Context, tx database.Tx, r Row) error
	// End ends the lease of its holder: the row is done, or due again.
	End(ctx context.Context, tx database.Tx, r Row, by string, e End) error
	Cancel(ctx context.Context, tx database.Tx, tenant, kind, key string, now time.Time) (bool, error)
	// Hasten has a row be due by an instant: again where somebody works on it.
	Hasten(ctx context.Context, tx database.Tx, tenant, kind, key string, due time.Time) error
	// Standing counts what is due, of every company.
	Standing(ctx context.Context, tx database.Tx, now time.Time) (Queue, error)
	// Companies are all there are, for what each needs every so often.
	Companies(ctx context.Context, tx database.Tx) ([]string, error)
}

// End is how a try ended.
type End struct {
	Done     *time.Time // nil is due again
	Due      time.Time
	Attempts int
	Error    string
}

// Service holds the use cases.
type Service struct {
	DB   *database.DB
	Rows Rows
	Now  func() time.Time

	// Done and Failed count the tries of this process, by kind of work.
	Done, Failed tally.Counts
}

// Queue is how the timetable stands, whichever process works on it.
type Queue struct {
	Waiting, Running int
	Oldest           time.Time // since when the one that waits longest is due; zero where none waits
}

// Standing tells how the timetable stands.
func (s *Service) Standing(ctx context.Context, tx database.Tx) (Queue, error) {
	return s.Rows.Standing(ctx, tx, s.Now())
}

// Add puts work on the timetable in the write that asks for it; where a row of its kind
// and key is there, nothing happens and the answer is false.
func (s *Service) Add(ctx context.Context, tx database.Tx, r Row) (bool, error) {
	r.ID, r.CreatedAt = record.NewID(s.Now()), s.Now()
	if r.Due.IsZero() {
		r.Due = r.CreatedAt
	}
	if r.Payload == nil {
		r.Payload = json.RawMessage("{}")
	}
	return s.Rows.Insert(ctx, tx, r)
}

// Cancel asks whoever works on a row to stop; one nobody works on yet is never begun.
func (s *Service) Cancel(ctx context.Context, tx database.Tx, tenant, kind, key string) (bool, error) {
	return s.Rows.Cancel(ctx, tx, tenant, kind, key, s.Now())
}

// Every is the key of what each company needs every so often.
const Every = "every"

// Hasten has what a company needs every so often be done now: again where somebody is at it.
func (s *Service) Hasten(ctx context.Context, tx database.Tx, tenant, kind string) error {
	return s.Rows.Hasten(ctx, tx, tenant, kind, Every, s.Now())
}

// Job is a row at work.
type Job struct {
	Row
	s    *Service
	by   string
	wait time.Duration
}

// Errors of a job's own writes.
var (
	// ErrCancelled: somebody asked to stop.
	ErrCancelled = errors.New("timetable: cancelled")
	// ErrLost: the lease ended, and another process may be at work.
	ErrLost = errors.New("timetable: the lease is lost")
)

// Hold renews the lease in a write of the job, so that nothing is written by one who lost
// it. Errors: ErrLost, ErrCancelled.
func (j *Job) Hold(ctx context.Context, tx database.Tx) error {
	held, cancelled, err := j.s.Rows.Renew(ctx, tx, j.Row, j.lease())
	switch {
	case err != nil:
		return err
	case !held:
		return ErrLost
	case cancelled:
		return ErrCancelled
	}
	return nil
}

func (j *Job) lease() Lease {
	return Lease{j.by, j.wait, j.s.Now()}
}

// Save keeps how far the job is, in the write that got it there: whoever takes it up goes
// on from here.
func (j *Job) Save(ctx context.Context, tx database.Tx, progress any) error {
	if err := j.Hold(ctx, tx); err != nil {
		return err
	}
	raw, err := json.Marshal(progress)
	if err != nil {
		return err
	}
	j.Progress = raw
	return j.s.Rows.SaveProgress(ctx, tx, j.Row)
}
