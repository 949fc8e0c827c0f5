package conversation_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// Kinds of thread as later capabilities have them: help is between two, praise is heard by the team of whom it is given to.
const help, praise = "help", "praise"

// everybody of a company.
var everybody = []string{"陈露", "小李", "蒋跃", "周涛", "何峰", "总监", "管理员"}

// TestWhoReadsWhat: for each kind of record and of thread, who finds it, before and after a hand-over to another
// team and when its author has left. Whoever is named finds it by every door, and nobody else by any.
func TestWhoReadsWhat(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Conversations.Readers[help], w.Conversations.Readers[praise] = conversation.Two, conversation.Team
		other := w.Another()
		on := records(t, w)
		const ofTeam, handed, all = "陈露 蒋跃 总监 管理员", "周涛 何峰 总监 管理员", "管理员"
		sees := map[string]string{"opportunity": ofTeam, "account": ofTeam, "contact": ofTeam, "follow_up": ofTeam, "task": ofTeam, "import": all}
		after := map[string]string{"opportunity": handed, "account": handed, "contact": handed, "follow_up": handed,
			"task": handed + " 陈露", "import": all} // she asked for the task
		left := map[string]string{"opportunity": handed, "account": handed, "contact": handed, "follow_up": handed, "task": handed, "import": all}
		threads := map[string]conversation.Thread{}
		for kind, ref := range on {
			who := "陈露"
			if kind == "import" {
				who = "管理员"
			}
			for _, k := range []string{conversation.Discussion, conversation.Note, help, praise} {
				threads[kind+" "+k] = begin(t, w, who, k, ref)
			}
		}
		check := func(when string, ofRecord map[string]string, others func(recordKind, kind string) string) {
			t.Helper()
			for name, th := range threads {
				kind, k, _ := strings.Cut(name, " ")
				want := ofRecord[kind]
				if k != conversation.Discussion {
					want = others(kind, k)
				}
				for _, who := range everybody {
					doors(t, w, when+", "+name, w.As(who), who, th, slices.Contains(strings.Fields(want), who))
				}
				doors(t, w, when+", "+name+", another company", other.As("管理员"), "管理员", th, false)
			}
		}
		byKind := map[string]string{conversation.Note: "陈露", help: "陈露 蒋跃 总监", praise: "陈露 小李 蒋跃 总监"}
		admins := map[string]string{conversation.Note: "管理员", help: "管理员 蒋跃", praise: "管理员 蒋跃 陈露 小李 总监"}
		others := func(recordKind, kind string) string {
			if recordKind == "import" {
				return admins[kind]
			}
			return byKind[kind]
		}
		check("at first", sees, others)

		for _, kind := range []string{"opportunity", "account"} {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: kind, IDs: []string{on[kind].ID}, ToID: w.ID["周涛"], Reason: "分工"})
			must(t, err)
		}
		check("handed over", after, others)

		chen := w.As("陈露")
		w.Clock.Set("2026-03-20")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-20")
		must(t, err)
		everybody := slices.DeleteFunc(slices.Clone(everybody), func(who string) bool { return who == "陈露" })
		now := w.As("管理员")
		gone := org.NewActor(now.Company, now.Structure, chen.MemberID, "form", now.Now)
		for name, th := range threads {
			doors(t, w, "she has left, "+name, gone, "陈露", th, false)
			if kind, k, _ := strings.Cut(name, " "); k == conversation.Discussion {
				for _, who := range everybody {
					doors(t, w, "she has left, "+name, w.As(who), who, th, slices.Contains(strings.Fields(left[kind]), who))
				}
			}
		}
	})
}

