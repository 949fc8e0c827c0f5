package tie_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/tie"
)

const knowersTarget = 20 * time.Millisecond

// TestKnowersCost measures one question over 500,000 people, 1,000,000 talks two-way and 100,000 ties, with
// YUNCHOU_BENCH: by the contact and by a name, of who sees all, half, and a sixtieth.
func TestKnowersCost(t *testing.T) {
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("measures: YUNCHOU_BENCH")
	}
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &world{World: apptest.New(t, db), t: t}
		w.Fill(100_000)
		w.FillPeople(20_000, 500_000, 1_000_000, 100_000)
		fmt.Printf("\n%v: who knows him, median and worst of 200\n| asked by | of | median | worst | target |\n|---|---|---:|---:|---:|\n", db.Dialect())
		for _, who := range []struct{ role, name string }{{"a director, who sees all", "总监"}, {"a manager, who sees half", "蒋跃"}, {"a rep, with a sixtieth", apptest.Seller(1)}} {
			a := w.As(who.name)
			for _, of := range []string{"a contact", "a name"} {
				var took []time.Duration
				for i := range 400 {
					n := 1 + (i*60+1)*20_000/20_000
					q := tie.Question{ContactID: fmt.Sprintf("00000000-0000-7000-a000-%012x", n*4)}
					if of == "a name" {
						q = tie.Question{Name: fmt.Sprint("人", n*4)}
					}
					began := time.Now()
					_, err := w.Ties.Knowers(w.Ctx, a, q)
					if d := time.Since(began); err == nil && i >= 20 { // the first fill caches; who is out of sight is refused
						took = append(took, d)
					}
				}
				if len(took) == 0 {
					continue
				}
				slices.Sort(took)
				median := took[len(took)/2]
				fmt.Printf("| %s | %s | %.1f ms | %.1f ms | %d ms |\n", who.role, of, float64(median.Microseconds())/1000, float64(took[len(took)-1].Microseconds())/1000,
					knowersTarget.Milliseconds())
				if median > knowersTarget {
					t.Errorf("%s, %s: %v, at most %v", who.role, of, median, knowersTarget)
				}
			}
		}
	})
}
