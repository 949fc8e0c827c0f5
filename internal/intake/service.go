package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Batch is one import, running or done.
type Batch struct {
	ID        string     `json:"id"`
	Status    string     `json:"status" enum:"running,done,failed,cancelled,undone"`
	DryRun    bool       `json:"dryRun"`
	Files     []string   `json:"files"`
	Summary   *Summary   `json:"summary"`
	RowsTotal int64      `json:"rowsTotal"`
	RowsDone  int64      `json:"rowsDone"`
	Error     string     `json:"error" doc:"code of what ended it"`
	CreatedAt time.Time  `json:"createdAt"`
	CreatedBy string     `json:"createdBy"`
	Finished  *time.Time `json:"finishedAt"`
}

// Rows is what the package needs of its tables.
type Rows interface {
	InsertBatch(ctx context.Context, tx database.Tx, tenant string, b Batch, mapping string) error
	SaveBatch(ctx context.Context, tx database.Tx, tenant string, b Batch) error
	Progress(ctx context.Context, tx database.Tx, tenant, id string, done, total int64) (cancelled bool, err error)
	Cancel(ctx context.Context, tx database.Tx, tenant, id string, now time.Time) error
	Batch(ctx context.Context, tx database.Tx, tenant, id string) (Batch, error)
	Batches(ctx context.Context, tx database.Tx, tenant string) ([]Batch, error)
	Abandon(ctx context.Context, tx database.Tx, now time.Time) error
	InsertIssues(ctx context.Context, tx database.Tx, tenant, batch string, from int, issues []Issue) error
	Issues(ctx context.Context, tx database.Tx, tenant, batch string, after int, limit int) ([]Issue, error)
	InsertChanges(ctx context.Context, tx database.Tx, tenant, batch string, changes []Change) error
	BumpChange(ctx context.Context, tx database.Tx, tenant, batch, kind, id string, version int) error
	Changes(ctx context.Context, tx database.Tx, tenant, batch, after string, limit int) ([]Change, error)
	SaveMapping(ctx context.Context, tx database.Tx, tenant, id, name, body string, now time.Time) error
	Mappings(ctx context.Context, tx database.Tx, tenant string) ([]Saved, error)
}

// Saved is a mapping kept for the next time.
type Saved struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	YAML string `json:"yaml"`
}

// Change is one record an import created or changed.
type Change struct {
	Kind, ID string
	Created  bool
	Before   string
	Version  int
}

// Service holds the use cases.
type Service struct {
	DB            *database.DB
	Rows          Rows
	Records       record.Rows
	Org           *org.Service
	Accounts      *account.Service
	Fields        *field.Service
	Pipelines     *pipeline.Service
	Opportunities *opportunity.Service
	// Dir holds uploads until they are imported.
	Dir string
	Log *slog.Logger

	running sync.WaitGroup
}

// MaxUpload bounds one uploaded file.
const MaxUpload = 256 << 20

var uploadID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func (s *Service) uploadPath(tenant, id string) (string, error) {
	if !uploadID.MatchString(id) {
		return "", fault.New(fault.NotFound, "import.upload_unknown", "no such upload")
	}
	return filepath.Join(s.Dir, "uploads", tenant, id), nil
}

// Upload keeps a file for a preview and an import. Fault: import.too_large.
func (s *Service) Upload(ctx context.Context, a org.Actor, name string, body io.Reader) (id string, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return "", err
	}
	id = record.NewID(a.Now)
	path, err := s.uploadPath(a.TenantID, id)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(body, MaxUpload+1))
	err = errors.Join(err, f.Close())
	if err == nil && n > MaxUpload {
		err = fault.New(fault.Invalid, "import.too_large", "at most %d MiB; use yunchou import for larger files", MaxUpload>>20).With("maxMiB", MaxUpload>>20)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	return id, nil
}

