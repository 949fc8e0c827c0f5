package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/funnel"

	"github.com/google/uuid"
)

// ContactRow is a person as the loader reads him.
type ContactRow struct {
	ID, Name, AccountID string
	Deleted             bool
}

// contactRow is one person: what a chunk is made of, and what it gives back.
type contactRow struct {
	id      uuid.UUID
	account int32 // its place, noAccount for none
	deleted bool
	name    []byte // as searches read it
}

// contactChunk is a run of people, column by column; one that readers may see never changes.
// They are in no file: an erased person's name would stay there until it is written anew.
type contactChunk struct {
	id      []uuid.UUID
	account column[int32]
	deleted column[bool]
	name    ragged[byte]
}

func newContactChunk(rows []contactRow) *contactChunk {
	c := &contactChunk{id: make([]uuid.UUID, len(rows))}
	for i := range rows {
		c.id[i] = rows[i].id
	}
	c.account = columnOf(rows, func(r *contactRow) int32 { return r.account })
	c.deleted = columnOf(rows, func(r *contactRow) bool { return r.deleted })
	c.name = raggedOf(rows, func(r *contactRow) []byte { return r.name })
	return c
}

func (c *contactChunk) ids() []uuid.UUID { return c.id }

func (c *contactChunk) row(i int) contactRow {
	return contactRow{id: c.id[i], account: c.account.at(i), deleted: c.deleted.at(i), name: c.name.at(i)}
}

// with implements chunked.
func (c *contactChunk) with(replaced map[int]contactRow, added []contactRow) *contactChunk {
	return newContactChunk(rewritten(len(c.id), c.row, replaced, added))
}

// people numbers people; the tenant's lock is held, because accounts may come.
func (s *snapshot) people(list []ContactRow) ([]contactRow, error) {
	rows := make([]contactRow, len(list))
	for i, c := range list {
		id, err := uuid.Parse(c.ID)
		if err != nil {
			return nil, fmt.Errorf("engine: contact %q: %w", c.ID, err)
		}
		rows[i] = contactRow{id, s.account(c.AccountID), c.Deleted, searched(c.Name)}
	}
	return rows, nil
}

// applyContacts reads people again.
func (e *Engine) applyContacts(ctx context.Context, tx database.Tx, tenantID string, next *snapshot, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := e.Rows.ContactsByID(ctx, tx, tenantID, ids)
	if err != nil {
		return err
	}
	rows, err := next.people(list)
	if err != nil {
		return err
	}
	id := func(r *contactRow) uuid.UUID { return r.id }
	next.contacts = replaced(&next.index.contacts, next.contacts, newContactChunk, rows, id)
	return nil
}

// contactsSoon tells whether a company's people are in memory, and waits for them no longer than
// lists do; where they are not they begin to be read, beside what is asked meanwhile.
func (e *Engine) contactsSoon(ctx context.Context, tenantID string, t *tenant) (bool, error) {
	if s := t.current.Load(); s != nil && s.contacts != nil {
		return true, nil
	}
	e.mu.Lock()
	l := t.meeting
	if l == nil {
		l = &loading{done: make(chan struct{})}
		t.meeting = l
		ctx := database.Aside(context.WithoutCancel(ctx))
		go func() {
			l.err = e.loadContacts(ctx, tenantID, t)
			e.mu.Lock()
			t.meeting = nil
			e.mu.Unlock()
			close(l.done)
		}()
	}
	e.mu.Unlock()
	select {
	case <-l.done:
		s := t.current.Load()
		return l.err == nil && s != nil && s.contacts != nil, l.err
	case <-time.After(e.Wait):
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// loadContacts reads all people, without the tenant's lock while it reads, and adds them to the
// columns with what entries said of them meanwhile.
func (e *Engine) loadContacts(ctx context.Context, tenantID string, t *tenant) error {
	var began *snapshot
	var seq int64
	var chunks []*contactChunk
	err := e.DB.Read(ctx, func(tx database.Tx) (err error) {
		if seq, _, err = e.Rows.Tail(ctx, tx, tenantID); err != nil {
			return err
		}
		if began, err = e.upTo(ctx, tx, tenantID, t); err != nil { // every account they are at is known
			return err
		}
		return pagewise(func(after string) (int, string, error) {
			page, err := e.Rows.Contacts(ctx, tx, tenantID, after, pageSize)
			if err != nil || len(page) == 0 {
				return 0, "", err
			}
			t.mu.Lock()
			rows, err := began.people(page)
			t.mu.Unlock()
			chunks = appended(chunks, rows, newContactChunk)
			return len(page), page[len(page)-1].ID, err
		})
	})
	var behind *funnel.Behind
	if errors.As(err, &behind) {
		return nil // the next list of people begins again
	}
	if err != nil {
		return err
	}
	return e.meet(ctx, tenantID, t, began.index, seq, chunks)
}

// meet adds people read at an entry to the columns. Where these were loaded anew meanwhile, or
// are of a later entry than a transaction sees whenever one is tried, it leaves them out: the
// next list of people begins again.
func (e *Engine) meet(ctx context.Context, tenantID string, t *tenant, index *index, seq int64, chunks []*contactChunk) error {
	if chunks == nil {
		chunks = []*contactChunk{}
	}
	try := func(tx database.Tx) (done bool, err error) {
		t.mu.Lock()
		defer t.mu.Unlock()
		if err := e.advance(ctx, tx, tenantID, t, reloadBeyond); errors.Is(err, errBehind) {
			return true, nil
		} else if err != nil {
			return false, err
		}
		now := t.current.Load()
		if tail, _, err := e.Rows.Tail(ctx, tx, tenantID); err != nil || tail != now.seq {
			return now.index != index, err
		}
		touched, err := e.Rows.Touched(ctx, tx, tenantID, seq, reloadBeyond)
		if err != nil || now.index != index || len(touched) >= reloadBeyond {
			return true, err
		}
		next := now.with(now.chunks)
		next.contacts, index.contacts = chunks, places{sorted: lengthOf(chunks), added: map[uuid.UUID]int{}}
		var ids []string
		for _, entry := range touched {
			if about, id := e.Concerns.of(entry); about == Contacts {
				ids = append(ids, id)
			}
		}
		if err := e.applyContacts(ctx, tx, tenantID, next, distinct(ids)); err != nil {
			return true, err
		}
		t.publish(next)
		return true, nil
	}
	for range 10 {
		var done bool
		err := e.DB.Read(ctx, func(tx database.Tx) (err error) {
			done, err = try(tx)
			return err
		})
		if err != nil || done {
			return err
		}
	}
	return nil
}
