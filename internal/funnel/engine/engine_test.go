package engine

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"

	"pgregory.net/rapid"
)

func TestAnEntryOfAnUnknownKindConcernsWhatItsScopeIs(t *testing.T) {
	c := Concerns{"opportunity": Opportunities, "account": Accounts, "contact": Nothing}
	for _, tt := range []struct {
		name string
		x    Touch
		want Concern
		id   string
	}{
		{"an opportunity", Touch{SubjectKind: "opportunity", SubjectID: "o"}, Opportunities, "o"},
		{"an account", Touch{SubjectKind: "account", SubjectID: "a"}, Accounts, "a"},
		{"a contact, which no column speaks of",
			Touch{SubjectKind: "contact", ScopeKind: "account", ScopeID: "a"}, Nothing, ""},
		{"a new kind that hangs on an opportunity",
			Touch{SubjectKind: "receipt", ScopeKind: "opportunity", ScopeID: "o"}, Opportunities, "o"},
		{"a new kind that hangs on an account",
			Touch{SubjectKind: "visit", ScopeKind: "account", ScopeID: "a"}, Accounts, "a"},
		{"a new kind that hangs on nothing known",
			Touch{SubjectKind: "plan", ScopeKind: "plan", ScopeID: "p"}, Surroundings, "p"},
	} {
		if got, id := c.of(tt.x); got != tt.want || got != Nothing && id != tt.id {
			t.Errorf("%s concerns %v %q", tt.name, got, id)
		}
	}
}

func TestAConversionIsMoneys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor, rate := rapid.Int64Range(-1e15, 1e15).Draw(t, "minor"), rapid.Int64Range(1, money.MaxRate).Draw(t, "rate")
		from := rapid.SampledFrom([]string{"JPY", "USD", "KWD"}).Draw(t, "from")
		to := rapid.SampledFrom([]string{"JPY", "CNY", "BHD"}).Draw(t, "to")
		k := scale{1, money.RateScale}
		for d := money.Digits(from); d < money.Digits(to); d++ {
			k.times *= 10
		}
		for d := money.Digits(to); d < money.Digits(from); d++ {
			k.by *= 10
		}
		got := k.turn(minor, uint64(rate))
		if want, err := money.Convert(minor, from, to, rate); err == nil && got != want {
			t.Fatalf("%d, want %d", got, want)
		} else if err != nil && got < most && got > -most {
			t.Fatalf("%d, but it is beyond what can be stated", got)
		}
	})
}

func TestATotalBeyondWhatIsExactSaysSo(t *testing.T) {
	s := &session{snapshot: &snapshot{text: []string{"", "USD"}}}
	rapid.Check(t, func(t *rapid.T) {
		var sum, part total
		want := new(big.Int)
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			v := rapid.OneOf(rapid.Int64Range(-1e15, 1e15), rapid.Int64Range(0, math.MaxInt64)).Draw(t, "v")
			want.Add(want, big.NewInt(v))
			if part.add(v); rapid.Bool().Draw(t, "merge") {
				sum.merge(&part)
				part = total{}
			}
		}
		sum.merge(&part)
		got := s.sum(&sum, 0)
		switch exact := want.CmpAbs(big.NewInt(most)) <= 0; {
		case got.Overflow == exact:
			t.Fatalf("%v: overflow %v", want, got.Overflow)
		case exact && got.Minor != want.Int64():
			t.Fatalf("%d, want %v", got.Minor, want)
		case !exact && got.Minor != 0:
			t.Fatalf("%d of what cannot be stated", got.Minor)
		}
	})
}

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
			want, best, any := int64(77), (*valueFact)(nil), false
			for i := range f.values {
				v := &f.values[i]
				any = any || v.field == ofAmount
				later := best == nil || v.day > best.day || v.day == best.day && v.seq >= best.seq
				if v.field == ofAmount && v.day <= on && v.at(k) && later {
					best = v
				}
			}
			if any {
				if want = nothing; best != nil {
					want = best.number
				}
			}
			if got := c.amountOn(0, on); got != want {
				t.Fatalf("on %d known at %d it is %d, want %d", on, k, got, want)
			}
		}
	})
}

