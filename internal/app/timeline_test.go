package app_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/timeline"
)

// saidIn says something, on a day, about records, with people.
func saidIn(t *testing.T, w *apptest.World, by, words string, on calendar.Date, reason string, people []string, about ...record.Ref) {
	t.Helper()
	_, err := w.FollowUps.Log(w.Ctx, w.As(by), followup.FollowUp{On: about, Channel: "phone", Words: words, HappenedOn: on, ContactIDs: people}, reason)
	must(t, err)
}

// timelineOf walks the pages of a timeline and calls between after each.
func timelineOf(t *testing.T, w *apptest.World, by string, of record.Ref, only string, limit int, between func()) (all []timeline.Item) {
	t.Helper()
	for r := (page.Request{Limit: limit}); ; {
		out, err := w.Timeline.Page(w.Ctx, w.As(by), timeline.Asked{Of: of, Only: only}, r)
		must(t, err)
		all = append(all, out.Items...)
		if r.Cursor = out.Next; r.Cursor == "" {
			return all
		}
		between()
	}
}

func words(items []timeline.Item) (out []string) {
	for _, i := range items {
		out = append(out, strings.TrimSpace(i.Kind+" "+cmp.Or(i.Text, i.Name)))
	}
	return out
}

// TestPagesOfATimelineAreTheWholeInTrueOrder: whatever is dated back, at whatever bound of a page, and
// while more is written down: by the day, then by when it was written; each once, none left out.
func TestPagesOfATimelineAreTheWholeInTrueOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rng := apptest.New(t, db), rand.New(rand.NewPCG(5, 12))
		deal := w.Opportunity("陈露", "二期改造")
		type told struct {
			on calendar.Date
			n  int
		}
		var all []told
		say := func() {
			w.Clock.Move(1000_000_000)
			on := w.As("陈露").Today.Add(-rng.IntN(12))
			all = append(all, told{on, len(all)})
			saidIn(t, w, "陈露", fmt.Sprint("第", len(all)-1), on, "", nil, opportunity.Ref(deal.ID))
		}
		for range 60 {
			say()
		}
		for _, size := range []int{1, 2, 7, 50, 200} {
			was := len(all)
			for _, of := range []record.Ref{opportunity.Ref(deal.ID), account.Ref(deal.AccountID)} {
				before := slices.Clone(all)
				got := timelineOf(t, w, "陈露", of, "contact", size, func() {
					if len(all) < was+6 {
						say()
					}
				})
				slices.SortFunc(before, func(x, y told) int { return cmp.Or(cmp.Compare(y.on, x.on), cmp.Compare(y.n, x.n)) })
				var seen []int
				for i, item := range got {
					var n int
					if _, err := fmt.Sscanf(item.Text, "第%d", &n); err != nil || slices.Contains(seen, n) || item.On != all[n].on {
						t.Fatalf("size %d: %q of %s, %v", size, item.Text, item.On, err)
					}
					if seen = append(seen, n); i > 0 {
						if p, q := all[seen[i-1]], all[n]; p.on < q.on || p.on == q.on && p.n < q.n {
							t.Fatalf("size %d: %v stands before %v", size, p, q)
						}
					}
				}
				there := slices.DeleteFunc(slices.Clone(seen), func(n int) bool { return n >= len(before) })
				if len(there) != len(before) {
					t.Fatalf("size %d: %d of %d were told", size, len(there), len(before))
				}
				for i, x := range before {
					if there[i] != x.n {
						t.Fatalf("size %d: %d is the %dth, want %d", size, there[i], i, x.n)
					}
				}
			}
		}
	})
}

