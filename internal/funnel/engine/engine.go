// Package engine answers funnel questions from memory.
//
// It keeps, per company, the columns of every opportunity and its stays (columns.go),
// in chunks that never change once a reader may see them. The journal feeds it: before
// a question is answered, the entries after the last one known are read in the
// question's own snapshot of the database, the opportunities they name are read again,
// and the chunks they lie in are copied with the new values. So an answer is never
// older than the last committed write, readers wait for nobody, and what is already
// being answered goes on with the chunks it began with.
//
// A question is one scan (scan.go): each opportunity is taken to the state it had on
// the report's date, and added to the measure's counters (measures.go). Ranking,
// rounding and dividing is the funnel package's, as it is for the SQL answers, which
// stay as the reference: a test compares the two on random histories.
package engine

import (
	"context"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// Rows is what the engine reads; enginedb implements it.
type Rows interface {
	// Tail is the newest entry of the journal.
	Tail(ctx context.Context, tx database.Tx, tenant string) (seq int64, id string, err error)
	// EntryID is the id of an entry, "" where there is none.
	EntryID(ctx context.Context, tx database.Tx, tenant string, seq int64) (string, error)
	// Touched lists what the entries after seq are about, at most limit.
	Touched(ctx context.Context, tx database.Tx, tenant string, after int64, limit int) ([]Touch, error)
	// Deals reads opportunities by id, all where ids is nil, in the order of ids.
	Deals(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]Deal, error)
	// OfAccounts lists the opportunities of accounts.
	OfAccounts(ctx context.Context, tx database.Tx, tenant string, accounts []string) ([]string, error)
	// Around reads the small tables.
	Around(ctx context.Context, tx database.Tx, tenant string) (Around, error)
	// Matching lists the opportunities of a filter that columns cannot answer.
	Matching(ctx context.Context, tx database.Tx, q funnel.Query) ([]string, error)
}

// Touch is what a journal entry is about.
type Touch struct {
	Seq                        int64
	ID, SubjectKind, SubjectID string
	ScopeKind, ScopeID         string
}

// Around is what stands around the opportunities: stages, rates, seats, names.
type Around struct {
	Stages      []StageRow
	Rates       []RateRow // by currency and day
	Seats       []SeatRow // by member, newest first
	Competitors map[string]string
}

// StageRow is a stage's identity with its newest place.
type StageRow struct {
	ID, PipelineID, Kind string
	Position             int
}

// RateRow is an exchange rate from a day on.
type RateRow struct {
	Currency string
	From     calendar.Date
	Rate     int64
}

// SeatRow is a main seat a member holds.
type SeatRow struct {
	MemberID, TeamID string
	From, To         calendar.Date
}

// Engine implements funnel.Source for every company of the installation.
type Engine struct {
	funnel.Source // the SQL answers: what the engine does not take over
	Rows          Rows

	mu      sync.Mutex
	tenants map[string]*tenant
}

// New makes an engine over the SQL answers.
func New(sql funnel.Source, rows Rows) *Engine {
	return &Engine{Source: sql, Rows: rows, tenants: map[string]*tenant{}}
}

// tenant is one company's columns. The lock is the writer's: readers take the
// snapshot and need it no more.
type tenant struct {
	mu    sync.Mutex
	dict  *dictionary
	place map[string]int32 // opportunity → its number, counted over all chunks
	// advanced is when the columns last took in entries.
	advanced time.Time
	used     time.Time
	current  atomic.Pointer[snapshot]
}

// snapshot is what a reader sees: nothing of it changes.
type snapshot struct {
	seq     int64
	entryID string // of that seq, to notice another history (a restored backup, a fail-over)
	chunks  []*chunk
	text    []string
	around  *around
}

// around is the small tables by symbol.
type around struct {
	stage       []stageInfo // by symbol; what is beyond is no stage
	rates       map[symbol][]rateFrom
	seats       map[symbol][]seat
	competitors map[symbol]string
}

type stageInfo struct {
	pipeline symbol
	counts   bool // open or won
	isOpen   bool
	position int
}

func (a *around) stageOf(n symbol) stageInfo {
	if n < 0 || int(n) >= len(a.stage) {
		return stageInfo{}
	}
	return a.stage[n]
}

type rateFrom struct {
	from day
	rate int64
}

