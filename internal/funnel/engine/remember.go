package engine

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"sync"

	"yunchou/internal/funnel"
)

// What a figure added up is remembered with the chunks it was added up over. A chunk never
// changes, so the next time the same is asked only the deals that were written since are
// looked at: as they were, to be taken off, and as they are.

// question is everything a sum depends on but the deals: what was asked, in full, the calendar
// and the small tables by what they are. The zero value is remembered by nobody.
type question struct {
	text    string
	working *int32
	around  *around
}

// question tells a session's question from every other. Not remembered is what was known earlier,
// whose columns are other ones, and a filter that SQL or an account's history answers, since
// that answer changes beside the columns.
func (s *session) question(q funnel.Query) question {
	if q.Known != 0 || bySQL(q.AsToday()) || q.Filter.Account != "" || len(s.working) == 0 {
		return question{}
	}
	var text []byte
	number := func(n ...int64) {
		for _, x := range n {
			text = binary.AppendVarint(text, x)
		}
	}
	// The texts are those the filter is numbered by: whoever knows fewer would not take off what
	// another counted.
	number(int64(s.pipeline), int64(s.asOf), int64(s.from), int64(s.to), int64(s.currency), int64(s.other),
		int64(s.firstWorking), int64(len(s.path.places)), int64(len(s.text)))
	for _, p := range s.path.places {
		number(int64(p.reaches), int64(p.past), int64(p.exists))
		number(int64(p.image), int64(p.rung), int64(p.top), int64(bit(p.here)))
	}
	raw, err := json.Marshal([]any{s.path.rungs, s.path.stages, q.Figures, q.Filter, q.Spans, q.Currency})
	if err != nil {
		return question{}
	}
	return question{string(append(text, raw...)), &s.working[0], s.around}
}

// memo is a figure added up over some chunks.
type memo struct {
	held   chan struct{} // full while it is brought up, and read
	sums   any
	chunks []*chunk
	// The rest is guarded by its memos.
	bytes  int
	behind int   // chunks that changed since, at most
	used   int64 // by the clock of its memos
}

type memoKey struct {
	question
	figure string
}

// memos are what a company's figures added up to, the last asked for.
type memos struct {
	mu    sync.Mutex
	by    map[memoKey]*memo
	bytes int
	clock int64
}

const (
	// The most bytes of memos, in all and for each opportunity.
	memoBytes, memoBytesEach = 1 << 18, 16
	// apart is how many chunks a memo may be behind: those it was made of are held for it.
	apart = 16
)

func newMemos() *memos { return &memos{by: map[memoKey]*memo{}} }

// find is the memo of a figure, an empty one where there is none.
func (x *memos) find(key memoKey) *memo {
	x.mu.Lock()
	defer x.mu.Unlock()
	t := x.by[key]
	if t == nil {
		t = &memo{held: make(chan struct{}, 1)}
		x.by[key] = t
	}
	x.clock++
	t.used = x.clock
	return t
}

// keep notes that a memo is up to date, and what it takes, and lets go of those that were asked
// for the longest ago where they all take too much.
func (x *memos) keep(key memoKey, t *memo, bytes, most int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.by[key] != t {
		return // let go meanwhile
	}
	x.bytes += bytes - t.bytes
	t.bytes, t.behind = bytes, 0
	for x.bytes > most {
		var oldest memoKey
		found := false
		for k, o := range x.by {
			if !found || o.used < x.by[oldest].used {
				oldest, found = k, true
			}
		}
		x.drop(oldest)
	}
}

// forget lets go of a memo that holds nothing.
func (x *memos) forget(key memoKey, t *memo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.by[key] == t {
		x.drop(key)
	}
}

func (x *memos) drop(key memoKey) {
	x.bytes -= x.by[key].bytes
	delete(x.by, key)
}

// changed notes that chunks were replaced: what nobody asks for any more must not hold the old
// ones for long.
func (x *memos) changed(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for key, t := range x.by {
		if t.behind += n; t.behind > apart {
			x.drop(key)
		}
	}
}

// adding is a figure being added up, or brought up from what is remembered of it.
type adding[S sums[S]] struct {
	*figure[S]
	s    *session
	key  memoKey
	memo *memo // nil where it is not to be remembered

	mu   sync.Mutex
	sums S // handed in so far
	some bool
}

