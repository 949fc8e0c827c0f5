package guidance_test

import (
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// everybody of a company.
var everybody = []string{"陈露", "小李", "蒋跃", "周涛", "何峰", "总监", "管理员"}

// TestWhoReadsWhat: for each kind of record and of note, who finds it by any door, while it is open, answered,
// after a hand-over to another team, and when who asked has left.
func TestWhoReadsWhat(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		other := w.Another()
		on := records(t, w)
		notes := map[string]guidance.Kept{}
		for kind, ref := range on {
			notes[kind+" question"] = ask(t, w, "陈露", guidance.Question, ref, "蒋跃", "降不降？")
			notes[kind+" advice"] = ask(t, w, "蒋跃", guidance.Advice, ref, "陈露", "先谈范围")
			notes[kind+" resource"] = ask(t, w, "蒋跃", guidance.Resource, ref, "陈露", "售前可以去两天")
			notes[kind+" praise"] = ask(t, w, "蒋跃", guidance.Praise, ref, "陈露", "答得好")
			notes[kind+" correction"] = ask(t, w, "蒋跃", guidance.Correction, ref, "陈露", "报价前先评审")
			notes[kind+" help"] = ask(t, w, "陈露", guidance.Help, ref, "周涛", "谁有业绩证明？")
		}
		const ofTeam, handed = "陈露 蒋跃 总监 管理员", "周涛 何峰 总监 管理员"
		two := map[string]string{"praise": "陈露 小李 蒋跃 总监", "correction": "陈露 蒋跃 总监", "help": "陈露 周涛 蒋跃 总监"}
		check := func(when string, ofRecord func(kind, note string) string, gone string) {
			t.Helper()
			for name, k := range notes {
				kind, note, _ := strings.Cut(name, " ")
				want := two[note]
				if want == "" {
					want = ofRecord(kind, note)
				}
				for _, who := range everybody {
					if who != gone {
						doors(t, w, when+", "+name+", "+who, w.As(who), k, slices.Contains(strings.Fields(want), who))
					}
				}
				doors(t, w, when+", "+name+", another company", other.As("管理员"), k, false)
			}
		}
		check("at first", func(string, string) string { return ofTeam }, "")
		for _, kind := range []string{"opportunity", "account"} {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: kind, IDs: []string{on[kind].ID}, ToID: w.ID["周涛"], Reason: "分工"})
			must(t, err)
		}
		check("handed over", func(kind, note string) string {
			reads := handed
			if kind == "task" {
				reads += " 陈露" // who asked for the task
			}
			if note == "question" || note == "resource" {
				reads += " 陈露 蒋跃" // it is open: who asked, and whose turn it is
			}
			if note == "advice" && kind != "opportunity" && kind != "account" {
				reads += " 陈露" // she says what became of it; of what has an owner he does
			}
			return reads
		}, "")
		for kind := range on {
			answer(t, w, "蒋跃", notes[kind+" question"], "不降")
			answer(t, w, "陈露", notes[kind+" resource"], "谢谢")
			answer(t, w, "周涛", notes[kind+" help"], "我有")
		}
		check("answered", func(kind, note string) string {
			reads := handed
			if kind == "task" || note == "question" || note == "advice" && kind != "opportunity" && kind != "account" {
				reads += " 陈露"
			}
			if note == "resource" { // who asked says what became of it
				reads += " 蒋跃"
			}
			return reads
		}, "")
		chen := w.As("陈露")
		w.Clock.Set("2026-03-20")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-20")
		must(t, err)
		now := w.As("管理员")
		gone := org.NewActor(now.Company, now.Structure, chen.MemberID, "form", now.Now)
		for name, k := range notes {
			doors(t, w, "she has left, "+name, gone, k, false)
		}
	})
}

// records are one of each kind that notes are given on, 陈露's.
func records(t *testing.T, w *apptest.World) map[string]record.Ref {
	t.Helper()
	on := map[string]record.Ref{"opportunity": deal(w), "account": account.Ref(w.Account), "contact": account.ContactRef(w.Contact("陈露", "刘工"))}
	f, err := w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: []record.Ref{on["opportunity"]}, Channel: "phone", Words: "预算批了"}, "")
	must(t, err)
	on["follow_up"] = followup.Ref(f.ID)
	step, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-20", On: []record.Ref{on["opportunity"]}})
	must(t, err)
	on["task"] = task.Ref(step.ID)
	return on
}

// doors tries each way to a note: all of them open, or none.
func doors(t *testing.T, w *apptest.World, when string, a org.Actor, k guidance.Kept, open bool) {
	t.Helper()
	g := w.Guidance
	list, err := g.OnRecord(w.Ctx, a, k.On, page.Request{Limit: 200})
	must(t, err)
	has := func(list []guidance.Kept) bool {
		return slices.ContainsFunc(list, func(x guidance.Kept) bool { return x.ID == k.ID })
	}
	_, get := g.Get(w.Ctx, a, k.ID)
	_, thread := w.Conversations.Get(w.Ctx, a, k.ID)
	found := map[string]bool{"the record's notes": has(list.Items), "the note": get == nil, "its thread": thread == nil}
	if !open {
		for _, b := range []guidance.Box{guidance.ToAnswer, guidance.Asks, guidance.Returns, guidance.Outcomes, guidance.Checks} {
			list, err := g.Box(w.Ctx, a, b, page.Request{Limit: 200})
			must(t, err)
			found["the box "+string(b)] = has(list.Items)
		}
		_, err := g.Answer(w.Ctx, a, k.ID, guidance.Answer{Text: "我答"})
		found["to answer"] = err == nil
		_, err = g.Use(w.Ctx, a, k.ID, guidance.Used, words(""))
		found["to say it is used"] = err == nil
	}
	for door, is := range found {
		if is != open {
			t.Errorf("%s: %s is %v, want %v", when, door, is, open)
		}
	}
}

func TestPraiseIsReadByTheTeamOfThePraised(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		k := ask(t, w, "总监", guidance.Praise, deal(w), "陈露", "方案写得好")
		for who, reads := range map[string]bool{"陈露": true, "小李": true, "蒋跃": true, "总监": true, "何峰": false, "周涛": false} {
			_, err := w.Guidance.Get(w.Ctx, w.As(who), k.ID)
			if (err == nil) != reads {
				t.Errorf("%s reads it: %v", who, err)
			}
		}
	})
}