// Preview is how a file would be read: format, columns, first rows, and a mapping
// to begin with.
type Preview struct {
	Format  Format     `json:"format"`
	Header  []string   `json:"header"`
	Rows    [][]string `json:"rows"`
	Mapping Mapping    `json:"mapping"`
	// Other is the file as each other kind, for a person who knows better.
	Other []FileSpec `json:"other"`
	YAML  string     `json:"yaml"`
	// Targets are the fields a file of each kind may fill.
	Targets map[string][]string `json:"targets"`
}

// Look previews an upload and suggests what its columns are.
func (s *Service) Look(ctx context.Context, a org.Actor, id, name string) (p Preview, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return p, err
	}
	path, err := s.uploadPath(a.TenantID, id)
	if err != nil {
		return p, err
	}
	r, err := open(path, FileSpec{})
	if errors.Is(err, os.ErrNotExist) {
		return p, fault.New(fault.NotFound, "import.upload_unknown", "no such upload")
	} else if err != nil {
		return p, err
	}
	defer r.close()
	p.Format, p.Header, p.Rows = r.Format, r.Header, [][]string{}
	for len(p.Rows) < 200 {
		cells, _, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return p, err
		}
		p.Rows = append(p.Rows, append([]string{}, cells...))
	}
	var versions []pipeline.Version
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err := s.Pipelines.Rows.List(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		for _, sum := range all {
			v, err := s.Pipelines.Version(ctx, tx, a.TenantID, sum.VersionID)
			if err != nil {
				return err
			}
			versions = append(versions, v)
		}
		return nil
	})
	p.Mapping, p.Other = Suggest(filepath.Base(name), p.Header, p.Rows, versions)
	p.YAML, p.Targets = p.Mapping.YAML(), targets
	p.Rows = p.Rows[:min(20, len(p.Rows))]
	return p, err
}

// Start begins an import of uploads in the background and returns its batch.
func (s *Service) Start(ctx context.Context, a org.Actor, m Mapping, uploads map[string]string, dryRun bool) (Batch, error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Batch{}, err
	}
	if err := m.Check(); err != nil {
		return Batch{}, err
	}
	var files []File
	for name, id := range uploads {
		path, err := s.uploadPath(a.TenantID, id)
		if err != nil {
			return Batch{}, err
		}
		if _, err := os.Stat(path); err != nil {
			return Batch{}, fault.New(fault.NotFound, "import.upload_unknown", "no such upload")
		}
		files = append(files, File{Name: name, Path: path})
	}
	if len(files) == 0 {
		return Batch{}, fault.Missing("/files")
	}
	b, err := s.begin(ctx, a, m, files, dryRun)
	if err != nil {
		return b, err
	}
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		if _, err := s.work(context.WithoutCancel(ctx), a, m, files, b); err != nil && fault.As(err) == nil {
			s.Log.Error("import failed", "batch", b.ID, "error", err)
		}
	}()
	return b, nil
}

// Wait returns when no import runs in this process.
func (s *Service) Wait() { s.running.Wait() }

// Import runs in the foreground: the command line.
func (s *Service) Import(ctx context.Context, a org.Actor, m Mapping, files []File, dryRun bool) (Batch, error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Batch{}, err
	}
	b, err := s.begin(ctx, a, m, files, dryRun)
	if err != nil {
		return b, err
	}
	return s.work(ctx, a, m, files, b)
}

func (s *Service) begin(ctx context.Context, a org.Actor, m Mapping, files []File, dryRun bool) (Batch, error) {
	b := Batch{ID: record.NewID(a.Now), Status: "running", DryRun: dryRun, CreatedAt: a.Now, CreatedBy: a.MemberID}
	for _, f := range files {
		b.Files = append(b.Files, filepath.Base(f.Name))
	}
	return b, s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "import", ID: b.ID}, Kind: "import.started", On: a.Today, Payload: map[string]any{"dryRun": dryRun, "files": len(files)}})
		return s.Rows.InsertBatch(ctx, tx, a.TenantID, b, m.YAML())
	})
}

