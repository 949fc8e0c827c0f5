package task_test

import (
	"fmt"
	"slices"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

func deal(id string) []record.Ref { return []record.Ref{{Kind: "opportunity", ID: id}} }

func code(t *testing.T, err error, want string) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("code %q (%v), want %q", got, err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func whats(list []task.Task) (out []string) {
	for _, x := range list {
		out = append(out, x.What)
	}
	return out
}

func TestATaskHangsOnARecordOrOnNone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-20", On: deal(o.ID), CustomerAgreed: true})
		must(t, err)
		_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "回访", DueOn: "2026-03-10", On: []record.Ref{{Kind: "account", ID: w.Account}}})
		must(t, err)
		_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "整理报销", DueOn: "2026-03-06"})
		must(t, err)
		mine, err := w.Tasks.List(w.Ctx, w.As("陈露"), false, false)
		must(t, err)
		if got := fmt.Sprint(whats(mine)); got != "[整理报销 回访 送样]" {
			t.Errorf("mine, the next due in front: %s", got)
		}
		if name := mine[2].Names[deal(o.ID)[0]]; name != "二期改造" {
			t.Errorf("it hangs on %q", name)
		}
		of, err := w.Tasks.OfRecord(w.Ctx, w.As("蒋跃"), deal(o.ID)[0])
		must(t, err)
		if got := fmt.Sprint(whats(of)); got != "[送样]" {
			t.Errorf("of the deal: %s", got)
		}
		if of, err = w.Tasks.OfRecord(w.Ctx, w.As("周涛"), deal(o.ID)[0]); err != nil || len(of) != 0 {
			t.Errorf("another team reads %v, %v", whats(of), err)
		}
		w.Clock.Set("2026-03-10")
		due, err := w.Tasks.Due(w.Ctx, w.As("陈露"), 50)
		must(t, err)
		if got := fmt.Sprint(whats(due)); got != "[整理报销 回访]" {
			t.Errorf("due: %s", got)
		}
		_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "x", DueOn: "2026-03-20", On: []record.Ref{{Kind: "weather", ID: "1"}}})
		code(t, err, "record.kind_unknown")
		_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "x", DueOn: "2026-03-09"})
		code(t, err, "task.due_past")
		_, err = w.Tasks.Add(w.Ctx, w.As("周涛"), task.Task{What: "x", DueOn: "2026-03-20", On: deal(o.ID)})
		code(t, err, "opportunity.unknown")
	})
}

func TestWhoMayChangeATask(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.AddMember("售前", w.ID["公司"], false, org.Partner)
		o := w.Opportunity("陈露", "二期改造")
		must(t, w.Opportunities.SetTeam(w.Ctx, w.As("陈露"), o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID["小李"]}}))
		for _, tt := range []struct {
			name, by, owner string
			on              []record.Ref
			who, want       string
		}{
			{"one's own", "陈露", "陈露", nil, "陈露", ""},
			{"one's own in another's deal, as a partner who reads no deal", "陈露", "售前", deal(o.ID), "售前", ""},
			{"what one gave to somebody", "陈露", "小李", nil, "陈露", ""},
			{"a superior", "陈露", "陈露", nil, "蒋跃", ""},
			{"the owner of the deal", "蒋跃", "小李", deal(o.ID), "陈露", ""},
			{"a colleague who sees nothing of it", "陈露", "陈露", nil, "小李", "task.unknown"},
			{"a director", "管理员", "售前", deal(o.ID), "总监", ""},
			{"one of the deal team, who only reads", "陈露", "陈露", deal(o.ID), "小李", "task.not_yours"},
			{"another team", "陈露", "陈露", deal(o.ID), "何峰", "task.unknown"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				x, err := w.Tasks.Add(w.Ctx, w.As(tt.by), task.Task{What: tt.name, DueOn: "2026-03-06", MemberID: w.ID[tt.owner], On: tt.on})
				must(t, err)
				_, err = w.Tasks.Redate(w.Ctx, w.As(tt.who), x.ID, task.Moved{To: "2026-03-21", Reason: "客户改期"})
				code(t, err, tt.want)
				_, err = w.Tasks.Finish(w.Ctx, w.As(tt.who), x.ID, "办妥")
				code(t, err, tt.want)
				if tt.want == "" {
					_, err = w.Tasks.Drop(w.Ctx, w.As(tt.who), x.ID)
					code(t, err, "task.done")
				}
			})
		}
		handed, err := w.Tasks.List(w.Ctx, w.As("陈露"), true, true)
		if err != nil || len(handed) != 2 {
			t.Errorf("handed out and done: %v %v", whats(handed), err)
		}
	})
}

func TestATaskSentTwiceIsWrittenOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		const id = "01890a5d-ac96-774b-bcce-b302099a8053"
		for range 2 {
			_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{ID: id, What: "送样", DueOn: "2026-03-20"})
			must(t, err)
		}
		mine, err := w.Tasks.List(w.Ctx, w.As("陈露"), false, false)
		if err != nil || len(mine) != 1 {
			t.Errorf("%v %v", whats(mine), err)
		}
		_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{ID: id, What: "别的", DueOn: "2026-03-20"})
		code(t, err, "record.id_taken")
		_, err = w.Tasks.Add(w.Ctx, w.As("周涛"), task.Task{ID: id, What: "送样", DueOn: "2026-03-20"})
		code(t, err, "record.id_taken")
	})
}

func TestWhatWasPromisedInAClosedDealWaitsForNobody(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		open, lost, deleted := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "丢了"), w.Opportunity("陈露", "删了")
		for _, o := range []opportunity.Opportunity{open, lost, deleted} {
			_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样 " + o.Name, DueOn: "2026-03-03", On: deal(o.ID)})
			must(t, err)
		}
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), lost.ID, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: opportunity.NoDecision, Reason: "搁置"})
		must(t, err)
		must(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), deleted.ID, true))
		w.Clock.Set("2026-03-03")
		due, err := w.Tasks.Due(w.Ctx, w.As("陈露"), 50)
		if err != nil || fmt.Sprint(whats(due)) != "[送样 二期改造]" {
			t.Errorf("due: %v %v", whats(due), err)
		}
		_, err = w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "x", DueOn: "2026-03-20", On: deal(lost.ID)})
		code(t, err, "opportunity.closed")
	})
}

// Two people who promise something about the same customers, named in another order, do not
// wait for each other, nor does who changes one of them.
func TestPromisesAboutTheSameRecordsTakeThemInOneOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		var on []record.Ref
		for i := range 6 {
			c, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: fmt.Sprint("恒信", i)}, false)
			must(t, err)
			on = append(on, record.Ref{Kind: "account", ID: c.ID})
		}
		on = append(on, deal(w.Opportunity("陈露", "二期改造").ID)...)
		back := slices.Clone(on)
		slices.Reverse(back)
		before := w.Deadlocks()
		const times = 100
		codes := apptest.AtOnce(times, func(i int) error {
			refs := on
			if i%2 == 1 {
				refs = back
			}
			if i%10 == 0 {
				_, err := w.FollowUps.Log(w.Ctx, a, followup.FollowUp{On: refs, Channel: "phone", Words: "谈价"}, "")
				return err
			}
			_, err := w.Tasks.Add(w.Ctx, a, task.Task{What: fmt.Sprint("送样", i), DueOn: "2026-03-20", On: refs})
			return err
		})
		if codes[""] != times {
			t.Errorf("%v", codes)
		}
		if n := w.Deadlocks() - before; n > 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// What nothing new hangs on takes nothing that comes at the same moment either: a promise is in
// a deal that was open when it was written.
func TestAPromiseAndAClosingFollowOneAnother(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		for round := range 10 {
			o := w.Opportunity("陈露", fmt.Sprint("商机", round))
			codes := apptest.AtOnce(6, func(i int) error {
				if i == 3 {
					_, err := w.Opportunities.Move(w.Ctx, a, o.ID, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: "no_decision", Reason: "无"})
					return err
				}
				_, err := w.Tasks.Add(w.Ctx, a, task.Task{What: fmt.Sprint("送样", i), DueOn: "2026-03-20", On: deal(o.ID)})
				return err
			})
			if codes[""]+codes["opportunity.closed"] != 6 || codes[""] == 0 {
				t.Errorf("%v", codes)
			}
			var late int
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT count(*) FROM journal WHERE kind = 'task.added' AND scope_id = $1
					AND seq > (SELECT max(seq) FROM journal WHERE kind = 'opportunity.moved' AND subject_id = $1)`, o.ID).Scan(&late)
			}))
			if late > 0 {
				t.Errorf("%d promises in a closed deal", late)
			}
		}
	})
}
