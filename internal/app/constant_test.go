package app_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// TestWhatIsMovedWithinAnEditIsNeverCountedTwice: an edit takes from one deal what it gives another; lists
// and reports asked meanwhile, of any moment, add up to the same.
func TestWhatIsMovedWithinAnEditIsNeverCountedTwice(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		_, err := w.Fields.Define(w.Ctx, boss, field.Field{Record: "opportunity", Label: "等级", Key: "level", Type: field.Choice, Options: []string{"高", "低"}})
		must(t, err)
		var deals []string
		for n := range 40 {
			o := w.Opportunity("陈露", "二期改造")
			amount := int64(1_000_00)
			p := &amount
			level := "低"
			if n%2 == 0 {
				level = "高"
			}
			_, err := w.Opportunities.Edit(w.Ctx, boss, o.ID, 0, opportunity.Patch{AmountMinor: &p, Custom: field.Values{"level": level}})
			must(t, err)
			deals = append(deals, o.ID)
		}
		must(t, w.Engine.Ready(w.Ctx, boss.TenantID))
		var amounts [40]int64
		for i := range amounts {
			amounts[i] = 1_000_00
		}
		const all, half = int64(40_000_00), int64(20_000_00)
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID}
		halved := ask
		halved.Filter.Custom = map[string]string{"level": "高"}
		_, err = w.Funnel.Report(w.Ctx, boss, ask)
		must(t, err)
		until := time.Now().Add(3 * time.Second)
		var wait sync.WaitGroup
		var edits, asked atomic.Int64
		wait.Go(func() {
			rng := rand.New(rand.NewPCG(3, 3))
			for time.Now().Before(until) && !t.Failed() {
				i, j := rng.IntN(20)*2, rng.IntN(20)*2
				if rng.IntN(2) == 0 {
					i, j = i+1, j+1
				}
				x := rng.Int64N(amounts[i] + 1)
				if i == j {
					continue
				}
				amounts[i], amounts[j] = amounts[i]-x, amounts[j]+x
				err := db.Together(w.Ctx, func(ctx context.Context) error {
					for _, k := range []int{i, j} {
						p := &amounts[k]
						if _, err := w.Opportunities.Edit(ctx, boss, deals[k], 0, opportunity.Patch{AmountMinor: &p}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				edits.Add(1)
			}
		})
		for g := range 16 {
			rng := rand.New(rand.NewPCG(uint64(g), 5))
			wait.Go(func() {
				for time.Now().Before(until) && !t.Failed() {
					asked.Add(1)
					want, got, what := all, int64(-1), rng.IntN(5)
					switch what {
					case 0, 1:
						q := ask
						if what == 1 {
							q, want = halved, half
						}
						r, err := w.Funnel.Report(w.Ctx, boss, q)
						if err != nil {
							t.Error(err)
						}
						got = r.OpenMinor
					case 2:
						trend, err := w.Funnel.Trend(w.Ctx, boss, ask, "month", 3)
						if err != nil {
							t.Error(err)
							continue
						}
						got = trend.Points[2].OpenMinor
					default:
						f := opportunity.Filter{}
						if what == 3 {
							f.Custom, want = halved.Filter.Custom, half
						}
						_, totals, err := w.Opportunities.List(w.Ctx, boss, f, page.Request{Sort: "amount", Limit: 5}, w.Funnel)
						if err != nil {
							t.Error(err)
						}
						got = 0
						for _, x := range totals {
							got += x.AmountMinor
						}
					}
					if got != want {
						t.Errorf("%d adds up to %d, not %d", what, got, want)
					}
				}
			})
		}
		wait.Wait()
		if edits.Load() < 2 || asked.Load() < 16 {
			t.Errorf("only %d edits and %d questions", edits.Load(), asked.Load())
		}
		t.Logf("%d edits, %d questions", edits.Load(), asked.Load())
	})
}
