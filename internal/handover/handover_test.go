package handover_test

import (
	"fmt"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t *testing.T, err error, want string) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("code %q (%v), want %q", got, err, want)
	}
}

func held(list []org.Held) string {
	text := ""
	for _, h := range list {
		text += fmt.Sprintf("%s %d ", h.Kind, h.Count)
	}
	return text
}

// TestALeaverLeavesNothingBehind: 陈露 has an account, two deals and promises in her own
// deal, in 小李's and in none.
func TestALeaverLeavesNothingBehind(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		hers, lost, his := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "丢了"), w.Opportunity("小李", "别人的")
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), lost.ID, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: opportunity.NoDecision, Reason: "搁置"})
		must(t, err)
		promise := func(by, what string, on ...record.Ref) string {
			x, err := w.Tasks.Add(w.Ctx, w.As(by), task.Task{What: what, DueOn: "2026-03-20", MemberID: w.ID["陈露"], On: on})
			must(t, err)
			return x.ID
		}
		promise("陈露", "送样", opportunity.Ref(hers.ID))
		promise("小李", "讲方案", opportunity.Ref(his.ID))
		promise("陈露", "整理报销")
		done := promise("陈露", "早就做完")
		_, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), done, "")
		must(t, err)

		left, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-09")
		must(t, err)
		if got, want := held(left), "opportunity 1 account 1 task 3 "; got != want {
			t.Errorf("at leaving she holds %s, want %s", got, want)
		}
		w.Clock.Set("2026-03-16")
		for _, who := range []string{"蒋跃", "总监", "管理员"} {
			list, err := w.Handovers.Leavers(w.Ctx, w.As(who))
			if err != nil || len(list) != 1 || list[0].MemberID != w.ID["陈露"] || list[0].LeftOn != "2026-03-09" {
				t.Errorf("%s is told of %+v, %v", who, list, err)
			}
		}
		if list, err := w.Handovers.Leavers(w.Ctx, w.As("何峰")); err != nil || len(list) != 0 {
			t.Errorf("another team's manager is told of %+v, %v", list, err)
		}
		_, err = w.Handovers.Held(w.Ctx, w.As("何峰"), w.ID["陈露"])
		code(t, err, "org.member_unknown")
		_, err = w.Handovers.Leavers(w.Ctx, w.As("小李"))
		code(t, err, "org.permission_missing")

		h, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: "离职"})
		must(t, err)
		if got := fmt.Sprint(h.Counts); got != "map[account:1 opportunity:1 task:2]" { // one promise went with its deal
			t.Errorf("handed over %s", got)
		}
		if rest, err := w.Handovers.Held(w.Ctx, w.As("蒋跃"), w.ID["陈露"]); err != nil || len(rest) != 0 {
			t.Errorf("left: %s %v", held(rest), err)
		}
		c, err := w.Accounts.Get(w.Ctx, w.As("小李"), w.Account)
		if err != nil || c.OwnerID != w.ID["小李"] || c.TeamID != w.ID["一组"] {
			t.Errorf("the account is %s's (%v)", c.OwnerID, err)
		}
		mine, err := w.Tasks.List(w.Ctx, w.As("小李"), false, false)
		if err != nil || len(mine) != 3 {
			t.Errorf("he promises %d things, %v", len(mine), err)
		}
		if o, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), lost.ID); err != nil || o.OwnerID != w.ID["陈露"] {
			t.Errorf("what was lost is %s's, %v", o.OwnerID, err)
		}
		arrived, err := w.Handovers.Waiting(w.Ctx, w.As("小李"))
		if err != nil || len(arrived) != 1 || arrived[0].Count() != 4 {
			t.Errorf("arrived: %+v %v", arrived, err)
		}
		code(t, w.Handovers.Confirm(w.Ctx, w.As("蒋跃"), h.ID), "handover.unknown")
		must(t, w.Handovers.Confirm(w.Ctx, w.As("小李"), h.ID))
	})
}

