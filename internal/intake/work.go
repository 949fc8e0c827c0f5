package intake

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Asked is an import that is to begin: of which uploads, by their names, under an id the sender
// may choose.
type Asked struct {
	ID      string
	Mapping Mapping
	Uploads map[string]string
	DryRun  bool
}

// Start has an import run in the background. The same id and content again is answered with the
// first one's batch. Faults: import.upload_unknown, record.id_taken and those of the mapping.
func (s *Service) Start(ctx context.Context, a org.Actor, ask Asked) (Batch, error) {
	if err := errors.Join(a.Need(org.ImportRun), record.CheckID(ask.ID)); err != nil {
		return Batch{}, err
	}
	if err := s.Check(ask.Mapping); err != nil {
		return Batch{}, err
	}
	files, missing := s.uploaded(a, ask.Uploads)
	b := newBatch(a, files, ask.DryRun)
	b.ID = cmp.Or(ask.ID, b.ID)
	return idempotency.Made(ctx, s.Keys, a.By(), ask.ID, ask, func(tx database.Tx) (Batch, error) {
		if missing != nil { // of a repeat the files may be gone by now
			return Batch{}, missing
		}
		if err := s.insert(ctx, tx, a, ask.Mapping, b, s.queued()); err != nil {
			return b, err
		}
		return b, s.plan(ctx, tx, a, jobImport, ordered{Batch: b.ID, Uploads: ask.Uploads})
	})
}

// uploaded finds the files that were uploaded. Fault: import.upload_unknown.
func (s *Service) uploaded(a org.Actor, uploads map[string]string) (files []File, err error) {
	for _, name := range slices.Sorted(maps.Keys(uploads)) {
		path, err := s.uploadPath(a.TenantID, uploads[name])
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err != nil {
			return nil, fault.New(fault.NotFound, "import.upload_unknown", "no such upload")
		}
		files = append(files, File{Name: name, Path: path})
	}
	if len(files) == 0 {
		return nil, fault.Missing("/files")
	}
	return files, nil
}

// Import runs in the foreground: the command line.
func (s *Service) Import(ctx context.Context, a org.Actor, m Mapping, files []File, dryRun bool) (Batch, error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Batch{}, err
	}
	if err := s.Check(m); err != nil {
		return Batch{}, err
	}
	b := newBatch(a, files, dryRun)
	if err := s.DB.Write(ctx, func(tx database.Tx) error { return s.insert(ctx, tx, a, m, b, s.lease()) }); err != nil {
		return b, err
	}
	return s.work(ctx, a, m, files, b, false)
}

func newBatch(a org.Actor, files []File, dryRun bool) Batch {
	b := Batch{ID: record.NewID(a.Now), Status: "running", DryRun: dryRun, CreatedAt: a.Now, CreatedBy: a.MemberID}
	for _, f := range files {
		b.Files = append(b.Files, filepath.Base(f.Name))
	}
	return b
}

func (s *Service) insert(ctx context.Context, tx database.Tx, a org.Actor, m Mapping, b Batch, l Lease) error {
	journal.Append(tx, a.By(), importStarted(b.ID, a.Today, started{b.DryRun, len(b.Files)}))
	return s.Rows.InsertBatch(ctx, tx, a.TenantID, b, m.YAML(), l)
}

// keepIssues bounds what is written down of a file that is wrong throughout.
const keepIssues = 100_000

// working is one import at work: what waits to be written about it.
type working struct {
	*Service
	ctx      context.Context
	a        org.Actor
	b        Batch
	waiting  []Issue
	stored   int
	stopped  bool
	writeErr error
}

func (w *working) issue(i Issue) {
	if w.stored+len(w.waiting) < keepIssues {
		w.waiting = append(w.waiting, i)
	}
	if len(w.waiting) >= 500 {
		w.save()
	}
}

// save writes the issues that wait.
func (w *working) save() {
	part := w.waiting
	w.waiting = nil
	if len(part) == 0 {
		return
	}
	err := w.DB.Write(w.ctx, func(tx database.Tx) error {
		return w.Rows.InsertIssues(w.ctx, tx, w.a.TenantID, w.b.ID, w.stored, part)
	})
	w.stored += len(part)
	w.writeErr = errors.Join(w.writeErr, err)
}

func (w *working) progress(done, total int64) {
	w.b.RowsDone, w.b.RowsTotal = done, total
	err := w.DB.Write(w.ctx, func(tx database.Tx) error {
		if err := w.hold(w.ctx, tx, w.a.TenantID, w.b.ID); err != nil {
			return err
		}
		return w.Rows.Progress(w.ctx, tx, w.a.TenantID, w.b.ID, done, total)
	})
	if errors.Is(err, errStopped) {
		w.stopped, err = true, nil
	}
	w.writeErr = errors.Join(w.writeErr, err)
}

// errInterrupted ends a run whose process was asked to stop.
var errInterrupted = errors.New("intake: the process stops")

// work runs the batch to its end and writes down how it ended. Where the process is asked to
// stop it ends after its present chunk, as interrupted: what was written stays, and can be
// undone. A run somebody else takes up (handsOn) has not ended.
func (s *Service) work(ctx context.Context, a org.Actor, m Mapping, files []File, b Batch, handsOn bool) (Batch, error) {
	held, release := s.keepLease(ctx, a.TenantID, b.ID)
	defer release()
	s.Running.Add(1)
	defer s.Running.Add(-1)
	w := &working{Service: s, ctx: held, a: a, b: b}
	sum, err := s.Run(held, a, m, files, Options{DryRun: b.DryRun, BatchID: b.ID, Issue: w.issue, Progress: w.progress,
		Stop: func() bool { return w.stopped || w.writeErr != nil }})
	w.save()
	if err == nil || errors.Is(err, errStopped) && w.writeErr != nil {
		err = w.writeErr
	}
	b, now := w.b, s.Org.Now()
	b.Summary, b.RowsDone, b.Status, b.Finished = &sum, sum.Rows, "done", &now
	b.RowsTotal = max(b.RowsTotal, sum.Rows)
	switch {
	case err != nil && ctx.Err() != nil:
		err = errInterrupted
		b.Status, b.Error = "failed", "import.interrupted"
		if handsOn {
			return b, err
		}
	case errors.Is(err, errStopped):
		b.Status, err = "cancelled", nil
	case err != nil:
		b.Status, b.Error = "failed", fault.CodeOf(err)
	}
	return b, errors.Join(err, s.finish(context.WithoutCancel(ctx), a, b))
}

// finish writes down how an import ended, unless another process did.
func (s *Service) finish(ctx context.Context, a org.Actor, b Batch) error {
	if b.DryRun {
		s.Looks.Add(b.Status, 1)
	} else {
		s.Ended.Add(b.Status, 1)
	}
	s.Read.Add("rows", b.RowsDone)
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.hold(ctx, tx, a.TenantID, b.ID); err != nil && !errors.Is(err, errStopped) {
			return err
		}
		journal.Append(tx, a.By(), importEnded(b, a.Today))
		return s.Rows.SaveBatch(ctx, tx, a.TenantID, b)
	})
}
