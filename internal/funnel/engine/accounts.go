package engine

import (
	"context"
	"fmt"
	"time"

	"yunchou/internal/database"

	"github.com/google/uuid"
)

// AccountRow is an account as the loader reads it.
type AccountRow struct {
	ID, Name, ParentID, OwnerID string
	Industry, Region, Class     string
	CreatedAt                   time.Time
	Deleted                     bool
	Owned                       bool // by somebody: what an undone import had made is nobody's
	Own                         []Own
}

// accountRow is one account: what a chunk is made of, and what it gives back.
type accountRow struct {
	id                             uuid.UUID
	owner, region, industry, class symbol
	parent                         uuid.UUID // zero for none
	created                        int64     // milliseconds since 1970
	deleted, owned                 bool
	name                           []byte // as searches read it
	own                            []ownValue
}

// accountChunk is a run of accounts, column by column; one that readers may see never changes.
type accountChunk struct {
	id                             []uuid.UUID
	owner, region, industry, class column[symbol]
	parent                         column[uuid.UUID]
	created                        column[int64]
	deleted, owned                 column[bool]
	name                           ragged[byte]
	own                            []ownColumn
}

// noAccount is the place of an account that is not there.
const noAccount int32 = -1

func newAccountChunk(rows []accountRow) *accountChunk {
	c := &accountChunk{id: make([]uuid.UUID, len(rows))}
	for i := range rows {
		c.id[i] = rows[i].id
	}
	c.owner = columnOf(rows, func(r *accountRow) symbol { return r.owner })
	c.region = columnOf(rows, func(r *accountRow) symbol { return r.region })
	c.industry = columnOf(rows, func(r *accountRow) symbol { return r.industry })
	c.class = columnOf(rows, func(r *accountRow) symbol { return r.class })
	c.parent = columnOf(rows, func(r *accountRow) uuid.UUID { return r.parent })
	c.created = columnOf(rows, func(r *accountRow) int64 { return r.created })
	c.deleted = columnOf(rows, func(r *accountRow) bool { return r.deleted })
	c.owned = columnOf(rows, func(r *accountRow) bool { return r.owned })
	c.name = raggedOf(rows, func(r *accountRow) []byte { return r.name })
	c.own = ownColumns(rows, func(r *accountRow) []ownValue { return r.own })
	return c
}

func (c *accountChunk) ids() []uuid.UUID { return c.id }

func (c *accountChunk) row(i int) accountRow {
	return accountRow{
		id: c.id[i], owner: c.owner.at(i), region: c.region.at(i), industry: c.industry.at(i), class: c.class.at(i),
		parent: c.parent.at(i), created: c.created.at(i), deleted: c.deleted.at(i), owned: c.owned.at(i), name: c.name.at(i),
		own: ownAt(c.own, i),
	}
}

// with implements chunked.
func (c *accountChunk) with(replaced map[int]accountRow, added []accountRow) *accountChunk {
	return newAccountChunk(rewritten(len(c.id), c.row, replaced, added))
}

// account numbers an account.
func (n numbering) account(a *AccountRow) (r accountRow, err error) {
	of := n.texts.of
	r = accountRow{
		owner: of(a.OwnerID), region: of(a.Region), industry: of(a.Industry), class: of(a.Class),
		created: a.CreatedAt.UnixMilli(), deleted: a.Deleted, owned: a.Owned, name: searched(a.Name),
		own: n.own(a.Own),
	}
	if r.id, err = uuid.Parse(a.ID); err == nil && a.ParentID != "" {
		r.parent, err = uuid.Parse(a.ParentID)
	}
	if err != nil {
		err = fmt.Errorf("engine: account %q: %w", a.ID, err)
	}
	return r, err
}

func (n numbering) accounts(list []AccountRow) ([]accountRow, error) {
	rows := make([]accountRow, len(list))
	for i := range list {
		var err error
		if rows[i], err = n.account(&list[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// account is the place of an account, noAccount where there is none of the id.
func (s *snapshot) account(id string) int32 {
	if id == "" {
		return noAccount
	}
	u, err := uuid.Parse(id)
	if err != nil {
		return noAccount
	}
	n, there := placeOf(&s.index.accounts, s.accounts, u)
	if !there {
		return noAccount
	}
	return int32(n)
}

// accountAsked is the place of an account somebody names; one that is written otherwise than we write
// ids is none.
func (s *snapshot) accountAsked(id string) int32 {
	if u, err := uuid.Parse(id); err != nil || u.String() != id {
		return noAccount
	}
	return s.account(id)
}

// loadAccounts reads all accounts, before the opportunities that point to them.
func (e *Engine) loadAccounts(ctx context.Context, tx database.Tx, tenantID string, next *snapshot) error {
	err := pagewise(func(after string) (int, string, error) {
		page, err := e.Rows.Accounts(ctx, tx, tenantID, after, pageSize)
		if err != nil || len(page) == 0 {
			return 0, "", err
		}
		rows, err := next.index.numbering.accounts(page)
		next.accounts = appended(next.accounts, rows, newAccountChunk)
		return len(page), page[len(page)-1].ID, err
	})
	next.index.accounts.sorted = lengthOf(next.accounts)
	return err
}

// pagewise reads page after page, until one is not full; read tells how many it held and the
// last id.
func pagewise(read func(after string) (n int, last string, err error)) error {
	for after := ""; ; {
		n, last, err := read(after)
		if err != nil || n < pageSize {
			return err
		}
		after = last
	}
}

// appended is chunks with rows behind them; the chunks before are full.
func appended[R, C any](chunks []C, rows []R, fresh func([]R) C) []C {
	for from := 0; from < len(rows); from += chunkSize {
		chunks = append(chunks, fresh(rows[from:min(len(rows), from+chunkSize)]))
	}
	return chunks
}

// applyAccounts reads again the accounts and people that entries name.
func (e *Engine) applyAccounts(ctx context.Context, tx database.Tx, tenantID string, next *snapshot, was stale) error {
	if len(was.accounts) > 0 {
		list, err := e.Rows.AccountsByID(ctx, tx, tenantID, was.accounts)
		if err != nil {
			return err
		}
		rows, err := next.index.numbering.accounts(list)
		if err != nil {
			return err
		}
		id := func(r *accountRow) uuid.UUID { return r.id }
		next.accounts = replaced(&next.index.accounts, next.accounts, newAccountChunk, rows, id)
	}
	if next.contacts == nil { // nobody has asked for people yet
		return nil
	}
	return e.applyContacts(ctx, tx, tenantID, next, was.contacts)
}
