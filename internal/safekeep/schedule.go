package safekeep

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"yunchou/internal/database"
)

// Schedule makes backups of a SQLite database at intervals and keeps the last of them. When the
// next is due is told by the newest in the folder, so that a restart loses nothing and
// makes none too many.
type Schedule struct {
	DB         *database.DB
	Dir        string
	Every      time.Duration
	Keep       int             // how many are kept
	Recipients []age.Recipient // none: not encrypted
	Erased     func(ctx context.Context) ([]Erasure, error)
	Offsite    *Offsite // nil: the folder alone
	// Tell, where set, hears of every backup that was made and every try that failed.
	Tell func(ctx context.Context, m Made)
	Log  *slog.Logger
	Now  func() time.Time

	mu   sync.Mutex
	last Backups
}

// Backups is how the schedule fares.
type Backups struct {
	Good   time.Time // when the last good one was made; zero where none is there
	Bytes  int64     // its size
	Failed int       // tries that failed since the start
	Next   time.Time // of a schedule that runs: when the next is made, or tried again
}

// Late tells whether the last good backup is older than the schedule lets it become, with room for
// one that is being made.
func (s *Schedule) Late() bool {
	last := s.Last()
	if last.Good.IsZero() {
		return last.Failed > 0
	}
	return s.Now().Sub(last.Good) > s.Every+s.Every/2
}

// Made is a backup that was made, or was not: by the "schedule", by a "command", or as a copy in the
// "store".
type Made struct {
	Means  string
	Bytes  int64
	Sealed bool
	Failed bool
}

const (
	backupPrefix = "yunchou-"
	backupStamp  = "20060102-150405.000"
)

// madeAt is when a backup was made that is called so; false for what no schedule calls a backup.
// Others may lie in its folder or store: they are neither its last one nor its to let go.
func madeAt(name, ending string) (at time.Time, ours bool) {
	stamp, begins := strings.CutPrefix(name, backupPrefix)
	stamp, ends := strings.CutSuffix(stamp, ending)
	at, err := time.Parse(backupStamp, stamp)
	return at, begins && ends && err == nil && at.Format(backupStamp) == stamp
}

// MadeAt is when a backup was made or a database was kept, where the name of its file or folder says
// so; else it is zero.
func MadeAt(path string) time.Time {
	name := filepath.Base(filepath.Clean(path))
	for _, ending := range []string{".db", ".db.age"} {
		if at, ours := madeAt(name, ending); ours {
			return at
		}
	}
	at, err := time.Parse(keptPrefix+backupStamp, name)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Last says how the schedule fares.
func (s *Schedule) Last() Backups {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// Run makes backups as they fall due until the context ends. One that fails is tried again
// after a while.
func (s *Schedule) Run(ctx context.Context) {
	s.look()
	if s.Offsite != nil {
		go s.Offsite.Run(ctx)
	}
	for {
		wait := min(s.Every, 10*time.Minute) // after a failure
		if due := s.Last().Good.Add(s.Every); s.Last().Failed == 0 || due.After(s.Now()) {
			wait = max(0, due.Sub(s.Now()))
		}
		s.mu.Lock()
		s.last.Next = s.Now().Add(wait)
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if err := s.Once(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("no backup was made", "error", err)
		}
	}
}

// Once makes a backup now, the list of erasures beside it, and lets old ones go: never before
// the new one is there.
func (s *Schedule) Once(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			s.mu.Lock()
			s.last.Failed++
			s.mu.Unlock()
		}
		if s.Tell != nil && ctx.Err() == nil {
			s.Tell(ctx, Made{Means: "schedule", Bytes: s.Last().Bytes, Sealed: len(s.Recipients) > 0, Failed: err != nil})
		}
	}()
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.Dir, backupPrefix+s.Now().UTC().Format(backupStamp)+".db")
	if err := s.make(ctx, path); err != nil {
		return err
	}
	erased, err := s.Erased(ctx)
	if err == nil {
		err = AddToList(filepath.Join(s.Dir, ListName), erased)
	}
	s.look()
	return errors.Join(err, s.prune())
}

// make writes a backup, encrypted where it shall be: what is not lies in the data directory
// meanwhile, never in the folder, which may be another machine's.
func (s *Schedule) make(ctx context.Context, path string) error {
	if len(s.Recipients) == 0 {
		_, err := s.DB.Backup(ctx, path)
		return err
	}
	plain := filepath.Join(filepath.Dir(s.DB.Path()), "backing-up.db")
	remove := func() error {
		if err := os.Remove(plain); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := remove(); err != nil { // by a program that was killed
		return err
	}
	if _, err := s.DB.Backup(ctx, plain); err != nil {
		return err
	}
	path += ".age"
	part := path + ".part"
	if err := seal(plain, part, s.Recipients); err != nil {
		return errors.Join(err, os.Remove(part), remove())
	}
	return errors.Join(os.Rename(part, path), database.SyncDir(s.Dir), remove())
}

// made is a backup of the schedule's in its folder.
type made struct {
	path string
	at   time.Time
}

// list is the schedule's own backups, the oldest first, and parts that were left. One of a day
// that has not come was made by a clock that was ahead: it stays, and counts for nothing.
func (s *Schedule) list() (whole []made, parts []string, err error) {
	all, err := filepath.Glob(filepath.Join(s.Dir, backupPrefix+"*.db*"))
	for _, path := range all {
		name, part := strings.CutSuffix(strings.TrimSuffix(filepath.Base(path), "-journal"), ".part")
		at, ours := madeAt(name, ".db")
		if !ours {
			at, ours = madeAt(name, ".db.age")
		}
		switch {
		case ours && part:
			parts = append(parts, path)
		case ours && !at.After(s.Now()):
			whole = append(whole, made{path, at})
		}
	}
	slices.SortFunc(whole, func(x, y made) int { return x.at.Compare(y.at) })
	return whole, parts, err
}

// prune lets old backups go, and parts a killed program left.
func (s *Schedule) prune() error {
	whole, gone, err := s.list()
	if old := len(whole) - max(1, s.Keep); old > 0 {
		for _, m := range whole[:old] {
			gone = append(gone, m.path)
		}
	}
	for _, path := range gone {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// look reads from the folder which the last good one is.
func (s *Schedule) look() {
	whole, _, err := s.list()
	if err != nil {
		return
	}
	var good Backups
	if len(whole) > 0 {
		newest := whole[len(whole)-1]
		about, err := os.Stat(newest.path)
		if err != nil {
			return
		}
		good.Good, good.Bytes = newest.at, about.Size()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last.Good, s.last.Bytes = good.Good, good.Bytes
}
