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
	path        map[string]stageNumber // of the version in force
	currency    symbol
	convert     []conversion // by symbol of currency
	keep        test
}

// conversion turns minor units into the reporting currency's: m·times/by at a rate.
type conversion struct{ times, by int64 }

// prepare numbers the texts of a question; the tenant's lock is held, because the
// dictionary may still grow.
func (s *session) prepare(ctx context.Context, tx database.Tx, rows Rows, t *tenant, q funnel.Query) error {
	number := t.numbers.texts.find
	s.pipeline, s.asOf, s.today, s.from, s.to = number(q.Pipeline.PipelineID), dayOf(q.AsOf), dayOf(q.Today), dayOf(q.From), dayOf(q.To)
	s.path = map[string]stageNumber{}
	for _, st := range q.Pipeline.Stages {
		if n := t.numbers.stages.find(st.ID); n > 0 {
			s.path[st.ID] = stageNumber(n)
		}
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
	s.keep, err = filter(ctx, tx, rows, t, q)
	return err
}

// deal is an opportunity as of the report's date.
type deal struct {
	c                         *chunk
	i                         int
	state                     uint8
	stage                     stageNumber
	stateOn, startOn, groupOn day
	stays                     []stay
}

// at takes opportunity i to the report's date; false where it is not in the pipeline's
// report at all.
func (s *session) at(c *chunk, i int, d *deal) bool {
	d.c, d.i = c, i
	d.stays = c.stays.at(i)
	var where symbol
	if s.asOf >= s.today {
		d.state, d.stage, where, d.stateOn = c.state.at(i), c.stage.at(i), c.pipeline.at(i), c.closed.at(i)
		if d.state == open {
			d.stateOn = c.entered.at(i)
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
		d.state, d.stage, where, d.stateOn = x.state(), x.stage, s.pipelineOf(c, i, d.stays[:last+1]), x.entered()
	}
	if where != s.pipeline {
		moved := false
		for k := range d.stays {
			moved = moved || d.stays[k].leftMove() == change && s.around.stageOf(d.stays[k].stage).pipeline == s.pipeline
		}
		if !moved {
			return false
		}
	}
	d.groupOn = d.stateOn
	if d.state == open || d.stateOn == unknown {
		d.groupOn = s.asOf
	}
	if c.deleted.at(i) || where != s.pipeline {
		d.state = out
	}
	d.startOn = c.created.at(i)
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
		if n := stays[k].stage; n != 0 {
			return s.around.stageOf(n).pipeline
		}
	}
	return c.pipeline.at(i)
}

// amount is what a deal is worth: the contract once won.
func (d *deal) amount() int64 {
	if d.state == won {
		if contract := d.c.contract.at(d.i); contract != nothing {
			return contract
		}
	}
	return d.c.amount.at(d.i)
}

// rate is the exchange rate of a deal's date, 0 where there is none.
func (s *session) rate(d *deal) int64 {
	c := d.c.currency.at(d.i)
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
	case d.c.currency.at(d.i) == s.currency:
		sum.minor += minor
	case rate != 0:
		k := s.convert[d.c.currency.at(d.i)]
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
	return d.c.currency.at(d.i)
}

// rows runs over all opportunities of a snapshot, on all processors. Each worker begins
// with a function of its own, and ends by what it has to hand in.
func (s *snapshot) rows(worker func() (each func(c *chunk, i int), end func())) {
	workers := min(runtime.GOMAXPROCS(0), len(s.chunks))
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			each, end := worker()
			for n := w; n < len(s.chunks); n += workers {
				c := s.chunks[n]
				for i := range c.id {
					each(c, i)
				}
			}
			end()
		})
	}
	wait.Wait()
}

// sweep runs over every deal of the question.
func sweep(s *session, worker func() (each func(d *deal), end func())) {
	s.rows(func() (func(c *chunk, i int), func()) {
		each, end := worker()
		var d deal
		return func(c *chunk, i int) {
			if s.keep(c, i) && s.at(c, i, &d) {
				each(&d)
			}
		}, end
	})
}

// scan sweeps and adds up what each counts: every worker has a table of its own, and
// they are merged at the end.
func scan[K key](s *session, each func(d *deal, sums *table[K])) *table[K] {
	all, mu := newTable[K](), sync.Mutex{}
	sweep(s, func() (func(d *deal), func()) {
		sums := newTable[K]()
		return func(d *deal) { each(d, sums) }, func() {
			mu.Lock()
			defer mu.Unlock()
			if all.used == 0 {
				all = sums
				return
			}
			sums.all(func(k K, t *total) { all.at(k).merge(t) })
		}
	})
	return all
}
