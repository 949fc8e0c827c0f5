package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/pipeline"
)

// synthetic is a session over n made-up opportunities of about five stays each, two
// amounts and two expected dates.
func synthetic(n int) (*session, funnel.Query) {
	rng := rand.New(rand.NewPCG(1, 1))
	numbers := newNumbering()
	v := pipeline.Version{ID: "v", PipelineID: "p"}
	for i := range 8 {
		kind := pipeline.Open
		if i >= 6 {
			kind = []pipeline.Kind{pipeline.Won, pipeline.Lost}[i-6]
		}
		v.Stages = append(v.Stages, pipeline.Stage{ID: fmt.Sprint("s", i), Kind: kind})
	}
	next := &snapshot{index: newIndex(numbers), around: numbers.surroundings(Around{Versions: []VersionRow{{"v", "p"}}})}
	m := &maker{rng: rng, numbers: numbers, pipeline: numbers.texts.of("p"), currency: numbers.texts.of("CNY")}
	for i := range 60 {
		m.owners = append(m.owners, numbers.texts.of(fmt.Sprint("m", i)))
	}
	var rows []row
	for i := range n {
		if rows = append(rows, m.deal(i)); len(rows) == chunkSize || i == n-1 {
			next.chunks = append(next.chunks, newChunk(rows))
			rows = rows[:0]
		}
	}
	(&tenant{}).publish(next)
	q := funnel.Query{TenantID: "t", Pipeline: v, Path: pipeline.NewPath(v, []pipeline.Version{v}), AsOf: "2026-03-01",
		Today: "2026-03-01", Currency: "CNY"}
	q.Scope.All, q.Figures.All = true, true
	s := &session{snapshot: next}
	if err := s.prepare(context.Background(), database.Tx{}, nil, q); err != nil { // nothing is asked of a database
		panic(err)
	}
	return s, q
}

// population is the deals of a question, chunk by chunk.
func population(s *session) (out []*picks) {
	for n, c := range s.chunks {
		out = append(out, s.kept(c, s.countable(n), nil))
	}
	return out
}

// maker makes up opportunities.
type maker struct {
	rng                *rand.Rand
	numbers            numbering
	pipeline, currency symbol
	owners             []symbol
}

func (m *maker) stage(k int) pair {
	n, err := m.numbers.pair("v", fmt.Sprint("s", k))
	if err != nil {
		panic(err)
	}
	return n
}

func (m *maker) deal(i int) row {
	rng := m.rng
	began := day(44000 + rng.IntN(1800))
	r := row{pipeline: m.pipeline, created: began, expected: began + 150, amount: int64(rng.IntN(900)) * 1_000_00,
		contract: nothing, confidence: -1, currency: m.currency, owner: m.owners[rng.IntN(60)]}
	binary.BigEndian.PutUint64(r.id[:], uint64(i))
	depth, state := 2+rng.IntN(5), open
	if x := rng.IntN(100); x < 16 {
		depth, state, r.contract = 6, won, r.amount
	} else if x < 66 {
		state = lost
	}
	for k := range depth {
		r.stays = append(r.stays, newStay(m.stage(k), began+day(5*k), began, open, advance))
		r.stage = m.numbers.texts.of(fmt.Sprint("s", k))
	}
	if state != open {
		r.closed = began + day(5*depth)
		r.stays = append(r.stays, newStay(m.stage(5+int(state)), r.closed, began, state, win))
	}
	r.amounts = []amountUntil{newAmountUntil(began+3, r.amount/2)}
	r.values = []valueUntil{{int32(began + 100), began + 4, ofExpected}}
	r.state = state
	return r
}

// BenchmarkScan times each measure over 100,000 opportunities in memory alone.
func BenchmarkScan(b *testing.B) {
	s, q := synthetic(benchDeals())
	byOwner := q
	byOwner.Group = funnel.ByOwner
	for _, x := range []struct {
		name string
		run  func() error
	}{
		{"Open", func() error { _, err := s.Open(b.Context(), database.Tx{}, q); return err }},
		{"Counts", func() error { _, err := s.Counts(b.Context(), database.Tx{}, q); return err }},
		{"CountsByOwner", func() error { _, err := s.Counts(b.Context(), database.Tx{}, byOwner); return err }},
		{"Reached", func() error { _, err := s.Reached(b.Context(), database.Tx{}, q); return err }},
		{"Cycles", func() error { _, err := s.Cycles(b.Context(), database.Tx{}, q); return err }},
		{"Qualified", func() error { _, err := s.Qualified(b.Context(), database.Tx{}, q, "s2"); return err }},
		{"Losses", func() error { _, err := s.Losses(b.Context(), database.Tx{}, q); return err }},
		{"Resolved", func() error { _, err := s.Resolved(b.Context(), database.Tx{}, q); return err }},
		{"Together", func() error {
			return s.Foresee(b.Context(), database.Tx{}, q, funnel.Foreseen{Qualified: "s2", Whole: true})
		}},
		{"Stays", func() error { _, err := s.Stays(b.Context(), database.Tx{}, q); return err }},
	} {
		b.Run(x.name, func(b *testing.B) {
			if err := x.run(); err != nil { // what is kept with the chunks is kept
				b.Fatal(err)
			}
			defer reportCPU(b)()
			for b.Loop() {
				s.memos = newMemos()
				if err := x.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAfterAnEdit times the figures of a whole report over 100,000 opportunities, asked again after
// another amount was written of one.
func BenchmarkAfterAnEdit(b *testing.B) {
	s, q := synthetic(benchDeals())
	s.index.sorted = s.size()
	now, rng := s.snapshot, rand.New(rand.NewPCG(1, 2))
	ask := func() {
		at := rng.IntN(now.size())
		r := now.chunks[at/chunkSize].row(at % chunkSize)
		r.amount = int64(rng.IntN(900)) * 1_000_00
		next := now.with(now.chunks)
		next.replace([]row{r})
		(&tenant{}).publish(next)
		now = next
		if err := wholeReport(b.Context(), next, q); err != nil {
			b.Fatal(err)
		}
	}
	ask()
	defer reportCPU(b)()
	for b.Loop() {
		ask()
	}
}

// wholeReport asks for all figures of a whole report.
func wholeReport(ctx context.Context, of *snapshot, q funnel.Query) error {
	s, tx := &session{snapshot: of}, database.Tx{}
	err := s.prepare(ctx, tx, nil, q)
	if err == nil {
		err = s.Foresee(ctx, tx, q, funnel.Foreseen{Qualified: "s2", Whole: true})
	}
	also := func(_ any, failed error) { err = errors.Join(err, failed) }
	also(s.Counts(ctx, tx, q))
	also(s.Cycles(ctx, tx, q))
	also(s.Reached(ctx, tx, q))
	also(s.Open(ctx, tx, q))
	also(s.Qualified(ctx, tx, q, "s2"))
	also(s.Resolved(ctx, tx, q))
	also(s.Losses(ctx, tx, q))
	also(s.Stays(ctx, tx, q))
	return err
}
