package engine

import (
	"context"
	"runtime"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
)

// session is one report: a snapshot, and its question by symbols. It answers as a
// funnel.Source and leaves the rest to the SQL answers it embeds.
type session struct {
	funnel.Source
	*snapshot

	pipeline    symbol
	asOf, today day
	from, to    day
	stages      map[string]symbol // of the version in force
	currency    symbol
	convert     []conversion // by symbol of currency
	keep        func(c *chunk, i int) bool
}

// conversion turns minor units into the reporting currency's: m·times/by at a rate.
type conversion struct{ times, by int64 }

// prepare numbers the texts of a question; the tenant's lock is held, because the
// dictionary may still grow.
func (s *session) prepare(ctx context.Context, tx database.Tx, rows Rows, t *tenant, q funnel.Query) error {
	number := func(text string) symbol {
		if n, ok := t.dict.number[text]; ok {
			return n
		}
		return -1 // in no row
	}
	s.pipeline, s.asOf, s.today, s.from, s.to = number(q.Pipeline.PipelineID), dayOf(q.AsOf), dayOf(q.Today), dayOf(q.From), dayOf(q.To)
	s.stages = map[string]symbol{}
	for _, st := range q.Pipeline.Stages {
		s.stages[st.ID] = number(st.ID)
	}
	s.currency = number(q.Currency)
	s.convert = make([]conversion, len(s.text))
	for c := range s.around.rates {
		k := conversion{1, money.RateScale}
		for d := money.Digits(s.text[c]); d < money.Digits(q.Currency); d++ {
			k.times *= 10
		}
		for d := money.Digits(q.Currency); d < money.Digits(s.text[c]); d++ {
			k.by *= 10
		}
		s.convert[c] = k
	}
	var err error
	s.keep, err = filter(ctx, tx, rows, t, q, number)
	return err
}

// deal is an opportunity as of the report's date.
type deal struct {
	c                         *chunk
	i                         int
	state                     uint8
	stage                     symbol
	stateOn, startOn, groupOn day
	stays                     []stay
}

// at takes opportunity i to the report's date; false where it is not in the pipeline's
// report at all.
func (s *session) at(c *chunk, i int, d *deal) bool {
	d.c, d.i = c, i
	d.stays = c.stay[c.stays[i]:c.stays[i+1]]
	var where symbol
	if s.asOf >= s.today {
		d.state, d.stage, where, d.stateOn = c.state[i], c.stage[i], c.pipeline[i], c.closed[i]
		if d.state == open {
			d.stateOn = c.entered[i]
		}
	} else {
		last := -1
		for k := range d.stays {
			if d.stays[k].since <= s.asOf {
				last = k
			}
		}
		if last < 0 {
			return false
		}
		x := &d.stays[last]
		d.state, d.stage, where, d.stateOn = x.state, x.stage, s.pipelineOf(c, i, d.stays[:last+1]), x.entered()
	}
	if where != s.pipeline {
		moved := false
		for k := range d.stays {
			moved = moved || d.stays[k].leftMove == change && s.around.stageOf(d.stays[k].stage).pipeline == s.pipeline
		}
		if !moved {
			return false
		}
	}
	d.groupOn = d.stateOn
	if d.state == open || d.stateOn == unknown {
		d.groupOn = s.asOf
	}
	if c.deleted[i] || where != s.pipeline {
		d.state = out
	}
	d.startOn = c.created[i]
	if d.startOn == unknown {
		for k := range d.stays {
			if e := d.stays[k].entered(); e != unknown && (d.startOn == unknown || e < d.startOn) {
				d.startOn = e
			}
		}
	}
	return true
}

// within tells whether a day lies in the window; an unknown day lies in none, and
// everything lies in no window.
func (s *session) within(on day) bool {
	if s.from == unknown && s.to == unknown {
		return true
	}
	return on != unknown && (s.from == unknown || on >= s.from) && (s.to == unknown || on < s.to)
}

