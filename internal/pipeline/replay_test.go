package pipeline_test

import (
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/pipeline"
	"yunchou/internal/replay/replaytest"
)

// TestPipelinesArePlayedAgain: the journal gives back pipelines and every version of them, and
// holds nothing that people wrote.
func TestPipelinesArePlayedAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		second := publish(t, w, w.Bid.ID, map[string]string{w.Stage("入围"): w.Stage("方案制定"), "客户说的话": w.Stage("机会")}, func(v *pipeline.Version) {
			v.Stages = slices.DeleteFunc(v.Stages, func(s pipeline.Stage) bool { return s.Name == "入围" })
			v.Stages[0].Qualified = true
		})
		w.Clock.Set("2026-03-09")
		publish(t, w, second.ID, nil, func(v *pipeline.Version) {
			first := v.Stages[0]
			v.Stages = slices.Insert(v.Stages, 1, pipeline.Stage{Name: "立项", Kind: pipeline.Open, SuccessBP: first.SuccessBP, BuyerStep: "立项会",
				AllowSkip: true, Milestones: []pipeline.Milestone{{Name: "立项书", Evidence: pipeline.File, Required: true, OwnerRole: "rep"}}})
		})
		own := pipeline.Distributor(true)
		own.Name, own.Stages = "渠道", slices.Clone(own.Stages)
		slices.Reverse(own.Stages[len(own.Stages)-2:])
		_, err := w.Pipelines.Create(w.Ctx, w.As("管理员"), own)
		must(t, err)
		w.Again([]string{"company.", "pipeline."}, "pipeline", "pipeline_version", "stage", "stage_version", "milestone", "stage_mapping")
		for _, row := range replaytest.Rows(t, db, "SELECT payload FROM journal WHERE kind = 'pipeline.published'") {
			for _, word := range []string{"入围", "渠道", "立项", "客户说的话"} {
				if strings.Contains(row[0], word) {
					t.Errorf("the journal holds %s: %s", word, row[0])
				}
			}
		}
	})
}

// publish makes a draft of a version of the bid pipeline the version in force.
func publish(t *testing.T, w *apptest.World, base string, mapping map[string]string, edit func(*pipeline.Version)) pipeline.Version {
	t.Helper()
	draft, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), w.Bid.PipelineID)
	must(t, err)
	draft.Stages = slices.Clone(draft.Stages)
	edit(&draft)
	v, err := w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, base, draft, mapping)
	must(t, err)
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
