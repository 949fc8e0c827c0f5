package timetable

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/record"
)

// Handler does the work of one kind. Do returns once it is done; where it returns an error
// the row is due again, later each time. Every makes a row for each company that is due
// again so long after it was done.
type Handler struct {
	Do    func(ctx context.Context, j *Job) error
	Every time.Duration
	// Fire, in place of Do, is what falls due and takes no time: it happens in the transaction that
	// ends the row, so exactly once, whoever dies when. It is a write: it may run twice, does no I/O,
	// sets nothing outside.
	Fire func(ctx context.Context, tx database.Tx, r Row) error
}

// Runner works the timetable off, in one process.
type Runner struct {
	*Service
	Log   *slog.Logger
	Lease time.Duration // 0 is a minute
	Poll  time.Duration // 0 is a second
	// Most is how many jobs run at the same time; 0 is two.
	Most int

	by      string
	kinds   map[string]Handler
	names   []string // of what is done
	fires   []string // of what fires
	mine    sync.Map // ids of rows at work here: no clock that jumps begins them twice
	running sync.WaitGroup
	slots   chan struct{}
	ensured time.Time
}

// Run works until the context ends, and then until the jobs it began have stopped.
func (r *Runner) Run(ctx context.Context, kinds map[string]Handler) {
	r.by, r.kinds = record.NewID(r.Now()), kinds
	for name, h := range kinds {
		if h.Fire != nil {
			r.fires = append(r.fires, name)
		} else {
			r.names = append(r.names, name)
		}
		r.Done.Add(name, 0) // an increase is seen only from a count that was there before
		r.Failed.Add(name, 0)
	}
	slices.Sort(r.names)
	slices.Sort(r.fires)
	r.Lease, r.Poll, r.Most = max(r.Lease, 0), max(r.Poll, 0), max(r.Most, 0)
	if r.Lease == 0 {
		r.Lease = time.Minute
	}
	if r.Poll == 0 {
		r.Poll = time.Second
	}
	if r.Most == 0 {
		r.Most = 2
	}
	r.slots = make(chan struct{}, r.Most)
	wake, stop := r.DB.Wake()
	defer stop()
	defer r.running.Wait()
	for {
		if err := r.once(ctx); err != nil && ctx.Err() == nil {
			r.Log.Warn("the timetable was not looked at", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(r.Poll):
		case <-wake:
			select { // a busy process writes all the time
			case <-ctx.Done():
				return
			case <-time.After(r.Poll / 10):
			}
		}
	}
}

// once begins what is due, as far as there is room.
func (r *Runner) once(ctx context.Context) error {
	if err := r.ensure(ctx); err != nil {
		return err
	}
	if err := r.fire(ctx); err != nil {
		return err
	}
	due, err := r.due(ctx, r.names, 20)
	if err != nil {
		return err
	}
	for _, row := range due {
		if _, here := r.mine.Load(row.ID); here {
			continue
		}
		select {
		case r.slots <- struct{}{}:
		default:
			return nil
		}
		j := &Job{Row: row, s: r.Service, by: r.by, wait: r.Lease}
		taken, err := database.Write(ctx, r.DB, func(tx database.Tx) (bool, error) { return r.Rows.Take(ctx, tx, row, j.lease()) })
		if err != nil || !taken {
			<-r.slots
			if err != nil {
				return err
			}
			continue
		}
		j.Attempts++
		r.running.Add(1)
		r.mine.Store(row.ID, true)
		go func() {
			defer r.running.Done()
			defer r.mine.Delete(row.ID)
			defer func() { <-r.slots }()
			r.work(ctx, j)
		}()
	}
	return nil
}

func (r *Runner) due(ctx context.Context, kinds []string, limit int) (due []Row, err error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	err = r.DB.Read(ctx, func(tx database.Tx) (err error) {
		due, err = r.Rows.Due(ctx, tx, kinds, Lease{By: r.by, For: r.Lease, Now: r.Now()}, limit)
		return err
	})
	return due, err
}

// firesAtOnce is how many rows that fire are looked for at a time.
const firesAtOnce = 100

// fire fires what is due, each row in a transaction of its own: who comes second finds it done.
func (r *Runner) fire(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := r.due(ctx, r.fires, firesAtOnce)
		if err != nil {
			return err
		}
		for _, row := range due {
			if err := r.fireOne(ctx, row); err != nil {
				return err
			}
		}
		if len(due) < firesAtOnce {
			break
		}
	}
	return nil
}

