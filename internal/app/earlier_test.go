package app_test

import (
	"fmt"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/task"

	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// TestTheTimelineGoesBackToTheBeginning: page by page to the entry a deal was made by, each entry once,
// also where more happens meanwhile; who may not see the deal sees none of it.
func TestTheTimelineGoesBackToTheBeginning(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		deal := w.Opportunity("陈露", "二期改造").ID
		add := func(what string) {
			_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: what, DueOn: w.As("陈露").Today, On: []record.Ref{opportunity.Ref(deal)}})
			must(t, err)
		}
		const made = 230
		for i := range made {
			add(fmt.Sprintf("第%d件", i+1))
		}
		r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), deal)
		must(t, err)
		all := append([]journal.Entry{}, r.Journal...)
		for {
			page, err := w.Opportunities.Earlier(w.Ctx, w.As("陈露"), deal, all[len(all)-1].Seq)
			must(t, err)
			if len(page) == 0 {
				break
			}
			all = append(all, page...)
			add("又一件")
		}
		for i := range all[1:] {
			if all[i].Seq <= all[i+1].Seq {
				t.Fatalf("entry %d comes before %d", all[i].Seq, all[i+1].Seq)
			}
		}
		if first := all[len(all)-1]; len(all) != made+1 || first.Kind != "opportunity.created" || first.SubjectID != deal || all[0].Kind != "task.added" || all[0].SubjectID == deal {
			t.Errorf("%d entries from %s of %s to %s of %s", len(all), all[0].Kind, all[0].SubjectID, first.Kind, first.SubjectID)
		}
		if list, err := w.Opportunities.Earlier(w.Ctx, w.As("小李"), deal, all[0].Seq); !fault.Is(err, fault.NotFound) || len(list) > 0 {
			t.Errorf("a colleague sees %d entries, %v", len(list), err)
		}
	})
}