// work runs the batch to its end and writes down how it ended.
func (s *Service) work(ctx context.Context, a org.Actor, m Mapping, files []File, b Batch) (Batch, error) {
	const keepIssues = 100_000
	var waiting []Issue
	stored := 0
	cancelled := false
	save := func() error {
		part := waiting
		waiting = nil
		if len(part) == 0 {
			return nil
		}
		err := s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.InsertIssues(ctx, tx, a.TenantID, b.ID, stored, part) })
		stored += len(part)
		return err
	}
	var saveErr error
	sum, err := s.Run(ctx, a, m, files, Options{
		DryRun: b.DryRun, BatchID: b.ID,
		Issue: func(i Issue) {
			if stored+len(waiting) < keepIssues {
				waiting = append(waiting, i)
			}
			if len(waiting) >= 500 {
				saveErr = errors.Join(saveErr, save())
			}
		},
		Progress: func(done, total int64) {
			b.RowsDone, b.RowsTotal = done, total
			saveErr = errors.Join(saveErr, s.DB.Write(ctx, func(tx database.Tx) (err error) {
				cancelled, err = s.Rows.Progress(ctx, tx, a.TenantID, b.ID, done, total)
				return err
			}))
		},
		Stop: func() bool { return cancelled || saveErr != nil },
	})
	saveErr = errors.Join(saveErr, save())
	now := s.Org.Now()
	b.Summary, b.RowsDone, b.Status, b.Finished = &sum, sum.Rows, "done", &now
	b.RowsTotal = max(b.RowsTotal, sum.Rows)
	switch {
	case errors.Is(err, errStopped):
		b.Status, err = "cancelled", nil
	case err != nil:
		b.Status, b.Error = "failed", fault.CodeOf(err)
	}
	if err == nil {
		err = saveErr
	}
	return b, errors.Join(err, s.DB.Write(context.WithoutCancel(ctx), func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "import", ID: b.ID}, Kind: "import." + b.Status, On: a.Today, Payload: map[string]any{"rows": sum.Rows, "refused": sum.Refused}})
		return s.Rows.SaveBatch(ctx, tx, a.TenantID, b)
	}))
}

// Recover marks imports as failed that a stopped process left running.
func (s *Service) Recover(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Abandon(ctx, tx, s.Org.Now()) })
}

// Get reads a batch.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (b Batch, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return b, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		b, err = s.Rows.Batch(ctx, tx, a.TenantID, id)
		return err
	})
	return b, err
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
		if b.Status != "running" {
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
		if _, err := s.Rows.Batch(ctx, tx, a.TenantID, id); err != nil {
			return err
		}
		out, err = s.Rows.Issues(ctx, tx, a.TenantID, id, after, limit)
		return err
	})
	return out, err
}

// Undone is what an undo gave back and what it left.
type Undone struct {
	Removed  int64    `json:"removed"`
	Restored int64    `json:"restored"`
	Kept     []string `json:"kept" doc:"records somebody touched since, as kind:id"`
}

// Undo takes a batch back: records it made and nobody touched since are deleted
// (and can be restored), fields it changed go back where they still hold what it
// wrote; everything else stays and is listed.
func (s *Service) Undo(ctx context.Context, a org.Actor, id string) (u Undone, err error) {
	b, err := s.Get(ctx, a, id)
	if err != nil {
		return u, err
	}
	if b.DryRun || b.Status == "running" || b.Status == "undone" {
		return u, fault.New(fault.Conflict, "import.not_undoable", "a %s import cannot be undone", b.Status).With("status", b.Status)
	}
	u.Kept = []string{}
	a.Path = "import"
	after := ""
	for {
		var changes []Change
		err = s.DB.Read(ctx, func(tx database.Tx) error {
			changes, err = s.Rows.Changes(ctx, tx, a.TenantID, id, after, 200)
			return err
		})
		if err != nil {
			return u, err
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if err := s.undoOne(ctx, a, c, &u); err != nil {
				return u, err
			}
			after = c.Kind + "\x00" + c.ID
		}
	}
	b.Status = "undone"
	return u, s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "import", ID: id}, Kind: "import.undone", On: a.Today, Payload: map[string]any{"removed": u.Removed, "restored": u.Restored, "kept": len(u.Kept)}})
		return s.Rows.SaveBatch(ctx, tx, a.TenantID, b)
	})
}

