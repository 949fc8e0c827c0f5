package intake

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/idempotency"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/tally"
	"yunchou/internal/text"
	"yunchou/internal/timetable"
)

// Batch is one import, running or done.
type Batch struct {
	ID        string     `json:"id"`
	Status    string     `json:"status" enum:"running,done,failed,cancelled,undoing,undone"`
	DryRun    bool       `json:"dryRun"`
	Files     []string   `json:"files"`
	Summary   *Summary   `json:"summary"`
	RowsTotal int64      `json:"rowsTotal"`
	RowsDone  int64      `json:"rowsDone"`
	Error     string     `json:"error" doc:"code of what ended it"`
	CreatedAt time.Time  `json:"createdAt"`
	CreatedBy string     `json:"createdBy"`
	Finished  *time.Time `json:"finishedAt"`
	Undone    *Undone    `json:"undone,omitempty" doc:"how far an undo is, or what it did"`
}

// Rows is what the package needs of its tables.
type Rows interface {
	InsertBatch(ctx context.Context, tx database.Tx, tenant string, b Batch, mapping string, l Lease) error
	SaveBatch(ctx context.Context, tx database.Tx, tenant string, b Batch) error
	Progress(ctx context.Context, tx database.Tx, tenant, id string, done, total int64) error
	Cancel(ctx context.Context, tx database.Tx, tenant, id string, now time.Time) error
	Batch(ctx context.Context, tx database.Tx, tenant, id string) (Batch, error)
	Batches(ctx context.Context, tx database.Tx, tenant string) ([]Batch, error)
	// Renew renews the lease of its holder and tells whether he still has it, and whether
	// somebody cancelled.
	Renew(ctx context.Context, tx database.Tx, tenant, id string, l Lease) (held, cancelled bool, err error)
	// TakeQueued takes an import that waits on the timetable, and reads its mapping.
	TakeQueued(ctx context.Context, tx database.Tx, tenant, id string, l Lease) (mapping string, taken bool, err error)
	// HandBack puts an import that only looked back on the timetable, as if it had not begun.
	HandBack(ctx context.Context, tx database.Tx, tenant, id string, from string, l Lease) error
	LetGo(ctx context.Context, tx database.Tx, tenant, id, by string) error
	// Abandon ends every running import whose lease is over.
	Abandon(ctx context.Context, tx database.Tx, now time.Time) error
	InsertIssues(ctx context.Context, tx database.Tx, tenant, batch string, from int, issues []Issue) error
	// Finished are the newest imports that came in and stand.
	Finished(ctx context.Context, tx database.Tx, tenant string, limit int) ([]Finished, error)
	Issues(ctx context.Context, tx database.Tx, tenant, batch string, after int, limit int) ([]Issue, error)
	InsertChanges(ctx context.Context, tx database.Tx, tenant, batch string, changes []Change) error
	// TakeForUndo takes a batch that may be undone, whose undo was cut short, or of which one
	// kept something.
	TakeForUndo(ctx context.Context, tx database.Tx, tenant, id string, l Lease) (bool, error)
	// ChangesLeft are changes of a kind no undo has looked at yet.
	ChangesLeft(ctx context.Context, tx database.Tx, tenant, batch, kind string, limit int) ([]Change, error)
	// Standing are the changes imports made to a record that no undo took back, in the order they
	// were made.
	Standing(ctx context.Context, tx database.Tx, tenant, kind, id string) ([]Change, error)
	// ChangedAgain tells whether another import changed the record since and was not undone.
	ChangedAgain(ctx context.Context, tx database.Tx, tenant string, c Change) (bool, error)
	SetUndone(ctx context.Context, tx database.Tx, tenant, batch string, list []Change, outcomes []Outcome) error
	Undone(ctx context.Context, tx database.Tx, tenant, batch string) (Undone, error)
	EndUndo(ctx context.Context, tx database.Tx, tenant, id, status, by string) error
	// Forget blanks what is kept of a person; AtWork tells whether an import runs or waits.
	Forget(ctx context.Context, tx database.Tx, tenant, contact string, texts []string) error
	AtWork(ctx context.Context, tx database.Tx, tenant string) (bool, error)
	SaveMapping(ctx context.Context, tx database.Tx, tenant, id, name, body string, now time.Time) error
	Mappings(ctx context.Context, tx database.Tx, tenant string) ([]Saved, error)
	MappingsWith(ctx context.Context, tx database.Tx, tenant, text string) ([]string, error)
}

