package followup_test

import (
	"fmt"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func words(list []followup.FollowUp) (out []string) {
	for _, f := range list {
		out = append(out, f.Words)
	}
	return out
}

// TestOneVisitAboutTwoDeals: it stands at both and at the account, and runs the contact
// clock of each.
func TestOneVisitAboutTwoDeals(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		one, two, liu := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "三期"), w.Contact("陈露", "刘工")
		w.Clock.Set("2026-03-06")
		a := w.As("陈露")
		f, err := w.FollowUps.Log(w.Ctx, a, followup.FollowUp{On: []record.Ref{opportunity.Ref(one.ID), opportunity.Ref(two.ID)}, Channel: "visit",
			Words: "两期一起谈", TwoWay: true, ContactIDs: []string{liu}, MemberIDs: []string{w.ID["蒋跃"]}}, "")
		must(t, err)
		if len(f.On) != 3 || f.First("account") != w.Account {
			t.Errorf("about %v", f.On)
		}
		for _, o := range []string{one.ID, two.ID} {
			said, err := w.FollowUps.OfRecord(w.Ctx, a, opportunity.Ref(o))
			must(t, err)
			r, err := w.Opportunities.Get(w.Ctx, a, o)
			must(t, err)
			if len(said) != 1 || r.ContactOn != "2026-03-06" || len(r.Contacts) != 1 || len(said[0].MemberIDs) != 1 {
				t.Errorf("said %+v, contact on %s with %v", said, r.ContactOn, r.Contacts)
			}
		}
		must(t, w.Opportunities.SetContacts(w.Ctx, a, two.ID, 0, nil)) // he has no role in the second any more
		r, err := w.Opportunities.Get(w.Ctx, a, two.ID)
		if err != nil || r.ContactOn != "" {
			t.Errorf("contact on %s, %v", r.ContactOn, err)
		}
	})
}

// TestWhatIsSaidIsSeenWithTheDeal: 周涛 has a deal of his own at the same account, and
// reads what was said about the account, not about 陈露's deal.
func TestWhatIsSaidIsSeenWithTheDeal(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		hers := w.Opportunity("陈露", "二期改造")
		his, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "别组的", AccountID: w.Account, PipelineID: w.Bid.PipelineID, OwnerID: w.ID["周涛"]})
		must(t, err)
		log := func(who, words string, on ...record.Ref) error {
			_, err := w.FollowUps.Log(w.Ctx, w.As(who), followup.FollowUp{On: on, Channel: "phone", Words: words}, "")
			return err
		}
		must(t, log("陈露", "预算批了", opportunity.Ref(hers.ID)))
		must(t, log("周涛", "报价太高", opportunity.Ref(his.ID)))
		must(t, log("陈露", "例行拜访", account.Ref(w.Account)))
		must(t, log("蒋跃", "两个一起", opportunity.Ref(hers.ID), account.Ref(w.Account)))
		for _, tt := range []struct{ who, want string }{
			{"周涛", "[例行拜访 报价太高]"},
			{"陈露", "[两个一起 例行拜访 预算批了]"},
			{"管理员", "[两个一起 例行拜访 报价太高 预算批了]"},
			{"小李", "[]"},
		} {
			list, err := w.FollowUps.List(w.Ctx, w.As(tt.who), followup.About{On: account.Ref(w.Account)})
			if err != nil || fmt.Sprint(words(list)) != tt.want {
				t.Errorf("%s reads %v (%v), want %s", tt.who, words(list), err, tt.want)
			}
		}
		if err := log("周涛", "x", opportunity.Ref(hers.ID)); fault.CodeOf(err) != "opportunity.unknown" {
			t.Errorf("another team's deal: %v", err)
		}
		if err := log("陈露", "x", record.Ref{Kind: "weather", ID: "1"}); fault.CodeOf(err) != "record.kind_unknown" {
			t.Errorf("a kind nobody keeps: %v", err)
		}
	})
}
