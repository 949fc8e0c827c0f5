package guidance_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/worktime"
)

// TestAQuestionToTheEnd: received is no answer, the answer wants its outcome, used, result.
func TestAQuestionToTheEnd(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 16:40")
		k := ask(t, w, "陈露", guidance.Question, deal(w), "蒋跃", "三励报 68 万，降不降？")
		if n := box(t, w, "蒋跃", guidance.ToAnswer); n != 1 {
			t.Errorf("%d wait for the manager", n)
		}
		at(t, w, "2026-03-02 16:58")
		_, err := w.Guidance.Receive(w.Ctx, w.As("蒋跃"), k.ID)
		must(t, err)
		is(t, w, "received", "陈露", k, "open: 蒋跃 asked until 03-03 16:40")
		if n := box(t, w, "蒋跃", guidance.ToAnswer); n != 1 {
			t.Errorf("after 收到 %d wait for the manager", n)
		}
		at(t, w, "2026-03-03 11:02")
		answer(t, w, "蒋跃", k, "不降，备件含进来")
		is(t, w, "answered", "陈露", k, "answered: 蒋跃 asked 202/480 answered")
		if n := box(t, w, "陈露", guidance.Outcomes); n != 1 {
			t.Errorf("%d want their outcome", n)
		}
		_, err = w.Guidance.Result(w.Ctx, w.As("陈露"), k.ID, words("书面接受"))
		refused(t, "a result before it is said to be used", "guidance.used_first", err)
		_, err = w.Guidance.Use(w.Ctx, w.As("蒋跃"), k.ID, guidance.Used, words(""))
		refused(t, "by who answered", "guidance.not_yours", err)
		_, err = w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words("问了，不含安装"))
		must(t, err)
		done, err := w.Guidance.Result(w.Ctx, w.As("陈露"), k.ID, words("客户书面接受 75 万"))
		must(t, err)
		if got := done.Word(done.Outcome.ResultID); got != "客户书面接受 75 万" {
			t.Errorf("the result says %q", got)
		}
		if n := box(t, w, "陈露", guidance.Outcomes); n != 0 {
			t.Errorf("after the result %d want their outcome", n)
		}
		for _, x := range []struct{ who, message string }{{"蒋跃", done.Reply.MessageID}, {"陈露", done.Outcome.ResultID}, {"陈露", k.Thread.Last[0].ID}} {
			_, err := w.Conversations.TakeBack(w.Ctx, w.As(x.who), x.message)
			if code := fault.CodeOf(err); code != "conversation.stands" {
				t.Errorf("%s takes back what stands: %v", x.who, err)
			}
		}
		if n := fire(t, w); n != 0 {
			t.Errorf("%d rows fired before they were due", n)
		}
		at(t, w, "2026-03-04 10:00")
		fire(t, w) // the turn ended
		is(t, w, "later", "陈露", k, "answered: 蒋跃 asked 202/480 answered")
	})
}

// TestHelpNobodyAnswersClimbsOnce, to the superior, and comes back to who asked.
func TestHelpNobodyAnswersClimbsOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 10:00")
		k := ask(t, w, "陈露", guidance.Help, deal(w), "", "能否调 FAE 两天？")
		is(t, w, "asked", "陈露", k, "open: 蒋跃 asked until 03-03 10:00")
		at(t, w, "2026-03-03 09:59")
		fire(t, w)
		is(t, w, "a minute before", "陈露", k, "open: 蒋跃 asked until 03-03 10:00")
		at(t, w, "2026-03-03 10:00")
		fire(t, w)
		is(t, w, "due", "陈露", k, "open: 蒋跃 asked 480/480 climbed, 总监 climbed until 03-04 10:00")
		if n := box(t, w, "总监", guidance.ToAnswer); n != 1 {
			t.Errorf("%d wait for the director", n)
		}
		at(t, w, "2026-03-09 10:00") // a day of downtime, and more
		fire(t, w)
		is(t, w, "unanswered", "陈露", k, "returned: 蒋跃 asked 480/480 climbed, 总监 climbed 480/480 returned")
		if n := box(t, w, "陈露", guidance.Returns); n != 1 {
			t.Errorf("%d came back", n)
		}
		_, err := w.Guidance.Settle(w.Ctx, w.As("陈露"), k.ID)
		must(t, err)
		if n := box(t, w, "陈露", guidance.Returns); n != 0 {
			t.Errorf("after it is done with %d came back", n)
		}
	})
}

