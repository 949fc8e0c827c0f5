package server_test

import (
	"fmt"
	"maps"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/server"
)

// TestAFilterBesideAnotherNarrows: what is in the list by two of them is in the list by each, and the other way round, also where
// the two exclude each other; by memory and, where it is not there, by the tables.
func TestAFilterBesideAnotherNarrows(t *testing.T) {
	asked := []string{
		"state=open", "state=won", "state=lost", "state=won&state=open", "stalled=true", "overstayed=true", "longStalled=true", "passed=true",
		"noNextStep=true", "waiting=true", "noAmount=true", "noPerson=true", "twins=true", "noOwner=true", "exceptions=true", "provisional=true",
		"expectedFrom=2026-03-02", "expectedTo=2026-03-02", "createdFrom=2026-02-01",
	}
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for turn, memory := range []bool{true, false} {
			w := apptest.New(t, db)
			w.Fill(300)
			standDifferently(t, w)
			_, err := w.Opportunities.Create(w.Ctx, w.As("周涛"), opportunity.New{Name: "五期改造", PipelineID: w.Bid.PipelineID})
			noError(t, err)
			for i := range 2 { // won by exception, and twins that have just begun
				w.Opportunity("陈露", fmt.Sprint("四期改造", i))
				won := w.Opportunity("周涛", "三期改造")
				w.Move("周涛", won.ID, "中标", apptest.Exception)
			}
			if !memory {
				w.Opportunities.Memory = nil
			}
			c := signIn(t, w, server.New(w.App, "test", false), "总监", fmt.Sprint("director", memory))
			d, by := deskCounts{t, c, "总监", "2026-03-02"}, map[string]map[string]bool{}
			listed := func(question string) map[string]bool {
				ids := map[string]bool{}
				for _, o := range d.all(question) {
					ids[o["id"].(string)] = true
				}
				return ids
			}
			for _, q := range asked {
				by[q] = listed(q)
			}
			for i, a := range asked {
				for j, b := range asked[i+1:] {
					if (i+j)%databasetest.Rounds(2, 1) != turn%databasetest.Rounds(2, 1) {
						continue // half of the pairs by memory, half by the tables; in make soak all by both
					}
					if a[:5] == "state" && b[:5] == "state" { // said twice, one or the other
						continue
					}
					want := maps.Clone(by[a])
					maps.DeleteFunc(want, func(id string, _ bool) bool { return !by[b][id] })
					if got := listed(a + "&" + b); !maps.Equal(got, want) {
						t.Errorf("memory %v: %s and %s: %d, want %d of %d and %d", memory, a, b, len(got), len(want), len(by[a]), len(by[b]))
					}
				}
			}
			for _, q := range asked {
				if len(by[q]) == 0 {
					t.Errorf("nothing is %s", q)
				}
			}
		}
	})
}
