package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// memory has the last decisions of companies whose desks are read: a desk asks whether each of many lines was
// decided on. It is read once, and then follows the journal. The zero value is ready.
type memory struct {
	mu sync.Mutex
	by map[string]*known
}

// known are the last decisions of one company as of an entry of its journal.
type known struct {
	mu    sync.RWMutex
	seq   int64
	id    string
	at    time.Time              // when they were there
	marks map[record.Ref]*[]Mark // the last of each member; the lists are never changed
}

const (
	mostCompanies = 64     // whose decisions are kept
	pageOfMarks   = 10_000 // read at once
)

// at brings a company's decisions to where a transaction sees the journal.
func (m *memory) at(ctx context.Context, tx database.Tx, rows Rows, tenant string) (*known, error) {
	k := m.of(tenant)
	last, err := journal.Last(ctx, tx, tenant)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.marks == nil {
		return k, k.read(ctx, tx, rows, tenant, last)
	}
	return k, k.follow(ctx, tx, rows, tenant, last)
}

func (m *memory) of(tenant string) *known {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k := m.by[tenant]; k != nil {
		return k
	}
	if m.by == nil || len(m.by) >= mostCompanies {
		m.by = map[string]*known{}
	}
	m.by[tenant] = &known{}
	return m.by[tenant]
}

// read reads all of them.
func (k *known) read(ctx context.Context, tx database.Tx, rows Rows, tenant string, last journal.Entry) error {
	marks := map[record.Ref]*[]Mark{}
	for after := ""; ; {
		page, err := rows.Lasts(ctx, tx, tenant, after, pageOfMarks)
		if err != nil {
			return err
		}
		for _, m := range page {
			if marks[m.Of] == nil {
				marks[m.Of] = new([]Mark)
			}
			*marks[m.Of] = append(*marks[m.Of], m)
		}
		if len(page) < pageOfMarks {
			break
		}
		after = page[len(page)-1].ID
	}
	k.marks, k.seq, k.id, k.at = marks, last.Seq, last.ID, time.Now()
	return nil
}

// follow takes in what was decided since. Where the journal is of another history all are read anew.
func (k *known) follow(ctx context.Context, tx database.Tx, rows Rows, tenant string, last journal.Entry) error {
	switch {
	case last.Seq == k.seq && last.ID == k.id, last.Seq < k.seq && !tx.Began().After(k.at): // a snapshot older than one read meanwhile
		return nil
	case last.Seq <= k.seq: // restored
		return k.read(ctx, tx, rows, tenant, last)
	}
	if id, err := journal.IDOf(ctx, tx, tenant, k.seq); err != nil {
		return err
	} else if id != k.id {
		return k.read(ctx, tx, rows, tenant, last)
	}
	for after := k.seq; ; {
		list, err := journal.SinceOf(ctx, tx, tenant, after, []string{"desk.decided"}, pageOfMarks)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := k.take(e); err != nil {
				return err
			}
			after = e.Seq
		}
		if len(list) < pageOfMarks {
			k.seq, k.id, k.at = last.Seq, last.ID, time.Now()
			return nil
		}
	}
}

func (k *known) take(e journal.Entry) error {
	var p Decided
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return err
	}
	m := p.mark(e)
	list := []Mark{m}
	if was := k.marks[m.Of]; was != nil {
		list = append(slices.DeleteFunc(slices.Clone(*was), func(x Mark) bool { return x.MemberID == m.MemberID }), m)
	}
	k.marks[m.Of] = &list
	return nil
}

// none are the decisions on what nobody decided on.
var none = &[]Mark{}

// on are the last decisions on a record.
func (k *known) on(of record.Ref) *[]Mark {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if marks := k.marks[of]; marks != nil {
		return marks
	}
	return none
}