// asking is a session over some rows of a pipeline of two versions: v with the stages a, b,
// c, won and lost, and w, where b stands before a and c is gone.
func asking(t *testing.T, asOf calendar.Date, deals ...*Deal) *session {
	t.Helper()
	stages := func(ids ...string) (out []pipeline.Stage) {
		for i, id := range ids {
			kind := pipeline.Open
			if i >= len(ids)-2 {
				kind = []pipeline.Kind{pipeline.Won, pipeline.Lost}[i-len(ids)+2]
			}
			out = append(out, pipeline.Stage{ID: id, Kind: kind})
		}
		return out
	}
	v := pipeline.Version{ID: "v", PipelineID: "p", Number: 1, Stages: stages("a", "b", "c", "won", "lost")}
	w := pipeline.Version{ID: "w", PipelineID: "p", Number: 2, Stages: stages("b", "a", "won", "lost"),
		Mapping: map[string]string{"c": "b"}}
	x := newIndex(newNumbering())
	s := &snapshot{index: x, around: x.surroundings(Around{Versions: []VersionRow{{"v", "p"}, {"w", "p"}, {"u", "q"}}})}
	var rows []row
	for _, d := range deals {
		r, err := x.deal(d)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	s.chunks = []*chunk{newChunk(rows)}
	(&tenant{}).publish(s)
	q := funnel.Query{Pipeline: v, Path: pipeline.NewPath(v, []pipeline.Version{v, w}), AsOf: asOf, Currency: "CNY",
		Figures: org.Figures{All: true}}
	out := &session{snapshot: s}
	if err := out.prepare(t.Context(), database.Tx{}, nil, q); err != nil {
		t.Fatal(err)
	}
	return out
}

const anID = "01890a5d-ac96-774b-bcce-b302099a8057"

// TestEachRungIsReachedAsTheWholePathSays holds the walk down a ladder, and the walk by
// bits where versions are ordered otherwise, to the question about each rung alone.
func TestEachRungIsReachedAsTheWholePathSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := &Deal{ID: anID, PipelineID: "p"}
		versions := rapid.SampledFrom([][]string{{"v"}, {"v", "w"}, {"v", "w", "u"}}).Draw(r, "versions")
		for i := range rapid.IntRange(1, 6).Draw(r, "stays") {
			s := Stay{ID: fmt.Sprint(i), VersionID: rapid.SampledFrom(versions).Draw(r, "version"),
				StageID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "stage"),
				State:   "open", Move: string(rapid.SampledFrom(moves[1:]).Draw(r, "move")), RecordedOn: "2026-03-05"}
			if rapid.IntRange(0, 4).Draw(r, "known") > 0 {
				s.EnteredOn = calendar.Date("2026-03-01").Add(rapid.IntRange(0, 20).Draw(r, "day"))
			}
			if rapid.IntRange(0, 5).Draw(r, "won") == 0 {
				s.StageID, s.State = "won", "won"
			}
			d.Stays = append(d.Stays, s)
		}
		s := asking(t, calendar.Date("2026-03-01").Add(rapid.IntRange(0, 20).Draw(r, "on")), d)
		for state, list := range s.population()[0] {
			for _, p := range list {
				x := &deal{pick: p, state: uint8(state), c: s.chunks[0]}
				var all reached
				s.reach(x, &all)
				for k := range s.path.rungs {
					first, past := s.firstReach(x, k)
					if all.first[k] != first || all.past>>k&1 != bit(past) || s.reaches(x)>>k&1 != bit(first != notReached) {
						r.Fatalf("rung %d: %d %v, alone %d %v", k, all.first[k], all.past>>k&1, first, past)
					}
				}
			}
		}
	})
}

// TestWhatIsAnnouncedCountsFromItsDay: a transfer that is to come, which no list shows yet.
func TestWhatIsAnnouncedCountsFromItsDay(t *testing.T) {
	d := &Deal{ID: anID, PipelineID: "p", Currency: "CNY", OwnerID: "陈露", TeamID: "一组",
		Stays: []Stay{{ID: "1", VersionID: "v", StageID: "a", State: "open", Move: "create", EnteredOn: "2026-03-02"}},
		Owners: []Ownership{{MemberID: "陈露", TeamID: "一组", From: "2026-03-02"},
			{MemberID: "陈露", TeamID: "二组", From: "2026-05-01"}}}
	for on, want := range map[calendar.Date]string{"2026-03-02": "一组", "2026-04-30": "一组", "2026-05-01": "二组",
		"2027-01-01": "二组"} {
		s := asking(t, on, d)
		counts, err := s.Counts(t.Context(), database.Tx{}, funnel.Query{Group: funnel.ByTeam})
		if err != nil || len(counts) != 1 || counts[0].Key != want {
			t.Errorf("on %s it counts for %+v, %v", on, counts, err)
		}
		if team := s.text[s.chunks[0].team.at(0)]; team != "一组" {
			t.Errorf("lists show %s", team)
		}
	}
}