// TestARepsSilenceIsTheAskers: a question to who reports to the asker climbs nowhere.
func TestARepsSilenceIsTheAskers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 10:00")
		k := ask(t, w, "总监", guidance.Question, deal(w), "", "为什么停着？") // two levels above
		at(t, w, "2026-03-03 18:00")
		fire(t, w)
		is(t, w, "unanswered", "总监", k, "returned: 陈露 asked 480/480 returned")
		_, err := w.Guidance.Answer(w.Ctx, w.As("陈露"), k.ID, guidance.Answer{Text: "在等图纸"})
		refused(t, "an answer to what came back", "guidance.closed", err)
	})
}

// TestACustomerToBeMetShortensIt, as a promise to him says.
func TestACustomerToBeMetShortensIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 15:00")
		on := deal(w)
		_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "去现场", DueOn: "2026-03-03", CustomerAgreed: true, On: []record.Ref{on}})
		must(t, err)
		k := ask(t, w, "陈露", guidance.Question, on, "蒋跃", "按 12 秒答还是 15 秒？")
		is(t, w, "asked", "陈露", k, "open: 蒋跃 asked until 03-02 18:00") // the day begins with the customer
	})
}

// TestLeave: known before it is asked the deputy is asked; entered later it moves then, and what has run stays.
func TestLeave(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		caughtUp := follows(t, w)
		at(t, w, "2026-03-02 10:00")
		on := deal(w)
		k := ask(t, w, "陈露", guidance.Help, on, "", "帮我看一下方案")
		at(t, w, "2026-03-02 11:00")
		_, err := w.Times.Enter(w.Ctx, w.As("蒋跃"), w.ID["蒋跃"], worktime.Asked{From: worktime.Moment{On: "2026-03-02", At: "noon"},
			To: worktime.Moment{On: "2026-03-04"}, DeputyID: w.ID["何峰"], Kind: "annual"})
		must(t, err)
		caughtUp()
		fire(t, w)
		is(t, w, "entered for the afternoon", "陈露", k, "open: 蒋跃 asked until 03-05 16:00")
		at(t, w, "2026-03-02 15:00")
		fire(t, w)
		is(t, w, "away", "陈露", k, "open: 蒋跃 asked 120/480 moved, 何峰 moved until 03-03 15:00")
		later := ask(t, w, "陈露", guidance.Question, on, "蒋跃", "付款能改吗？")
		short := ask(t, w, "陈露", guidance.Help, on, "何峰", "能借一台样机吗？")
		is(t, w, "asked", "陈露", short, "open: 何峰 asked until 03-03 15:00")
		off, err := w.Times.Enter(w.Ctx, w.As("何峰"), w.ID["何峰"], worktime.Asked{From: worktime.Moment{On: "2026-03-03"}, To: worktime.Moment{On: "2026-03-03"}, Kind: "sick"})
		must(t, err)
		caughtUp()
		fire(t, w)
		is(t, w, "leave that is ahead", "陈露", short, "open: 何峰 asked until 03-04 15:00")
		must(t, w.Times.Withdraw(w.Ctx, w.As("何峰"), off.ID))
		caughtUp()
		fire(t, w)
		if due := dueOf(t, w, short.ID); due != "03-03 15:00" {
			t.Errorf("leave that was withdrawn leaves it due %s", due)
		}
		is(t, w, "asked while he is away", "陈露", later, "open: 何峰 deputy until 03-03 15:00")
		got, err := w.Guidance.Get(w.Ctx, w.As("何峰"), later.ID)
		must(t, err)
		if got.Text != "付款能改吗？" || got.Thread.OnName != "" {
			t.Errorf("who stands in reads %q on %q", got.Text, got.Thread.OnName)
		}
		answer(t, w, "何峰", later, "不能")
		_, err = w.Guidance.Get(w.Ctx, w.As("何峰"), later.ID)
		refused(t, "by who stood in, once it is answered", "guidance.unknown", err)
	})
}

// TestWhatNobodyIsThereForGoesFurtherUp: unanswered by who stands in it does not climb to who is away, but past him.
func TestWhatNobodyIsThereForGoesFurtherUp(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 10:00")
		_, err := w.Times.Enter(w.Ctx, w.As("蒋跃"), w.ID["蒋跃"], worktime.Asked{From: worktime.Moment{On: "2026-03-02"},
			To: worktime.Moment{On: "2026-03-13"}, DeputyID: w.ID["小李"], Kind: "annual"})
		must(t, err)
		k := ask(t, w, "陈露", guidance.Help, deal(w), "", "谁能一起去？")
		at(t, w, "2026-03-03 11:00")
		fire(t, w)
		is(t, w, "unanswered by who stands in", "陈露", k, "open: 小李 deputy 480/480 climbed, 总监 climbed until 03-04 10:00")
	})
}

