package opportunity_test

import (
	"bytes"
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// listed are the names a member finds with the filter for wins that wait to be accepted.
func listed(t *testing.T, w *apptest.World, who string) []string {
	t.Helper()
	out, _, err := w.Opportunities.List(w.Ctx, w.As(who), opportunity.Filter{Provisional: true}, page.Request{Limit: 50, Sort: "name"}, w.Funnel)
	must(t, err)
	var names []string
	for _, o := range out.Items {
		if !o.Provisional {
			t.Errorf("%s is listed and not marked", o.Name)
		}
		names = append(names, o.Name)
	}
	return names
}

// waiting are the names of the wins on a member's desk that he may accept.
func waiting(t *testing.T, w *apptest.World, who string) []string {
	t.Helper()
	today, err := w.Opportunities.TodayOf(w.Ctx, w.As(who))
	must(t, err)
	var names []string
	for _, e := range today.Exceptions {
		if e.Win {
			names = append(names, e.Opportunity)
		}
	}
	return names
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// A win by exception is marked and found until a superior accepts it; noting the exceptions of
// its deal is not accepting it.
func TestAWinByExceptionWaitsUntilItIsAccepted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Opportunity("陈露", "三期")
		w.Move("陈露", o.ID, "中标", apptest.Exception)
		same(t, "list", listed(t, w, "蒋跃"), "二期改造")
		same(t, "desk", waiting(t, w, "蒋跃"), "二期改造")
		must(t, w.Opportunities.SeeExceptions(w.Ctx, w.As("蒋跃"), o.ID))
		same(t, "desk once noted", waiting(t, w, "蒋跃"), "二期改造")
		same(t, "another team's list", listed(t, w, "何峰"))
		must(t, w.Opportunities.AcceptWin(w.Ctx, w.As("蒋跃"), o.ID))
		same(t, "list once accepted", listed(t, w, "蒋跃"))
		same(t, "desk once accepted", waiting(t, w, "蒋跃"))
	})
}

// A win that was reopened is none to accept, whatever becomes of its deal.
func TestAReopenedWinIsNotToBeAccepted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Move("陈露", o.ID, "中标", apptest.Exception)
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: "reopen", Reason: "客户反悔"})
		must(t, err)
		same(t, "desk", waiting(t, w, "蒋跃"))
		same(t, "list", listed(t, w, "蒋跃"))
	})
}

// A manager's own win waits for his superior, not for him.
func TestNobodyAcceptsHisOwnWinOnHisDesk(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("蒋跃", "经理的单子")
		w.Move("蒋跃", o.ID, "中标", apptest.Exception)
		same(t, "his desk", waiting(t, w, "蒋跃"))
		same(t, "his superior's desk", waiting(t, w, "管理员"), "经理的单子")
	})
}

// Why a move was taken back and a day corrected is read with the record by whom it is open
// to; why the stay was entered stays what it was, and no entry holds either.
func TestWhyAStayIsVoidStandsInItsRow(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-05")
		w.Move("陈露", o.ID, "中标", apptest.Exception)
		day(w, "03-06")
		_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("陈露"), o.ID, "2026-03-04", "合同日期看错")
		must(t, err)
		_, err = w.Opportunities.TakeBack(w.Ctx, w.As("陈露"), o.ID, "客户其实没有签")
		must(t, err)
		r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		must(t, err)
		var why, entered []string
		for _, st := range r.Stays {
			if st.VoidedAt != nil {
				why, entered = append(why, st.VoidReason), append(entered, st.Reason)
			} else if st.VoidReason != "" {
				t.Errorf("a stay that counts is void because of %q", st.VoidReason)
			}
		}
		same(t, "why void", why, "合同日期看错", "客户其实没有签")
		if entered[0] == "" || entered[1] != entered[0] {
			t.Errorf("why entered: %q", entered)
		}
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			list, err := journal.Since(w.Ctx, tx, w.Admin.TenantID, 0, 1000)
			for _, e := range list {
				if bytes.Contains(e.Payload, []byte("客户其实没有签")) || bytes.Contains(e.Payload, []byte("合同日期看错")) {
					t.Errorf("%s holds the reason", e.Kind)
				}
			}
			return err
		}))
	})
}
