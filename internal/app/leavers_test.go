package app_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/task"
)

// forSomebody is everything of the present that can be made somebody's.
var forSomebody = map[string]func(*apptest.World, opportunity.Opportunity, string) error{
	"a deal": func(w *apptest.World, _ opportunity.Opportunity, member string) error {
		_, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "商机", PipelineID: w.Bid.PipelineID, OwnerID: member})
		return err
	},
	"an account": func(w *apptest.World, _ opportunity.Opportunity, member string) error {
		_, err := w.Accounts.Create(w.Ctx, w.As("管理员"), account.Account{Name: "新客户", OwnerID: member}, false)
		return err
	},
	"a task": func(w *apptest.World, _ opportunity.Opportunity, member string) error {
		_, err := w.Tasks.Add(w.Ctx, w.As("管理员"), task.Task{What: "回访", DueOn: "2026-03-20", MemberID: member})
		return err
	},
	"a hand-over": func(w *apptest.World, o opportunity.Opportunity, member string) error {
		_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: member, Reason: "分工"})
		return err
	},
	"a share": func(w *apptest.World, o opportunity.Opportunity, member string) error {
		return w.Opportunities.SetShares(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.Share{{MemberID: w.ID["陈露"], Kind: "direct", BP: 5000},
			{MemberID: member, Kind: "direct", BP: 5000}})
	},
	"a place in the deal's team": func(w *apptest.World, o opportunity.Opportunity, member string) error {
		return w.Opportunities.SetTeam(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.TeamMember{{MemberID: member}})
	},
}

// TestNothingIsMadeForWhoHasLeft: and the same again is there for him on the day he is back.
func TestNothingIsMadeForWhoHasLeft(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-09")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-09")
		must(t, err)
		w.Clock.Set("2026-03-10")
		for what, make := range forSomebody {
			if code := fault.CodeOf(make(w, o, w.ID["小李"])); code != "org.member_left" {
				t.Errorf("%s for a leaver: %q", what, code)
			}
			if code := fault.CodeOf(make(w, o, "x")); code != "org.member_unknown" {
				t.Errorf("%s for nobody: %q", what, code)
			}
		}
		for what, make := range forSomebody {
			if err := make(w, o, w.ID["周涛"]); err != nil {
				t.Errorf("%s for one who is there: %v", what, err)
			}
		}
	})
}

// TestWhatALeaverKeepsIsNoReasonToRefuse: his share and his place stay when others are added.
func TestWhatALeaverKeepsIsNoReasonToRefuse(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		for _, what := range []string{"a share", "a place in the deal's team"} {
			must(t, forSomebody[what](w, o, w.ID["小李"]))
		}
		w.Clock.Set("2026-03-09")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-09")
		must(t, err)
		must(t, w.Opportunities.SetShares(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.Share{{MemberID: w.ID["陈露"], Kind: "direct", BP: 4000},
			{MemberID: w.ID["小李"], Kind: "direct", BP: 4000}, {MemberID: w.ID["周涛"], Kind: "direct", BP: 2000}}))
		must(t, w.Opportunities.SetTeam(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID["小李"]}, {MemberID: w.ID["周涛"]}}))
	})
}

// TestAnImportBringsALeaversHistoryAndNothingOfThePresent: what was closed while he was there is
// his.
func TestAnImportBringsALeaversHistoryAndNothingOfThePresent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-02")
		must(t, err)
		w.Clock.Set("2026-03-09")
		s := newSource(w, dealsAndPeople+"  - {match: o.csv, kind: account, columns: {name: name, owner: owner}}\n", map[string]string{
			"x.csv": headOfDeals + "1,开着,,小李,机会,100,主轴,2026-01-05,,,展会,\n" +
				"2,早关,,小李,中标,100,主轴,2026-01-05,2026-02-03,,展会,\n" +
				"3,晚关,,小李,丢单,100,主轴,2026-01-05,2026-03-05,,展会,\n" +
				"4,不知何时,,小李,丢单,100,主轴,2026-01-05,,,展会,\n",
			"o.csv": "name,owner\n旧客户,小李\n"})
		b := s.run()
		issues, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
		must(t, err)
		got := map[string]bool{}
		for _, i := range issues {
			got[i.File+" "+i.Field+" "+i.Code] = true
		}
		if len(got) != 2 || !got["x.csv owner org.member_left"] || !got["o.csv owner org.member_left"] || b.Summary.Errors != 0 ||
			b.Summary.Warnings != 3 || b.Summary.Created["opportunity"] != 4 || b.Summary.Created["account"] != 1 {
			t.Errorf("%+v, %+v", issues, *b.Summary)
		}
	})
}