// TestNoAnswerOfWhoHasGoneGoesOn: 没答到 to an answer of who is away since goes to who stands in.
func TestNoAnswerOfWhoHasGoneGoesOn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		at(t, w, "2026-03-02 10:00")
		k := ask(t, w, "陈露", guidance.Help, deal(w), "", "帮我看一下方案")
		answer(t, w, "蒋跃", k, "看到了")
		_, err := w.Times.Enter(w.Ctx, w.As("蒋跃"), w.ID["蒋跃"], worktime.Asked{From: worktime.Moment{On: "2026-03-03"},
			To: worktime.Moment{On: "2026-03-04"}, DeputyID: w.ID["何峰"], Kind: "annual"})
		must(t, err)
		at(t, w, "2026-03-03 10:00")
		said := conversation.Said{ID: record.NewID(w.Now()), Text: "没答到"}
		for range 2 { // the second is the first, sent again
			_, err = w.Guidance.Reject(w.Ctx, w.As("陈露"), k.ID, said)
			must(t, err)
		}
		is(t, w, "no answer", "陈露", k, "open: 蒋跃 asked 0/480 answered, 蒋跃 unsaid 0/480 moved, 何峰 moved until 03-04 10:00")
	})
}

// TestALeaversQuestionsGoToHisSuperior, or back to him who asked.
func TestALeaversQuestionsGoToHisSuperior(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		caughtUp := follows(t, w)
		at(t, w, "2026-03-02 10:00")
		on := deal(w)
		of := ask(t, w, "总监", guidance.Question, on, "", "为什么停着？")
		help := ask(t, w, "小李", guidance.Help, opportunity.Ref(w.Opportunity("小李", "样机").ID), "陈露", "样机回来了吗？")
		at(t, w, "2026-03-02 11:00")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-02")
		must(t, err)
		caughtUp()
		fire(t, w)
		is(t, w, "he reports to who asked", "总监", of, "returned: 陈露 asked 60/480 returned")
		is(t, w, "he does not", "小李", help, "open: 陈露 asked 60/480 moved, 蒋跃 moved until 03-03 11:00")
	})
}

// TestWhatIsRefused: each refusal says what it is.
func TestWhatIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		give := func(who string, in guidance.New) error {
			in.On = on
			if in.Text == "" {
				in.Text = "看一下"
			}
			_, err := w.Guidance.Ask(w.Ctx, w.As(who), in)
			return err
		}
		refused(t, "himself", "guidance.of_yourself", give("陈露", guidance.New{Kind: guidance.Question}))
		refused(t, "a record he does not read", "record.unknown", give("周涛", guidance.New{Kind: guidance.Question, ToID: w.ID["陈露"]}))
		refused(t, "who does not read it", "guidance.to_unseen", give("陈露", guidance.New{Kind: guidance.Question, ToID: w.ID["周涛"]}))
		refused(t, "a superior corrected", "guidance.correction_down", give("陈露", guidance.New{Kind: guidance.Correction, ToID: w.ID["蒋跃"], Fact: "x", CheckOn: "2026-03-09"}))
		refused(t, "no fact", "input.required", give("蒋跃", guidance.New{Kind: guidance.Correction, CheckOn: "2026-03-09"}))
		refused(t, "a day that has passed", "guidance.check_past", give("蒋跃", guidance.New{Kind: guidance.Correction, Fact: "x", CheckOn: "2026-03-02"}))
		refused(t, "nobody above", "guidance.nobody", give("总监", guidance.New{Kind: guidance.Help}))
		k := ask(t, w, "陈露", guidance.Help, on, "周涛", "谁有业绩证明？") // help goes to whoever can
		_, err := w.Guidance.Receive(w.Ctx, w.As("陈露"), k.ID)
		refused(t, "received by who asked", "guidance.not_yours", err)
		_, err = w.Guidance.Get(w.Ctx, w.As("小李"), k.ID)
		refused(t, "read by who has nothing to do with it", "guidance.unknown", err)
		_, err = w.Guidance.AskCustomer(w.Ctx, w.As("周涛"), k.ID, "2026-03-06")
		refused(t, "too far", "guidance.customer_too_far", err)
		_, err = w.Guidance.AskCustomer(w.Ctx, w.As("周涛"), k.ID, "2026-03-05")
		must(t, err)
		is(t, w, "the customer first", "陈露", k, "open: 周涛 asked until 03-05 18:00")
		_, err = w.Guidance.AskCustomer(w.Ctx, w.As("周涛"), k.ID, "2026-03-04")
		refused(t, "twice", "guidance.customer_once", err)
		answer(t, w, "周涛", k, "我有")
		_, err = w.Guidance.Reject(w.Ctx, w.As("陈露"), k.ID, words("没答到"))
		must(t, err)
		_, err = w.Guidance.Answer(w.Ctx, w.As("何峰"), k.ID, guidance.Answer{Text: "x"})
		refused(t, "by somebody else", "guidance.unknown", err)
		_, err = w.Guidance.Recall(w.Ctx, w.As("陈露"), k.ID)
		must(t, err)
		refused(t, "nothing said", "input.required", give("陈露", guidance.New{Kind: guidance.Help, Text: " "}))
	})
}