// TestATimelineTellsWhatItsReaderSees: another company's nothing, a colleague of another team what is said
// with the account, not in its deals.
func TestATimelineTellsWhatItsReaderSees(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		deal := w.Opportunity("陈露", "二期改造")
		theirs, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "备件", AccountID: w.Account, OwnerID: w.ID["周涛"], ClashReason: "另一条产线"})
		must(t, err)
		person := w.Contact("陈露", "王工")
		for _, d := range []opportunity.Opportunity{deal, theirs} {
			must(t, w.Opportunities.SetContacts(w.Ctx, w.As("管理员"), d.ID, 0, []opportunity.DealContact{{ContactID: person, Role: "technical"}}))
		}
		file := w.File("陈露", deal.ID)
		today := w.As("陈露").Today
		saidIn(t, w, "陈露", "一组的话", today, "", []string{person}, opportunity.Ref(deal.ID))
		saidIn(t, w, "周涛", "二组的话", today, "", []string{person}, opportunity.Ref(theirs.ID))
		saidIn(t, w, "陈露", "客户的话", today, "", []string{person}, account.Ref(w.Account))
		saidIn(t, w, "周涛", "先客户后商机", today, "", []string{person}, account.Ref(w.Account), opportunity.Ref(theirs.ID))
		_, err = w.Tasks.Add(w.Ctx, w.As("周涛"), task.Task{What: "二组的事", DueOn: today, On: []record.Ref{opportunity.Ref(theirs.ID)}})
		must(t, err)
		for by, want := range map[string]struct{ has, not string }{
			"陈露":  {"一组的话 客户的话", "二组的话 二组的事 先客户后商机 备件"},
			"周涛":  {"二组的话 客户的话 先客户后商机", "一组的话 二期改造 " + file},
			"总监":  {"一组的话 二组的话 客户的话 先客户后商机", ""},
			"管理员": {"一组的话 二组的话 客户的话 先客户后商机", ""},
		} {
			for _, of := range []record.Ref{account.Ref(w.Account), account.ContactRef(person)} {
				var said []string
				for _, i := range timelineOf(t, w, by, of, "", 3, func() {}) {
					said = append(said, i.Name, i.Text, i.Reason, i.WhoseName, i.FileID, i.Subject.ID, i.Scope.ID, string(i.Payload))
					for id, name := range i.Names {
						said = append(said, id, name)
					}
				}
				all := strings.Join(said, "\n")
				for _, x := range strings.Fields(want.has) {
					if !strings.Contains(all, x) {
						t.Errorf("%s is not told %s of the %s", by, x, of.Kind)
					}
				}
				for _, x := range strings.Fields(want.not) {
					if strings.Contains(all, x) {
						t.Errorf("%s is told %s of the %s", by, x, of.Kind)
					}
				}
			}
		}
		for _, x := range []struct {
			by string
			of record.Ref
		}{{"周涛", opportunity.Ref(deal.ID)}, {"陈露", opportunity.Ref(theirs.ID)}, {"小李", account.Ref(w.Account)}, {"小李", account.ContactRef(person)}} {
			if out, err := w.Timeline.Page(w.Ctx, w.As(x.by), timeline.Asked{Of: x.of}, page.Request{}); !fault.Is(err, fault.NotFound) || len(out.Items) > 0 {
				t.Errorf("%s reads %v: %v, %v", x.by, x.of, words(out.Items), err)
			}
		}
		stranger := w.Another().As("管理员")
		for _, of := range []record.Ref{opportunity.Ref(deal.ID), account.Ref(w.Account), account.ContactRef(person)} {
			if out, err := w.Timeline.Page(w.Ctx, stranger, timeline.Asked{Of: of}, page.Request{}); !fault.Is(err, fault.NotFound) || len(out.Items) > 0 {
				t.Errorf("another company reads %v: %v, %v", of, words(out.Items), err)
			}
		}
	})
}

// TestATimelineTellsTheWholeStory: what was created, changed, handed over, joined and erased, by name; after a merge
// what happened with either.
func TestATimelineTellsTheWholeStory(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		kept, err := w.Accounts.Get(w.Ctx, a, w.Account)
		must(t, err)
		kept.Industry = "机械"
		kept, err = w.Accounts.Update(w.Ctx, a, kept)
		must(t, err)
		gone, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "华新机电公司"}, true)
		must(t, err)
		person, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "王工", AccountID: gone.ID})
		must(t, err)
		long := a.Today.Add(-200)
		saidIn(t, w, "陈露", "早就谈过", long, "笔记本里\n刚找到", []string{person.ID}, account.Ref(gone.ID))
		deal := w.Opportunity("陈露", "二期改造")
		file := w.File("陈露", deal.ID)
		_, err = w.Opportunities.Move(w.Ctx, a, deal.ID, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: "no_decision", Reason: "价格\n太高"})
		must(t, err)
		look, err := w.Accounts.LookAtMerge(w.Ctx, a, account.Merging{Kept: kept.ID, Gone: gone.ID})
		must(t, err)
		_, err = w.Accounts.Merge(w.Ctx, a, account.Merging{Kept: kept.ID, Gone: gone.ID, Version: look.Version, GoneVersion: look.GoneVersion})
		must(t, err)
		all := timelineOf(t, w, "陈露", account.Ref(kept.ID), "", 4, func() {})
		var whose []string
		for _, i := range all {
			if i.WhoseName != "" {
				whose = append(whose, i.WhoseName)
			}
		}
		told := strings.Join(words(all), "\n")
		for _, x := range []string{"account.created", "account.changed", "contact.created 王工", "follow_up.logged 早就谈过", "opportunity.moved", "file.attached",
			"account.merged"} {
			if !strings.Contains(told, x) {
				t.Errorf("%s is not told:\n%s", x, told)
			}
		}
		if !slices.Contains(whose, "华新机电公司") || !slices.Contains(whose, "二期改造") {
			t.Errorf("whose is %v", whose)
		}
		if last := all[len(all)-1]; last.On != long || last.Reason != "笔记本里\n刚找到" || last.Names[person.ID] != "王工" {
			t.Errorf("what was dated back is the last, with its reason: %+v", last)
		}
		named := slices.IndexFunc(all, func(i timeline.Item) bool { return i.FileID == file && i.File != "" })
		lost := slices.IndexFunc(all, func(i timeline.Item) bool {
			return i.Move != nil && i.Move.State == "lost" && i.Reason == "价格\n太高"
		})
		if named < 0 || lost < 0 {
			t.Errorf("the file is the %dth, the loss the %dth of\n%s", named, lost, told)
		}
		must(t, w.Files.Remove(w.Ctx, a, file))
		for _, i := range timelineOf(t, w, "陈露", opportunity.Ref(deal.ID), "change", 50, func() {}) {
			if strings.HasPrefix(i.Kind, "file.") && (!i.Gone || i.FileID != "" || i.File != "") {
				t.Errorf("of an erased file is told %+v", i.Told)
			}
		}
		mine := timelineOf(t, w, "陈露", account.ContactRef(person.ID), "", 1, func() {})
		if told := strings.Join(words(mine), "\n"); !strings.Contains(told, "contact.created 王工") || !strings.Contains(told, "早就谈过") {
			t.Errorf("of a person is told\n%s", told)
		}
	})
}

