package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
)

const headOfDeals = "id,name,account,owner,stage,amount,product,created,closed,expected,source,budget\n"

// A deal handed on while it was closed, reopened and won is the success of who has it, not of
// one who had left long before.
func TestAWinOfADealHandedOnWhileItWasClosed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-04")
		w.Move("管理员", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
		w.Clock.Set("2026-03-05")
		_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["小李"], Reason: "离职"})
		must(t, err)
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-05")
		must(t, err)
		w.Clock.Set("2026-03-10")
		_, err = w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
		must(t, err)
		w.Clock.Set("2026-03-12")
		w.Move("管理员", o.ID, "中标", apptest.Exception)
		r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), o.ID)
		must(t, err)
		for _, c := range r.Credit {
			if c.MemberID != w.ID["小李"] {
				t.Errorf("a win of 03-12 is credited to one who left on 03-05 and handed it on, in team %q", c.TeamID)
			}
		}
	})
}

// No open deal hangs on a deleted account, by whichever way it became open.
func TestNothingOpenHangsOnADeletedAccount(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, way := range []string{"restored", "reopened", "taken back", "made"} {
			w := apptest.New(t, db)
			boss := w.As("管理员")
			o := w.Opportunity("陈露", "二期改造")
			if way == "restored" {
				must(t, w.Opportunities.Delete(w.Ctx, boss, o.ID, true))
			} else {
				w.Move("管理员", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
			}
			must(t, w.Accounts.Delete(w.Ctx, boss, w.Account, 0, true))
			var err error
			switch way {
			case "restored":
				err = w.Opportunities.Delete(w.Ctx, boss, o.ID, false)
			case "reopened":
				_, err = w.Opportunities.Move(w.Ctx, boss, o.ID, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
			case "taken back":
				_, err = w.Opportunities.TakeBack(w.Ctx, boss, o.ID, "点错了")
			case "made":
				_, err = w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: "三期", AccountID: w.Account, PipelineID: w.Bid.PipelineID})
			}
			c, getErr := w.Accounts.Get(w.Ctx, boss, w.Account)
			if err == nil && (getErr != nil || c.DeletedAt != nil) {
				t.Errorf("%s: accepted, and the account is deleted", way)
			}
		}
	})
}
