package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
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

// Whose share it is after a reopening of a deal that was handed on while it was closed: taken
// back, the reopening gave nobody anything; put on another day, it gave it all the same.
func TestTheShareOfAReopeningThatIsCorrected(t *testing.T) {
	for _, x := range []struct {
		name, opened string
		fix          opportunity.Correction
	}{
		{"taken back, and opened again later", "2026-03-12", opportunity.Correction{Never: true}},
		{"put on a later day than it was said", "2026-03-10", opportunity.Correction{On: "2026-03-14"}},
		{"put on an earlier day", "2026-03-12", opportunity.Correction{On: "2026-03-11"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				boss := func() org.Actor { return w.As("管理员") }
				o := w.Opportunity("陈露", "二期改造")
				w.Clock.Set("2026-03-04")
				less, contract := int64(90_000_00), int64(120_000_00)
				lessened := &less
				_, err := w.Opportunities.Edit(w.Ctx, boss(), o.ID, 0, opportunity.Patch{AmountMinor: &lessened})
				must(t, err)
				w.Move("管理员", o.ID, "中标", apptest.Exception, func(r *opportunity.MoveRequest) { r.On, r.ContractMinor = "2026-03-03", &contract })
				w.Clock.Set("2026-03-05")
				_, err = w.Handovers.HandOver(w.Ctx, boss(), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["周涛"], Reason: "调整"})
				must(t, err)
				open := opportunity.MoveRequest{To: "reopen", Reason: "又来了", On: calendar.Date(x.opened)}
				w.Clock.Set("2026-03-12")
				_, err = w.Opportunities.Move(w.Ctx, boss(), o.ID, open)
				must(t, err)
				w.Clock.Set("2026-03-16")
				x.fix.Reason = "写错"
				_, err = w.Opportunities.Correct(w.Ctx, boss(), o.ID, x.fix)
				must(t, err)
				if x.fix.Never {
					r, err := w.Opportunities.Get(w.Ctx, boss(), o.ID)
					must(t, err)
					if len(r.Shares) != 1 || r.Shares[0].MemberID != w.ID["陈露"] {
						t.Errorf("shares %v, though nothing was reopened", r.Shares)
					}
					open.On = "2026-03-16"
					_, err = w.Opportunities.Move(w.Ctx, boss(), o.ID, open)
					must(t, err)
				}
				for _, astray := range columnsAstray(t, w, "2026-03-16") {
					t.Error(astray)
				}
				w.Clock.Set("2026-03-18")
				w.Move("管理员", o.ID, "中标", apptest.Exception)
				r, err := w.Opportunities.Get(w.Ctx, boss(), o.ID)
				must(t, err)
				for _, c := range r.Credit {
					if c.On == "2026-03-18" && c.MemberID != w.ID["周涛"] {
						t.Errorf("the win is credited to who had handed it on, in team %q", c.TeamID)
					}
				}
				w.Again([]string{""}, "opportunity_share", "dated_value", "credit_line")
			})
		})
	}
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
