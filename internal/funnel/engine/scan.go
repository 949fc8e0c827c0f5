package engine

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// session is one report: a snapshot, and its question by symbols. It answers as a
// funnel.Source and leaves the rest to the SQL answers it embeds.
type session struct {
	funnel.Source
	*snapshot
	of begun

	pipeline     symbol
	asOf         day
	from, to     day
	path         path
	rates        map[symbol][]rateFrom // known to the question
	currency     symbol
	own          symbol  // the own field a report is split by
	other        uint8   // the tax that is not the company's
	scales       []scale // by symbol of currency
	working      []int32 // working days before a day, by day since firstWorking
	firstWorking int
	keep         sieve          // nil keeps all
	dated        []holding      // what of the filter has days
	only         *[out + 1]bool // the states of a deal's last stay that are asked for; nil is all
	credited     *credited      // nil is everybody's
	// before is the day up to which what closed counts for nothing, where the question lets
	// none of it be counted; unknown where it may.
	before     day
	remembered question
	memos      *memos  // the company's, or its own where what it asks is not to be remembered
	foreseen   *[]pass // not nil while it is noted what will be asked

	mu      sync.Mutex
	picked  []*picks // by chunk
	changes map[[2]*chunk]change
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
	s.currency, s.own = number(q.Currency), number(q.Own.ID)
	s.other = unlike(q.Filter.WithoutTax)
	s.price(q)
	s.credited = whose(numbers, q)
	if s.from != unknown && q.Group == "" {
		s.before = min(s.from, s.asOf)
	}
	if s.remembered, s.memos = s.question(q), s.index.memos; s.remembered.text == "" {
		s.memos = newMemos()
	}
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

// chunkwise runs over the numbers of all chunks, on all processors, until the question is
// given up. Each worker begins with a function of its own, and ends by what it has to hand in.
func (s *snapshot) chunkwise(ctx context.Context, worker func() (each func(n int), end func())) error {
	workers := min(runtime.GOMAXPROCS(0), len(s.chunks))
	var wait sync.WaitGroup
	var taken atomic.Int64
	run := func() {
		each, end := worker()
		for {
			n := int(taken.Add(1)) - 1
			if n >= len(s.chunks) || ctx.Err() != nil {
				break
			}
			each(n)
		}
		end()
	}
	for range workers - 1 {
		wait.Go(run)
	}
	run() // where there is one processor, or little to do, nobody has to be woken for it
	wait.Wait()
	return ctx.Err()
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

// sums is what a figure adds up: tables, for the most part.
type sums[S any] interface {
	add(o S)  // what was added up elsewhere
	take(o S) // what counts no more
	size() int
}

// figure is one thing that is counted over the deals of a question.
type figure[S sums[S]] struct {
	name string // tells it from every other figure of a question
	counted
	empty func() S
	each  func(d *deal, to S)
}

// counted is the deals a figure counts.
type counted struct {
	states []uint8
	// lately leaves out, where there is a window, the closed deals of which nothing happened
	// since it begins: they count for nothing.
	lately bool
	// company counts everybody's deals, whatever the question keeps.
	company bool
}

// tabled is a figure counted by key.
func tabled[K key](name string, states []uint8, lately bool, each func(d *deal, sums *table[K])) figure[*table[K]] {
	return figure[*table[K]]{name: name, counted: counted{states: states, lately: lately}, empty: newTable[K], each: each}
}

// pass is a figure while it is added up (remember.go).
type pass interface {
	hold(ctx context.Context) error // its memo
	release()
	missing() bool // it is not remembered, and has to be added up
	deals() counted
	worker() (each func(d *deal), end func())
	done()
}

// walk adds up what is missing of some figures over every deal, in one walk over them: what one
// figure finds of a deal is there for the next. Each worker has sums of its own, and hands them in.
func (s *session) walk(ctx context.Context, list ...pass) error {
	list = slices.DeleteFunc(list, func(p pass) bool { return !p.missing() })
	if len(list) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	picked, known := s.picked, s.picked != nil
	if !known {
		picked = make([]*picks, len(s.chunks))
	}
	err := s.chunkwise(ctx, func() (func(n int), func()) {
		var kept, company lanes
		ends := make([]func(), len(list))
		for k, p := range list {
			each, end := p.worker()
			ends[k] = end
			if p.deals().company {
				company.add(p.deals(), each)
			} else {
				kept.add(p.deals(), each)
			}
		}
		return func(n int) {
				c := s.chunks[n]
				if !known {
					picked[n] = s.kept(c, s.countable(n), nil)
				}
				s.count(c, picked[n], &kept)
				if company.some {
					s.count(c, s.everyone(n), &company)
				}
			}, func() {
				for _, end := range ends {
					end()
				}
			}
	})
	if err != nil {
		return err
	}
	s.picked = picked
	for _, p := range list {
		p.done()
	}
	return nil
}

// lanes are what is counted of the deals in each state: of all of them, and of those of which
// anything happened in the window.
type lanes struct {
	some    bool
	byState [out + 1]lane
}

type lane struct{ always, lately []func(d *deal) }

func (l *lanes) add(x counted, each func(d *deal)) {
	l.some = true
	for _, state := range x.states {
		if to := &l.byState[state]; x.lately && state != open {
			to.lately = append(to.lately, each)
		} else {
			to.always = append(to.always, each)
		}
	}
}

// count counts picks of a chunk.
func (s *session) count(c *chunk, all *picks, lanes *lanes) {
	d := deal{c: c}
	for state := range all {
		l := &lanes.byState[state]
		if len(l.always)+len(l.lately) == 0 {
			continue
		}
		d.state = uint8(state)
		for _, p := range all[state] {
			lately := p.latest >= s.from // where it is not known nothing is before it
			if !lately && len(l.always) == 0 {
				continue
			}
			d.at(p)
			for _, each := range l.always {
				each(&d)
			}
			if lately {
				for _, each := range l.lately {
					each(&d)
				}
			}
		}
	}
}
