package guidance_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
)

// TestWhatBecameOfAdvisedDeals: each deal once, of who advised in the period; what was closed before is no outcome.
func TestWhatBecameOfAdvisedDeals(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		from := w.Admin.Today
		see := func(when, who, want string) {
			t.Helper()
			list, err := w.Guidance.Measures(w.Ctx, w.As("总监"), from, w.As("总监").Today)
			must(t, err)
			got := "none"
			for _, m := range list {
				if m.MemberID == w.ID[who] {
					got = fmt.Sprint(m.Deals, " ", m.Won, " ", m.Lost)
					if m.Low != nil {
						got += fmt.Sprint(" ", *m.Low, "-", *m.High)
					}
				}
			}
			if got != want {
				t.Errorf("%s, %s: %s, want %s", when, who, got, want)
			}
		}
		behind := func(reader, want string) {
			t.Helper()
			list, unseen, err := w.Guidance.BehindAdvised(w.Ctx, w.As(reader), w.ID["蒋跃"], from, w.As(reader).Today)
			must(t, err)
			var out []string
			for _, x := range list {
				out = append(out, x.Name+" "+x.State)
			}
			if got := fmt.Sprint(strings.Join(out, ", "), " +", unseen); got != want {
				t.Errorf("%s sees behind it %s, want %s", reader, got, want)
			}
		}
		kept, lost, old := w.Opportunity("陈露", "留着的"), w.Opportunity("陈露", "丢了的"), w.Opportunity("陈露", "早丢的")
		lose := func(o opportunity.Opportunity) {
			t.Helper()
			w.Move("陈露", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind, r.Reason = "no_decision", "没钱" })
		}
		lose(old)
		w.Clock.Set(from.Add(1))
		ask(t, w, "蒋跃", guidance.Advice, opportunity.Ref(kept.ID), "陈露", "先看设备")
		ask(t, w, "蒋跃", guidance.Advice, opportunity.Ref(kept.ID), "陈露", "再看产线")
		ask(t, w, "蒋跃", guidance.Advice, opportunity.Ref(old.ID), "陈露", "问问为什么")
		ask(t, w, "蒋跃", guidance.Praise, opportunity.Ref(old.ID), "陈露", "认真")
		q := ask(t, w, "陈露", guidance.Question, opportunity.Ref(lost.ID), "蒋跃", "降不降？")
		see("before he answered", "蒋跃", "1 0 0")
		answer(t, w, "蒋跃", q, "不降")
		see("he advised on two", "蒋跃", "2 0 0")
		see("who asked", "陈露", "none")
		w.Clock.Set(from.Add(2))
		lose(lost)
		see("one is lost", "蒋跃", "2 0 1 0-7935")
		behind("总监", "丢了的 lost, 留着的 open +0")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), kept.ID, true))
		see("one is deleted", "蒋跃", "1 0 1 0-7935")
		_, _, err := w.Guidance.BehindAdvised(w.Ctx, w.As("陈露"), w.ID["蒋跃"], from, from)
		refused(t, "who reports to him", "org.member_unknown", err)
	})
}
