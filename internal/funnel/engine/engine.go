// Package engine answers funnel questions from memory.
//
// It keeps, per company, the columns of every opportunity and its facts (chunk.go), in
// chunks that never change once a reader may see them. docs/facts.md says what facts are;
// what is known of them at an entry is made into columns by facts.go and assemble.go. The
// journal feeds it (feed.go): before a question is answered, the entries after the last
// one known are read in the question's own snapshot of the database, the opportunities
// they name are read again, and the chunks they lie in are made anew. So an answer is never
// older than the last committed write, readers wait for nobody, and what is already being
// answered goes on with the chunks it began with.
//
// A question first takes the opportunities that filter (filter.go, dated.go) and attribution
// (attribution.go) keep to the state they had on the report's date, sorted by state
// (population.go). Each measure is then one pass over the states it speaks of (scan.go):
// counts and amounts (measures.go, worth.go), by group (groups.go), lengths of stays
// (stays.go), first reaches of stages (path.go, reach.go); where a figure is opened, a list
// of the records behind it (records.go). Ranking, rounding and dividing is the funnel
// package's, as it is for the SQL answers, which stay as the reference: a test compares the
// two on random histories.
//
// What was known earlier is asked for seldom, and held apart (past.go). Columns nobody asks
// for go after an hour, and are kept as a file (keep.go), from which the next start takes
// them up and catches up by the journal.
package engine

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/tally"
)

// Rows is what the engine reads; enginedb implements it.
type Rows interface {
	// Tail is the newest entry of the journal.
	Tail(ctx context.Context, tx database.Tx, tenant string) (seq int64, id string, err error)
	// Touched lists what the entries after seq are about, at most limit.
	Touched(ctx context.Context, tx database.Tx, tenant string, after int64, limit int) ([]Touch, error)
	// Size counts the opportunities.
	Size(ctx context.Context, tx database.Tx, tenant string) (int64, error)
	// Large lists the companies with so many opportunities and more, the largest first.
	Large(ctx context.Context, tx database.Tx, atLeast int64, limit int) ([]string, error)
	// Page reads the opportunities whose ids follow one, at most limit, in the order of ids.
	Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]Deal, error)
	// Deals reads opportunities by id, in the order of ids.
	Deals(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]Deal, error)
	// OfAccounts lists the opportunities of accounts.
	OfAccounts(ctx context.Context, tx database.Tx, tenant string, accounts []string) ([]string, error)
	// HungOn lists the opportunities on which records hang.
	HungOn(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]string, error)
	// Accounts reads the accounts whose ids follow one, at most limit, in the order of ids.
	Accounts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]AccountRow, error)
	// AccountsByID reads some, in no order.
	AccountsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]AccountRow, error)
	// Holding lists the records that hold a text in one of the company's own fields.
	Holding(ctx context.Context, tx database.Tx, tenant, field, text string) ([]string, error)
	// Contacts and ContactsByID read people as Accounts and AccountsByID do accounts.
	Contacts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]ContactRow, error)
	ContactsByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]ContactRow, error)
	// Belonged calls do with each account opportunities were given, in the order of
	// opportunities, days and entries.
	Belonged(ctx context.Context, tx database.Tx, tenant string, ids []string, do func(id string, v Value) error) error
	// Positions are where stages stand in each version.
	Positions(ctx context.Context, tx database.Tx, tenant string) ([]Position, error)
	// Accepted calls do with each accepted piece of evidence and the day it was handed in, in the
	// order of opportunities.
	Accepted(
		ctx context.Context, tx database.Tx, tenant string, do func(opportunity, stage, key string, on calendar.Date) error,
	) error
	// Around reads the small tables.
	Around(ctx context.Context, tx database.Tx, tenant string) (Around, error)
	// Matching lists the opportunities of a filter that columns cannot answer.
	Matching(ctx context.Context, tx database.Tx, q funnel.Query) ([]string, error)
}

// Touch is what a journal entry is about.
type Touch struct {
	Seq                        int64
	ID, SubjectKind, SubjectID string
	Kind                       string
	ScopeKind, ScopeID         string
	Rewritten                  []account.Place // of an erasure: the texts the person was taken out of
}

// Around is what stands around the opportunities: versions, rates, names.
type Around struct {
	Versions    []VersionRow
	Rates       []RateRow // by currency, day and entry
	Competitors map[string]string
	SameRivals  map[string]string // spellings, and as which competitor each is read
}

// Position is where a stage stands in a version.
type Position struct {
	VersionID, StageID string
	Position           int
}

// VersionRow is a version of a pipeline.
type VersionRow struct{ ID, PipelineID string }

// RateRow is an exchange rate from a day on.
type RateRow struct {
	Currency string
	From     calendar.Date
	Rate     int64
	Seq      int64
}

