package funnel

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"yunchou/internal/database"
)

// keptFor bounds how long limits and calibrated rates are reused: they move by days,
// and recomputing them for each list or record would cost more than the list. A new version
// of a pipeline in force counts at once, in every process. What takes long to compute is
// reused for as many times as long.
const (
	keptFor  = time.Minute
	keptTook = 50
)

// Soon is how long a page waits for a value nobody has computed yet: where there is little to
// compute it is there by then, and where there is much the page is shown without. Needed is how
// long an answer waits that cannot do without.
const (
	Soon   = 200 * time.Millisecond
	needed = time.Second
)

// stillFor is how long they are reused where nothing was written in the company since.
const stillFor = 10 * time.Minute

// dear is what a computation takes whose value is kept between starts.
const dear = 100 * time.Millisecond

// kept are values computed over a whole company, each by a key. They are computed beside the
// requests, one at a time for each key.
type kept[T any] struct {
	mu sync.Mutex
	by map[string]*keptValue[T]
}

type keptValue[T any] struct {
	there    bool
	value    T
	versions string // of the pipelines, that were in force
	at       time.Time
	took     time.Duration
	head     int64 // of the company's journal as it was begun, where that is known
	followed bool
	renewing chan struct{} // closed when it is done; nil where nobody renews
}

// keptKey is whose value it is, and by which versions of the pipelines.
type keptKey struct{ tenant, key, versions string }

func (k keptKey) place() string { return k.tenant + " " + k.key }

// file is where the value is kept between starts, "" nowhere: beside the columns of the funnel.
func (k keptKey) file(s *Service) string {
	if s.Dir == "" {
		return ""
	}
	return filepath.Join(s.Dir, k.tenant+"."+k.key)
}

type computes[T any] func(ctx context.Context, tx database.Tx) (T, error)

// now returns the value as it is kept, and has it renewed beside the requests where it is old.
// Where there is none it waits for it, as long as is said; known is false where that was too short.
func (k *kept[T]) now(ctx context.Context, s *Service, key keptKey, wait time.Duration, compute computes[T]) (v T, known bool) {
	hit, value, known := k.look(ctx, s, key, compute)
	if known {
		return value, true
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case <-hit:
	case <-late.C:
	case <-ctx.Done():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if x := k.by[key.place()]; x != nil && x.there && x.versions == key.versions {
		return x.value, true
	}
	return v, false
}

// fresh tells that a value is there, and not old.
func (k *kept[T]) fresh(s *Service, key keptKey) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	x := k.by[key.place()]
	return x != nil && x.there && x.isFresh(s, key.tenant)
}

func (x *keptValue[T]) isFresh(s *Service, tenant string) bool {
	age := s.Now().Sub(x.at)
	if age < max(keptFor, keptTook*x.took) {
		return true
	}
	head, followed := s.head(tenant)
	return age < stillFor && followed && x.followed && head == x.head
}

// head is how far a company's journal is, where somebody follows it.
func (s *Service) head(tenant string) (seq int64, followed bool) {
	if s.Head == nil {
		return 0, false
	}
	return s.Head(tenant)
}

// look returns the value where there is one, and what to wait for where there is none.
func (k *kept[T]) look(ctx context.Context, s *Service, key keptKey, compute computes[T]) (done chan struct{}, v T, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[string]*keptValue[T]{}
	}
	x := k.by[key.place()]
	if x == nil {
		x = &keptValue[T]{}
		x.read(key.file(s))
		k.by[key.place()] = x
	}
	known = x.there && x.versions == key.versions
	if known && x.isFresh(s, key.tenant) || x.renewing != nil {
		return x.renewing, x.value, known
	}
	done = make(chan struct{})
	x.renewing = done
	aside := database.Aside(context.WithoutCancel(ctx))
	s.working.Go(func() { k.renew(aside, s, key, done, compute) })
	// What is old and cheap is worth the moment it takes.
	return done, x.value, known && x.took >= dear
}

// renew computes a value on a snapshot of its own.
func (k *kept[T]) renew(ctx context.Context, s *Service, key keptKey, done chan struct{}, compute computes[T]) {
	var v T
	var now time.Time
	var took time.Duration
	head, followed := s.head(key.tenant)
	err := WhenReady(ctx, s.Source, key.tenant, func() error {
		s.beside.Lock()
		defer s.beside.Unlock()
		start := time.Now()
		now = s.Now()
		err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
			v, err = compute(ctx, tx)
			return err
		})
		took = time.Since(start)
		return err
	})
	k.mu.Lock()
	defer k.mu.Unlock()
	x := k.by[key.place()]
	if x.renewing = nil; err == nil {
		x.there, x.value, x.versions, x.at, x.took, x.head, x.followed = true, v, key.versions, now, took, head, followed
		if took >= dear {
			err = x.write(key.file(s))
		}
	}
	if err != nil && !errors.Is(err, context.Canceled) { // the next asker has it computed again; the end of the program is none
		slog.Error("limits and rates of a company", "error", err)
	}
	close(done)
}

// keptFile is a value between starts: it is shown until it is renewed, at once.
type keptFile[T any] struct {
	Versions string        `json:"versions"`
	Took     time.Duration `json:"took"`
	Value    T             `json:"value"`
}

func (x *keptValue[T]) write(path string) error {
	if path == "" {
		return nil
	}
	raw, err := json.Marshal(keptFile[T]{x.versions, x.took, x.value})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// read takes up a file; one that is broken is none.
func (x *keptValue[T]) read(path string) {
	if path == "" {
		return
	}
	raw, err := os.ReadFile(path)
	var f keptFile[T]
	if err != nil || json.Unmarshal(raw, &f) != nil {
		return
	}
	x.there, x.versions, x.took, x.value = true, f.Versions, f.Took, f.Value
}
