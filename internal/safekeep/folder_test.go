package safekeep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"
)

// scheduled is a schedule of a small company, an hour apart, and its folder.
func scheduled(t *testing.T, keep int) *Schedule {
	t.Helper()
	dir := t.TempDir()
	company(t, dir, "one")
	db, err := database.OpenSQLite(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &Schedule{DB: db, Dir: filepath.Join(dir, "backups"), Every: time.Hour, Keep: keep, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Erased: func(context.Context) ([]Erasure, error) { return nil, nil }, Now: time.Now}
}

func (s *Schedule) names(t *testing.T) (out []string) {
	t.Helper()
	list, err := os.ReadDir(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Name() != ListName {
			out = append(out, e.Name())
		}
	}
	return out
}

// TestAFolderOfBackupsMayHoldOtherFiles: what the schedule did not make is neither its last backup
// nor one it lets go.
func TestAFolderOfBackupsMayHoldOtherFiles(t *testing.T) {
	s := scheduled(t, 2)
	others := []string{"yunchou-monday.db", "yunchou-.db", "yunchou-20261301-000000.000.db", "yunchou-20260101-000000.000.db.old", "yunchou-x.db.part", "notes.txt"}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(s.Dir, name), []byte("the operator's"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	for begun := time.Now(); s.Last().Bytes == 0 && time.Since(begun) < 10*time.Second; {
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(time.Second) // long enough for many, where the next is due at once
	stop()
	<-ended
	made := slices.DeleteFunc(s.names(t), func(n string) bool { return slices.Contains(others, n) })
	if len(made) != 1 || s.Last().Good.IsZero() {
		t.Errorf("in a second of an hourly schedule it made %v; the last good one is of %v", made, s.Last().Good)
	}
	for range 3 {
		time.Sleep(2 * time.Millisecond)
		if err := s.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	there := s.names(t)
	for _, name := range others {
		if !slices.Contains(there, name) {
			t.Errorf("it let %s go, which is not its own", name)
		}
	}
	if made := slices.DeleteFunc(there, func(n string) bool { return slices.Contains(others, n) }); len(made) != 2 {
		t.Errorf("it keeps %v, want two", made)
	}
}

// TestWhatAFullDiskLeavesIsNoBackup: of copies that did not come to their end neither a part nor its
// journal counts, and both go with the next that does.
func TestWhatAFullDiskLeavesIsNoBackup(t *testing.T) {
	s := scheduled(t, 1)
	if err := s.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	good := s.Last().Good
	for i, ending := range []string{".db.part", ".db.part-journal", ".db.age.part", ".db.part-journal"} {
		name := backupPrefix + good.Add(time.Duration(i-5)*time.Millisecond).Format(backupStamp) + ending
		if err := os.WriteFile(filepath.Join(s.Dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if s.look(); !s.Last().Good.Equal(good) || s.Last().Bytes < 100 {
		t.Errorf("the last good one is of %v with %d bytes, want %v", s.Last().Good, s.Last().Bytes, good)
	}
	time.Sleep(2 * time.Millisecond)
	if err := s.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if there := s.names(t); len(there) != 1 || strings.Contains(there[0], "part") {
		t.Errorf("%v lie there, want one backup", there)
	}
	// Asked for by name, after one of the name that failed.
	to := filepath.Join(t.TempDir(), "mine.db")
	for _, ending := range []string{".part", ".part-journal"} {
		if err := os.WriteFile(to+ending, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.DB.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if list, err := os.ReadDir(filepath.Dir(to)); err != nil || len(list) != 1 {
		t.Errorf("beside the backup lie %v %v", list, err)
	}
}

// TestAClockThatWasAheadStopsNoBackups: one that was made in 2099 by its name is neither the last
// good one nor what makes room for it.
func TestAClockThatWasAheadStopsNoBackups(t *testing.T) {
	for _, keep := range []int{1, 3} {
		s := scheduled(t, keep)
		now := s.Now()
		s.Now = func() time.Time { return time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) }
		if err := s.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Now = func() time.Time { now = now.Add(time.Minute); return now }
		s.look()
		if good := s.Last().Good; good.After(now) {
			t.Errorf("the last good one is of %v", good)
		}
		if err := s.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(s.names(t), func(n string) bool {
			return strings.HasPrefix(n, "yunchou-20") && !strings.HasPrefix(n, "yunchou-2099")
		}) {
			t.Errorf("keeping %d it let the new one go: %v", keep, s.names(t))
		}
		if d := s.Last().Good.Sub(now).Abs(); d > time.Hour {
			t.Errorf("the last good one is of %v", s.Last().Good)
		}
	}
}

// shelf is a store in memory.
type shelf struct {
	mu   sync.Mutex
	held map[string][]byte
}

func (s *shelf) Put(_ context.Context, name string, from *os.File) error {
	raw, err := io.ReadAll(from)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[name] = raw
	return err
}

func (s *shelf) Read(_ context.Context, name string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	raw, there := s.held[name]
	if !there {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(string(raw))), nil
}

func (s *shelf) List(context.Context) (out []Stored, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, raw := range s.held {
		out = append(out, Stored{name, int64(len(raw))})
	}
	return out, nil
}

func (s *shelf) Remove(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, name)
	return nil
}

// TestAStoreMayHoldOtherObjects: one that is called like a backup and none, and one of a clock
// that was ahead, keep no backup from being sent, and are not let go for it.
func TestAStoreMayHoldOtherObjects(t *testing.T) {
	others := []string{"yunchou-zzz.db.age", "yunchou-20990101-000000.000.db.age", "yunchou-../../x.db.age", "yunchou-20260101-000000.000.db.age/x.db.age"}
	store, dir := &shelf{held: map[string][]byte{}}, t.TempDir()
	for _, name := range others {
		store.held[name] = []byte("x")
	}
	o := &Offsite{Store: store, Dir: dir, Keep: 1, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
	for i := range 3 {
		name := backupPrefix + time.Now().UTC().Add(time.Duration(i-10)*time.Hour).Format(backupStamp) + ".db.age"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := o.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, there := store.held[name]; !there {
			t.Errorf("%s was not sent", name)
		}
		if good := o.Last().Good; good.After(time.Now()) || good.IsZero() {
			t.Errorf("the last good one is of %v", good)
		}
	}
	for _, name := range others {
		if _, there := store.held[name]; !there {
			t.Errorf("it let %s go, which is not its own", name)
		}
	}
	if _, err := Fetch(t.Context(), store, "", held(t, dir)); err != nil {
		t.Errorf("the newest: %v", err)
	}
}

// TestNobodyIsLostFromAListThatManyWrite: jobs of several companies and the schedule write to it.
func TestNobodyIsLostFromAListThatManyWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), ListName)
	var all sync.WaitGroup
	errs := make(chan error, 100)
	for i := range 100 {
		all.Go(func() { errs <- AddToList(path, []Erasure{{Company: "c", Contact: fmt.Sprint(i), At: "2026"}}) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
			break
		}
	}
	list, err := ReadList(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if len(list) != 100 {
		t.Errorf("%d of 100 are in the list", len(list))
	}
}