// Engine implements funnel.Source for every company of the installation.
type Engine struct {
	funnel.Source // the SQL answers: what the engine does not take over
	DB            *database.DB
	Rows          Rows
	Dir           string   // where columns are kept between starts; "" keeps none
	Concerns      Concerns // what entries about each kind of record make stale
	Did           tally.Counts
	Wait          time.Duration // how long a list waits for columns, its transaction open; tests do

	mu      sync.Mutex
	tenants map[string]*tenant
}

// New makes an engine over the SQL answers.
func New(db *database.DB, sql funnel.Source, rows Rows, dir string) *Engine {
	return &Engine{Source: sql, DB: db, Rows: rows, Dir: dir, Concerns: Usual, tenants: map[string]*tenant{}}
}

// tenant is one company's columns. The lock is the writer's: readers take the
// snapshot and need it no more.
type tenant struct {
	mu sync.Mutex
	// advanced is when the columns last took in entries.
	advanced time.Time
	used     time.Time
	kept     int64 // the seq of the file, where there is one
	current  atomic.Pointer[snapshot]
	// following is that columns catch up though nobody asks.
	following atomic.Bool

	loading     *loading // guarded by Engine.mu
	meeting     *loading // of people, guarded by Engine.mu
	read, total atomic.Int64
}

// loading is a first load under way, which any number of askers wait for.
type loading struct {
	done chan struct{}
	err  error
	// long is closed once it is known to take more than taking up a file: a first load, or many
	// entries to catch up.
	long chan struct{}
}

// snapshot is what a reader sees: nothing of it changes.
type snapshot struct {
	index       *index
	seq         int64
	entryID     string // of that seq, to notice another history (a restored backup, a fail-over)
	chunks      []*chunk
	accounts    []*accountChunk
	contacts    []*contactChunk // nil until somebody lists people
	text, pairs []string        // by symbol, by number of a stage in a version
	around      *around
}

// size counts the opportunities.
func (s *snapshot) size() int { return lengthOf(s.chunks) }

// around is the small tables by number.
type around struct {
	pipelines   map[string]symbol // by version
	rates       map[symbol][]rateFrom
	competitors map[symbol]string
	same        map[symbol]symbol // spellings of competitors
}

func (e *Engine) tenant(id string) *tenant {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.tenants[id]
	if t == nil {
		t = &tenant{}
		e.tenants[id] = t
	}
	return t
}

// Progress is how far a company's first load is.
type Progress struct {
	Loading bool  `json:"loading"`
	Read    int64 `json:"read" doc:"opportunities read so far"`
	Total   int64 `json:"total"`
}

// Progress tells how far the first load is, where one is under way.
func (e *Engine) Progress(tenantID string) Progress {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.tenants[tenantID]
	if t == nil || t.loading == nil {
		return Progress{}
	}
	return Progress{Loading: true, Read: t.read.Load(), Total: t.total.Load()}
}

