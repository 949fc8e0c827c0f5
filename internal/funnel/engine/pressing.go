package engine

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"

	"github.com/google/uuid"
)

// Pressing implements opportunity.Finder. What a chunk's open records ask for is the same for everybody and all day: it is
// found once and lies with the chunk until that changes, the day ends, or a limit or a rate is another. A question only
// takes from it what is in its scope.
func (e *Engine) Pressing(ctx context.Context, tx database.Tx, q opportunity.Pressed) (out opportunity.Pressings, known bool, err error) {
	t, s, err := e.soon(ctx, tx, q.TenantID)
	if err != nil || s == nil {
		return out, false, err
	}
	p := s.pressing(t, q)
	out.Sheets = make([]opportunity.SheetPart, len(s.chunks))
	err = s.chunkwise(ctx, func() (func(n int), func()) {
		all := new(room)
		return func(n int) { out.Sheets[n] = p.part(s.chunks[n], all) }, func() {}
	})
	out.Also, out.Texts = p.also, p.texts
	return out, err == nil, err
}

// terms are by what records ask for something: those of one day are the same for everybody.
type terms struct {
	today  prices
	on     day
	limits []stageLimit // by stage
	upTo   []int32      // working days up to a day, by its number less first
	first  int
}

// stageLimit are the limits of a stage in working days, 0 is none.
type stageLimit struct{ stalled, long int32 }

// sheet is what the open records of a chunk ask for by some terms, and their places in it.
type sheet struct {
	by *terms
	opportunity.Sheet
	at []uint16
}

// pressing is what is wanted of it, by numbers.
type pressing struct {
	*terms
	texts  []string
	keep   sieve // nil is all
	wanted map[*chunk][]uint16
	also   []opportunity.Pressing
}

// pressing numbers what is wanted; it takes the tenant's lock, because the dictionary may grow meanwhile.
func (s *snapshot) pressing(t *tenant, q opportunity.Pressed) *pressing {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := &pressing{terms: s.terms(q), texts: s.index.texts.text}
	if !q.Scope.All {
		x := &compiled{numbers: s.index.numbering, rates: s.around.rates}
		x.scope(q.Scope)
		p.keep = x.sieve()
	}
	p.pick(s, q)
	return p
}

// terms are those of a question, or the last ones where they are the same.
func (s *snapshot) terms(q opportunity.Pressed) *terms {
	x := &compiled{numbers: s.index.numbering, rates: s.around.rates}
	next := &terms{today: x.today(q.Currency, q.Today).trimmed(), on: dayOf(q.Today)}
	for stage, l := range q.Limits {
		if n := x.numbers.texts.find(stage); n > 0 {
			if more := int(n) + 1 - len(next.limits); more > 0 {
				next.limits = append(next.limits, make([]stageLimit, more)...)
			}
			next.limits[n] = stageLimit{int32(l.Stalled), int32(l.LongStalled)}
		}
	}
	next.upTo, next.first = q.Calendar.Worked()
	if was := s.index.terms; was != nil && was.same(next) {
		return was
	}
	s.index.terms = next
	return next
}

// same tells whether records ask for the same by other terms.
func (t *terms) same(o *terms) bool {
	return t.on == o.on && t.first == o.first && len(t.upTo) == len(o.upTo) && &t.upTo[0] == &o.upTo[0] &&
		slices.Equal(t.limits, o.limits) && slices.Equal(t.today, o.today)
}

// since are the working days from a day up to that of the terms.
func (t *terms) since(from day) int32 {
	at := func(d day) int32 { return t.upTo[max(0, min(int(numberOf(d))-t.first, len(t.upTo)-1))] }
	return at(t.on) - at(from)
}

