package task_test

import (
	"fmt"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/notice"
	"yunchou/internal/page"
	"yunchou/internal/task"
)

// told are the kinds of notice a member has.
func told(t *testing.T, w *apptest.World, who string) (kinds []string) {
	t.Helper()
	w.CaughtUp(notice.Name)
	list, err := w.Notices.List(w.Ctx, w.As(who), notice.Asked{}, page.Request{})
	must(t, err)
	for _, n := range list.Items {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// The result is said after the task is done without its being open in between: what happened says each once, and whoever
// gave it is told once.
func TestTheResultIsSaidAfterwards(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		rep, boss := w.As("陈露"), w.As("蒋跃")
		x, err := w.Tasks.Add(w.Ctx, boss, task.Task{What: "竞品分析", DueOn: "2026-03-16", MemberID: rep.MemberID,
			Parties: []task.Party{{MemberID: w.ID["小李"], Part: task.Partner}, {MemberID: w.ID["周涛"], Part: task.Assistant}}})
		must(t, err)
		_, err = w.Tasks.Plan(w.Ctx, rep, x.ID, "先访三家")
		must(t, err)
		for _, who := range []string{"陈露", "小李"} {
			_, err = w.Tasks.SayResult(w.Ctx, w.As(who), x.ID, "好了")
			code(t, err, "task.not_done")
		}
		_, err = w.Tasks.Finish(w.Ctx, w.As("小李"), x.ID, "")
		must(t, err)
		done, err := w.Tasks.Finish(w.Ctx, rep, x.ID, "见附件")
		must(t, err)
		for who, fault := range map[string]string{"蒋跃": "task.result_not_yours", "周涛": "task.not_done", "何峰": "task.unknown"} {
			_, err = w.Tasks.SayResult(w.Ctx, w.As(who), x.ID, "好了")
			code(t, err, fault)
		}
		_, err = w.Tasks.SayResult(w.Ctx, rep, x.ID, " ")
		code(t, err, "input.required")
		part, err := w.Tasks.SayResult(w.Ctx, w.As("小李"), x.ID, "技术部分写完")
		if err != nil || part.Result != "见附件" || part.Version != done.Version+1 {
			t.Errorf("a part's result is its own: %+v %v", part, err)
		}
		late := rep
		late.IfMatch = done.Version
		_, err = w.Tasks.SayResult(w.Ctx, late, x.ID, "补了价格")
		code(t, err, "record.stale")
		late.IfMatch = part.Version
		for range 2 { // sent twice
			said, err := w.Tasks.SayResult(w.Ctx, late, x.ID, "补了价格")
			if err != nil || said.Result != "补了价格" || said.Version != part.Version+1 || said.State() != task.InReview || said.DoneOn != done.DoneOn {
				t.Errorf("said: %+v %v", said, err)
			}
		}
		got, _, err := w.Tasks.Get(w.Ctx, boss, x.ID)
		var kinds []string
		for _, f := range got.Facts {
			kinds = append(kinds, f.Kind+" "+f.Words)
		}
		want := "[given  planned 先访三家 part_done  done 见附件 result_said 技术部分写完 result_said 补了价格]"
		if err != nil || fmt.Sprint(kinds) != want {
			t.Errorf("what happened: %v, want %s; %v", kinds, want, err)
		}
		if is := fmt.Sprint(told(t, w, "蒋跃")); is != "[task.to_review]" {
			t.Errorf("whoever gave it was told %s", is)
		}
		_, err = w.Tasks.Review(w.Ctx, boss, x.ID, true, "")
		must(t, err)
		_, err = w.Tasks.SayResult(w.Ctx, rep, x.ID, "再补")
		code(t, err, "task.accepted")
	})
}
