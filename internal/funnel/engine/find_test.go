package engine

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pinyin"
)

// TestPagesHoldEverythingOnceAndInOrder turns the pages of lists over several chunks, in every
// order, and compares them with all rows sorted another way.
func TestPagesHoldEverythingOnceAndInOrder(t *testing.T) {
	s, _ := synthetic(3*chunkSize + 77)
	rng := rand.New(rand.NewPCG(8, 8))
	type record struct {
		id  string
		key any
	}
	byKey := func(a, b any) int {
		switch x := a.(type) {
		case int64:
			return cmp.Compare(x, b.(int64))
		default:
			return cmp.Compare(a.(string), b.(string))
		}
	}
	for _, sort := range []string{"name", "created", "amount", "expected", "entered", "closed"} {
		for _, desc := range []bool{true, false} {
			p := page.Request{Sort: sort, Desc: desc, Limit: 150 + rng.IntN(50)}
			owner := fmt.Sprint("m", rng.IntN(60))
			w := opportunity.Wanted{Scope: org.Scope{All: true}, Page: p, Currency: "CNY", Today: "2026-03-01",
				Filter: opportunity.Filter{States: []opportunity.State{opportunity.Open, opportunity.Lost}, Owner: owner}}
			var all []record
			for _, c := range s.chunks {
				for i := range c.id {
					if c.state.at(i) == won || s.text[c.owner.at(i)] != owner {
						continue
					}
					r := record{id: c.id[i].String()}
					switch sort {
					case "name":
						full, _ := pinyin.Keys(string(c.name.at(i)))
						r.key = full
					case "amount":
						r.key = c.amount.at(i)
					default:
						if d := days[sort](c).at(i); d != unknown {
							r.key = string(dateOf(d))
						}
					}
					all = append(all, r)
				}
			}
			slices.SortFunc(all, func(a, b record) int {
				if (a.key == nil) != (b.key == nil) { // none comes last, either way
					if a.key == nil {
						return 1
					}
					return -1
				}
				by := 0
				if a.key != nil {
					by = byKey(a.key, b.key)
				}
				if by = cmp.Or(by, cmp.Compare(a.id, b.id)); desc {
					return -by
				}
				return by
			})
			for pages := 0; ; pages++ {
				l, known, err := s.listing(&tenant{}, w, nil)
				if err != nil || !known {
					t.Fatal(known, err)
				}
				list, err := l.find(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				found := list[0]
				if found.Totals[0].Count != int64(countOf(s, owner)) {
					t.Fatalf("%d counted of %d", found.Totals[0].Count, countOf(s, owner))
				}
				for n, row := range found.Page[:min(len(found.Page), p.Limit)] {
					if len(all) == 0 || row.ID != all[0].id || row.Key != all[0].key {
						t.Fatalf("by %s, descending %v, page %d, row %d: %v, want %v", sort, desc, pages, n, row, all[:min(1, len(all))])
					}
					all = all[1:]
				}
				if len(found.Page) <= p.Limit {
					break
				}
				last := found.Page[p.Limit-1]
				w.Page.Cursor = p.Next(last.Key, last.ID)
			}
			if len(all) != 0 {
				t.Fatalf("by %s: %d are on no page", sort, len(all))
			}
		}
	}
}

// TestAnAmountBeyondWhatCanBeStatedIsNone: a list orders and filters by what the record states.
func TestAnAmountBeyondWhatCanBeStatedIsNone(t *testing.T) {
	c := newChunk([]row{{amount: 1_000_000_00, currency: 1}, {amount: money.MaxTotal, currency: 1}, {amount: nothing, currency: 1}, {amount: 5, currency: 2}})
	p := prices{{}, {scale: scaleOf("USD", "CNY"), rate: 7 * money.RateScale}, {same, money.RateScale}}
	for i, want := range []int64{7_000_000_00, nothing, nothing, 5} {
		if got := p.of(c, i); got != want {
			t.Errorf("%d: %d, want %d", i, got, want)
		}
	}
}

func countOf(s *session, owner string) (n int) {
	for _, c := range s.chunks {
		for i := range c.id {
			if c.state.at(i) != won && s.text[c.owner.at(i)] == owner {
				n++
			}
		}
	}
	return n
}

// reportCPU reports what a benchmark took of the processors: on a machine that is shared, the
// time says little.
func reportCPU(b *testing.B) func() {
	used := func() int64 {
		var r syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
			b.Fatal(err)
		}
		return r.Utime.Nano() + r.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N)/1e6, "cpu-ms/op") }
}

// benchDeals is how many deals a benchmark makes: 100,000, or what YUNCHOU_BENCH_DEALS says.
func benchDeals() int {
	if n, err := strconv.Atoi(os.Getenv("YUNCHOU_BENCH_DEALS")); err == nil {
		return n
	}
	return 100_000
}

// BenchmarkFind times a page of a list over 100,000 opportunities in memory alone: the order that
// displaces most, a filter, a scope, all names alike up to their end.
func BenchmarkFind(b *testing.B) {
	s, _ := synthetic(benchDeals())
	for _, c := range s.chunks {
		var names []row
		for i := range c.id {
			r := c.row(i)
			r.name = fmt.Appendf(nil, "华新重工%d", i)
			names = append(names, r)
		}
		c.name = newChunk(names).name
	}
	least := int64(80_000_000)
	for name, w := range map[string]opportunity.Wanted{
		"all by amount":    {Page: page.Request{Sort: "amount", Desc: true}},
		"all by name":      {Page: page.Request{Sort: "name"}},
		"open of an owner": {Filter: opportunity.Filter{States: []opportunity.State{opportunity.Open}, Owner: "m7"}, Page: page.Request{Sort: "expected"}},
		"large":            {Filter: opportunity.Filter{AmountMin: &least, PricedIn: "CNY", PricedOn: "2026-03-01"}, Page: page.Request{Sort: "created", Desc: true}},
		"a search":         {Filter: opportunity.Filter{Query: "hxzg77"}, Page: page.Request{Sort: "created", Desc: true}},
		"a board":          {Filter: opportunity.Filter{States: []opportunity.State{opportunity.Open}}, Page: page.Request{Sort: "amount", Desc: true, Limit: 30}, Stages: []string{"s0", "s1", "s2", "s3", "s4", "s5"}},
	} {
		w.Scope, w.Currency, w.Today = org.Scope{All: true}, "CNY", calendar.Date("2026-03-01")
		b.Run(name, func(b *testing.B) {
			defer reportCPU(b)()
			for b.Loop() {
				l, known, err := s.listing(&tenant{}, w, nil)
				if err != nil || !known {
					b.Fatal(known, err)
				}
				if _, err := l.find(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
