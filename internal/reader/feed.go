package reader

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/tally"
)

// Feed tells, in one process, whose journal moved: whoever committed, here or in another process.
// What is lost on the way its poll finds, so it may tell late and twice, and is believed as to when to
// look, never as to what is there.
type Feed struct {
	DB   *database.DB
	Rows Rows
	Log  *slog.Logger
	Poll time.Duration // 0 is ten seconds, and one while other processes are not heard
	// Woken counts what was told: "told" as it was committed, "poll" found later.
	Woken tally.Counts

	mu        sync.Mutex
	heads     map[string]int64
	followers []func(tenant string, seq int64)
}

const (
	// calm and deaf are how often counters are looked at while other processes are heard, or are none,
	// and while they are not.
	calm, deaf = 10 * time.Second, time.Second
	// together is how long what is told is collected: a busy process commits all the time.
	together = 5 * time.Millisecond
)

// Follow has fn called, which is quick, with each company whose journal moved and the number it moved to.
func (f *Feed) Follow(fn func(tenant string, seq int64)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.followers = append(f.followers, fn)
}

// Head is the last number that was told of a company's journal; not known where the feed does not run.
func (f *Feed) Head(tenant string) (seq int64, known bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seq, known = f.heads[tenant]
	return seq, known
}

// Run tells until the context ends; ready is called once nothing that is committed from then on is missed.
func (f *Feed) Run(ctx context.Context, ready func()) {
	moves := f.DB.Moves()
	defer moves.Stop()
	defer f.forget()
	var listening sync.WaitGroup
	defer listening.Wait()
	listening.Go(func() {
		f.DB.Listen(ctx, func(err error) { f.Log.Warn("what other processes commit is not heard, but looked for", "error", err) })
	})
	ready()
	var last time.Time
	for {
		if time.Since(last) >= f.every() {
			if err := f.look(ctx); err != nil && ctx.Err() == nil {
				f.Log.Warn("the journals' counters were not looked at", "error", err)
			}
			last = time.Now()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(f.every() - time.Since(last)):
		case <-moves.C:
			to, missed := moves.Take()
			for tenant, seq := range to {
				f.told(tenant, int64(seq))
			}
			if missed {
				last = time.Time{}
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(together):
			}
		}
	}
}

func (f *Feed) every() time.Duration {
	switch {
	case f.Poll > 0:
		return f.Poll
	case f.DB.Dialect() == database.SQLite || f.DB.Listening():
		return calm
	}
	return deaf
}

// told passes on what was committed.
func (f *Feed) told(tenant string, seq int64) {
	f.mu.Lock()
	known := f.heads[tenant] >= seq
	if !known && f.heads != nil {
		f.heads[tenant] = seq
	}
	followers := f.followers
	f.mu.Unlock()
	if known {
		return
	}
	f.Woken.Add("told", 1)
	for _, fn := range followers {
		fn(tenant, seq)
	}
}

// look passes on the counters that are not what was told: one query for all companies. The first
// time nobody is told, since who follows looks by himself where he begins.
func (f *Feed) look(ctx context.Context) error {
	var heads map[string]int64
	err := f.DB.Glance(ctx, func(tx database.Tx) (err error) {
		heads, err = f.Rows.Heads(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	f.mu.Lock()
	was, followers := f.heads, f.followers
	f.heads = heads
	f.mu.Unlock()
	if was == nil {
		return nil
	}
	for tenant, seq := range heads {
		if was[tenant] == seq {
			continue
		}
		f.Woken.Add("poll", 1)
		for _, fn := range followers {
			fn(tenant, seq)
		}
	}
	return nil
}

func (f *Feed) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heads = nil
}
