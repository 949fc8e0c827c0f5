package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/funneldb"
)

// TestWhatLimitsAreMadeOfIsAsTheReferenceSays: the stays of won deals, and the gaps between the days on
// which they broke new ground, by columns and by SQL, while histories go on, with evidence accepted,
// stages taken out of the pipeline, deals deleted and won again.
func TestWhatLimitsAreMadeOfIsAsTheReferenceSays(t *testing.T) {
	for _, seed := range seeds(6) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			_, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Text})
			must(t, err)
			h := w.NewHistory(rand.New(rand.NewPCG(seed, 31)))
			columns, gaps := fromMemory(w.App).Source, 0
			for round := range 6 {
				h.Play(40)
				switch round {
				case 2:
					changeAround(t, w)
				case 4:
					withoutShortlist(t, w)
				}
				same := func(name string, of func(s funnel.Source) func(context.Context, database.Tx, string) ([]funnel.WonSpan, error)) {
					must(t, columns.Ready(t.Context(), w.Admin.TenantID))
					want, got := spansOf(t, w, of(funneldb.Source{})), spansOf(t, w, of(columns))
					if fmt.Sprint(want) != fmt.Sprint(got) {
						t.Fatalf("seed %d, round %d, %s:\n SQL    %v\n memory %v", seed, round, name, want, got)
					}
					gaps += len(got)
				}
				same("stays", func(s funnel.Source) func(context.Context, database.Tx, string) ([]funnel.WonSpan, error) {
					return s.WonStays
				})
				same("gaps", func(s funnel.Source) func(context.Context, database.Tx, string) ([]funnel.WonSpan, error) {
					return s.WonGaps
				})
			}
			if gaps == 0 {
				t.Errorf("seed %d: nothing was won", seed)
			}
		})
	}
}

// spansOf adds up spans, one a line.
func spansOf(t *testing.T, w *apptest.World, ask func(context.Context, database.Tx, string) ([]funnel.WonSpan, error)) (lines []string) {
	t.Helper()
	by := map[string]int64{}
	must(t, w.DB.Read(t.Context(), func(tx database.Tx) error {
		list, err := ask(t.Context(), tx, w.Admin.TenantID)
		for _, x := range list {
			by[fmt.Sprint(x.StageID, " ", x.From, " ", x.To)] += x.N
		}
		return err
	}))
	for k, n := range by {
		lines = append(lines, fmt.Sprint(n, " × ", k))
	}
	sort.Strings(lines)
	return lines
}