// TestACorrectionIsLookedAtOnItsDay, not before, and read by the two and the giver's line alone.
func TestACorrectionIsLookedAtOnItsDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		k := ask(t, w, "蒋跃", guidance.Correction, deal(w), "", "报价前先评审")
		if got := k.Word(k.Check.FactID); got != "报价前有评审记录" {
			t.Errorf("the fact is %q", got)
		}
		for who, reads := range map[string]bool{"陈露": true, "蒋跃": true, "总监": true, "小李": false, "管理员": false, "何峰": false} {
			_, err := w.Guidance.Get(w.Ctx, w.As(who), k.ID)
			if (err == nil) != reads {
				t.Errorf("%s reads it: %v", who, err)
			}
		}
		_, err := w.Guidance.Look(w.Ctx, w.As("蒋跃"), k.ID, true, words(""))
		refused(t, "before its day", "guidance.check_early", err)
		w.Clock.Set("2026-03-09")
		if n := box(t, w, "蒋跃", guidance.Checks); n != 1 {
			t.Errorf("%d are to be looked at", n)
		}
		_, err = w.Guidance.Look(w.Ctx, w.As("蒋跃"), k.ID, false, words("上周两单没评审就报了"))
		must(t, err)
		if n := box(t, w, "蒋跃", guidance.Checks); n != 0 {
			t.Errorf("%d are to be looked at", n)
		}
	})
}

// TestAskedAgainWithTheSameIDs is answered with the first; other content is refused.
func TestAskedAgainWithTheSameIDs(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		in := guidance.New{ID: record.NewID(w.Now()), Kind: guidance.Question, On: deal(w), Text: "为什么停着？"}
		first, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		must(t, err)
		w.Clock.Move(1)
		again, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		must(t, err)
		if again.Version != first.Version || !again.AskedAt.Equal(first.AskedAt) {
			t.Error("it was asked twice")
		}
		in.Text = "别的"
		_, err = w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		refused(t, "other words", "record.id_taken", err)
		in.Text, in.Kind = "为什么停着？", guidance.Advice
		_, err = w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		refused(t, "another kind", "record.id_taken", err)
	})
}

// TestWordsThatMayBeSaidAgain are their team's, counted, and removed by who made them or leads it.
func TestWordsThatMayBeSaidAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		p, err := w.Guidance.MakePiece(w.Ctx, w.As("蒋跃"), "", "单价不动，备件含进来")
		must(t, err)
		k := ask(t, w, "陈露", guidance.Question, deal(w), "蒋跃", "降不降？")
		k, err = w.Guidance.Answer(w.Ctx, w.As("蒋跃"), k.ID, guidance.Answer{Text: p.Text, WantsOutcome: true, PieceID: p.ID})
		must(t, err)
		_, err = w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words(""))
		must(t, err)
		list, err := w.Guidance.Pieces(w.Ctx, w.As("小李"))
		must(t, err)
		if len(list) != 1 || list[0].Times != 1 || list[0].Used != 1 {
			t.Errorf("the team has %+v", list)
		}
		list, err = w.Guidance.Pieces(w.Ctx, w.As("周涛"))
		must(t, err)
		if len(list) != 0 {
			t.Errorf("another team has %+v", list)
		}
		refused(t, "by a colleague", "guidance.piece_not_yours", w.Guidance.RemovePiece(w.Ctx, w.As("小李"), p.ID))
		refused(t, "by another team", "guidance.piece_unknown", w.Guidance.RemovePiece(w.Ctx, w.As("周涛"), p.ID))
		must(t, w.Guidance.RemovePiece(w.Ctx, w.As("总监"), p.ID))
	})
}
