package engine

import (
	"bytes"
	"context"
	"sort"
	"time"

	"yunchou/internal/database"

	"github.com/google/uuid"
)

// reloadBeyond is how many entries are caught up one by one; beyond, reading all is
// quicker.
const reloadBeyond = 20000

// pageSize is how many opportunities are read at a time: a few chunks, so that a load
// holds little beside the columns it makes.
const pageSize = 4 * chunkSize

// advance applies the journal up to the transaction's snapshot.
func (e *Engine) advance(ctx context.Context, tx database.Tx, tenantID string, t *tenant) error {
	now := t.current.Load()
	if now == nil {
		if e.restore(tenantID, t) {
			now = t.current.Load()
		} else {
			return e.load(ctx, tx, tenantID, t)
		}
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
	if err != nil {
		return err
	}
	if len(touched) >= reloadBeyond {
		return e.load(ctx, tx, tenantID, t)
	}
	if len(touched) == 0 && now.around != nil {
		return nil
	}
	return e.apply(ctx, tx, tenantID, t, touched)
}

// load reads everything anew, page by page.
func (e *Engine) load(ctx context.Context, tx database.Tx, tenantID string, t *tenant) error {
	seq, id, err := e.Rows.Tail(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	total, err := e.Rows.Size(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	t.read.Store(0)
	t.total.Store(total)
	numbers, next := newNumbering(), &snapshot{seq: seq, entryID: id}
	small, err := e.Rows.Around(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	if next.around, err = numbers.surroundings(small); err != nil {
		return err
	}
	rows, after := make([]row, 0, pageSize), ""
	for {
		page, err := e.Rows.Page(ctx, tx, tenantID, after, pageSize)
		if err != nil {
			return err
		}
		rows = rows[:0]
		for i := range page {
			r, err := numbers.row(&page[i])
			if err != nil {
				return err
			}
			rows = append(rows, r)
		}
		for from := 0; from < len(rows); from += chunkSize {
			next.chunks = append(next.chunks, newChunk(rows[from:min(len(rows), from+chunkSize)]))
		}
		t.read.Add(int64(len(page)))
		if len(page) < pageSize {
			break
		}
		after = page[len(page)-1].ID
	}
	t.numbers, t.sorted, t.added = numbers, next.size(), map[[16]byte]int{}
	t.publish(next)
	return nil
}

// publish shows readers a snapshot.
func (t *tenant) publish(next *snapshot) {
	next.text, next.stages = t.numbers.texts.text, t.numbers.stages.text
	t.current.Store(next)
	t.advanced = time.Now()
}

// aside are the records no column speaks of.
var aside = map[string]bool{"contact": true, "saved_view": true, "export": true, "handover": true, "follow_up": true, "next_step": true, "task": true, "file": true, "import": true, "product_line": true}

// apply reads again what entries name, and makes the chunks it lies in anew.
func (e *Engine) apply(ctx context.Context, tx database.Tx, tenantID string, t *tenant, touched []Touch) error {
	now := t.current.Load()
	ids, accounts, smallToo := map[string]bool{}, []string{}, now.around == nil
	for _, x := range touched {
		switch {
		case x.SubjectKind == "opportunity":
			ids[x.SubjectID] = true
		case x.ScopeKind == "opportunity":
			ids[x.ScopeID] = true
		case x.SubjectKind == "account":
			accounts = append(accounts, x.SubjectID)
		case !aside[x.SubjectKind]:
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
	next := &snapshot{seq: now.seq, entryID: now.entryID, chunks: now.chunks, around: now.around}
	if n := len(touched); n > 0 {
		next.seq, next.entryID = touched[n-1].Seq, touched[n-1].ID
	}
	if smallToo {
		small, err := e.Rows.Around(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		if next.around, err = t.numbers.surroundings(small); err != nil {
			return err
		}
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
		if err := t.replace(next, deals); err != nil {
			return err
		}
	}
	t.publish(next)
	return nil
}

// replace puts new values of some opportunities into a snapshot under way. The number
// of an opportunity is its place, counted over chunks that are all full but the last.
func (t *tenant) replace(next *snapshot, deals []Deal) error {
	chunks := append([]*chunk{}, next.chunks...)
	changed := map[int]map[int]row{}
	var added []row
	for i := range deals {
		r, err := t.numbers.row(&deals[i])
		if err != nil {
			return err
		}
		n, known := t.find(next, r.id)
		if !known {
			added = append(added, r)
			continue
		}
		at := n / chunkSize
		if changed[at] == nil {
			changed[at] = map[int]row{}
		}
		changed[at][n%chunkSize] = r
	}
	for at, rows := range changed {
		chunks[at] = chunks[at].with(rows, nil)
	}
	for len(added) > 0 {
		last := len(chunks) - 1
		if last < 0 || len(chunks[last].id) == chunkSize {
			chunks = append(chunks, newChunk(nil))
			last++
		}
		part := added[:min(len(added), chunkSize-len(chunks[last].id))]
		base := last*chunkSize + len(chunks[last].id)
		for i := range part {
			t.added[part[i].id] = base + i
		}
		chunks[last] = chunks[last].with(nil, part)
		added = added[len(part):]
	}
	next.chunks = chunks
	return nil
}

// find is the place of an opportunity: by bisection among those that lie in order,
// from a map for those that came later.
func (t *tenant) find(s *snapshot, id uuid.UUID) (int, bool) {
	if n, ok := t.added[id]; ok {
		return n, true
	}
	at := func(n int) *uuid.UUID { return &s.chunks[n/chunkSize].id[n%chunkSize] }
	n := sort.Search(t.sorted, func(n int) bool { return bytes.Compare(at(n)[:], id[:]) >= 0 })
	return n, n < t.sorted && *at(n) == id
}

// surroundings numbers the small tables.
func (n numbering) surroundings(small Around) (*around, error) {
	of := n.texts.of
	a := &around{rates: map[symbol][]rateFrom{}, seats: map[symbol][]seat{}, competitors: map[symbol]string{}}
	for _, s := range small.Stages {
		at, err := n.stage(s.ID)
		if err != nil {
			return nil, err
		}
		for int(at) >= len(a.stage) {
			a.stage = append(a.stage, stageInfo{})
		}
		a.stage[at] = stageInfo{of(s.PipelineID), s.Kind == "open" || s.Kind == "won", s.Kind == "open", s.Position}
	}
	for _, r := range small.Rates {
		a.rates[of(r.Currency)] = append(a.rates[of(r.Currency)], rateFrom{dayOf(r.From), r.Rate})
	}
	for _, s := range small.Seats {
		a.seats[of(s.MemberID)] = append(a.seats[of(s.MemberID)], seat{of(s.TeamID), dayOf(s.From), dayOf(s.To)})
	}
	for id, name := range small.Competitors {
		a.competitors[of(id)] = name
	}
	return a, nil
}
