package engine

import (
	"context"
	"runtime"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// session is one report: a snapshot, and its question by symbols. It answers as a
// funnel.Source and leaves the rest to the SQL answers it embeds.
type session struct {
	funnel.Source
	*snapshot

	pipeline     symbol
	asOf         day
	from, to     day
	path         path
	rates        map[symbol][]rateFrom // known to the question
	currency     symbol
	other        uint8   // the tax that is not the company's
	scales       []scale // by symbol of currency
	working      []int32 // working days before a day, by day since firstWorking
	firstWorking int
	keep         sieve     // nil keeps all
	dated        []holding // what of the filter has days
	credited     *credited // nil is everybody's

	once   sync.Once
	picked []*picks // by chunk
}

// prepare numbers the texts of a question; the tenant's lock is held, because the
// dictionary may still grow.
func (s *session) prepare(ctx context.Context, tx database.Tx, rows Rows, q funnel.Query) error {
	numbers := s.index.numbering
	number := numbers.texts.find
	s.pipeline, s.asOf, s.from, s.to = number(q.Pipeline.PipelineID), dayOf(q.AsOf), dayOf(q.From), dayOf(q.To)
	s.working, s.firstWorking = q.Calendar.Worked()
	s.firstWorking += dayShift
	s.path = newPath(s.snapshot, s.pipeline, q.Path)
	s.currency = number(q.Currency)
	s.other = unlike(q.Filter.WithoutTax)
	s.price(q)
	s.credited = whose(numbers, q)
	var err error
	if s.keep, err = figures(ctx, tx, rows, numbers, s.around.rates, q); err != nil {
		return err
	}
	return s.dates(ctx, tx, rows, q)
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
				d.state = state
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