// Saved is a mapping kept for the next time.
type Saved struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	YAML string `json:"yaml"`
}

// Change is one record an import created or changed.
type Change struct {
	BatchID       string
	Kind, ID      string
	Created       bool
	Before, After string       // what was found of a changed one, and what was left
	Version       int          // it was left at
	Seq           database.Seq // the entry after which it was left
	Again         bool         // another import changed it since, and stands
	Partly        bool         // an undo before gave back a part of it
	// Beside are what the other imports that stand did to the same record; an undo has them.
	Beside []Change
}

// Service holds the use cases.
type Service struct {
	DB        *database.DB
	Rows      Rows
	Records   record.Rows
	Org       *org.Service
	Fields    *field.Service
	Keys      *idempotency.Keys
	Timetable *timetable.Service
	// Importers take part, in the order a file is held against their kinds: of two it fits
	// alike the earlier is suggested.
	Importers []Importer
	// Dir holds uploads until they are imported.
	Dir string
	// UploadDays is how many days they are held at most; 0 is a week.
	UploadDays int
	Log        *slog.Logger
	// Load bounds the rows imports have in hand at the same time; nil is no bound.
	Load *Load
	// Ended counts imports by how they ended ("done", "failed", "cancelled"), Looks the dry runs
	// likewise; Read the "rows" of both. Running is those at work in this process.
	Ended, Looks, Read tally.Counts
	Running            atomic.Int64

	named     sync.Once
	name      string // of this process
	receiving receiving
}

// Get reads a batch.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (b Batch, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return b, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if b, err = s.Rows.Batch(ctx, tx, a.TenantID, id); err != nil || b.DryRun || b.Status == "running" {
			return err
		}
		u, err := s.Rows.Undone(ctx, tx, a.TenantID, id)
		if b.Status == "undoing" || u.Removed+u.Restored+int64(len(u.Kept)) > 0 {
			b.Undone = &u
		}
		return err
	})
	return b, err
}

// Called tells which files imports read, to who may see imports (audit.Called).
func (s *Service) Called(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if !a.Can(org.ImportRun) {
		return out, nil
	}
	for _, id := range ids {
		b, err := s.Rows.Batch(ctx, tx, a.TenantID, id)
		if fault.Is(err, fault.NotFound) { // it is gone; its entries stay
			continue
		} else if err != nil {
			return nil, err
		}
		out[id] = strings.Join(b.Files, ", ")
	}
	return out, nil
}

// List reads the newest batches.
func (s *Service) List(ctx context.Context, a org.Actor) (out []Batch, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Batches(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}

// Cancel asks a running import to stop after its present chunk.
func (s *Service) Cancel(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.ImportRun); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		b, err := s.Rows.Batch(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		if b.Status != "running" && b.Status != "undoing" {
			return fault.New(fault.Conflict, "import.not_running", "the import has ended")
		}
		return s.Rows.Cancel(ctx, tx, a.TenantID, id, a.Now)
	})
}

// Issues reads a batch's issues after the nth.
func (s *Service) Issues(ctx context.Context, a org.Actor, id string, after, limit int) (out []Issue, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		b, err := s.Rows.Batch(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		out, err = s.Rows.Issues(ctx, tx, a.TenantID, id, after, limit)
		b.Summary.place(out)
		return err
	})
	return out, err
}

// SaveMapping keeps a mapping under a name for the next time.
func (s *Service) SaveMapping(ctx context.Context, a org.Actor, name string, m Mapping) error {
	if err := a.Need(org.ImportRun); err != nil {
		return err
	}
	if err := s.Check(m); err != nil {
		return err
	}
	if text.Blank(name) || len(name) > 100 {
		return fault.Missing("/name")
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		return s.Rows.SaveMapping(ctx, tx, a.TenantID, record.NewID(a.Now), name, m.YAML(), a.Now)
	})
}

// Mappings lists the kept mappings.
func (s *Service) Mappings(ctx context.Context, a org.Actor) (out []Saved, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Mappings(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}

// String is a one-line account of a summary for the command line.
func (s Summary) String() string {
	return fmt.Sprintf("%d rows, created %v, updated %v, unchanged %v, refused %d", s.Rows, s.Created, s.Updated, s.Unchanged, s.Refused)
}
