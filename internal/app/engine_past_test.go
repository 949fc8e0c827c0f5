package app_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
)

// TestTheEngineKnowsThePastAsTheReferenceDoes plays companies in which everything may
// happen that facts are about — splits, corrections, versions, transfers announced and dated
// back, imports undone — and asks both, of any day, as known now and then.
func TestTheEngineKnowsThePastAsTheReferenceDoes(t *testing.T) {
	for _, seed := range seeds(15) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) { pastAgainstReference(t, db, seed) })
	}
}

func pastAgainstReference(t *testing.T, db *database.DB, seed uint64) {
	w, rng := apptest.New(t, db), rand.New(rand.NewPCG(seed, 41))
	w.AddMember("管报表的", w.ID["公司"], false, "operations")
	p := apptest.NewPlayer(w, rng)
	columns := fromMemory(w.App).Source
	for range 6 {
		p.Play(8)
		for range databasetest.Rounds(5, 10) {
			memory, sql := reference(w.App), reference(w.App) // anew: each keeps limits for a while
			memory.Source = columns
			who := pickOne(rng, append([]string{"管理员", "总监", "管报表的"}, p.Sellers...)...)
			ask := randomAsk(rng, w)
			if len(p.Days) > 0 && rng.IntN(2) == 0 {
				ask.AsOf = pickOne(rng, p.Days...)
			}
			want, got := answer(t, sql, w.As(who), ask), answer(t, memory, w.As(who), ask)
			if want != got {
				t.Fatalf("seed %d, as %s, %+v:\n%s", seed, who, ask, apart(want, got))
			}
			m := randomFigure(t, rng, w, ask.Group)
			wantIDs, wantTotal, wantErr := sql.Records(t.Context(), w.As(who), ask, m, 0, 20)
			gotIDs, gotTotal, gotErr := memory.Records(t.Context(), w.As(who), ask, m, 0, 20)
			if want, got := fmt.Sprint(wantIDs, wantTotal, wantErr), fmt.Sprint(gotIDs, gotTotal, gotErr); want != got {
				t.Fatalf("seed %d, as %s, %+v, figure %+v:\n SQL    %s\n memory %s", seed, who, ask, m, want, got)
			}
			seedOf := rng.Uint64()
			if want, got := analysis(t, seedOf, sql, w, w.As(who), ask), analysis(t, seedOf, memory, w, w.As(who), ask); want != got {
				t.Fatalf("seed %d, as %s, %+v:\n%s", seed, who, ask, apart(want, got))
			}
		}
	}
	t.Logf("%d acts accepted: %v", len(p.Accepted), p.Accepted)
}

// TestATrendOfWhatWasKnownHasEachPeriodOnce: before the first month anything was recorded there is nothing
// to wait for, and in it what was known has to be read.
func TestATrendOfWhatWasKnownHasEachPeriodOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for range 2 {
			w.Opportunity("陈露", "二期改造")
			w.Clock.Set(w.As("管理员").Today.Add(40))
		}
		w.Opportunity("陈露", "三期")
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID, Knowledge: funnel.KnownThen}
		trend, err := fromMemory(w.App).Trend(w.Ctx, w.As("管理员"), ask, "month", 6)
		must(t, err)
		var months []string
		for _, p := range trend.Points {
			months = append(months, p.From.Month())
		}
		if len(months) != 6 || !slices.IsSorted(months) {
			t.Errorf("6 months are %v", months)
		}
	})
}

// seeds are those of random histories: the first, in a soak so many, or the one that
// YUNCHOU_SEED names.
func seeds(soak uint64) (out []uint64) {
	if n, err := strconv.ParseUint(os.Getenv("YUNCHOU_SEED"), 10, 64); err == nil {
		return []uint64{n}
	}
	if os.Getenv("YUNCHOU_SOAK") == "" {
		soak = 1
	}
	for n := range soak {
		out = append(out, n)
	}
	return out
}

// apart shows where two answers begin to differ.
func apart(want, got string) string {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	around := func(s string) string { return s[max(0, at-300):min(len(s), at+300)] }
	return " SQL    …" + around(want) + "\n memory …" + around(got)
}
