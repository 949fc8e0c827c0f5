package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/record"

	"github.com/google/uuid"
)

// memory has the last decisions of companies whose desks are read: a desk asks whether each of many lines was
// decided on. It is read once, and then follows the journal. The zero value is ready.
type memory struct {
	mu sync.Mutex
	by map[string]*known
}

// known are the last decisions of one company as of an entry of its journal.
type known struct {
	mu    sync.Mutex
	seq   int64
	id    string
	at    time.Time // when they were there
	marks *marks
}

// Marks are the last decisions of each member on a record.
type Marks []Mark

// marks are the last decisions on each record. They never change once somebody reads them: what was decided since lies
// in a few beside the many, and is put to them when it is no longer few.
type marks struct {
	all   *layer
	since layer
	order map[string][][16]byte // by kind: the records that are in since, as they came; one may have come more than once
}

// layer has decisions by the record they are on: by kind and id, or where an id is none that has 16 bytes by the whole.
type layer struct {
	byID   map[string]map[[16]byte]*Marks
	others map[record.Ref]*Marks
	size   int
}

// MarksOf are the decisions on the records of a kind.
type MarksOf struct {
	all, since map[[16]byte]*Marks
	as         AsOf
	order      [][16]byte
}

// AsOf tells decisions from those made later.
type AsOf struct {
	all *layer
	n   int // of those since
}

// AsOf is how they are now.
func (m MarksOf) AsOf() AsOf { return m.as }

// Since are the records that were decided on since; not known is where that may be any.
func (m MarksOf) Since(was AsOf) (ids [][16]byte, known bool) {
	if was.all != m.as.all || was.n > m.as.n {
		return nil, false
	}
	return m.order[was.n:], true
}

const (
	mostCompanies = 64     // whose decisions are kept
	pageOfMarks   = 10_000 // read at once
	mostSince     = 1_000  // decisions that lie beside the others
)

// at brings a company's decisions to where a transaction sees the journal.
func (m *memory) at(ctx context.Context, tx database.Tx, rows Rows, tenant string) (*marks, error) {
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
		err = k.read(ctx, tx, rows, tenant, last)
	} else {
		err = k.follow(ctx, tx, rows, tenant, last)
	}
	return k.marks, err
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
	all := newLayer()
	for after := ""; ; {
		page, err := rows.Lasts(ctx, tx, tenant, after, pageOfMarks)
		if err != nil {
			return err
		}
		for _, m := range page {
			list := Marks{m}
			if was := all.on(m.Of); was != nil {
				list = append(slices.Clone(*was), m)
			}
			all.set(m.Of, &list)
		}
		if len(page) < pageOfMarks {
			break
		}
		after = page[len(page)-1].ID
	}
	k.marks, k.seq, k.id, k.at = &marks{all: &all}, last.Seq, last.ID, time.Now()
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
	next := k.marks
	for after := k.seq; ; {
		list, err := journal.SinceOf(ctx, tx, tenant, after, []string{"desk.decided"}, pageOfMarks)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			if next, err = next.with(list); err != nil {
				return err
			}
			after = list[len(list)-1].Seq
		}
		if len(list) < pageOfMarks {
			k.marks, k.seq, k.id, k.at = next, last.Seq, last.ID, time.Now()
			return nil
		}
	}
}

// with are decisions and what was decided since.
func (k *marks) with(list []journal.Entry) (*marks, error) {
	next := &marks{all: k.all, since: k.since.clone(), order: map[string][][16]byte{}}
	for kind, ids := range k.order {
		next.order[kind] = slices.Clip(ids) // what is added lies elsewhere: others read these
	}
	for _, e := range list {
		var p Decided
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			return nil, err
		}
		m := p.mark(e)
		on := Marks{m}
		if was := *next.on(m.Of); len(was) > 0 {
			on = append(slices.DeleteFunc(slices.Clone(was), func(x Mark) bool { return x.MemberID == m.MemberID }), m)
		}
		next.since.set(m.Of, &on)
		if id, is := idOf(m.Of.ID); is {
			next.order[m.Of.Kind] = append(next.order[m.Of.Kind], id)
		}
	}
	if next.since.size > mostSince {
		all := next.all.clone()
		next.since.each(all.set)
		next = &marks{all: &all}
	}
	return next, nil
}

// none are the decisions on what nobody decided on.
var none = &Marks{}

// on are the last decisions on a record.
func (k *marks) on(of record.Ref) *Marks {
	if found := k.since.on(of); found != nil {
		return found
	}
	if found := k.all.on(of); found != nil {
		return found
	}
	return none
}

func (k *marks) of(kind string) MarksOf {
	return MarksOf{k.all.byID[kind], k.since.byID[kind], AsOf{k.all, len(k.order[kind])}, k.order[kind]}
}

// On are those on one.
func (m MarksOf) On(id [16]byte) Marks {
	if len(m.since) > 0 {
		if found := m.since[id]; found != nil {
			return *found
		}
	}
	if found := m.all[id]; found != nil {
		return *found
	}
	return nil
}

func newLayer() layer {
	return layer{byID: map[string]map[[16]byte]*Marks{}, others: map[record.Ref]*Marks{}}
}

func (l *layer) clone() layer {
	out := newLayer()
	for kind, by := range l.byID {
		out.byID[kind] = maps.Clone(by)
	}
	maps.Copy(out.others, l.others)
	out.size = l.size
	return out
}

// idOf is an id by its 16 bytes: of the one way to write them.
func idOf(text string) (id [16]byte, is bool) {
	found, err := uuid.Parse(text)
	return found, err == nil && found.String() == text
}

func (l *layer) on(of record.Ref) *Marks {
	if id, is := idOf(of.ID); is {
		return l.byID[of.Kind][id]
	}
	return l.others[of]
}

func (l *layer) set(of record.Ref, to *Marks) {
	id, is := idOf(of.ID)
	if !is {
		if l.others[of] == nil {
			l.size++
		}
		l.others[of] = to
		return
	}
	if l.byID[of.Kind] == nil {
		l.byID[of.Kind] = map[[16]byte]*Marks{}
	}
	if l.byID[of.Kind][id] == nil {
		l.size++
	}
	l.byID[of.Kind][id] = to
}

func (l *layer) each(do func(of record.Ref, to *Marks)) {
	for kind, by := range l.byID {
		for id, to := range by {
			do(record.Ref{Kind: kind, ID: uuid.UUID(id).String()}, to)
		}
	}
	for of, to := range l.others {
		do(of, to)
	}
}
