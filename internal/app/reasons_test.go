package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"

	"github.com/google/go-cmp/cmp"
)

// TestLossesAreToldApartByWhatPeopleWrote: each reason is counted as often as it was given, in the window, and opens to
// its deals; who may not open a deal is not told its words.
func TestLossesAreToldApartByWhatPeopleWrote(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		lose := func(day calendar.Date, reason string) {
			w.Clock.Set(day)
			o := w.Opportunity("陈露", "商机")
			_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: opportunity.NoDecision, Reason: reason})
			noError(t, err)
		}
		lose("2026-02-03", "预算推到明年")
		lose("2026-03-03", "内部意见不一")
		lose("2026-03-04", "预算推到明年")
		lose("2026-03-05", "预算推到明年")
		w.Opportunity("陈露", "还在谈")
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID, From: "2026-03-01"}
		want := funnel.Reasons{Lost: 3, Read: 3, Rows: []funnel.Reason{{Reason: "预算推到明年", Count: 2}, {Reason: "内部意见不一", Count: 1}}}
		for name, f := range sources(w) {
			got, err := f.Reasons(w.Ctx, w.As("总监"), ask)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", name, err, diff)
			}
			ids, n, err := f.Records(w.Ctx, w.As("总监"), ask, funnel.Measure{Name: "lost_reason", Reason: "预算推到明年"}, 1, 10)
			if err != nil || n != 2 || len(ids) != 1 {
				t.Errorf("%s opens to %d, from the second on %v, %v", name, n, ids, err)
			}
			if got, err = f.Reasons(w.Ctx, w.As("周涛"), ask); err != nil || got.Read != 0 || len(got.Rows) != 0 {
				t.Errorf("%s tells one who may open none: %+v, %v", name, got, err)
			}
		}
	})
}