// pick reads the records that are wanted by name, in the scope.
func (p *pressing) pick(s *snapshot, q opportunity.Pressed) {
	wanted := map[uuid.UUID]bool{}
	for _, text := range q.Also {
		if id, err := uuid.Parse(text); err == nil {
			wanted[id] = true
		}
	}
	p.wanted = map[*chunk][]uint16{}
	for id := range wanted {
		if n, there := s.find(id); there {
			c := s.chunks[n/chunkSize]
			p.wanted[c] = append(p.wanted[c], uint16(n%chunkSize))
		}
	}
	in := s.list(funnel.Query{Scope: q.Scope, Filter: opportunity.Filter{}}, nil)
	for c, at := range p.wanted {
		slices.Sort(at)
		for _, i := range in(c, slices.Clone(at)) {
			p.also = append(p.also, p.row(c, int(i)))
		}
	}
}

// part is what of a chunk is in the scope, but for what is wanted by name.
func (p *pressing) part(c *chunk, room *room) opportunity.SheetPart {
	s := c.sheet(p.terms, p.texts)
	part := opportunity.SheetPart{Sheet: &s.Sheet}
	if p.keep == nil && len(p.wanted[c]) == 0 {
		return part
	}
	kept := room[:copy(room[:], s.at)]
	if p.keep != nil {
		kept = p.keep(c, kept)
	}
	part.At = make([]uint16, 0, len(kept))
	row, named := 0, p.wanted[c]
	for _, i := range kept {
		for s.at[row] != i {
			row++
		}
		for len(named) > 0 && named[0] < i {
			named = named[1:]
		}
		if len(named) == 0 || named[0] != i {
			part.At = append(part.At, uint16(row))
		}
	}
	return part
}

// sheet is what a chunk's open records ask for by some terms.
func (c *chunk) sheet(by *terms, texts []string) *sheet {
	if s := c.asks.Load(); s != nil && s.by == by {
		return s
	}
	s := &sheet{by: by}
	s.Rows = make([]opportunity.Asking, 0, len(c.alive()))
	for _, k := range c.alive() {
		i := int(k)
		if r := by.asking(c, i); r.Asks() || r.NoStep {
			r.Number(texts[r.Owner], texts[r.Stage])
			s.Rows, s.at = append(s.Rows, r), append(s.at, k)
		}
	}
	s.Rows, s.at = slices.Clip(slices.Clone(s.Rows)), slices.Clip(s.at)
	c.asks.Store(s)
	return s
}

// asking is one record that is open.
func (t *terms) asking(c *chunk, i int) opportunity.Asking {
	stage, clock, expected := c.stage.at(i), c.clock.at(i), c.expected.at(i)
	r := opportunity.Asking{
		ID: c.id[i], Owner: c.owner.at(i), Stage: stage, WorthMinor: t.today.of(c, i), Clock: numberOf(clock), Expected: numberOf(expected),
		NoStep: !c.promised.at(i),
	}
	if int(stage) < len(t.limits) && t.limits[stage].stalled > 0 && clock != unknown && c.waiting.at(i) == unknown {
		l, days := t.limits[stage], t.since(clock)
		r.Stalled, r.Long = max(0, days-l.stalled), l.long > 0 && days > l.long
	}
	if expected != unknown && expected < t.on {
		r.Passed, r.Overdue = true, t.since(expected)
	}
	return r
}

// row is one record, whatever its state.
func (p *pressing) row(c *chunk, i int) opportunity.Pressing {
	r := p.asking(c, i)
	out := opportunity.Pressing{
		ID: c.id[i].String(), OwnerID: p.texts[r.Owner], StageID: p.texts[r.Stage], Clock: r.Clock, Expected: r.Expected, WorthMinor: r.WorthMinor,
	}
	if c.state.at(i) == open {
		out.Open, out.NoStep = true, r.NoStep
		out.Stalled, out.Long, out.Passed, out.Overdue = r.Stalled, r.Long, r.Passed, r.Overdue
	}
	return out
}

// numberOf is a day by its number since 1970, 0 where there is none.
func numberOf(d day) int32 {
	if d == unknown {
		return 0
	}
	return int32(d) - dayShift
}