// records are one of each kind that is talked about, 陈露's but for the import.
func records(t *testing.T, w *apptest.World) map[string]record.Ref {
	t.Helper()
	on := map[string]record.Ref{"opportunity": deal(w), "account": accountRef(w), "contact": account.ContactRef(w.Contact("陈露", "刘工"))}
	f, err := w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: []record.Ref{on["opportunity"]}, Channel: "phone", Words: "预算批了"}, "")
	must(t, err)
	on["follow_up"] = followup.Ref(f.ID)
	step, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-20", On: []record.Ref{on["opportunity"]}})
	must(t, err)
	on["task"] = task.Ref(step.ID)
	path := filepath.Join(t.TempDir(), "客户.csv")
	must(t, os.WriteFile(path, []byte("编号,客户名称\n1,远大\n"), 0o600))
	m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles:\n- match: 客户*.csv\n  kind: account\n  columns: {externalId: 编号, name: 客户名称}\n"))
	must(t, err)
	b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "客户.csv", Path: path}}, false)
	must(t, err)
	on["import"] = record.Ref{Kind: "import", ID: b.ID}
	if len(on) != len(w.Conversations.Kinds) {
		t.Fatalf("%d kinds of record are tried, %d are talked about", len(on), len(w.Conversations.Kinds))
	}
	return on
}

// begin opens a thread of a kind, given to 蒋跃 where it is between two, with a file.
func begin(t *testing.T, w *apptest.World, who, kind string, on record.Ref) conversation.Thread {
	t.Helper()
	th := conversation.Thread{Kind: kind, On: on}
	if kind == help || kind == praise {
		th.ToID = w.ID["蒋跃"]
	}
	th, err := database.Write(w.Ctx, w.DB, func(tx database.Tx) (conversation.Thread, error) {
		return w.Conversations.OpenIn(w.Ctx, tx, w.As(who), th, conversation.Said{Text: "看一下"})
	})
	must(t, err)
	_, err = w.Files.Put(w.Ctx, w.As(who), conversation.MessageRef(th.Last[0].ID), "纪要.txt", strings.NewReader("内容"))
	must(t, err)
	return th
}

// doors tries each way to a thread: all of them open, or none.
func doors(t *testing.T, w *apptest.World, when string, a org.Actor, who string, th conversation.Thread, open bool) {
	t.Helper()
	c, message := w.Conversations, th.Last[0].ID
	has := func(q conversation.Asked) bool {
		list, err := c.List(w.Ctx, a, q, page.Request{Limit: 200})
		must(t, err)
		return slices.ContainsFunc(list.Items, func(x conversation.Thread) bool { return x.ID == th.ID })
	}
	_, get := c.Get(w.Ctx, a, th.ID)
	_, messages := c.Messages(w.Ctx, a, th.ID, page.Request{})
	files, err := w.Files.Of(w.Ctx, a, conversation.MessageRef(message))
	must(t, err)
	about, err := c.About(w.Ctx, a, th.On)
	must(t, err)
	found := map[string]bool{
		"the record's threads": has(conversation.Asked{On: th.On}),
		"the thread":           get == nil,
		"its messages":         messages == nil,
		"the message's files":  len(files) > 0,
		"what is said on it":   slices.ContainsFunc(about, func(m conversation.Message) bool { return m.ID == message }),
	}
	if th.Kind == conversation.Note {
		found["the notes"] = has(conversation.Asked{Notes: true})
	}
	if open && who != "" && th.CreatedBy != a.MemberID && th.ToID == a.MemberID {
		found["what is new"] = has(conversation.Asked{Unread: true})
	}
	if !open {
		found["what is new"], found["what names him"] = has(conversation.Asked{Unread: true}), has(conversation.Asked{Mentioned: true})
		_, err := c.Say(w.Ctx, a, th.ID, conversation.Said{Text: "我也说"})
		found["to answer"] = err == nil
		found["to read it"] = c.Read(w.Ctx, a, th.ID, 1) == nil
		_, err = c.TakeBack(w.Ctx, a, message)
		found["to take it back"] = err == nil
	}
	for door, is := range found {
		want := open && (door != "the record's threads" || !slices.Contains(c.Turns, th.Kind)) // those stand apart
		if is != want {
			t.Errorf("%s: %s finds %s: %v, want %v", when, who, door, is, want)
		}
	}
}