type seat struct {
	team     symbol
	from, to day
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

// Evict lets go of the columns nobody asked in so long; the next question loads them
// again. It returns how many companies' it let go.
func (e *Engine) Evict(idle time.Duration) (gone int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, t := range e.tenants {
		if !t.mu.TryLock() {
			continue // in use
		}
		if time.Since(t.used) >= idle {
			delete(e.tenants, id)
			gone++
		}
		t.mu.Unlock()
	}
	return gone
}

// Begin brings the columns up to the transaction's snapshot and returns a source that
// answers the question from them.
func (e *Engine) Begin(ctx context.Context, tx database.Tx, q funnel.Query) (funnel.Source, error) {
	t := e.tenant(q.TenantID)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.used = time.Now()
	if err := e.advance(ctx, tx, q.TenantID, t); err != nil {
		return nil, err
	}
	s := &session{snapshot: t.current.Load()}
	if err := s.prepare(ctx, tx, e.Rows, t, q); err != nil {
		return nil, err
	}
	var err error
	s.Source, err = e.Source.Begin(ctx, tx, q) // last: it changes how the transaction's queries are planned
	return s, err
}

// reloadBeyond is how many entries are caught up one by one; beyond, or when so many
// opportunities changed, loading all is quicker.
const reloadBeyond = 20000

// advance applies the journal up to the transaction's snapshot.
func (e *Engine) advance(ctx context.Context, tx database.Tx, tenantID string, t *tenant) error {
	now := t.current.Load()
	if now == nil {
		return e.load(ctx, tx, tenantID, t)
	}
	id, err := e.Rows.EntryID(ctx, tx, tenantID, now.seq)
	if err != nil {
		return err
	}
	if id != now.entryID {
		// A transaction that began before the columns advanced may not see their last
		// entry yet; it gets the newer answer. One that began later must see it: if
		// not, the database was put back or another took its place.
		if id == "" && tx.Began().Before(t.advanced) {
			return nil
		}
		return e.load(ctx, tx, tenantID, t)
	}
	touched, err := e.Rows.Touched(ctx, tx, tenantID, now.seq, reloadBeyond)
	if err != nil || len(touched) == 0 {
		return err
	}
	if len(touched) >= reloadBeyond {
		return e.load(ctx, tx, tenantID, t)
	}
	return e.apply(ctx, tx, tenantID, t, touched)
}

// load reads everything anew.
func (e *Engine) load(ctx context.Context, tx database.Tx, tenantID string, t *tenant) error {
	seq, id, err := e.Rows.Tail(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	deals, err := e.Rows.Deals(ctx, tx, tenantID, nil)
	if err != nil {
		return err
	}
	small, err := e.Rows.Around(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	t.dict, t.place = newDictionary(), make(map[string]int32, len(deals))
	next := &snapshot{seq: seq, entryID: id}
	for from := 0; from < len(deals); from += chunkSize {
		c := newChunk()
		for i := range deals[from:min(len(deals), from+chunkSize)] {
			d := &deals[from+i]
			t.place[d.ID] = int32(from + i)
			c.add(d, t.dict)
		}
		next.chunks = append(next.chunks, c)
	}
	next.around = t.surroundings(small)
	next.text = t.dict.text
	t.current.Store(next)
	t.advanced = time.Now()
	return nil
}

// apply reads again what entries name, and copies the chunks it lies in.
func (e *Engine) apply(ctx context.Context, tx database.Tx, tenantID string, t *tenant, touched []Touch) error {
	now := t.current.Load()
	ids, accounts, smallToo := map[string]bool{}, []string{}, false
	for _, x := range touched {
		switch {
		case x.SubjectKind == "opportunity":
			ids[x.SubjectID] = true
		case x.ScopeKind == "opportunity":
			ids[x.ScopeID] = true
		case x.SubjectKind == "account":
			accounts = append(accounts, x.SubjectID)
		case x.SubjectKind == "contact", x.SubjectKind == "saved_view", x.SubjectKind == "export", x.SubjectKind == "handover":
		default:
			smallToo = true
		}
	}
	more, err := e.Rows.OfAccounts(ctx, tx, tenantID, accounts)
	if err != nil {
		return err
	}
	for _, id := range more {
		ids[id] = true
	}
	last := touched[len(touched)-1]
	next := &snapshot{seq: last.Seq, entryID: last.ID, chunks: now.chunks, around: now.around}
	if smallToo {
		small, err := e.Rows.Around(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		next.around = t.surroundings(small)
	}
	if len(ids) > 0 {
		list := make([]string, 0, len(ids))
		for id := range ids {
			list = append(list, id)
		}
		sort.Strings(list)
		deals, err := e.Rows.Deals(ctx, tx, tenantID, list)
		if err != nil {
			return err
		}
		next.chunks = t.replace(now.chunks, deals)
	}
	next.text = t.dict.text
	t.current.Store(next)
	t.advanced = time.Now()
	return nil
}

// replace returns the chunks with new values of some opportunities. The number of an
// opportunity is its place, counted over chunks that are all full but the last.
func (t *tenant) replace(chunks []*chunk, deals []Deal) []*chunk {
	next := append([]*chunk{}, chunks...)
	changed := map[int]map[int]*Deal{}
	var added []*Deal
	for i := range deals {
		d := &deals[i]
		n, known := t.place[d.ID]
		if !known {
			added = append(added, d)
			continue
		}
		at := int(n) / chunkSize
		if changed[at] == nil {
			changed[at] = map[int]*Deal{}
		}
		changed[at][int(n)%chunkSize] = d
	}
	for at, rows := range changed {
		next[at] = next[at].with(rows, nil, t.dict)
	}
	for len(added) > 0 {
		last := len(next) - 1
		if last < 0 || next[last].len() == chunkSize {
			next = append(next, newChunk())
			last++
		}
		part := added[:min(len(added), chunkSize-next[last].len())]
		base := last*chunkSize + next[last].len()
		for i, d := range part {
			t.place[d.ID] = int32(base + i)
		}
		next[last] = next[last].with(nil, part, t.dict)
		added = added[len(part):]
	}
	return next
}

// surroundings numbers the small tables.
func (t *tenant) surroundings(small Around) *around {
	a := &around{rates: map[symbol][]rateFrom{}, seats: map[symbol][]seat{}, competitors: map[symbol]string{}}
	for _, s := range small.Stages {
		n, pipeline := t.dict.of(s.ID), t.dict.of(s.PipelineID)
		for int(n) >= len(a.stage) {
			a.stage = append(a.stage, stageInfo{})
		}
		a.stage[n] = stageInfo{pipeline, s.Kind == "open" || s.Kind == "won", s.Kind == "open", s.Position}
	}
	for _, r := range small.Rates {
		c := t.dict.of(r.Currency)
		a.rates[c] = append(a.rates[c], rateFrom{dayOf(r.From), r.Rate})
	}
	for _, s := range small.Seats {
		m := t.dict.of(s.MemberID)
		a.seats[m] = append(a.seats[m], seat{t.dict.of(s.TeamID), dayOf(s.From), dayOf(s.To)})
	}
	for id, name := range small.Competitors {
		a.competitors[t.dict.of(id)] = name
	}
	return a
}
