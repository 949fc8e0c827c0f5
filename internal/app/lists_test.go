package app_test

import (
	"math/rand/v2"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// TestListsFollowTalksAndPromises: a talk, a task and an accepted win change what lists show and
// are ordered by, though their entries are about another record; memory follows each.
func TestListsFollowTalksAndPromises(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		rng := rand.New(rand.NewPCG(5, 11))
		boss := w.As("管理员")
		var deals, tasks []string
		for n := range 8 {
			o := w.Opportunity(pickOne(rng, "陈露", "周涛"), []string{"华新", "花心", "ABB", "重庆", "hua", "一", "二", "É"}[n])
			deals = append(deals, o.ID)
		}
		some := func() (on []record.Ref) {
			for _, n := range rng.Perm(len(deals))[:1+rng.IntN(2)] {
				on = append(on, opportunity.Ref(deals[n]))
			}
			return on
		}
		may := func(err error) {
			if err != nil && fault.As(err) == nil {
				t.Fatal(err)
			}
		}
		contact := w.Contact("陈露", "王工")
		done := map[string]int{}
		for turn := range 60 {
			w.Clock.Set(boss.Today.Add(rng.IntN(3)))
			boss = w.As("管理员")
			act := pickOne(rng, "talk", "talk", "task", "task", "task", "finish", "drop", "win", "accept", "slip")
			id := pickOne(rng, deals...)
			switch act {
			case "talk":
				_, err := w.FollowUps.Log(w.Ctx, boss, followup.FollowUp{On: some(), Channel: "phone", Words: "再看看", TwoWay: true,
					HappenedOn: boss.Today.Add(-rng.IntN(5)), ContactIDs: []string{contact}}, "")
				may(err)
			case "task":
				x, err := w.Tasks.Add(w.Ctx, boss, task.Task{What: "送样", DueOn: boss.Today.Add(3), On: some()})
				may(err)
				if err == nil {
					tasks = append(tasks, x.ID)
				}
			case "finish", "drop":
				if len(tasks) == 0 {
					continue
				}
				last := tasks[len(tasks)-1]
				tasks = tasks[:len(tasks)-1]
				var err error
				if act == "finish" {
					_, err = w.Tasks.Finish(w.Ctx, boss, last, "好")
				} else {
					_, err = w.Tasks.Drop(w.Ctx, boss, last)
				}
				may(err)
			case "win":
				_, err := w.Opportunities.Move(w.Ctx, boss, id, opportunity.MoveRequest{To: w.Bid.OfKind(pipeline.Won).ID, Exception: "客户催得急", Reason: "r"})
				may(err)
			case "accept":
				may(w.Opportunities.AcceptWin(w.Ctx, w.As("总监"), id))
			case "slip":
				may(w.Opportunities.Delete(w.Ctx, boss, id, rng.IntN(2) == 0))
			}
			done[act]++
			for i, f := range []opportunity.Filter{{}, {NoNextStep: true}, {Provisional: true}, {Stalled: true}, {Overstayed: true}, {Stalled: true, Overstayed: true}, {Deleted: true},
				{Passed: true}, {Waiting: true}, {Exceptions: true},
				{Lacks: opportunity.Lacks{NoAmount: true}}, {Lacks: opportunity.Lacks{NoPerson: true}}, {Lacks: opportunity.Lacks{Twins: true}}, {Lacks: opportunity.Lacks{NoOwner: true}},
				{Lacks: opportunity.Lacks{LongStalled: true}}, {Stalled: true, Lacks: opportunity.Lacks{NotLong: true}}} {
				if i%databasetest.Rounds(3, 1) != turn%databasetest.Rounds(3, 1) {
					continue // each act is followed by some, in make soak by all
				}
				sameList(t, w, rng, w.As(pickOne(rng, "管理员", "陈露", "蒋跃")), f)
			}
		}
		for _, act := range []string{"talk", "task", "finish", "drop", "win", "accept", "slip"} {
			if done[act] == 0 {
				t.Errorf("no %s among %v", act, done)
			}
		}
	})
}
