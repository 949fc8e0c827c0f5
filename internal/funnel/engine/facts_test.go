package engine

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// drawFacts makes up facts of an opportunity.
func drawFacts(t *rapid.T) *facts {
	f := &facts{}
	days := rapid.Uint16Range(40000, 40060)
	span := func() known {
		x := known{seq: rapid.Int64Range(0, 20).Draw(t, "seq")}
		if rapid.IntRange(0, 3).Draw(t, "ended") == 0 {
			x.ended = x.seq + 1 + rapid.Int64Range(0, 5).Draw(t, "after")
		}
		return x
	}
	amount := rapid.OneOf(rapid.Just(nothing), rapid.Int64Range(0, 1e15))
	for range rapid.IntRange(0, 6).Draw(t, "stays") {
		at, state := pair(rapid.IntRange(1, 4).Draw(t, "pair")), uint8(rapid.IntRange(0, 3).Draw(t, "state"))
		s := stayFact{stay: newStay(at, days.Draw(t, "entered"), 40001, state, advance), known: span()}
		if rapid.Bool().Draw(t, "told") {
			s.told, s.amount, s.contract, s.currency = true, amount.Draw(t, "amount"), amount.Draw(t, "contract"), 1
		}
		f.stays = append(f.stays, s)
	}
	for range rapid.IntRange(0, 3).Draw(t, "owners") {
		member := symbol(rapid.IntRange(0, 3).Draw(t, "member"))
		f.owners = append(f.owners, ownerFact{days.Draw(t, "from"), member, 2, span()})
	}
	for range rapid.IntRange(0, 6).Draw(t, "values") {
		of := field(rapid.IntRange(0, int(ofAccount)).Draw(t, "field"))
		f.values = append(f.values, valueFact{of, days.Draw(t, "day"), 0, amount.Draw(t, "number"), 0, span()})
	}
	for range rapid.IntRange(0, min(1, len(f.stays))).Draw(t, "credits") {
		on := days.Draw(t, "credited")
		f.credits = append(f.credits, creditFact{credit{minor: 5, member: 1, share: 10000, from: on}, 3})
	}
	return f
}

func TestFactsAreUnpackedAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		for i := range f.stays { // what is not told is not kept
			if s := &f.stays[i]; !s.told {
				s.amount, s.contract = 0, 0
			}
		}
		if got, want := fmt.Sprint(*unpack(f.pack(nil))), fmt.Sprint(*f); got != want {
			t.Fatalf("%s\nwant %s", got, want)
		}
	})
}

// TestAFieldIsWhatItsLastRowSays holds the lists of a row to the rule, spelled out: of the
// last day, of several on it the last written.
func TestAFieldIsWhatItsLastRowSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		k := rapid.OneOf(rapid.Just(allKnown), rapid.Int64Range(0, 25)).Draw(t, "known")
		r := row{amount: 77, expected: 41000, owner: 9, currency: 1}
		r.assemble(f, k)
		c := newChunk([]row{r})
		first := forever
		for _, s := range r.stays {
			first = min(first, s.since)
		}
		for on := first; on < 40070; on++ {
			want, best := nothing, (*valueFact)(nil)
			for i := range f.values {
				v := &f.values[i]
				later := best == nil || v.day > best.day || v.day == best.day && v.seq >= best.seq
				if v.field == ofAmount && v.day <= on && v.at(k) && later {
					best = v
				}
			}
			if best != nil {
				want = best.number
			}
			if got := c.amountOn(0, on); got != want {
				t.Fatalf("on %d known at %d it is %d, want %d", on, k, got, want)
			}
		}
	})
}