func (s *Service) undoOne(ctx context.Context, a org.Actor, c Change, u *Undone) error {
	keep := func() error {
		if len(u.Kept) < 1000 {
			u.Kept = append(u.Kept, c.Kind+":"+c.ID)
		}
		return nil
	}
	switch c.Kind {
	case "opportunity":
		var now opportunity.Opportunity
		err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
			now, err = s.Opportunities.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, c.ID)
			return err
		})
		if err != nil {
			return err
		}
		if c.Created {
			if now.Version != c.Version {
				return keep()
			}
			u.Removed++
			return s.Opportunities.Delete(ctx, a, c.ID, true)
		}
		return s.undoFields(ctx, a, c, now, u, keep)
	case "account":
		now, err := s.Accounts.Get(ctx, a, c.ID)
		if err != nil {
			return err
		}
		if c.Created && now.Version == c.Version {
			u.Removed++
			return s.Accounts.Delete(ctx, a, c.ID, true)
		}
		if !c.Created {
			var fields map[string][2]string
			if err := json.Unmarshal([]byte(c.Before), &fields); err != nil {
				return err
			}
			back := func(to *string, key string) {
				if f := fields[key]; *to == f[1] {
					*to = f[0]
				}
			}
			back(&now.Industry, "industry")
			back(&now.Region, "region")
			back(&now.Class, "class")
			now.Custom = nil
			u.Restored++
			_, err := s.Accounts.Update(ctx, a, now)
			return err
		}
	}
	return keep()
}

// undoFields gives back the fields that still hold what the import wrote; a stage
// it moved stays, because the move passed the gate like any other.
func (s *Service) undoFields(ctx context.Context, a org.Actor, c Change, now opportunity.Opportunity, u *Undone, keep func() error) error {
	var both struct{ Before, After fieldsBefore }
	if err := json.Unmarshal([]byte(c.Before), &both); err != nil {
		return err
	}
	p := opportunity.Patch{}
	before, after := both.Before, both.After
	if now.Name == after.Name && before.Name != after.Name {
		p.Name = &before.Name
	}
	if now.Source == after.Source && before.Source != after.Source {
		p.Source = &before.Source
	}
	if now.ExpectedOn == after.ExpectedOn && before.ExpectedOn != after.ExpectedOn {
		p.ExpectedOn = &before.ExpectedOn
	}
	if now.State == opportunity.Open && same(now.AmountMinor, after.AmountMinor) && !same(before.AmountMinor, after.AmountMinor) {
		p.AmountMinor = &before.AmountMinor
	}
	if same(now.ConfidenceBP, after.ConfidenceBP) && !same(before.ConfidenceBP, after.ConfidenceBP) {
		p.ConfidenceBP = &before.ConfidenceBP
	}
	if _, err := s.Opportunities.Edit(ctx, a, c.ID, 0, p); err != nil {
		if fault.As(err) != nil {
			return keep()
		}
		return err
	}
	u.Restored++
	if before.StageID != after.StageID {
		return keep()
	}
	return nil
}

func same(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// SaveMapping keeps a mapping under a name for the next time.
func (s *Service) SaveMapping(ctx context.Context, a org.Actor, name string, m Mapping) error {
	if err := a.Need(org.ImportRun); err != nil {
		return err
	}
	if err := m.Check(); err != nil {
		return err
	}
	if strings.TrimSpace(name) == "" || len(name) > 100 {
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
