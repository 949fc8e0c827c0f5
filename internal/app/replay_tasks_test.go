package app_test

import (
	"yunchou/internal/database"
	"yunchou/internal/handover"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/timetable"
)

// orders does every act there is on tasks given to others, with partners, handed on between equals and made again and again.
func (w around) orders(deal record.Ref) {
	boss, rep, peer := w.As("蒋跃"), w.As("陈露"), w.As("小李")
	did := func(x task.Task, err error) task.Task {
		w.T.Helper()
		w.must(err)
		return x
	}
	x := did(w.Tasks.Add(w.Ctx, boss, task.Task{What: "竞品分析", DueOn: "2026-03-31", MemberID: rep.MemberID, On: []record.Ref{deal}, CustomerAgreed: true,
		Parties: []task.Party{{MemberID: peer.MemberID, Part: task.Partner}, {MemberID: w.ID["周涛"], Part: task.Assistant}}}))
	did(w.Tasks.Receive(w.Ctx, rep, x.ID))
	did(w.Tasks.Plan(w.Ctx, rep, x.ID, "先访三家"))
	did(w.Tasks.Progress(w.Ctx, rep, x.ID, "访了两家"))
	did(w.Tasks.Finish(w.Ctx, peer, x.ID, "技术部分"))
	did(w.Tasks.Reopen(w.Ctx, peer, x.ID))
	did(w.Tasks.Finish(w.Ctx, peer, x.ID, ""))
	did(w.Tasks.SayResult(w.Ctx, peer, x.ID, "技术部分"))
	did(w.Tasks.SetParties(w.Ctx, boss, x.ID, []task.Party{{MemberID: peer.MemberID, Part: task.Partner}}))
	did(w.Tasks.Redate(w.Ctx, rep, x.ID, task.Moved{To: "2026-04-03", Reason: "客户出差", Agreed: true}))
	did(w.Tasks.Finish(w.Ctx, rep, x.ID, "写好了"))
	did(w.Tasks.Reopen(w.Ctx, rep, x.ID))
	did(w.Tasks.Finish(w.Ctx, rep, x.ID, "写好了"))
	did(w.Tasks.Review(w.Ctx, boss, x.ID, false, "缺价格"))
	did(w.Tasks.Finish(w.Ctx, rep, x.ID, "补了"))
	did(w.Tasks.SayResult(w.Ctx, rep, x.ID, "补了价格"))
	did(w.Tasks.Review(w.Ctx, boss, x.ID, true, ""))

	y := did(w.Tasks.Add(w.Ctx, rep, task.Task{What: "周报", DueOn: "2026-03-13", Repeat: &task.Repeat{Every: "week", Weekdays: []int{5}, Holidays: "skip"}}))
	for _, answer := range []string{"no", "back", "yes"} {
		did(w.Tasks.Offer(w.Ctx, rep, y.ID, peer.MemberID, "替我"))
		switch answer {
		case "back":
			did(w.Tasks.Withdraw(w.Ctx, rep, y.ID))
		default:
			did(w.Tasks.Answer(w.Ctx, peer, y.ID, answer == "yes", "出差"))
		}
	}
	w.again()
	z := did(w.Tasks.Add(w.Ctx, rep, task.Task{What: "日报", DueOn: "2026-03-13", Repeat: &task.Repeat{Every: "day", Holidays: "move"}}))
	did(w.Tasks.EndSeries(w.Ctx, rep, z.ID))
	did(w.Tasks.Offer(w.Ctx, peer, did(w.Tasks.Add(w.Ctx, peer, task.Task{What: "问问", DueOn: "2026-03-20"})).ID, rep.MemberID, ""))
	_, err := w.Handovers.HandOver(w.Ctx, boss, handover.Ask{FromID: peer.MemberID, ToID: boss.MemberID, Kinds: []string{"task"}, Reason: "分工"})
	w.must(err)
}

// again has the timetable make the next of a series at once.
func (w around) again() {
	w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		rows, err := w.Timetable.Rows.Due(w.Ctx, tx, []string{task.Comes}, timetable.Lease{By: "test", Now: w.Clock.Now().AddDate(1, 0, 0)}, 10)
		for _, r := range rows {
			if err == nil {
				err = w.Tasks.ComeAgain(w.Ctx, tx, r)
			}
		}
		return err
	}))
}
