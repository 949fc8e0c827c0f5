package engine

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/pipeline"
)

// synthetic is a session over n made-up opportunities of about five stays each.
func synthetic(n int) (*session, funnel.Query) {
	rng := rand.New(rand.NewPCG(1, 1))
	numbers := newNumbering()
	v := pipeline.Version{PipelineID: "p"}
	small := Around{}
	for i := range 8 {
		st := pipeline.Stage{ID: fmt.Sprint("s", i), Kind: []pipeline.Kind{pipeline.Open, pipeline.Open, pipeline.Open, pipeline.Open, pipeline.Open, pipeline.Open, pipeline.Won, pipeline.Lost}[i]}
		v.Stages = append(v.Stages, st)
		small.Stages = append(small.Stages, StageRow{ID: st.ID, PipelineID: "p", Kind: string(st.Kind), Position: i})
	}
	around, err := numbers.surroundings(small)
	if err != nil {
		panic(err)
	}
	next := &snapshot{around: around}
	p, cny := numbers.texts.of("p"), numbers.texts.of("CNY")
	var owners []symbol
	for i := range 60 {
		owners = append(owners, numbers.texts.of(fmt.Sprint("m", i)))
	}
	var rows []row
	for i := range n {
		began := day(44000 + rng.IntN(1800))
		r := row{pipeline: p, created: began, entered: began, amount: int64(rng.IntN(900)) * 1_000_00, contract: nothing, confidence: -1, currency: cny, owner: owners[rng.IntN(60)]}
		binary.BigEndian.PutUint64(r.id[:], uint64(i))
		depth, state := 2+rng.IntN(5), open
		if x := rng.IntN(100); x < 16 {
			depth, state, r.contract = 6, won, r.amount
		} else if x < 66 {
			state = lost
		}
		for k := range depth {
			left, leftMove := began+day(5*k+5), advance
			if k == depth-1 {
				left, leftMove = unknown, 0
				if state != open {
					left, leftMove = began+day(5*k+5), win
				}
			}
			r.stays = append(r.stays, newStay(stageNumber(k+1), began+day(5*k), left, began, open, advance, leftMove))
			r.stage = stageNumber(k + 1)
		}
		if state != open {
			r.stage, r.closed = stageNumber(6+state), began+day(5*depth)
			r.stays = append(r.stays, newStay(r.stage, r.closed, unknown, began, state, win, 0))
		}
		r.state = state
		if rows = append(rows, r); len(rows) == chunkSize {
			next.chunks = append(next.chunks, newChunk(rows))
			rows = rows[:0]
		}
	}
	if len(rows) > 0 {
		next.chunks = append(next.chunks, newChunk(rows))
	}
	t := &tenant{numbers: numbers}
	t.publish(next)
	q := funnel.Query{TenantID: "t", Pipeline: v, AsOf: "2026-03-01", Today: "2026-03-01", Currency: "CNY"}
	q.Scope.All = true
	s := &session{snapshot: next}
	if err := s.prepare(nil, database.Tx{}, nil, t, q); err != nil { //nolint:staticcheck // nothing is asked of a database
		panic(err)
	}
	return s, q
}

// BenchmarkScan times each measure over 100,000 opportunities in memory alone.
func BenchmarkScan(b *testing.B) {
	s, q := synthetic(100_000)
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
		{"Stays", func() error { _, err := s.Stays(b.Context(), database.Tx{}, q); return err }},
	} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if err := x.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
