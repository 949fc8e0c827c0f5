package safekeep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Offsite copies a schedule's encrypted backups to a store away from this machine, and its
// list of erasures as soon as it grows. It works beside the schedule: a store that is away, or
// hangs, holds up neither the backups in the folder nor the server.
type Offsite struct {
	Store Store
	Dir   string // of the schedule's backups
	Keep  int    // how many the store keeps; 0 leaves that to the store's own rules
	// Tell, where set, hears of every backup that was sent and every try that failed.
	Tell func(ctx context.Context, m Made)
	Log  *slog.Logger
	Now  func() time.Time

	mu   sync.Mutex
	last Backups
}

const (
	lookEvery = time.Minute   // whether the folder has something new
	longest   = 6 * time.Hour // between two tries of a store that refuses
)

// Last says how the store fares.
func (o *Offsite) Last() Backups {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.last
}

// Run sends what is new until the context ends. What fails is tried again, after twice as
// long each time.
func (o *Offsite) Run(ctx context.Context) {
	var sent string
	var next time.Time
	failed := 0
	for {
		if is := o.here(); is != sent && !o.Now().Before(next) {
			if err := o.Once(ctx); err == nil {
				sent, failed = is, 0
			} else if ctx.Err() == nil {
				failed++
				next = o.Now().Add(pauseAfter(failed))
				o.Log.Error("no backup was kept off this machine", "error", err, "tries", failed, "next", next)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
	}
}

// pauseAfter is how long a store is left alone after so many failures in a row.
func pauseAfter(failed int) time.Duration {
	return min(longest, time.Minute<<min(failed-1, 16))
}

// here tells whether the folder is as it was: its backups, and its list of erasures.
func (o *Offsite) here() string {
	text := strings.Join(o.folder(), "\n")
	if about, err := os.Stat(filepath.Join(o.Dir, ListName)); err == nil {
		text += fmt.Sprint("\n", about.ModTime().UnixNano(), about.Size())
	}
	return text
}

// folder is the encrypted backups of the folder, the oldest first.
func (o *Offsite) folder() (names []string) {
	paths, _ := filepath.Glob(filepath.Join(o.Dir, backupPrefix+"*.db.age")) // the pattern is ours
	for _, p := range paths {
		if at, ours := madeAt(filepath.Base(p), ".db.age"); ours && !at.After(o.Now()) {
			names = append(names, filepath.Base(p))
		}
	}
	return names // Glob sorts
}

// Once brings the store up to date: the list of erasures first, then backups the store has
// not got yet and are newer than those it has (of an empty store the newest alone); then the
// oldest go.
func (o *Offsite) Once(ctx context.Context) (err error) {
	defer func() {
		if err != nil && ctx.Err() == nil {
			o.mu.Lock()
			o.last.Failed++
			o.mu.Unlock()
			o.tell(ctx, Made{Means: "store", Failed: true})
		}
	}()
	if err := sendList(ctx, o.Store, filepath.Join(o.Dir, ListName)); err != nil {
		return err
	}
	all, err := o.Store.List(ctx)
	if err != nil {
		return err
	}
	kept := o.past(backupsOf(all))
	names, newest := o.folder(), ""
	if len(kept) > 0 {
		newest = kept[len(kept)-1].Name
		o.good(kept[len(kept)-1])
	} else if len(names) > 0 {
		names = names[len(names)-1:]
	}
	for _, name := range names {
		if name <= newest {
			continue
		}
		about, err := os.Stat(filepath.Join(o.Dir, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // the schedule let it go meanwhile
		}
		if err == nil {
			err = send(ctx, o.Store, name, filepath.Join(o.Dir, name))
		}
		if err != nil {
			return err
		}
		o.tell(ctx, Made{Means: "store", Bytes: about.Size(), Sealed: true})
		kept = append(kept, Stored{name, about.Size()})
		o.good(kept[len(kept)-1])
	}
	return o.prune(ctx, kept)
}

func (o *Offsite) tell(ctx context.Context, m Made) {
	if o.Tell != nil {
		o.Tell(ctx, m)
	}
}

// past leaves out what was made on a day that has not come, by a clock that was ahead: else no
// backup after it would be sent.
func (o *Offsite) past(all []Stored) []Stored {
	return slices.DeleteFunc(all, func(s Stored) bool {
		at, _ := madeAt(s.Name, ".db.age")
		return at.After(o.Now())
	})
}

// good notes the newest backup the store has whole.
func (o *Offsite) good(s Stored) {
	at, ours := madeAt(s.Name, ".db.age")
	if !ours {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last.Good, o.last.Bytes = at, s.Bytes
}

// prune lets the oldest go.
func (o *Offsite) prune(ctx context.Context, kept []Stored) (err error) {
	if o.Keep < 1 || len(kept) <= o.Keep {
		return nil
	}
	for _, s := range kept[:len(kept)-o.Keep] {
		err = errors.Join(err, o.Store.Remove(ctx, s.Name))
	}
	return err
}
