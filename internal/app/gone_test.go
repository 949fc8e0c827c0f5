package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
)

// TestWhatWaitsAboutADeletedDealEnds: the reader of the journal ends it, and nobody is told that nobody answered.
func TestWhatWaitsAboutADeletedDealEnds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		k, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), guidance.New{Kind: guidance.Question, On: on, Text: "降不降？"})
		must(t, err)
		defer w.Follows(w.App)()
		must(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), on.ID, true))
		w.CaughtUp("guidance.gone")
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			is, err := w.Guidance.Rows.Get(w.Ctx, tx, w.Admin.TenantID, k.ID)
			if err == nil && (is.State() != guidance.Taken || is.Turns[0].End != guidance.Gone) {
				t.Errorf("it is %s", is.State())
			}
			return err
		}))
	})
}
