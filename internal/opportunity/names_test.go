package opportunity_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
	"yunchou/internal/timeline"
)

// TestWhatIsGoneKeepsItsName: a version without 入围 is published; its evidence, the exception
// that led there and a list still say what it was called.
func TestWhatIsGoneKeepsItsName(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		stage := w.Stage("入围")
		w.Move("陈露", o.ID, "入围", apptest.Exception)
		w.Supply("陈露", o.ID)
		before, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		must(t, err)
		shown := before.Evidence[0]
		st, _ := before.Pipeline.Stage(stage)
		want := nameOf(st, shown.Key)
		_, err = without(w, "入围", "方案制定")
		must(t, err)

		got, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		must(t, err)
		if name := got.Names.Milestone(shown.StageID, shown.Key); name != want || want == "" {
			t.Errorf("the milestone is called %q, it was %q", name, want)
		}
		today, err := w.Opportunities.TodayOf(w.Ctx, w.As("蒋跃"))
		must(t, err)
		if len(today.Exceptions) != 1 || today.Names.Stages[today.Exceptions[0].StageID] != "入围" {
			t.Errorf("the exception on the desk led to %q", today.Names.Stages[today.Exceptions[0].StageID])
		}
		ever, err := w.Pipelines.StageNames(w.Ctx, w.As("陈露"))
		must(t, err)
		if ever[stage] != "入围" {
			t.Errorf("a view of that stage calls it %q", ever[stage])
		}
		lists, err := w.Opportunities.PipelineNames(w.Ctx, w.As("陈露"))
		must(t, err)
		if lists.Stages[stage] != "入围" || lists.Stages[got.StageID] != "方案制定" || lists.Pipelines[o.PipelineID] == "" {
			t.Errorf("lists call them %q", lists.Stages)
		}
	})
}

func nameOf(st pipeline.Stage, key string) string {
	for _, m := range st.Milestones {
		if m.Key == key {
			return m.Name
		}
	}
	return ""
}

// TestARecordTellsWhyItWasHandedOver: the words stand with the hand-over, the entry names it.
func TestARecordTellsWhyItWasHandedOver(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		give := func(to, why string) {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID[to], Reason: why})
			must(t, err)
		}
		give("小李", "陈露休假")
		give("陈露", "陈露回来")
		list, err := w.Timeline.Page(w.Ctx, w.As("陈露"), timeline.Asked{Of: opportunity.Ref(o.ID), Only: "change"}, page.Request{})
		must(t, err)
		said := map[string]bool{}
		for _, i := range list.Items {
			said[i.Reason] = true
		}
		if !said["陈露休假"] || !said["陈露回来"] {
			t.Errorf("reasons are %v", said)
		}
	})
}
