package opportunity_test

import (
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// TestALimitBesideAnotherNarrows: what stands still and has stayed too long is what is in both lists.
func TestALimitBesideAnotherNarrows(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		both, moved, back := w.Opportunity("陈露", "二期改造").ID, w.Opportunity("陈露", "三期改造").ID, w.Opportunity("陈露", "四期改造").ID
		w.Move("陈露", back, "入围", apptest.Exception)
		w.Clock.Set("2026-03-26")
		w.Supply("陈露", moved) // new ground, in the stage it has stayed in since the start
		w.Clock.Set("2026-03-31")
		w.Move("陈露", back, "机会") // known ground
		w.Clock.Set("2026-04-02")
		listed := func(f opportunity.Filter) (ids []string) {
			list, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), f, page.Request{}, w.Funnel)
			must(t, err)
			for _, o := range list.Items {
				ids = append(ids, o.ID)
			}
			slices.Sort(ids)
			return ids
		}
		sorted := func(ids ...string) []string { slices.Sort(ids); return ids }
		for _, tt := range []struct {
			name string
			f    opportunity.Filter
			want []string
		}{
			{"stalled", opportunity.Filter{Stalled: true}, sorted(both, back)},
			{"overstayed", opportunity.Filter{Overstayed: true}, sorted(both, moved)},
			{"both", opportunity.Filter{Stalled: true, Overstayed: true}, sorted(both)},
		} {
			if got := listed(tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
	})
}