func (r *Runner) fireOne(ctx context.Context, row Row) error {
	h := r.kinds[row.Kind]
	fired, err := database.Write(ctx, r.DB, func(tx database.Tx) (bool, error) {
		there, err := r.Rows.Fire(ctx, tx, row, r.Now())
		if err != nil || !there {
			return false, err
		}
		return true, h.Fire(ctx, tx, row)
	})
	if fired {
		r.Done.Add(row.Kind, 1)
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	r.Failed.Add(row.Kind, 1)
	row.Attempts++
	r.Log.Warn("a row of the timetable did not fire", "kind", row.Kind, "id", row.ID, "attempts", row.Attempts, "error", err)
	e := End{Due: r.Now().Add(pause(row.Attempts)), Attempts: row.Attempts, Error: fault.CodeOf(err)}
	return r.DB.Write(ctx, func(tx database.Tx) error { return r.Rows.Postpone(ctx, tx, row, e) })
}

// ensure makes the rows of what each company needs every so often: at start, and once a
// minute for companies that are new.
func (r *Runner) ensure(ctx context.Context) error {
	if !r.ensured.IsZero() && time.Since(r.ensured) < time.Minute {
		return nil
	}
	var companies []string
	err := r.DB.Read(ctx, func(tx database.Tx) (err error) {
		companies, err = r.Rows.Companies(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	err = r.DB.Write(ctx, func(tx database.Tx) error {
		for _, tenant := range companies {
			for _, kind := range r.names {
				if r.kinds[kind].Every == 0 {
					continue
				}
				if _, err := r.Add(ctx, tx, Row{TenantID: tenant, Kind: kind, Key: Every}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		r.ensured = time.Now()
	}
	return err
}

// work does one job under its lease, and says how it ended.
func (r *Runner) work(ctx context.Context, j *Job) {
	held, lose := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		r.keep(held, j, lose)
	}()
	err := r.do(held, j)
	if errors.Is(context.Cause(held), ErrCancelled) {
		err = ErrCancelled
	}
	lost := errors.Is(context.Cause(held), ErrLost) || errors.Is(err, ErrLost)
	lose(nil)
	<-kept
	if lost {
		r.Log.Warn("a job's lease was lost", "kind", j.Kind, "id", j.ID)
		return
	}
	e := r.end(ctx, j, err)
	if e.Error != "" {
		r.Failed.Add(j.Kind, 1)
	} else if err == nil {
		r.Done.Add(j.Kind, 1)
	}
	if err := r.DB.Write(context.WithoutCancel(ctx), func(tx database.Tx) error { return r.Rows.End(ctx, tx, j.Row, j.by, e) }); err != nil {
		r.Log.Warn("the end of a job was not written", "kind", j.Kind, "id", j.ID, "error", err)
	}
}

func (r *Runner) do(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a job: %v\n%s", p, debug.Stack())
		}
	}()
	return r.kinds[j.Kind].Do(ctx, j)
}

// keep renews the lease while the job works, however long one step of it takes.
func (r *Runner) keep(ctx context.Context, j *Job, lose context.CancelCauseFunc) {
	t := time.NewTicker(r.Lease / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			err := r.DB.Write(ctx, func(tx database.Tx) error { return j.Hold(ctx, tx) })
			if errors.Is(err, ErrLost) || errors.Is(err, ErrCancelled) {
				lose(err)
				return
			}
		}
	}
}

// longestPause is the longest a job that fails again and again is left alone.
const longestPause = time.Hour

// end is how a try ended: done; due again at once where the process stops; due again after
// a pause, twice as long each time, where it failed.
func (r *Runner) end(ctx context.Context, j *Job, err error) End {
	now := r.Now()
	every := r.kinds[j.Kind].Every
	switch {
	case err != nil && ctx.Err() != nil: // the process stops: whoever takes it up goes on
		return End{Due: now, Attempts: j.Attempts - 1}
	case err == nil || errors.Is(err, ErrCancelled):
		e := End{Due: now.Add(every)}
		if every == 0 {
			e.Done = &now
		}
		return e
	}
	r.Log.Warn("a job failed", "kind", j.Kind, "id", j.ID, "attempts", j.Attempts, "error", err)
	return End{Due: now.Add(pause(j.Attempts)), Attempts: j.Attempts, Error: fault.CodeOf(err)}
}

// pause is how long a job is left alone after so many tries.
func pause(attempts int) time.Duration {
	return min(longestPause, 5*time.Second<<min(max(0, attempts-1), 12))
}
