package reader

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/record"
	"yunchou/internal/tally"
)

// Runner runs readers for every company, in one of several processes.
type Runner struct {
	DB   *database.DB
	Rows Rows
	Feed *Feed
	Log  *slog.Logger
	Now  func() time.Time
	// Patience is how long another process may leave a reader that is behind where it is before this
	// one takes it: measured here, by a clock that only goes on. 0 is ten seconds.
	Patience time.Duration
	// Most is how many readers run at the same time; 0 is four.
	Most int
	// Applied and Failed count entries, by reader.
	Applied, Failed tally.Counts

	readers map[string]Reader
	names   []string
	me      string

	mu     sync.Mutex
	ready  *sync.Cond
	queue  []key
	states map[key]*state
	ended  bool
}

// key is a reader in a company.
type key struct{ tenant, reader string }

// state is what this process knows of a reader in a company. Only who works on it reads and changes
// what stands below the line.
type state struct {
	queued, again, resting bool
	passed                 bool // the place is ahead of its row: nothing of interest lay between
	// ---
	early   bool // the company was there before the reader
	held    bool // place is ours
	fresh   bool // as its row says
	place   Place
	limit   int       // of entries in the next transaction; 0 is as many as usual
	trouble int       // tries that failed for no entry's sake
	turn    int64     // another's, and
	since   time.Time // when it was first seen
}

const (
	// entriesAtOnce bounds a transaction beside the records it writes.
	entriesAtOnce = 100
	// passedFor is how long a place that passed entries of no interest may be ahead of its row: what is
	// written for it is one transaction for all.
	passedFor = 3 * time.Second
	// longestRest is how long a reader that fails again and again is left alone.
	longestRest = 10 * time.Minute
)

// Run follows the journals until the context ends, and then until what was begun is done and others
// may take over.
func (r *Runner) Run(ctx context.Context, readers []Reader) {
	r.begin(readers)
	if len(readers) == 0 {
		<-ctx.Done()
		return
	}
	r.Feed.Follow(func(tenant string, _ int64) { r.wake(tenant) })
	var working sync.WaitGroup
	working.Go(func() { r.catchUp(ctx) })
	for range r.Most {
		working.Go(func() { r.work(ctx) })
	}
	saving := time.NewTicker(passedFor)
	defer saving.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-saving.C:
			r.save(ctx)
		}
	}
	r.mu.Lock()
	r.ended = true
	r.ready.Broadcast()
	r.mu.Unlock()
	working.Wait()
	r.release(context.WithoutCancel(ctx))
}

func (r *Runner) begin(readers []Reader) {
	r.me = record.NewID(r.Now())
	r.readers, r.states = map[string]Reader{}, map[key]*state{}
	r.ready = sync.NewCond(&r.mu)
	for _, x := range readers {
		r.readers[x.Name] = x
		r.names = append(r.names, x.Name)
		r.Applied.Add(x.Name, 0) // an increase is seen only from a count that was there before
		r.Failed.Add(x.Name, 0)
	}
	slices.Sort(r.names)
	if r.Patience <= 0 {
		r.Patience = 10 * time.Second
	}
	if r.Most <= 0 {
		r.Most = 4
	}
}

// Lags tells how far readers are behind, over all companies and processes.
func (r *Runner) Lags(ctx context.Context, tx database.Tx, readers []Reader) ([]Lag, error) {
	if len(readers) == 0 {
		return nil, nil
	}
	names := make([]string, len(readers))
	for i, x := range readers {
		names[i] = x.Name
	}
	return r.Rows.Lags(ctx, tx, names)
}

