package engine

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"time"

	"yunchou/internal/database"

	"github.com/google/uuid"
)

// errBehind is more than may be caught up, or another history: the columns are read anew.
var errBehind = errors.New("engine: the columns are behind")

// reloadBeyond is how many entries are caught up one by one; beyond, reading all is
// quicker.
const reloadBeyond = 20000

// pageSize is how many opportunities are read at a time: a few chunks, so that a load
// holds little beside the columns it makes.
const pageSize = 4 * chunkSize

// advance applies the journal up to the transaction's snapshot, where it is less than so many
// entries; else, or where there is nothing to apply it to, it is errBehind.
func (e *Engine) advance(ctx context.Context, tx database.Tx, tenantID string, t *tenant, most int) error {
	now := t.current.Load()
	if now == nil {
		return errBehind
	}
	touched, err := e.Rows.Touched(ctx, tx, tenantID, now.seq-1, most+1) // from the last that was seen
	if err != nil {
		return err
	}
	id := ""
	if len(touched) > 0 && touched[0].Seq == now.seq {
		id, touched = touched[0].ID, touched[1:]
	}
	if id != now.entryID {
		// A transaction that began before the columns advanced may not see their last
		// entry yet; it gets the newer answer. One that began later must see it: if
		// not, the database was put back or another took its place.
		if id == "" && tx.Began().Before(t.advanced) {
			return nil
		}
		return errBehind
	}
	if len(touched) >= most {
		return errBehind
	}
	if len(touched) == 0 && now.around != nil {
		return nil
	}
	return e.apply(ctx, tx, tenantID, t, touched)
}

// load reads everything anew, page by page.
func (e *Engine) load(ctx context.Context, tx database.Tx, tenantID string, t *tenant) (*snapshot, error) {
	e.Did.Add(loaded, 1)
	seq, id, err := e.Rows.Tail(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	total, err := e.Rows.Size(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	t.read.Store(0)
	t.total.Store(total)
	x := newIndex(newNumbering())
	next := &snapshot{index: x, seq: seq, entryID: id}
	small, err := e.Rows.Around(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	next.around = x.surroundings(small)
	if err := e.loadAccounts(ctx, tx, tenantID, next); err != nil {
		return nil, err
	}
	rows, after := make([]row, 0, pageSize), ""
	for {
		page, err := e.Rows.Page(ctx, tx, tenantID, after, pageSize)
		if err != nil {
			return nil, err
		}
		rows = rows[:0]
		for i := range page {
			r, err := next.deal(&page[i])
			if err != nil {
				return nil, err
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
	x.sorted = next.size()
	return next, nil
}

// publish shows readers a snapshot.
func (t *tenant) publish(next *snapshot) {
	next.text, next.pairs = next.index.texts.text, next.index.pairs.text
	t.current.Store(next)
	t.advanced = time.Now()
}

// stale is what entries say that it is no longer so: records by id, and the small tables.
type stale struct {
	deals, accounts, contacts []string
	small                     bool
}

// Texts a person may be taken out of that columns are made of, as mentiondb calls them: the entry is
// about the person alone.
const (
	sourceText     = "opportunity.source"
	ownText        = "field.value"
	competitorText = "competitor.name"
)

// rechosen is a field that may have been free text, of which no column is made, and is now chosen from a list.
const rechosen = "field.rechosen"

// touched is what entries make stale; errBehind where that is everything.
func (e *Engine) touched(
	ctx context.Context, tx database.Tx, tenantID string, x *index, list []Touch,
) (was stale, err error) {
	var hanging []string
	set, accounts, contacts := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, entry := range list {
		switch about, id := e.Concerns.of(entry); about {
		case Opportunities:
			set[id] = true
		case Accounts:
			accounts[id] = true
		case Contacts:
			contacts[id] = true
		case Hanging:
			hanging = append(hanging, id)
		case Surroundings:
			was.small = true
		}
		if entry.Kind == rechosen {
			return was, errBehind
		}
		for _, place := range entry.Rewritten {
			switch place.Kind {
			case sourceText, ownText: // its old text would stay among ours, and in the file
				return was, errBehind
			case competitorText:
				was.small = true
			}
		}
	}
	was.accounts, was.contacts = slices.Sorted(maps.Keys(accounts)), slices.Sorted(maps.Keys(contacts))
	more, err := e.Rows.OfAccounts(ctx, tx, tenantID, was.accounts)
	if err != nil {
		return was, err
	}
	held, err := e.Rows.HungOn(ctx, tx, tenantID, hanging)
	if err != nil {
		return was, err
	}
	for _, id := range append(more, held...) {
		set[id] = true
	}
	for _, account := range was.accounts {
		for _, id := range x.formerly[account] {
			set[id.String()] = true
		}
	}
	was.deals = slices.Sorted(maps.Keys(set))
	return was, nil
}

// apply reads again what entries name, and makes the chunks it lies in anew.
func (e *Engine) apply(ctx context.Context, tx database.Tx, tenantID string, t *tenant, touched []Touch) error {
	e.Did.Add(caughtUp, 1)
	e.Did.Add(entries, int64(len(touched)))
	now := t.current.Load()
	was, err := e.touched(ctx, tx, tenantID, now.index, touched)
	if err != nil {
		return err
	}
	next := now.with(now.chunks)
	if n := len(touched); n > 0 {
		next.seq, next.entryID = touched[n-1].Seq, touched[n-1].ID
	}
	if was.small || now.around == nil {
		small, err := e.Rows.Around(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		// What is as it was keeps its place: it is part of what sums are remembered by.
		if around := next.index.surroundings(small); now.around == nil || !reflect.DeepEqual(around, now.around) {
			next.around = around
		}
	}
	if err := e.applyAccounts(ctx, tx, tenantID, next, was); err != nil {
		return err
	}
	if len(was.deals) > 0 {
		if err := e.reread(ctx, tx, tenantID, t, next, was.deals); err != nil {
			return err
		}
	}
	t.publish(next)
	return nil
}

// rereadAtOnce is how many opportunities are in hand as they are read.
const rereadAtOnce = 2000

// reread puts new values of some opportunities into a snapshot under way.
func (e *Engine) reread(ctx context.Context, tx database.Tx, tenantID string, t *tenant, next *snapshot, ids []string) error {
	t.read.Store(0)
	t.total.Store(int64(len(ids)))
	rows := make([]row, 0, len(ids))
	for from := 0; from < len(ids); from += rereadAtOnce {
		deals, err := e.Rows.Deals(ctx, tx, tenantID, ids[from:min(len(ids), from+rereadAtOnce)])
		if err != nil {
			return err
		}
		for i := range deals {
			r, err := next.deal(&deals[i])
			if err != nil {
				return err
			}
			rows = append(rows, r)
		}
		t.read.Add(int64(len(deals)))
	}
	next.replace(rows)
	return nil
}

// replace puts rows into a snapshot under way.
func (s *snapshot) replace(rows []row) {
	was := s.chunks
	s.chunks = replaced(&s.index.places, was, newChunk, rows, func(r *row) uuid.UUID { return r.id })
	changed := 0
	for n, c := range s.chunks {
		if n >= len(was) || c != was[n] {
			changed++
		}
	}
	s.index.memos.changed(changed)
}

// deal numbers an opportunity as it is known now, and its account.
func (s *snapshot) deal(d *Deal) (row, error) {
	r, err := s.index.deal(d)
	if err != nil {
		return r, err
	}
	s.index.remember(r.id, d)
	r.account = s.account(d.AccountID)
	return r, nil
}