// pipelineOf is where the last of some stays is: its stage's, or of a withdrawn one
// that of the stay before.
func (s *session) pipelineOf(c *chunk, i int, stays []stay) symbol {
	for k := len(stays) - 1; k >= 0; k-- {
		if stays[k].stage != 0 {
			return s.around.stageOf(stays[k].stage).pipeline
		}
	}
	return c.pipeline[i]
}

// amount is what a deal is worth: the contract once won.
func (d *deal) amount() int64 {
	if d.state == won && d.c.contract[d.i] != nothing {
		return d.c.contract[d.i]
	}
	return d.c.amount[d.i]
}

// rate is the exchange rate of a deal's date, 0 where there is none.
func (s *session) rate(d *deal) int64 {
	c := d.c.currency[d.i]
	if c == s.currency {
		return money.RateScale
	}
	var rate int64
	for _, r := range s.around.rates[c] {
		if r.from <= d.groupOn {
			rate = r.rate
		}
	}
	return rate
}

// add books an amount of a deal: converted alone, or in its own currency where there
// is no rate.
func (s *session) add(sum *total, d *deal, minor, rate int64) {
	sum.n++
	if minor == nothing {
		sum.none++
		return
	}
	sum.raw += minor
	switch {
	case d.c.currency[d.i] == s.currency:
		sum.minor += minor
	case rate != 0:
		k := s.convert[d.c.currency[d.i]]
		m := minor * k.times
		sum.minor += m/k.by*rate + (m%k.by*rate+k.by/2)/k.by
	}
}

// total is what a counter adds up.
type total struct{ n, minor, raw, none int64 }

func (t *total) merge(o *total) {
	t.n += o.n
	t.minor += o.minor
	t.raw += o.raw
	t.none += o.none
}

// sum is a total as the funnel takes it. noRate is the currency without a rate, 0
// where there is one.
func (s *session) sum(t *total, noRate symbol) funnel.Sum {
	return funnel.Sum{NoRate: s.text[noRate], Minor: t.minor, Raw: t.raw, NoAmount: t.none}
}

// noRate is the currency a deal cannot be converted from, 0 where it can.
func noRate(d *deal, rate int64) symbol {
	if rate != 0 {
		return 0
	}
	return d.c.currency[d.i]
}

// scan runs each over every deal of the question and adds up what it counts.
func scan[K comparable](s *session, each func(d *deal, counter func(K) *total)) map[K]*total {
	return scanInto(s, (*total).merge, each)
}

// scanInto scans on all processors; a worker has counters of its own, which are
// merged at the end.
func scanInto[K comparable](s *session, merge func(into, from *total), each func(d *deal, counter func(K) *total)) map[K]*total {
	workers := min(runtime.GOMAXPROCS(0), len(s.chunks))
	parts := make([]map[K]*total, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			sums := map[K]*total{}
			var lastKey K
			var last *total
			counter := func(k K) *total {
				if last != nil && k == lastKey {
					return last
				}
				t := sums[k]
				if t == nil {
					t = &total{}
					sums[k] = t
				}
				lastKey, last = k, t
				return t
			}
			var d deal
			for n := w; n < len(s.chunks); n += workers {
				c := s.chunks[n]
				for i := range c.id {
					if s.keep(c, i) && s.at(c, i, &d) {
						each(&d, counter)
					}
				}
			}
			parts[w] = sums
		}()
	}
	wait.Wait()
	if workers == 0 {
		return map[K]*total{}
	}
	all := parts[0]
	for _, p := range parts[1:] {
		for k, t := range p {
			if have := all[k]; have != nil {
				merge(have, t)
			} else {
				all[k] = t
			}
		}
	}
	return all
}