// Ready waits until a company's columns are there. The first load belongs to nobody:
// it goes on when the one who began it goes away, and holds no asker's transaction.
func (e *Engine) Ready(ctx context.Context, tenantID string) error {
	t := e.tenant(tenantID)
	if e.there(t) {
		return nil
	}
	l := e.begin(ctx, tenantID, t)
	select {
	case <-l.done:
		return l.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// warmed is how many companies have their columns in memory soon after a start, and large those
// for which it is worth it: the others' are there with the first question.
const warmed, large = 3, 5_000

// Warm loads the columns of the largest companies, one after the other, and calls each when it
// has one.
func (e *Engine) Warm(ctx context.Context, each func(tenantID string)) error {
	var list []string
	err := e.DB.Read(ctx, func(tx database.Tx) (err error) {
		list, err = e.Rows.Large(ctx, tx, large, warmed)
		return err
	})
	for _, id := range list {
		if err := e.Ready(ctx, id); err != nil {
			return err
		}
		each(id)
	}
	return err
}

// there tells whether a company's columns can be asked. Those taken up from a file are there once
// they have caught up: until then a question would wait with its transaction open, and of these
// there are few.
func (e *Engine) there(t *tenant) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return t.loading == nil && t.current.Load() != nil
}

// begin begins a first load, or joins the one under way.
func (e *Engine) begin(ctx context.Context, tenantID string, t *tenant) *loading {
	e.mu.Lock()
	defer e.mu.Unlock()
	if t.loading != nil {
		return t.loading
	}
	l := &loading{done: make(chan struct{}), long: make(chan struct{})}
	t.loading = l
	ctx = database.Aside(context.WithoutCancel(ctx))
	long := sync.OnceFunc(func() { close(l.long) })
	go func() {
		l.err = e.DB.Read(ctx, func(tx database.Tx) error { return e.take(ctx, tx, tenantID, t, long) })
		e.mu.Lock()
		t.loading = nil
		e.mu.Unlock()
		close(l.done)
	}()
	return l
}

// take takes up the columns of a company, from their file where there is one, or reads them
// anew; long is called where that is more than a moment. Nobody waits meanwhile for the lock that
// writers of columns hold.
func (e *Engine) take(ctx context.Context, tx database.Tx, tenantID string, t *tenant, long func()) error {
	t.mu.Lock()
	t.used = time.Now()
	if t.current.Load() == nil && e.restore(tenantID, t) {
		e.Did.Add(restored, 1)
	}
	err := e.advance(ctx, tx, tenantID, t, withinRequest)
	if errors.Is(err, errBehind) {
		long()
		err = e.advance(ctx, tx, tenantID, t, reloadBeyond)
	}
	t.mu.Unlock()
	if !errors.Is(err, errBehind) {
		return err
	}
	next, err := e.load(ctx, tx, tenantID, t)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.publish(next)
	return nil
}

// Begin brings the columns up to the transaction's snapshot and returns a source that
// answers the question from them.
func (e *Engine) Begin(ctx context.Context, tx database.Tx, q funnel.Query) (funnel.Source, error) {
	t := e.tenant(q.TenantID)
	now, err := e.upTo(ctx, tx, q.TenantID, t)
	if err != nil {
		return nil, err
	}
	s := &session{of: begun{e, t, now}}
	if err := s.begin(ctx, tx, q); err != nil {
		return nil, err
	}
	s.Source, err = e.Source.Begin(ctx, tx, q) // last: it changes how the transaction's queries are planned
	return s, err
}

// begun is what all questions of a transaction are asked of: its columns are brought up once.
type begun struct {
	engine *Engine
	tenant *tenant
	now    *snapshot
}

// Begin implements funnel.Source for another question of the same transaction and company.
func (s *session) Begin(ctx context.Context, tx database.Tx, q funnel.Query) (funnel.Source, error) {
	next := &session{of: s.of, Source: s.Source}
	return next, next.begin(ctx, tx, q)
}

// begin readies a question.
func (s *session) begin(ctx context.Context, tx database.Tx, q funnel.Query) (err error) {
	e, t := s.of.engine, s.of.tenant
	s.snapshot = s.of.now
	if q.Known != 0 && q.Known < s.of.now.seq {
		if s.snapshot, err = e.asKnown(ctx, tx, q.TenantID, t, s.of.now, q.Known); err != nil {
			return err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return s.prepare(ctx, tx, e.Rows, q)
}

// withinRequest is how many entries are caught up within the transaction of a question: a tenth
// of a second's. Of more it is told, as of columns that are not there: funnel.Behind.
const withinRequest = 2000

// upTo is the columns of the transaction's snapshot.
func (e *Engine) upTo(ctx context.Context, tx database.Tx, tenantID string, t *tenant) (*snapshot, error) {
	e.mu.Lock()
	loading := t.loading
	e.mu.Unlock()
	if loading != nil {
		return nil, t.behind(loading)
	}
	t.mu.Lock()
	t.used = time.Now()
	err := tx.PlannedOnce(ctx, func() error { return e.advance(ctx, tx, tenantID, t, withinRequest) }) // a few rows by keys
	now := t.current.Load()
	t.mu.Unlock()
	if errors.Is(err, errBehind) {
		return nil, t.behind(e.begin(ctx, tenantID, t))
	}
	return now, err
}

// behind tells that the columns are being read.
func (t *tenant) behind(l *loading) error {
	return &funnel.Behind{Done: l.done, Read: t.read.Load(), Total: t.total.Load()}
}

// Evict lets go of the columns nobody asked in so long, and keeps them as files; the
// next question takes them up again. It returns how many companies' it let go.
func (e *Engine) Evict(idle time.Duration) (gone int, err error) {
	for id, t := range e.all() {
		if !t.mu.TryLock() {
			continue // in use
		}
		if s := t.current.Load(); s != nil {
			s.index.past.evict(idle)
		}
		if time.Since(t.used) >= idle && e.there(t) {
			if failed := e.keep(id, t); failed != nil {
				err = failed
			}
			e.mu.Lock()
			delete(e.tenants, id)
			e.mu.Unlock()
			gone++
			e.Did.Add(letGo, 1)
		}
		t.mu.Unlock()
	}
	return gone, err
}

// Keep writes the columns of every company to files, where they changed since. One that
// is being loaded is left for the next time: a process that ends does not wait for it.
func (e *Engine) Keep() (err error) {
	for id, t := range e.all() {
		if !t.mu.TryLock() {
			continue
		}
		if failed := e.keep(id, t); failed != nil {
			err = failed
		}
		t.mu.Unlock()
	}
	return err
}

// Forget lets go of a company's columns for good, their file too: the company is no more.
func (e *Engine) Forget(tenantID string) error {
	t := e.tenant(tenantID)
	t.mu.Lock()
	defer t.mu.Unlock()
	e.mu.Lock()
	delete(e.tenants, tenantID)
	e.mu.Unlock()
	if e.Dir == "" {
		return nil
	}
	kept, err := filepath.Glob(filepath.Join(e.Dir, tenantID+".*")) // the columns, and what was computed of them
	for _, path := range kept {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (e *Engine) all() map[string]*tenant {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.tenants)
}
