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

	pipeline     symbol
	asOf, today  day
	from, to     day
	path         map[string]stageNumber // of the version in force
	currency     symbol
	convert      []conversion // by symbol of currency
	working      []int32      // working days before a day, by day since firstWorking
	firstWorking int
	keep         test // nil keeps all

	once   sync.Once
	picked []*picks // by chunk
}

// conversion turns minor units into the reporting currency's: m·times/by at a rate.
type conversion struct{ times, by int64 }

// prepare numbers the texts of a question; the tenant's lock is held, because the
// dictionary may still grow.
func (s *session) prepare(ctx context.Context, tx database.Tx, rows Rows, t *tenant, q funnel.Query) error {
	number := t.numbers.texts.find
	s.pipeline, s.asOf, s.today, s.from, s.to = number(q.Pipeline.PipelineID), dayOf(q.AsOf), dayOf(q.Today), dayOf(q.From), dayOf(q.To)
	s.working, s.firstWorking = q.Calendar.Worked()
	s.firstWorking += dayShift
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

// within tells whether a day lies in the window; an unknown day lies in none, and
// everything lies in no window.
func (s *session) within(on day) bool {
	if s.from == unknown && s.to == unknown {
		return true
	}
	return on != unknown && (s.from == unknown || on >= s.from) && (s.to == unknown || on < s.to)
}

// worked is the working days from one day to a later one.
func (s *session) worked(from, to day) uint16 {
	last := len(s.working) - 1
	at := func(d day) int32 { return s.working[min(max(int(d)-s.firstWorking, 0), last)] }
	return uint16(at(to) - at(from))
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
		if r.from <= s.groupOn(d) {
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

// chunkwise runs over the numbers of all chunks, on all processors. Each worker begins with
// a function of its own, and ends by what it has to hand in.
func (s *snapshot) chunkwise(worker func() (each func(n int), end func())) {
	workers := min(runtime.GOMAXPROCS(0), len(s.chunks))
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			each, end := worker()
			for n := w; n < len(s.chunks); n += workers {
				each(n)
			}
			end()
		})
	}
	wait.Wait()
}

// States a measure reads.
var (
	ongoing  = []uint8{open}
	closed   = []uint8{won, lost}
	losses   = []uint8{lost}
	resolved = []uint8{open, won, lost}
	present  = []uint8{open, won, lost, withdrawn}
	everyone = []uint8{open, won, lost, withdrawn, out}
)

// sweep runs over every deal of the question in some states, as chunkwise does.
func sweep(s *session, states []uint8, worker func() (each func(d *deal), end func())) {
	population := s.population()
	s.chunkwise(func() (func(n int), func()) {
		each, end := worker()
		var d deal
		return func(n int) {
			d.c = s.chunks[n]
			for _, state := range states {
				for _, p := range population[n][state] {
					d.pick, d.i = p, int(p.place)
					each(&d)
				}
			}
		}, end
	})
}

// scan sweeps and adds up what each counts: every worker has a table of its own, and
// they are merged at the end.
func scan[K key](s *session, states []uint8, each func(d *deal, sums *table[K])) *table[K] {
	all, mu := newTable[K](), sync.Mutex{}
	sweep(s, states, func() (func(d *deal), func()) {
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
