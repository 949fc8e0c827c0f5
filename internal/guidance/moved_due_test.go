package guidance_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/worktime"
)

func TestAClockSetBackMakesNothingNegative(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 16:00")
		k := ask(t, w, "陈露", guidance.Question, deal(w), "蒋跃", "降不降？")
		at(t, w, "2026-03-02 14:00")
		k = answer(t, w, "蒋跃", k, "不降")
		for _, m := range measures(t, w, "总监") {
			if m.Median != nil && *m.Median < 0 {
				t.Errorf("a median of %d minutes", *m.Median)
			}
		}
		if k.Turns[0].Used < 0 || k.Left > 480 {
			t.Errorf("used %d, left %d", k.Turns[0].Used, k.Left)
		}
	})
}

func TestWhoLeftWithTimeLeftIsNotUnanswered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		caughtUp := follows(t, w)
		at(t, w, "2026-03-02 10:00")
		k := ask(t, w, "总监", guidance.Question, deal(w), "", "为什么停着？")
		at(t, w, "2026-03-02 11:00")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-02")
		must(t, err)
		caughtUp()
		fire(t, w)
		is(t, w, "he left", "总监", k, "returned: 陈露 asked 60/480 returned")
		for _, m := range measures(t, w, "管理员") {
			if name(w, m.MemberID) == "陈露" && m.Unanswered != 0 {
				t.Errorf("who left with 7 of his 8 hours is %+v", m)
			}
		}
	})
}

func TestHoursThatChangeBringItForward(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		caughtUp := follows(t, w)
		at(t, w, "2026-03-06 16:00")
		k := ask(t, w, "陈露", guidance.Question, deal(w), "蒋跃", "降不降？")
		is(t, w, "asked", "陈露", k, "open: 蒋跃 asked until 03-09 16:00")
		must(t, w.Times.SetTeam(w.Ctx, w.As("管理员"), w.ID["一组"], "2026-03-07", &worktime.Way{Pattern: calendar.SixDay, Hours: worktime.Usual}))
		caughtUp()
		fire(t, w)
		at(t, w, "2026-03-07 17:00")
		fire(t, w)
		list, err := w.Guidance.Box(w.Ctx, w.As("蒋跃"), guidance.ToAnswer, page.Request{})
		must(t, err)
		counts, err := w.Guidance.Waiting(w.Ctx, w.As("蒋跃"))
		must(t, err)
		late := int64(0)
		for _, x := range list.Items {
			if x.Lamp == guidance.Late {
				late++
			}
		}
		if late != counts.Late {
			t.Errorf("%d are late in the list and %d are counted as late", late, counts.Late)
		}
		is(t, w, "an hour late on the working Saturday", "陈露", k, "open: 蒋跃 asked 480/480 climbed, 总监 climbed until 03-09 18:00")
	})
}

func TestADueThatIsSetBackToItsFirstHourFires(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		caughtUp := follows(t, w)
		at(t, w, "2026-03-02 10:00")
		k := ask(t, w, "总监", guidance.Question, deal(w), "蒋跃", "为什么停着？")
		is(t, w, "asked", "总监", k, "open: 蒋跃 asked until 03-03 10:00")
		off, err := w.Times.Enter(w.Ctx, w.As("蒋跃"), w.ID["蒋跃"], worktime.Asked{From: worktime.Moment{On: "2026-03-03"}, To: worktime.Moment{On: "2026-03-13"}, Kind: "sick"})
		must(t, err)
		caughtUp()
		fire(t, w)
		at(t, w, "2026-03-03 11:00")
		fire(t, w)
		is(t, w, "leave", "总监", k, "open: 蒋跃 asked until 03-16 10:00")
		must(t, w.Times.Withdraw(w.Ctx, w.As("蒋跃"), off.ID))
		caughtUp()
		fire(t, w)
		at(t, w, "2026-03-05 10:00")
		fire(t, w)
		is(t, w, "leave withdrawn, two days late", "总监", k, "returned: 蒋跃 asked 480/480 returned")
	})
}

func TestOneThatStaysKeepsNoOther(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		caughtUp := follows(t, w)
		at(t, w, "2026-03-02 10:00")
		on := opportunity.Ref(w.Opportunity("小李", "样机").ID)
		ask(t, w, "陈露", guidance.Question, deal(w), "蒋跃", "降不降？")
		for range 204 {
			ask(t, w, "小李", guidance.Question, on, "蒋跃", "可以吗？")
		}
		at(t, w, "2026-03-02 11:00")
		_, err := w.Times.Enter(w.Ctx, w.As("蒋跃"), w.ID["蒋跃"], worktime.Asked{From: worktime.Moment{On: "2026-03-02", At: "11:00"},
			To: worktime.Moment{On: "2026-03-13"}, DeputyID: w.ID["陈露"], Kind: "annual"})
		must(t, err)
		away(t, w, "总监", "陈露", "2026-03-02") // so that nobody else is there for what she asked
		caughtUp()
		fire(t, w)
		var held int64
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT count(*) FROM guidance WHERE tenant_id = $1 AND holder_id = $2`, w.Admin.TenantID, w.ID["蒋跃"]).Scan(&held)
		}))
		if held != 1 {
			t.Errorf("%d stay with who is away, want the one who stands in asked himself", held)
		}
	})
}
