package app_test

import (
	"slices"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestANewVersionsLimitsHoldInEveryProcessAtOnce: what one process publishes, the other
// counts by with the next question, though it keeps limits for a while.
func TestANewVersionsLimitsHoldInEveryProcessAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		here := apptest.New(t, db)
		there := apptest.Reopen(t, db, here.Clock.Now)
		stage := here.Bid.First()
		for _, w := range []*app.App{here.App, there} {
			by, err := w.Funnel.Limits(t.Context(), here.Admin.TenantID)
			if got := by[stage.ID].Stalled; err != nil || got != stage.StandardDays {
				t.Fatalf("stalled after %d days, want %d (%v)", got, stage.StandardDays, err)
			}
		}
		draft := here.Bid
		draft.Stages = slices.Clone(draft.Stages)
		draft.Stages[0].StandardDays, draft.Stages[0].MaxDays = stage.StandardDays+3, stage.MaxDays+30
		_, err := here.Pipelines.Publish(t.Context(), here.As("管理员"), here.Bid.PipelineID, here.Bid.ID, draft, nil)
		must(t, err)
		for name, w := range map[string]*app.App{"here": here.App, "there": there} {
			by, err := w.Funnel.Limits(t.Context(), here.Admin.TenantID)
			if got := by[stage.ID].Stalled; err != nil || got != stage.StandardDays+3 {
				t.Errorf("%s: stalled after %d days, want %d (%v)", name, got, stage.StandardDays+3, err)
			}
		}
	})
}