// catchUp begins with what is behind at the start, and what readers have no place for yet.
func (r *Runner) catchUp(ctx context.Context) {
	const page = 1000
	var last Place
	for ctx.Err() == nil {
		var list []Place
		err := r.DB.Read(ctx, func(tx database.Tx) (err error) {
			list, err = r.Rows.Behind(ctx, tx, r.names, last, page)
			return err
		})
		if err != nil {
			r.Log.Warn("readers that are behind were not looked for", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			continue
		}
		for _, p := range list {
			r.enqueue(key{p.TenantID, p.Reader}, p.Turn < 0)
		}
		if len(list) < page {
			return
		}
		last = list[len(list)-1]
	}
}

// wake has every reader look at a company's journal.
func (r *Runner) wake(tenant string) {
	for _, name := range r.names {
		r.enqueue(key{tenant, name}, false)
	}
}

// enqueue has a reader looked after, unless it rests.
func (r *Runner) enqueue(k key, early bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.states[k]
	if s == nil {
		s = &state{early: early}
		r.states[k] = s
	}
	switch {
	case s.queued:
		s.again = true
	case !s.resting:
		s.queued = true
		r.queue = append(r.queue, k)
		r.ready.Signal()
	}
}

// work looks after one reader after the other.
func (r *Runner) work(ctx context.Context) {
	for {
		r.mu.Lock()
		for len(r.queue) == 0 && !r.ended {
			r.ready.Wait()
		}
		if r.ended {
			r.mu.Unlock()
			return
		}
		k := r.queue[0]
		r.queue = r.queue[1:]
		s := r.states[k]
		s.again = false
		r.mu.Unlock()
		o := r.step(ctx, k, s)
		r.put(k, s, o)
	}
}

// outcome is what comes after a step.
type outcome struct {
	more   bool          // at once, behind the others
	rest   time.Duration // after so long
	gone   bool          // the company is no more
	passed bool          // entries of no interest, which the row does not know of
}

// put has a reader that was looked after wait for what comes next.
func (r *Runner) put(k key, s *state, o outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.queued, s.passed = false, o.passed
	switch {
	case o.gone:
		delete(r.states, k)
	case o.rest > 0:
		s.resting = true
		time.AfterFunc(o.rest, func() {
			r.mu.Lock()
			s.resting = false
			r.mu.Unlock()
			r.enqueue(k, false)
		})
	case o.more || s.again:
		s.queued = true
		r.queue = append(r.queue, k)
		r.ready.Signal()
	}
}

// save writes the places that passed entries of no interest: lost they would be passed again.
func (r *Runner) save(ctx context.Context) {
	r.mu.Lock()
	var keys []key
	for k, s := range r.states {
		if s.passed && !s.queued {
			s.queued = true // nobody else works on it meanwhile
			keys = append(keys, k)
		}
	}
	r.mu.Unlock()
	for part := range slices.Chunk(keys, 200) {
		r.savePart(ctx, part)
	}
}

func (r *Runner) savePart(ctx context.Context, keys []key) {
	states := make([]*state, len(keys))
	places := make([]Place, len(keys))
	r.mu.Lock()
	for i, k := range keys {
		states[i] = r.states[k]
		places[i] = states[i].place
	}
	r.mu.Unlock()
	ours, err := database.Write(ctx, r.DB, func(tx database.Tx) ([]bool, error) {
		ours := make([]bool, len(places))
		for i, p := range places {
			var err error
			if ours[i], err = r.Rows.Move(ctx, tx, p, p.Seq, p.EntryID); err != nil {
				return nil, err
			}
		}
		return ours, nil
	})
	for i, k := range keys {
		switch {
		case err != nil: // later
		case ours[i]:
			states[i].place.Turn++
		default:
			states[i].held = false
		}
		r.put(k, states[i], outcome{passed: err != nil})
	}
	if err != nil && ctx.Err() == nil {
		r.Log.Warn("places of readers were not kept", "error", err)
	}
}

// release leaves what this process runs to others.
func (r *Runner) release(ctx context.Context) {
	var places []Place
	var passed []bool
	for _, s := range r.states {
		if s.held {
			places, passed = append(places, s.place), append(passed, s.passed)
		}
	}
	for len(places) > 0 {
		n := min(len(places), 200)
		now, ahead := places[:n], passed[:n]
		places, passed = places[n:], passed[n:]
		err := r.DB.Write(ctx, func(tx database.Tx) error {
			for i, p := range now {
				if ahead[i] {
					ours, err := r.Rows.Move(ctx, tx, p, p.Seq, p.EntryID)
					if err != nil {
						return err
					}
					if !ours {
						continue
					}
					p.Turn++
				}
				if err := r.Rows.Release(ctx, tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.Log.Warn("readers were not left to other processes, which take them a moment later", "error", err)
			return
		}
	}
}