// TestAnAccountHasItsOwnersAsIntervals: each day has one owner, and the hand-over names
// the entry that made it.
func TestAnAccountHasItsOwnersAsIntervals(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-09")
		hand := func(by, to string) error {
			_, err := w.Handovers.HandOver(w.Ctx, w.As(by), handover.Ask{Kind: "account", IDs: []string{w.Account}, ToID: w.ID[to], Reason: "分工"})
			return err
		}
		code(t, hand("何峰", "周涛"), "account.unknown")
		must(t, hand("蒋跃", "小李"))
		must(t, hand("蒋跃", "小李")) // again: nothing happens
		w.Clock.Set("2026-03-16")
		must(t, hand("管理员", "周涛"))
		var got string
		must(t, db.Read(w.Ctx, func(tx database.Tx) error {
			rows, err := tx.Query(w.Ctx, `SELECT m.name, o.from_on, COALESCE(o.to_on, ''), o.seq > 0 FROM ownership o JOIN member m ON m.tenant_id = o.tenant_id AND m.id = o.member_id
				WHERE o.tenant_id = $1 AND o.record_id = $2 ORDER BY o.ord`, w.Admin.TenantID, w.Account)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var name, from, to string
				var known bool
				if err := rows.Scan(&name, &from, &to, &known); err != nil {
					return err
				}
				got += fmt.Sprint(name, " ", from, "/", to, " ", known, "; ")
			}
			return rows.Err()
		}))
		if want := "陈露 2026-03-02/2026-03-09 true; 小李 2026-03-09/2026-03-16 true; 周涛 2026-03-16/ true; "; got != want {
			t.Errorf("owners %s\nwant   %s", got, want)
		}
	})
}

// TestTwoHandOversAtOnce: many records in two orders, to two people.
func TestTwoHandOversAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ids, back := []string{}, []string{}
		for i := range 30 {
			c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: fmt.Sprint("客户", i)}, false)
			must(t, err)
			ids, back = append(ids, c.ID), append([]string{c.ID}, back...)
		}
		boss := w.As("蒋跃")
		var wg sync.WaitGroup
		for k := range 4 {
			wg.Go(func() {
				_, err := w.Handovers.HandOver(w.Ctx, boss, handover.Ask{Kind: "account", IDs: [][]string{ids, back}[k%2], ToID: w.ID[[]string{"小李", "蒋跃"}[k%2]], Reason: "分工"})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestWhatCannotBeHandedOver(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["周涛"], "")
		must(t, err)
		for _, tt := range []struct {
			name string
			ask  handover.Ask
			want string
		}{
			{"to nobody", handover.Ask{FromID: w.ID["陈露"], ToID: "x", Reason: "r"}, "org.member_unknown"},
			{"to a leaver", handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["周涛"], Reason: "r"}, "org.member_left"},
			{"to the same", handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["陈露"], Reason: "r"}, "handover.same_owner"},
			{"without a reason", handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: " "}, "handover.reason_required"},
			{"nothing", handover.Ask{ToID: w.ID["小李"], Reason: "r"}, "handover.nothing_named"},
			{"a kind nobody keeps", handover.Ask{Kind: "weather", IDs: []string{o.ID}, ToID: w.ID["小李"], Reason: "r"}, "handover.kind_unknown"},
			{"a kind that stays", handover.Ask{FromID: w.ID["陈露"], Kinds: []string{"task", "seat"}, ToID: w.ID["小李"], Reason: "r"}, "handover.kind_unknown"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				_, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), tt.ask)
				code(t, err, tt.want)
			})
		}
		_, err = w.Handovers.HandOver(w.Ctx, w.As("陈露"), handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: "r"})
		code(t, err, "org.permission_missing")
		// Another team's manager asks for everything of hers: nothing of it is his to give.
		h, err := w.Handovers.HandOver(w.Ctx, w.As("何峰"), handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["何峰"], Reason: "r"})
		if err != nil || h.Count() != 0 {
			t.Errorf("took %v, %v", h.Counts, err)
		}
	})
}
