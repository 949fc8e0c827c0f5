package opportunity_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
)

// TestAnotherCustomerIsNoConfidence: a version with a lower cap leaves the confidence of what it finds; the customer, and what
// else is not the confidence, can be changed all the same, and with it a new confidence is held to the cap.
func TestAnotherCustomerIsNoConfidence(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		high := new(int64)
		*high = int64(w.Bid.First().ConfidenceCapBP)
		o, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{ConfidenceBP: &high})
		must(t, err)
		v := w.Bid
		v.Stages = append([]pipeline.Stage{}, v.Stages...)
		v.Stages[0].ConfidenceCapBP -= 500
		_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), v.PipelineID, v.ID, v, nil)
		must(t, err)
		other, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "东方重工"}, false)
		must(t, err)
		_, err = w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{AccountID: &other.ID, ConfidenceBP: &high})
		if fault.CodeOf(err) != "opportunity.confidence_above_cap" {
			t.Errorf("with the confidence above the cap: %v", err)
		}
		o, err = w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{AccountID: &other.ID})
		if err != nil || o.AccountID != other.ID || *o.ConfidenceBP != *high {
			t.Errorf("%v %v", err, o.AccountID)
		}
	})
}

// TestOnlyWhatIsOpenIsPutOff: the expected day of what is closed may be corrected, and that is no push.
func TestOnlyWhatIsOpenIsPutOff(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		for i, day := range []calendar.Date{"2026-05-01", "2026-06-01", "2026-07-01"} {
			var err error
			o, err = w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{ExpectedOn: &day})
			must(t, err)
			if want := int64(min(i, 1)); o.Pushes != want {
				t.Errorf("to %s: pushed %d times, want %d", day, o.Pushes, want)
			}
			if i == 1 {
				w.Move("陈露", o.ID, "中标", apptest.Exception)
			}
		}
	})
}
