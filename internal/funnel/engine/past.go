package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"yunchou/internal/database"

	"github.com/google/uuid"
)

// past is what was ever known of a company's opportunities, the voided and superseded
// too: their facts, packed, chunk by chunk beside the columns. It is read when somebody asks
// what was known earlier, is caught up by the journal as the columns are, and goes when
// nobody asks any more. From it the columns of an earlier knowledge are made.
type past struct {
	mu      sync.Mutex
	seq     int64 // the last entry taken in
	chunks  []*packed
	views   []*view // the last asked for first
	used    time.Time
	loading *loading // where all of them are being read
}

// packed is the facts of a chunk's opportunities, each after the other, with the last
// entry that changed any: from it on they are known as they are now. Nothing of it changes.
type packed struct {
	last  []int64
	ends  []uint32
	facts []byte
}

func (p *packed) at(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.facts[from:p.ends[i]]
}

// view is the chunks of one knowledge, with what each was made of.
type view struct {
	known  int64
	chunks []*chunk
	now    []*chunk
	past   []*packed
}

// views is how many knowledges are kept, and viewed how many opportunities in all: a
// dashboard asks for the same few, and each takes as much as the columns.
const views, viewed = 4, 500_000

// asKnown is the columns as they were known at an entry.
func (e *Engine) asKnown(
	ctx context.Context, tx database.Tx, tenantID string, t *tenant, now *snapshot, known int64,
) (*snapshot, error) {
	if known < 0 {
		return now.with(nil), nil
	}
	p := &now.index.past
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used = time.Now()
	if p.loading != nil {
		return nil, t.behind(p.loading)
	}
	if err := e.recall(ctx, tx, tenantID, t, now); errors.Is(err, errBehind) {
		p.loading = e.recallAll(ctx, tenantID, t, p)
		return nil, t.behind(p.loading)
	} else if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(p.views, func(v *view) bool { return v.known == known })
	v := &view{known: known}
	if at >= 0 {
		v = p.views[at]
		p.views = slices.Delete(p.views, at, at+1)
	}
	v = v.of(context.WithoutCancel(ctx), now, p.chunks)
	most := min(views, max(1, viewed/max(1, now.size())))
	p.views = slices.Insert(p.views[:min(len(p.views), most-1)], 0, v)
	t.mu.Lock()
	defer t.mu.Unlock()
	s := now.with(v.chunks)
	s.text, s.pairs = now.index.texts.text, now.index.pairs.text
	return s, nil
}

// with is a snapshot with other chunks.
func (s *snapshot) with(chunks []*chunk) *snapshot {
	other := *s
	other.chunks = chunks
	return &other
}

// of makes anew the chunks of a view whose columns or facts changed.
func (v *view) of(ctx context.Context, now *snapshot, facts []*packed) *view {
	n := len(now.chunks)
	next := &view{known: v.known, now: now.chunks, past: make([]*packed, n), chunks: make([]*chunk, n)}
	copy(next.past, facts)
	_ = now.chunkwise(ctx, func() (func(n int), func()) {
		return func(n int) {
			if n < len(v.chunks) && v.now[n] == next.now[n] && v.past[n] == next.past[n] {
				next.chunks[n] = v.chunks[n]
			} else {
				next.chunks[n] = asKnown(next.now[n], next.past[n], v.known)
			}
		}, func() {}
	})
	return next
}

// asKnown is a chunk as it was known at an entry: opportunities that changed since are
// made of their facts anew, and what of them has no day is as it is now.
func asKnown(c *chunk, p *packed, known int64) *chunk {
	if p != nil && len(p.last) >= len(c.id) && slices.Max(p.last) <= known {
		return c
	}
	rows := make([]row, len(c.id))
	for i := range rows {
		switch rows[i] = c.row(i); {
		case p == nil || i >= len(p.last): // written after the facts were read
			rows[i].assemble(&facts{}, known)
		case p.last[i] > known:
			rows[i].assemble(unpack(p.at(i)), known)
		}
	}
	return newChunk(rows)
}

// recall reads the facts of the opportunities that entries named since; errBehind where that is
// more than a question has the time for, and all are to be read.
func (e *Engine) recall(ctx context.Context, tx database.Tx, tenantID string, t *tenant, now *snapshot) error {
	p := &now.index.past
	if p.chunks == nil {
		return errBehind
	}
	touched, err := e.Rows.Touched(ctx, tx, tenantID, p.seq, withinRequest)
	switch {
	case err != nil || len(touched) == 0:
		return err
	case len(touched) >= withinRequest:
		return errBehind
	}
	return e.recallSome(ctx, tx, tenantID, t, now, touched)
}

