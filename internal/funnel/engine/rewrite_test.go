package engine

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestAChunkThatIsWrittenIntoIsWhatAllOfItMakes: a chunk grows by one and by many, opportunities are
// replaced by others and by the same, and each time it is compared with one made of all rows.
func TestAChunkThatIsWrittenIntoIsWhatAllOfItMakes(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	numbers := newNumbering()
	another := func() row {
		r, err := numbers.deal(played(madeUp(rng, rng.IntN(500), rng.IntN(3)), rng))
		if err != nil {
			t.Fatal(err)
		}
		if rng.IntN(4) == 0 {
			r.crew = []symbol{symbol(rng.IntN(9))}
		}
		r.account = int32(rng.IntN(9000))
		for f := symbol(1); f < 4; f++ {
			if rng.IntN(3) == 0 {
				r.own = append(r.own, ownValue{f, int64(rng.IntN(5)) - 1})
			}
		}
		return r
	}
	rows := []row{another()}
	c := newChunk(rows)
	for step := range 500 {
		replaced, added := map[int]row{}, []row(nil)
		switch k := rng.IntN(20); {
		case k < 6 && len(rows) < chunkSize:
			for range min(1+rng.IntN(1+step/8), chunkSize-len(rows)) {
				added = append(added, another())
			}
		case k == 6: // a column of one value, and one that had one
			for i := range rows {
				rows[i].source = 7
				replaced[i] = rows[i]
			}
		case k == 7: // nothing new
			i := rng.IntN(len(rows))
			replaced[i] = rows[i]
		default:
			for range 1 + rng.IntN(3) {
				i := rng.IntN(len(rows))
				r := another()
				r.id = rows[i].id
				rows[i], replaced[i] = r, r
			}
		}
		before, held := rowsIn(c), c
		c, rows = c.with(replaced, added), append(rows, added...)
		if step%10 > 0 && step < 480 {
			continue
		}
		want := newChunk(rows)
		if got, want := rowsIn(c), rowsIn(want); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: %d rows are not the %d written", step, len(got), len(want))
		}
		if c.last != want.last || c.ahead != want.ahead || c.varied != want.varied {
			t.Fatalf("step %d: last %d ahead %v varied %b, want %d %v %b", step, c.last, c.ahead, c.varied, want.last, want.ahead, want.varied)
		}
		if !reflect.DeepEqual(before, rowsIn(held)) {
			t.Fatalf("step %d: the chunk before is another now", step)
		}
	}
	got, want := bytesIn(c), bytesIn(newChunk(rows))
	t.Logf("%d rows, %d bytes written into, %d made at once", len(rows), got, want)
	if got > want+want/8 {
		t.Errorf("a chunk that was written into takes %d bytes, made at once %d", got, want)
	}
}

func rowsIn(c *chunk) (out []row) {
	for i := range c.id {
		out = append(out, c.row(i))
	}
	return out
}

func bytesIn(c *chunk) int64 { return held(reflect.ValueOf(&c.columns).Elem()) }
