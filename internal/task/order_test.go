package task_test

import (
	"fmt"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/notice"
	"yunchou/internal/page"
	"yunchou/internal/task"
)

func TestAnOrderForAFewDaysAsksForAReceiptAndAResult(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db) // Monday 2026-03-02
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{What: "问清预算", DueOn: "2026-03-09", MemberID: w.ID["陈露"]})
		must(t, err)
		if x.Long || x.State() != task.Waiting {
			t.Errorf("five working days on: long %v, %s", x.Long, x.State())
		}
		_, err = w.Tasks.Receive(w.Ctx, w.As("蒋跃"), x.ID)
		code(t, err, "task.not_accountable")
		x, err = w.Tasks.Receive(w.Ctx, w.As("陈露"), x.ID)
		must(t, err)
		_, err = w.Tasks.Receive(w.Ctx, w.As("陈露"), x.ID)
		code(t, err, "task.received")
		if x.State() != task.UnderWay {
			t.Errorf("received it is %s", x.State())
		}
		x, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "")
		must(t, err)
		if x.State() != task.Done {
			t.Errorf("finished in one tap it is %s", x.State())
		}
		own, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "自己的", DueOn: "2026-06-30"})
		must(t, err)
		_, err = w.Tasks.Receive(w.Ctx, w.As("陈露"), own.ID)
		code(t, err, "task.no_order")
	})
}

func TestALongOrderIsPlannedReportedAndReviewed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{What: "竞品分析", DueOn: "2026-03-10", MemberID: w.ID["陈露"]})
		must(t, err)
		states := []string{x.State()}
		act := func(x task.Task, err error) {
			t.Helper()
			must(t, err)
			states = append(states, x.State())
		}
		rep, boss := w.As("陈露"), w.As("蒋跃")
		_, err = w.Tasks.Finish(w.Ctx, rep, x.ID, "写好了")
		code(t, err, "task.plan_required")
		act(w.Tasks.Receive(w.Ctx, rep, x.ID))
		act(w.Tasks.Plan(w.Ctx, rep, x.ID, "先访三家"))
		act(w.Tasks.Progress(w.Ctx, rep, x.ID, "访了两家"))
		_, err = w.Tasks.Finish(w.Ctx, rep, x.ID, " ")
		code(t, err, "task.result_required")
		act(w.Tasks.Finish(w.Ctx, rep, x.ID, "见附件"))
		waits := func(want int) {
			t.Helper()
			if given, err := w.Tasks.List(w.Ctx, w.As("蒋跃"), true, false); err != nil || len(given) != want {
				t.Errorf("of what he gave there wait %v %v", whats(given), err)
			}
		}
		waits(1)
		_, err = w.Tasks.Review(w.Ctx, rep, x.ID, true, "")
		code(t, err, "task.not_reviewer")
		_, err = w.Tasks.Review(w.Ctx, boss, x.ID, false, " ")
		code(t, err, "task.reason_required")
		act(w.Tasks.Review(w.Ctx, boss, x.ID, false, "缺价格"))
		act(w.Tasks.Progress(w.Ctx, rep, x.ID, "补价格"))
		act(w.Tasks.Finish(w.Ctx, rep, x.ID, "补了"))
		w.Clock.Set("2026-03-11")
		act(w.Tasks.Review(w.Ctx, w.As("总监"), x.ID, true, "")) // a superior of hers may
		waits(0)
		if got := fmt.Sprint(states); got != "[waiting received under_way under_way in_review to_do_again under_way in_review done]" {
			t.Error(got)
		}
		_, err = w.Tasks.Review(w.Ctx, w.As("蒋跃"), x.ID, true, "")
		code(t, err, "task.no_review")
		_, err = w.Tasks.Reopen(w.Ctx, w.As("陈露"), x.ID)
		code(t, err, "task.undo_late")
	})
}