// filter compiles scope and filter into one test of a row. What columns cannot answer
// — a search text, a company field, a missing next step — is asked of SQL first.
func filter(ctx context.Context, tx database.Tx, rows Rows, t *tenant, q funnel.Query, number func(string) symbol) (func(*chunk, int) bool, error) {
	f := q.Filter
	if f.Query != "" || f.NoNextStep || f.Stalled || f.Overstayed || len(f.Conditions) > 0 || len(f.IDs) > 0 || f.Deleted {
		ids, err := rows.Matching(ctx, tx, q)
		if err != nil {
			return nil, err
		}
		in := make(map[string]bool, len(ids))
		for _, id := range ids {
			in[id] = true
		}
		return func(c *chunk, i int) bool { return in[c.id[i]] }, nil
	}
	var tests []func(c *chunk, i int) bool
	set := func(list []string) map[symbol]bool {
		out := map[symbol]bool{}
		for _, text := range list {
			if n := number(text); n > 0 {
				out[n] = true
			}
		}
		return out
	}
	if !q.Scope.All {
		owners, teams, lines, regions := set(q.Scope.Owners), set(q.Scope.DealTeams), set(q.Scope.ProductLines), set(q.Scope.Regions)
		tests = append(tests, func(c *chunk, i int) bool {
			return owners[c.owner[i]] || regions[c.region[i]] || len(teams) > 0 && c.teamHas(i, teams) || len(lines) > 0 && c.lineHas(i, lines)
		})
	}
	equal := func(text string, column func(c *chunk) []symbol) {
		if text == "" {
			return
		}
		want := number(text)
		tests = append(tests, func(c *chunk, i int) bool { return column(c)[i] == want })
	}
	equal(f.Pipeline, func(c *chunk) []symbol { return c.pipeline })
	equal(f.Stage, func(c *chunk) []symbol { return c.stage })
	equal(f.Owner, func(c *chunk) []symbol { return c.owner })
	equal(f.Account, func(c *chunk) []symbol { return c.account })
	equal(f.Region, func(c *chunk) []symbol { return c.region })
	equal(f.Source, func(c *chunk) []symbol { return c.source })
	equal(f.LossKind, func(c *chunk) []symbol { return c.lossKind })
	equal(f.Industry, func(c *chunk) []symbol { return c.industry })
	if f.Team != "" {
		owners := set(f.Owners)
		tests = append(tests, func(c *chunk, i int) bool { return owners[c.owner[i]] })
	}
	if f.ProductLine != "" {
		lines := set([]string{f.ProductLine})
		tests = append(tests, func(c *chunk, i int) bool { return c.lineHas(i, lines) })
	}
	if len(f.States) > 0 {
		var in [out + 1]bool
		for _, s := range f.States {
			in[stateOf(string(s))] = true
		}
		tests = append(tests, func(c *chunk, i int) bool { return in[c.state[i]] })
	}
	between := func(from, to day, column func(c *chunk) []day) {
		if from == unknown && to == unknown {
			return
		}
		tests = append(tests, func(c *chunk, i int) bool {
			d := column(c)[i]
			return d != unknown && (from == unknown || d >= from) && (to == unknown || d < to)
		})
	}
	between(dayOf(f.CreatedFrom), dayOf(f.CreatedTo), func(c *chunk) []day { return c.created })
	between(dayOf(f.ClosedFrom), dayOf(f.ClosedTo), func(c *chunk) []day { return c.closed })
	between(dayOf(f.ExpectedFrom), dayOf(f.ExpectedTo), func(c *chunk) []day { return c.expected })
	if f.AmountMin != nil {
		least := *f.AmountMin
		tests = append(tests, func(c *chunk, i int) bool { return c.amount[i] != nothing && c.amount[i] >= least })
	}
	if f.AmountMax != nil {
		most := *f.AmountMax
		tests = append(tests, func(c *chunk, i int) bool { return c.amount[i] != nothing && c.amount[i] <= most })
	}
	return func(c *chunk, i int) bool {
		for _, test := range tests {
			if !test(c, i) {
				return false
			}
		}
		return true
	}, nil
}

func (c *chunk) teamHas(i int, set map[symbol]bool) bool {
	for _, m := range c.member[c.team[i]:c.team[i+1]] {
		if set[m] {
			return true
		}
	}
	return false
}

func (c *chunk) lineHas(i int, set map[symbol]bool) bool {
	for _, l := range c.line[c.lines[i]:c.lines[i+1]] {
		if set[l.product] {
			return true
		}
	}
	return false
}
