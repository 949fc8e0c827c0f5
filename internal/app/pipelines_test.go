package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
)

// TestPagesBeginWithAPipelineThatIsUsed: what a new company came with and nobody uses stands behind the pipeline of its own.
func TestPagesBeginWithAPipelineThatIsUsed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		first := func() string {
			t.Helper()
			all, err := w.Pipelines.List(w.Ctx, w.Admin)
			if err != nil || len(all) < 2 {
				t.Fatal(len(all), err)
			}
			return all[0].Name
		}
		if got := first(); got != "投标流程" {
			t.Errorf("with no deals the first is %q", got)
		}
		other, err := w.Pipelines.Get(w.Ctx, w.Admin, "分销流程")
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Opportunities.Create(w.Ctx, w.As("陈露"), opportunity.New{Name: "区域代理", PipelineID: other.PipelineID})
		if err != nil {
			t.Fatal(err)
		}
		if got := first(); got != "分销流程" {
			t.Errorf("the first is %q, which nobody uses", got)
		}
		w.Opportunity("陈露", "二期改造")
		if got := first(); got != "投标流程" {
			t.Errorf("of two that are used the first is %q", got)
		}
	})
}