// recallAll has the facts of every opportunity read, beside the requests, for who asked in vain of
// p, whose lock is held.
func (e *Engine) recallAll(ctx context.Context, tenantID string, t *tenant, p *past) *loading {
	l := &loading{done: make(chan struct{})}
	ctx = database.Aside(context.WithoutCancel(ctx))
	go func() {
		l.err = e.DB.Read(ctx, func(tx database.Tx) error {
			now, err := e.upTo(ctx, tx, tenantID, t)
			if err != nil {
				return err
			}
			return e.recallEvery(ctx, tx, tenantID, t, now)
		})
		p.mu.Lock()
		p.loading = nil
		p.mu.Unlock()
		close(l.done)
	}()
	return l
}

// recallEvery reads the facts of every opportunity of a snapshot.
func (e *Engine) recallEvery(ctx context.Context, tx database.Tx, tenantID string, t *tenant, now *snapshot) error {
	seq, _, err := e.Rows.Tail(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	next := &past{chunks: make([]*packed, len(now.chunks))}
	for after := ""; ; {
		page, err := e.Rows.Page(ctx, tx, tenantID, after, pageSize)
		if err != nil {
			return err
		}
		if err := next.take(t, now, page); err != nil {
			return err
		}
		if len(page) < pageSize {
			break
		}
		after = page[len(page)-1].ID
	}
	p := &now.index.past
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq, p.chunks, p.views = seq, next.chunks, nil
	return nil
}

// recallSome reads again the facts that entries name.
func (e *Engine) recallSome(
	ctx context.Context, tx database.Tx, tenantID string, t *tenant, now *snapshot, touched []Touch,
) error {
	t.mu.Lock()
	was, err := e.touched(ctx, tx, tenantID, now.index, touched)
	t.mu.Unlock()
	if err != nil {
		return err
	}
	deals, err := e.Rows.Deals(ctx, tx, tenantID, was.deals)
	if err != nil {
		return err
	}
	p := &now.index.past
	for len(p.chunks) < len(now.chunks) {
		p.chunks = append(p.chunks, nil)
	}
	if err := p.take(t, now, deals); err != nil {
		return err
	}
	p.seq = touched[len(touched)-1].Seq
	return nil
}

// take puts the facts of some opportunities where their columns are.
func (p *past) take(t *tenant, now *snapshot, deals []Deal) error {
	changed, err := now.numbered(t, deals)
	if err != nil {
		return err
	}
	for n, some := range changed {
		p.chunks[n] = p.chunks[n].with(len(now.chunks[n].id), some)
	}
	return nil
}

// numbered is the facts of some opportunities by chunk and place in it.
func (s *snapshot) numbered(t *tenant, deals []Deal) (map[int]map[int]*facts, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[int]map[int]*facts{}
	for i := range deals {
		id, err := uuid.Parse(deals[i].ID)
		if err != nil {
			return nil, err
		}
		n, known := s.find(id)
		if !known || n >= s.size() {
			continue // written after the columns
		}
		f, err := s.index.facts(&deals[i])
		if err != nil {
			return nil, err
		}
		if out[n/chunkSize] == nil {
			out[n/chunkSize] = map[int]*facts{}
		}
		out[n/chunkSize][n%chunkSize] = f
	}
	return out, nil
}

// evict lets go of what nobody asked in so long.
func (p *past) evict(idle time.Duration) {
	if !p.mu.TryLock() {
		return // in use
	}
	defer p.mu.Unlock()
	if time.Since(p.used) >= idle {
		p.chunks, p.views = nil, nil
	}
}

// with is the facts of at least n opportunities, some of them new.
func (p *packed) with(n int, some map[int]*facts) *packed {
	if p != nil {
		n = max(n, len(p.last))
	}
	next := &packed{last: make([]int64, n), ends: make([]uint32, n)}
	for i := range n {
		switch f := some[i]; {
		case f != nil:
			next.last[i] = f.last()
			next.facts = f.pack(next.facts)
		case p != nil && i < len(p.last):
			next.last[i] = p.last[i]
			next.facts = append(next.facts, p.at(i)...)
		default:
			next.last[i] = allKnown // not read yet
			next.facts = (&facts{}).pack(next.facts)
		}
		next.ends[i] = uint32(len(next.facts))
	}
	next.facts = slices.Clip(next.facts)
	return next
}
