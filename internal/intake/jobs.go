package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/timetable"
)

// Kinds of work an import leaves to the timetable.
const (
	jobImport = "import"
	jobUndo   = "import.undo"
	jobLook   = "import.look" // for imports whose process died
)

// ordered is what was asked for.
type ordered struct {
	Batch   string            `json:"batch"`
	Uploads map[string]string `json:"uploads,omitempty"`
}

// Queued is who holds a batch that waits on the timetable, for as long as a queue may be.
const Queued = "timetable"

func (s *Service) queued() Lease {
	now := s.Org.Now()
	return Lease{Queued, now.Add(24 * time.Hour), now}
}

// plan puts work on a batch on the timetable. That it is there once is the batch's to see
// to: it is taken in the same write.
func (s *Service) plan(ctx context.Context, tx database.Tx, a org.Actor, kind string, o ordered) error {
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = s.Timetable.Add(ctx, tx, timetable.Row{TenantID: a.TenantID, Kind: kind, Key: o.Batch + " " + database.Time(a.Now),
		Payload: raw, CreatedBy: a.MemberID})
	return err
}

// StartUndo has a batch undone by whoever works the timetable off. Fault:
// import.not_undoable.
func (s *Service) StartUndo(ctx context.Context, a org.Actor, id string) (Batch, error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Batch{}, err
	}
	err := s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.takeForUndo(ctx, tx, a, id, s.queued()); err != nil {
			return err
		}
		return s.plan(ctx, tx, a, jobUndo, ordered{Batch: id})
	})
	if err != nil {
		return Batch{}, err
	}
	return s.Get(ctx, a, id)
}

// Jobs are the handlers of what an import leaves to the timetable.
func (s *Service) Jobs() map[string]timetable.Handler {
	return map[string]timetable.Handler{
		jobImport: {Do: s.importJob},
		jobUndo:   {Do: s.undoJob},
		jobLook: {Every: time.Minute, Do: func(ctx context.Context, j *timetable.Job) error {
			return errors.Join(s.Recover(ctx), s.sweep(j.TenantID, time.Now()))
		}},
	}
}

// job reads what a job is about, and who asked for it.
func (s *Service) job(ctx context.Context, j *timetable.Job) (o ordered, a org.Actor, b Batch, err error) {
	if err := json.Unmarshal(j.Payload, &o); err != nil {
		return o, a, b, err
	}
	// As whoever asked is now; an undo was allowed when it was asked for.
	if a, err = s.Org.Actor(ctx, j.TenantID, j.CreatedBy, "import"); fault.As(err) != nil && j.Kind == jobUndo {
		a, err = s.Org.System(ctx, j.TenantID, j.CreatedBy, "import")
	}
	if err != nil {
		return o, a, b, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		b, err = s.Rows.Batch(ctx, tx, j.TenantID, o.Batch)
		return err
	})
	return o, a, b, err
}

// importJob runs a batch nobody has begun. One that was begun and cut short is not begun
// again: rows without an id of their own would be there twice; it ends as failed and can
// be undone. One that only looks is begun again by whoever takes it up: it wrote nothing.
func (s *Service) importJob(ctx context.Context, j *timetable.Job) error {
	o, a, b, err := s.job(ctx, j)
	if err == nil {
		err = a.Need(org.ImportRun)
	}
	if err != nil || b.Status != "running" {
		return err
	}
	type begun struct {
		yaml  string
		taken bool
	}
	got, err := database.Write(ctx, s.DB, func(tx database.Tx) (begun, error) {
		yaml, taken, err := s.Rows.TakeQueued(ctx, tx, a.TenantID, b.ID, s.lease())
		return begun{yaml, taken}, err
	})
	if err != nil {
		return err
	}
	if !got.taken {
		if err := s.Recover(ctx); err != nil {
			return err
		}
		if _, _, b, err = s.job(ctx, j); err == nil && b.Status == "running" {
			err = fmt.Errorf("another process is at work on import %s", b.ID)
		}
		return err
	}
	m, err := ParseMapping([]byte(got.yaml))
	if err != nil {
		return err
	}
	var files []File
	for name, id := range o.Uploads {
		path, err := s.uploadPath(a.TenantID, id)
		if err != nil {
			return err
		}
		files = append(files, File{Name: name, Path: path})
	}
	_, err = s.work(ctx, a, m, files, b, b.DryRun)
	if errors.Is(err, errInterrupted) && b.DryRun {
		after := context.WithoutCancel(ctx)
		return errors.Join(err, s.DB.Write(after, func(tx database.Tx) error {
			return s.Rows.HandBack(after, tx, a.TenantID, b.ID, s.process(), s.queued())
		}))
	}
	if err != nil && fault.As(err) == nil {
		s.Log.Error("import failed", "batch", b.ID, "error", err)
	}
	return nil // how it ended is the batch's to say
}

// undoJob undoes a batch, or goes on where one was cut short.
func (s *Service) undoJob(ctx context.Context, j *timetable.Job) error {
	_, a, b, err := s.job(ctx, j)
	if err != nil || b.Status != "undoing" {
		return err
	}
	if err := s.DB.Write(ctx, func(tx database.Tx) error { return s.takeForUndo(ctx, tx, a, b.ID, s.lease()) }); err != nil {
		return err
	}
	_, err = s.undoAll(ctx, a, b.ID)
	return err
}