// hold waits for who is bringing the memo up, as long as anybody waits for the answer.
func (a *adding[S]) hold(ctx context.Context) error {
	a.key = memoKey{a.s.remembered, a.name}
	a.memo = a.s.memos.find(a.key)
	select {
	case a.memo.held <- struct{}{}:
		return nil
	default: // whoever holds it keeps it, or lets it go
	}
	select {
	case a.memo.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *adding[S]) release() {
	if a.memo.sums == nil { // given up
		a.s.memos.forget(a.key, a.memo)
	}
	<-a.memo.held
}

func (a *adding[S]) missing() bool {
	if a.memo == nil {
		return true
	}
	of, known := a.memo.sums.(S)
	if !known || !bringUp(a.s, a.figure, of, a.memo.chunks) {
		return true
	}
	a.sums = of
	a.keep()
	return false
}

func (a *adding[S]) deals() counted { return a.counted }

func (a *adding[S]) worker() (each func(d *deal), end func()) {
	mine := a.empty()
	return func(d *deal) { a.each(d, mine) }, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.some {
			a.sums.add(mine)
		} else {
			a.sums, a.some = mine, true
		}
	}
}

func (a *adding[S]) done() {
	if a.memo != nil {
		a.keep()
	}
}

func (a *adding[S]) keep() {
	a.memo.sums, a.memo.chunks = a.sums, a.s.chunks
	a.s.memos.keep(a.key, a.memo, a.sums.size()+len(a.key.text), memoBytes+memoBytesEach*a.s.size())
}

// summed reads a figure as it is remembered, brought up to the session's chunks, or added up; while
// a session notes what will be asked of it (foresee.go) it does neither.
func summed[S sums[S]](ctx context.Context, s *session, f figure[S], read func(of S)) error {
	a := &adding[S]{figure: &f, s: s}
	if s.foreseen != nil {
		*s.foreseen = append(*s.foreseen, a)
		return nil
	}
	if err := a.hold(ctx); err != nil {
		return err
	}
	defer a.release()
	err := s.walk(ctx, a)
	if err == nil {
		read(a.sums)
	}
	return err
}

// bringUp takes from a sum what some chunks counted and others do not, and adds what is new;
// false where so much changed that all is better added up anew.
func bringUp[S sums[S]](s *session, f *figure[S], of S, was []*chunk) bool {
	if len(was) == len(s.chunks) && (len(was) == 0 || &was[0] == &s.chunks[0]) {
		return true
	}
	var gone, come []some
	for n := range max(len(was), len(s.chunks)) {
		switch {
		case n >= len(was):
			come = append(come, s.some(s.chunks[n], every[:len(s.chunks[n].id)]))
		case n >= len(s.chunks):
			gone = append(gone, s.some(was[n], every[:len(was[n].id)]))
		case was[n] != s.chunks[n]:
			x := s.change(was[n], s.chunks[n])
			gone, come = append(gone, x.gone), append(come, x.come)
		}
		if len(come) > apart || len(gone) > apart {
			return false
		}
	}
	less := f.empty()
	for k := range gone {
		f.count(s, &gone[k], less)
	}
	of.take(less)
	for k := range come {
		f.count(s, &come[k], of)
	}
	return true
}

// count counts some deals of a chunk.
func (f *figure[S]) count(s *session, x *some, to S) {
	var l lanes
	l.add(f.counted, func(d *deal) { f.each(d, to) })
	if f.company {
		s.count(x.chunk, x.all, &l)
	} else {
		s.count(x.chunk, x.kept, &l)
	}
}

// some is some deals of a chunk: all of them, and what of them the question keeps.
type some struct {
	chunk     *chunk
	all, kept *picks
}

func (s *session) some(c *chunk, at []uint16) some {
	all := s.sorted(c, at, s.asOf)
	return some{c, all, s.kept(c, all, slices.Clone(at))}
}

// change is what tells a chunk from the one it was made of.
type change struct{ gone, come some }

// change tells two states of a chunk apart, by what was written from one to the other where that is
// known; else they have nothing in common. Each figure of a question asks for the same.
func (s *session) change(was, is *chunk) change {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]*chunk{was, is}
	if x, known := s.changes[key]; known {
		return x
	}
	at, known := is.since(was)
	if !known {
		at, known = was.since(is) // asked by who began before
	}
	if !known {
		at = every[:max(len(was.id), len(is.id))]
	}
	in := func(c *chunk) []uint16 { // of places in order, those a chunk has
		n, _ := slices.BinarySearch(at, uint16(len(c.id)))
		return at[:n]
	}
	if s.changes == nil {
		s.changes = map[[2]*chunk]change{}
	}
	x := change{s.some(was, in(was)), s.some(is, in(is))}
	s.changes[key] = x
	return x
}

// counts are counters by number.
type counts []int64

func (c counts) add(o counts) {
	for i, n := range o {
		c[i] += n
	}
}

func (c counts) take(o counts) {
	for i, n := range o {
		c[i] -= n
	}
}

func (c counts) size() int { return 8 * len(c) }