func TestWhatWasFinishedByMistakeIsTakenBackOnTheSameDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-09"})
		must(t, err)
		_, err = w.Tasks.Reopen(w.Ctx, w.As("陈露"), x.ID)
		code(t, err, "task.not_done")
		_, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "好了")
		must(t, err)
		_, err = w.Tasks.Reopen(w.Ctx, w.As("小李"), x.ID)
		code(t, err, "task.unknown")
		x, err = w.Tasks.Reopen(w.Ctx, w.As("陈露"), x.ID)
		if err != nil || x.State() != task.Open || x.Result != "" {
			t.Errorf("%+v %v", x, err)
		}
		_, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "")
		must(t, err)
		w.Clock.Set("2026-03-03")
		_, err = w.Tasks.Reopen(w.Ctx, w.As("陈露"), x.ID)
		code(t, err, "task.undo_late")
	})
}

func TestPartnersFinishWhatIsTheirs(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ask := task.Task{What: "标书", DueOn: "2026-03-09", Parties: []task.Party{{MemberID: w.ID["小李"], Part: task.Partner}, {MemberID: w.ID["周涛"], Part: task.Assistant}}}
		x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), ask)
		must(t, err)
		_, err = w.Tasks.Redate(w.Ctx, w.As("小李"), x.ID, task.Moved{To: "2026-03-12"})
		code(t, err, "task.not_yours")
		for _, who := range []string{"小李", "周涛"} {
			mine, err := w.Tasks.List(w.Ctx, w.As(who), false, false)
			if err != nil || len(mine) != 1 {
				t.Errorf("%s has %v %v", who, whats(mine), err)
			}
		}
		x, err = w.Tasks.Finish(w.Ctx, w.As("小李"), x.ID, "技术部分写完")
		if err != nil || x.DoneOn != "" || x.State() != task.Open {
			t.Errorf("a part is not the whole: %s %v", x.State(), err)
		}
		_, err = w.Tasks.Finish(w.Ctx, w.As("小李"), x.ID, "再来")
		code(t, err, "task.done")
		if mine, err := w.Tasks.List(w.Ctx, w.As("小李"), false, false); err != nil || len(mine) != 0 {
			t.Errorf("what he finished waits for him: %v %v", whats(mine), err)
		}
		_, err = w.Tasks.Reopen(w.Ctx, w.As("小李"), x.ID)
		must(t, err)
		_, err = w.Tasks.Finish(w.Ctx, w.As("小李"), x.ID, "技术部分写完")
		must(t, err)
		x, err = w.Tasks.SetParties(w.Ctx, w.As("陈露"), x.ID, []task.Party{{MemberID: w.ID["小李"], Part: task.Partner}})
		if err != nil || x.Parties[0].DoneOn != "2026-03-02" {
			t.Errorf("what was done stays done: %+v %v", x.Parties, err)
		}
		if _, may, err := w.Tasks.Get(w.Ctx, w.As("周涛"), x.ID); err != nil || may {
			t.Errorf("who had a part goes on seeing it, and changes nothing: %v %v", may, err)
		}
		x, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "")
		if err != nil || x.State() != task.Done {
			t.Errorf("the whole: %s %v", x.State(), err)
		}
		for name, p := range map[string]task.Party{"task.part_twice": {MemberID: w.ID["陈露"], Part: task.Partner}, "task.part_unknown": {MemberID: w.ID["小李"], Part: "boss"},
			"org.member_unknown": {MemberID: "x", Part: task.Partner}} {
			_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "标书", DueOn: "2026-03-09", Parties: []task.Party{p}})
			code(t, err, name)
		}
	})
}

func TestEqualsHandATaskOnBetweenThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-09"})
		must(t, err)
		_, _, err = w.Tasks.Get(w.Ctx, w.As("周涛"), x.ID)
		code(t, err, "task.unknown")
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["陈露"], "")
		code(t, err, "task.offer_self")
		_, err = w.Tasks.Offer(w.Ctx, w.As("蒋跃"), x.ID, w.ID["周涛"], "")
		code(t, err, "task.not_accountable")
		x, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["周涛"], "你离客户近")
		if err != nil || x.MemberID != w.ID["陈露"] {
			t.Errorf("until he accepts it is hers: %v", err)
		}
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["小李"], "")
		code(t, err, "task.offered")
		w.Clock.Move(3 * time.Hour) // ten to one: the two hours up to noon
		if wait, err := w.Tasks.Waits(w.Ctx, w.As("周涛"), x); err != nil || wait.For != "offer" || wait.MemberID != w.ID["周涛"] || wait.Minutes != 120 {
			t.Errorf("the clock: %+v %v", wait, err)
		}
		_, err = w.Tasks.Answer(w.Ctx, w.As("周涛"), x.ID, false, "")
		code(t, err, "task.reason_required")
		x, err = w.Tasks.Answer(w.Ctx, w.As("周涛"), x.ID, false, "出差")
		if err != nil || x.MemberID != w.ID["陈露"] || x.OfferedTo != "" {
			t.Errorf("declined: %+v %v", x, err)
		}
		_, err = w.Tasks.Answer(w.Ctx, w.As("周涛"), x.ID, true, "")
		code(t, err, "task.no_offer")
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["小李"], "")
		must(t, err)
		_, err = w.Tasks.Withdraw(w.Ctx, w.As("陈露"), x.ID)
		must(t, err)
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["周涛"], "回来了吗")
		must(t, err)
		x, err = w.Tasks.Answer(w.Ctx, w.As("周涛"), x.ID, true, "")
		if err != nil || x.MemberID != w.ID["周涛"] || x.State() != task.UnderWay {
			t.Errorf("accepted: %+v %v", x, err)
		}
		for _, who := range []string{"陈露", "周涛"} { // both see where it has been
			x, _, err := w.Tasks.Get(w.Ctx, w.As(who), x.ID)
			var kinds []string
			for _, f := range x.Facts {
				kinds = append(kinds, f.Kind)
			}
			if got := fmt.Sprint(kinds); err != nil || got != "[given offered declined offered withdrawn offered handed]" {
				t.Errorf("%s sees %s %v", who, got, err)
			}
		}
		var owners int64
		must(t, db.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT count(*) FROM journal WHERE subject_id = $1 AND kind LIKE 'task.offer%'`, x.ID).Scan(&owners)
		}))
		if owners != 6 {
			t.Errorf("%d entries of offers", owners)
		}
	})
}

func TestWhatALeaverHasToDoWithIsHandedOver(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		add := func(by string, x task.Task) task.Task {
			t.Helper()
			x.DueOn = "2026-03-09"
			x, err := w.Tasks.Add(w.Ctx, w.As(by), x)
			must(t, err)
			return x
		}
		own := add("小李", task.Task{What: "自己的"})
		part := add("陈露", task.Task{What: "配合的", Parties: []task.Party{{MemberID: w.ID["小李"], Part: task.Partner}}})
		asked := add("陈露", task.Task{What: "问他接不接"})
		_, err := w.Tasks.Offer(w.Ctx, w.As("陈露"), asked.ID, w.ID["小李"], "")
		must(t, err)
		again := add("小李", task.Task{What: "周报", Repeat: &task.Repeat{Every: "week", Weekdays: []int{1}, Holidays: "move"}})
		_, err = w.Tasks.Finish(w.Ctx, w.As("小李"), again.ID, "")
		must(t, err)
		held, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "")
		must(t, err)
		if got := fmt.Sprint(held); got != "[{task 4}]" {
			t.Errorf("he leaves %s", got)
		}
		_, err = w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{FromID: w.ID["小李"], ToID: w.ID["蒋跃"], Reason: "离职"})
		must(t, err)
		get := func(id string) task.Task {
			t.Helper()
			x, _, err := w.Tasks.Get(w.Ctx, w.As("蒋跃"), id)
			must(t, err)
			return x
		}
		if x := get(own.ID); x.MemberID != w.ID["蒋跃"] {
			t.Errorf("his own: %+v", x)
		}
		if x := get(part.ID); x.MemberID != w.ID["陈露"] || len(x.Parties) != 2 {
			t.Errorf("his part: %+v", x.Parties)
		}
		if x := get(asked.ID); x.OfferedTo != "" || x.MemberID != w.ID["陈露"] {
			t.Errorf("what he was asked: %+v", x)
		}
		if x := get(again.ID); x.MemberID != w.ID["小李"] || x.DoneOn == "" {
			t.Errorf("what he did stays his: %+v", x)
		}
		of, err := w.Tasks.SeriesOf(w.Ctx, w.As("蒋跃"), get(again.ID))
		if err != nil || of.MemberID != w.ID["蒋跃"] {
			t.Errorf("the next: %+v %v", of, err)
		}
		must(t, db.Read(w.Ctx, func(tx database.Tx) error {
			n, err := w.Tasks.CountHeld(w.Ctx, tx, w.Admin.TenantID, []string{w.ID["小李"]})
			if n[w.ID["小李"]] != 0 {
				t.Errorf("he holds %v", n)
			}
			return err
		}))
	})
}

// TestWhatSomebodyOrderedWhoLeftIsReviewedByWhoeverLedHim: he sees it, is told and waited for, and accepts it.
func TestWhatSomebodyOrderedWhoLeftIsReviewedByWhoeverLedHim(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		x, err := w.Tasks.Add(w.Ctx, w.As("何峰"), task.Task{What: "竞品分析", DueOn: "2026-03-20", MemberID: w.ID["陈露"]})
		must(t, err)
		_, err = w.Tasks.Plan(w.Ctx, w.As("陈露"), x.ID, "先访三家")
		must(t, err)
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["何峰"], "")
		must(t, err)
		w.Clock.Set("2026-03-10")
		done, err := w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "写好了")
		must(t, err)
		wait, err := w.Tasks.Waits(w.Ctx, w.As("陈露"), done)
		if err != nil || wait == nil || wait.MemberID != w.ID["总监"] {
			t.Errorf("waited for is %+v %v", wait, err)
		}
		for _, who := range []string{"周涛", "陈露"} {
			_, err = w.Tasks.Review(w.Ctx, w.As(who), x.ID, true, "")
			if err == nil {
				t.Errorf("%s reviewed it", who)
			}
		}
		boss := w.As("总监")
		handed, err := w.Tasks.List(w.Ctx, boss, true, false)
		if err != nil || fmt.Sprint(whats(handed)) != "[竞品分析]" {
			t.Errorf("listed are %v %v", whats(handed), err)
		}
		w.CaughtUp(notice.Name)
		told, err := w.Notices.List(w.Ctx, boss, notice.Asked{}, page.Request{})
		if err != nil || len(told.Items) != 1 || told.Items[0].Kind != "task.to_review" || told.Items[0].Name != "竞品分析" {
			t.Errorf("told were %+v %v", told.Items, err)
		}
		_, err = w.Tasks.Review(w.Ctx, boss, x.ID, true, "")
		must(t, err)
		if handed, err = w.Tasks.List(w.Ctx, boss, true, false); err != nil || len(handed) != 0 {
			t.Errorf("accepted, and listed are %v %v", whats(handed), err)
		}
	})
}

func TestWhatALeaverGaveHisManagerIsReviewed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "请总部出授权书", DueOn: "2026-03-31", MemberID: w.ID["蒋跃"]})
		must(t, err)
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-02")
		must(t, err)
		w.Clock.Set("2026-03-05")
		_, err = w.Tasks.Receive(w.Ctx, w.As("蒋跃"), x.ID)
		must(t, err)
		_, err = w.Tasks.Plan(w.Ctx, w.As("蒋跃"), x.ID, "周五去办")
		must(t, err)
		x, err = w.Tasks.Finish(w.Ctx, w.As("蒋跃"), x.ID, "办好了")
		must(t, err)
		a := w.As("总监")
		if x.State() != task.InReview || x.Reviewer(a.Structure, a.Today) != w.ID["总监"] {
			t.Fatalf("%s, reviewed by %s", x.State(), x.Reviewer(a.Structure, a.Today))
		}
		list, err := w.Tasks.List(w.Ctx, a, true, false)
		must(t, err)
		if len(list) != 1 {
			t.Errorf("the reviewer has %v on his list", whats(list))
		}
	})
}

func TestAnOrderThatCameBackAsksForNoPlan(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{What: "竞品分析", DueOn: "2026-03-31", MemberID: w.ID["陈露"]})
		must(t, err)
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["蒋跃"], "您来吧")
		must(t, err)
		x, err = w.Tasks.Answer(w.Ctx, w.As("蒋跃"), x.ID, true, "")
		must(t, err)
		if x.State() != task.Open {
			t.Fatalf("it is %s", x.State())
		}
		_, err = w.Tasks.Finish(w.Ctx, w.As("蒋跃"), x.ID, "")
		must(t, err)
	})
}