// TestOpenStepsAreAllReached: page by page, those due first in front, and none by who sees no such deal.
func TestOpenStepsAreAllReached(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rng := apptest.New(t, db), rand.New(rand.NewPCG(3, 1))
		deal, a := w.Opportunity("陈露", "二期改造"), w.As("陈露")
		for i := range 25 {
			made, err := w.Tasks.Add(w.Ctx, a, task.Task{What: fmt.Sprint("事", i), DueOn: a.Today.Add(rng.IntN(5)), On: []record.Ref{opportunity.Ref(deal.ID)}})
			must(t, err)
			if i%5 == 0 {
				_, err = w.Tasks.Finish(w.Ctx, a, made.ID, "")
				must(t, err)
			}
		}
		var all []task.Task
		for r := (page.Request{Limit: 3}); ; {
			out, err := w.Tasks.OpenOn(w.Ctx, a, opportunity.Ref(deal.ID), r)
			must(t, err)
			all = append(all, out.Items...)
			if r.Cursor = out.Next; r.Cursor == "" {
				break
			}
		}
		seen := map[string]bool{}
		for i, x := range all {
			if seen[x.What] || x.DoneOn != "" || i > 0 && all[i-1].DueOn > x.DueOn {
				t.Errorf("%s due on %s is the %dth", x.What, x.DueOn, i)
			}
			seen[x.What] = true
		}
		if len(all) != 20 {
			t.Errorf("%d of 20", len(all))
		}
		if out, err := w.Tasks.OpenOn(w.Ctx, w.As("周涛"), opportunity.Ref(deal.ID), page.Request{}); err != nil || len(out.Items) > 0 {
			t.Errorf("another team reads %d, %v", len(out.Items), err)
		}
	})
}

// TestATalkIsOneLineADay: it stands on the day, counts what was said and not taken back, and begins with its first
// words; a note is in its author's alone.
func TestATalkIsOneLineADay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c, on := w.Conversations, opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		th, err := c.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: on}, conversation.Said{Text: "降不降？"})
		must(t, err)
		say := func(who, text string) conversation.Message {
			m, err := c.Say(w.Ctx, w.As(who), th.ID, conversation.Said{Text: text})
			must(t, err)
			return m
		}
		say("陈露", "先不降")
		_, err = c.TakeBack(w.Ctx, w.As("蒋跃"), th.Last[0].ID)
		must(t, err)
		w.Clock.Set("2026-03-05")
		for i := range 3 {
			say("陈露", fmt.Sprint("第", i))
		}
		_, err = c.Open(w.Ctx, w.As("陈露"), conversation.Thread{Kind: conversation.Note, On: on}, conversation.Said{Text: "怕担责任"})
		must(t, err)
		for who, want := range map[string]string{
			"陈露": "2026-03-05 note 1 怕担责任, 2026-03-05 discussion 3 第0, 2026-03-02 discussion 1 先不降",
			"蒋跃": "2026-03-05 discussion 3 第0, 2026-03-02 discussion 1 先不降",
		} {
			var got []string
			for _, i := range timelineOf(t, w, who, on, "", 2, func() {}) {
				if i.Kind == "message.said" {
					var p struct {
						ThreadKind string
						Said       int
					}
					must(t, i.Said(&p))
					got = append(got, fmt.Sprint(i.On, " ", p.ThreadKind, " ", p.Said, " ", i.Text))
				}
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("%s is told %s, want %s", who, strings.Join(got, ", "), want)
			}
			for _, only := range []string{"contact", "step", "move", "change"} {
				for _, i := range timelineOf(t, w, who, on, only, 50, func() {}) {
					if i.Kind == "message.said" {
						t.Errorf("%s: a talk is no %s", who, only)
					}
				}
			}
		}
	})
}
