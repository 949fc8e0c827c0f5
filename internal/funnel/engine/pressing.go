package engine

import (
	"context"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"

	"github.com/google/uuid"
)

// Pressing implements opportunity.Finder: one pass over the columns.
func (e *Engine) Pressing(ctx context.Context, tx database.Tx, q opportunity.Pressed) (
	list []opportunity.Pressing, without opportunity.WithoutStep, known bool, err error) {
	t, s, err := e.soon(ctx, tx, q.TenantID)
	if err != nil || s == nil {
		return nil, without, false, err
	}
	x := s.pressing(t, q)
	var mu sync.Mutex
	err = s.chunkwise(ctx, func() (func(n int), func()) {
		mine, all := &pressed{pressing: x}, new(room)
		return func(n int) { mine.chunk(s.chunks[n], all) }, func() {
			mu.Lock()
			defer mu.Unlock()
			list = append(list, mine.list...)
			without.All.Merge(&mine.without.All)
			without.Only.Merge(&mine.without.Only)
		}
	})
	return append(list, x.also...), without, err == nil, err
}

// pressing is what is wanted of it, by numbers.
type pressing struct {
	texts  []string
	today  prices
	on     day
	keep   sieve
	bars   []*opportunity.Bar   // by owner
	limits []opportunity.Limits // by stage
	since  func(from day) int32 // working days up to the day
	wanted map[uuid.UUID]bool
	also   []opportunity.Pressing
}

// pressing numbers what is wanted; the dictionary may grow, so it takes the tenant's lock.
func (s *snapshot) pressing(t *tenant, q opportunity.Pressed) *pressing {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := &compiled{numbers: s.index.numbering, rates: s.around.rates}
	q.Filter.States = []opportunity.State{opportunity.Open}
	p := &pressing{today: x.today(q.Currency, q.Today), on: dayOf(q.Today), keep: s.list(funnel.Query{Scope: q.Scope, Filter: q.Filter}, nil)}
	p.texts = x.numbers.texts.text
	p.bars, p.limits = make([]*opportunity.Bar, len(p.texts)), make([]opportunity.Limits, len(p.texts))
	for owner, bar := range q.Bars {
		if n := x.numbers.texts.find(owner); n >= 0 {
			p.bars[n] = &bar
		}
	}
	for stage, l := range q.Limits {
		if n := x.numbers.texts.find(stage); n > 0 {
			p.limits[n] = l
		}
	}
	upTo, first := q.Calendar.Worked()
	at := func(d day) int32 { return upTo[max(0, min(int(numberOf(d))-first, len(upTo)-1))] }
	counted := at(p.on)
	p.since = func(from day) int32 { return counted - at(from) }
	p.pick(s, q)
	return p
}

// pick reads the records that are wanted by name, in the scope.
func (p *pressing) pick(s *snapshot, q opportunity.Pressed) {
	p.wanted = map[uuid.UUID]bool{}
	for _, text := range q.Also {
		if id, err := uuid.Parse(text); err == nil {
			p.wanted[id] = true
		}
	}
	q.Filter.States = nil
	in := s.list(funnel.Query{Scope: q.Scope, Filter: q.Filter}, p.wanted)
	for id := range p.wanted {
		n, there := s.find(id)
		if !there {
			continue
		}
		c, i := s.chunks[n/chunkSize], n%chunkSize
		if at := in(c, []uint16{uint16(i)}); len(at) > 0 {
			r := p.row(c, i)
			r.ID, r.NoStep = c.id[i].String(), r.Open && p.noStep(c, i)
			p.also = append(p.also, r)
		}
	}
}

// row is one record.
func (p *pressing) row(c *chunk, i int) opportunity.Pressing {
	stage, clock, expected := c.stage.at(i), c.clock.at(i), c.expected.at(i)
	r := opportunity.Pressing{
		OwnerID: p.texts[c.owner.at(i)], StageID: p.texts[stage], WorthMinor: p.today.of(c, i), Open: c.state.at(i) == open,
		Clock: numberOf(clock), Expected: numberOf(expected),
	}
	if !r.Open {
		return r
	}
	if l := p.limits[stage]; l.Stalled > 0 && clock != unknown && c.waiting.at(i) == unknown {
		days := p.since(clock)
		r.Stalled, r.Long = max(0, days-int32(l.Stalled)), l.LongStalled > 0 && days > int32(l.LongStalled)
	}
	if expected != unknown && expected < p.on {
		r.Passed, r.Overdue = true, p.since(expected)
	}
	return r
}

// noStep tells whether nothing comes next where the reader is told so.
func (p *pressing) noStep(c *chunk, i int) bool {
	bar := p.bars[c.owner.at(i)]
	return bar != nil && bar.Steps && !c.promised.at(i)
}

// numberOf is a day by its number since 1970, 0 where there is none.
func numberOf(d day) int32 {
	if d == unknown {
		return 0
	}
	return int32(d) - dayShift
}

// pressed is what a worker found.
type pressed struct {
	*pressing
	list    []opportunity.Pressing
	without opportunity.WithoutStep
}

// chunk adds what of one asks for something.
func (p *pressed) chunk(c *chunk, all *room) {
	at := all.all(c)
	if p.keep != nil {
		at = p.keep(c, at)
	}
	for _, k := range at {
		i := int(k)
		bar := p.bars[c.owner.at(i)]
		if bar == nil {
			continue
		}
		r := p.row(c, i)
		if r.NoStep = p.noStep(c, i); r.NoStep {
			p.without.All.AddMinor(r.WorthMinor)
		}
		if p.wanted[c.id[i]] {
			continue
		}
		if r.Stalled == 0 && !r.Passed || r.Waited() < bar.Days && r.WorthMinor < bar.Minor {
			if r.NoStep {
				p.without.Only.AddMinor(r.WorthMinor)
			}
			continue
		}
		r.ID = c.id[i].String()
		p.list = append(p.list, r)
	}
}
