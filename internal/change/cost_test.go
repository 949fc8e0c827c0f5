package change_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/relation"
)

// TestChangeCost measures telling, and taking back, that somebody changed who decides 500 open opportunities (make
// bench): the whole write, from the request to what is committed.
func TestChangeCost(t *testing.T) {
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("measures: YUNCHOU_BENCH")
	}
	for _, open := range []func(testing.TB) *database.DB{databasetest.SQLite, databasetest.PostgreSQL} {
		db := open(t)
		w := &world{World: apptest.New(t, db), t: t}
		wang, five := w.person("王建国", w.Account), int64(5)
		for i := range 500 {
			o := w.sells([]string{"小李", "陈露"}[i%2], fmt.Sprintf("产线 %d", i))
			w.ok(w.Opportunities.Judge(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.DealContact{ContactID: wang, Role: "economic",
				Judged: relation.Judged{Influence: &five}}))
		}
		w.Fill(20_000)
		w.ok(db.Analyze(w.Ctx))
		var tell, refute []time.Duration
		for i := range 7 {
			began := time.Now()
			c, err := w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: wang, Kind: change.Left, SuccessorName: fmt.Sprintf("赵兵%d", i), Source: "self"})
			w.ok(err)
			tell = append(tell, time.Since(began))
			if c, err = w.Changes.Get(w.Ctx, w.As("管理员"), c.ID); err != nil || len(c.Deals) != 500 {
				t.Fatalf("%d opportunities, %v", len(c.Deals), err)
			}
			began = time.Now()
			_, err = w.Changes.Refute(w.Ctx, w.As("管理员"), c.ID)
			w.ok(err)
			refute = append(refute, time.Since(began))
		}
		slices.Sort(tell)
		slices.Sort(refute)
		fmt.Printf("\n%v: a change of who decides 500 open opportunities, of 7\n| | median | worst | target |\n|---|---:|---:|---:|\n", db.Dialect())
		fmt.Printf("| told | %d ms | %d ms | 1000 ms |\n| taken back | %d ms | %d ms | |\n", tell[3].Milliseconds(), tell[6].Milliseconds(), refute[3].Milliseconds(), refute[6].Milliseconds())
	}
}
