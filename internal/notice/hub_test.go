package notice_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/reader"
	"yunchou/internal/task"
)

// heard waits for the next events of an open page.
func heard(t *testing.T, s *notice.Stream) []notice.Event {
	t.Helper()
	select {
	case <-s.Ready:
		list, _ := s.Take()
		return list
	case <-time.After(20 * time.Second):
		t.Fatal("in 20 s nothing was heard")
		return nil
	}
}

// TestAnEntryThatTellsMoreThanIsLookedAtAtOnceIsHeardByAll: one entry concerns five, who are looked at two by two.
func TestAnEntryThatTellsMoreThanIsLookedAtAtOnceIsHeardByAll(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Live.Batch = 2
		told := everybody[:5]
		w.Notices.Sources = append(slices.Clone(w.Notices.Sources), notice.Source{Kinds: map[string]bool{"test.all": false},
			Tells: map[string]notice.Teller{"task.added": func(context.Context, database.Tx, reader.Entry) (out []notice.To, _ error) {
				for _, who := range told {
					out = append(out, notice.To{MemberID: w.ID[who], Kind: "test.all"})
				}
				return out, nil
			}}})
		defer w.Follows(w.App)()
		pages := map[string]*notice.Stream{}
		for _, who := range told {
			s, _, err := w.Live.Open(w.Ctx, w.As(who))
			must(t, err)
			defer s.Close()
			pages[who] = s
		}
		for range 2 { // and again, behind the first
			x, err := w.Tasks.Add(w.Ctx, w.As("管理员"), task.Task{MemberID: w.Admin.MemberID, What: "开会", DueOn: "2026-03-31"})
			must(t, err)
			for _, who := range told {
				list := heard(t, pages[who])
				if len(list) != 1 || list[0].Kind != "test.all" || list[0].Seq == 0 {
					t.Errorf("%s heard %v of %s", who, list, x.ID)
				}
			}
		}
	})
}

// TestEntriesThatConcernNobodyAreLookedAtOnce: the hub is at the journal's end though nothing it looks for was written.
func TestEntriesThatConcernNobodyAreLookedAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		s, _, err := w.Live.Open(w.Ctx, w.As("陈露"))
		must(t, err)
		defer s.Close()
		for range 3 {
			w.Opportunity("陈露", "二期改造")
		}
		w.Eventually("the hub is at the end", func() bool {
			var head int64
			must(t, db.Read(w.Ctx, func(tx database.Tx) (err error) {
				head, err = journal.Head(w.Ctx, tx, w.Admin.TenantID)
				return err
			}))
			return w.Live.At(w.Admin.TenantID) == head
		})
	})
}

// TestWhatIsToldIsOfThenHoweverLateTheReader: everything happens before the reader comes by; who joined a thread after a
// message is not told of it, and a review is told to whoever had the task.
func TestWhatIsToldIsOfThenHoweverLateTheReader(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Follows(w.App)() // the readers have their places, and nobody reads
		on := opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		th, err := w.Conversations.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: on}, conversation.Said{Text: "节拍多少？"})
		must(t, err)
		say := func(who, text string, named ...string) {
			t.Helper()
			w.Clock.Move(time.Minute)
			_, err := w.Conversations.Say(w.Ctx, w.As(who), th.ID, conversation.Said{Text: text, Mentions: named})
			must(t, err)
		}
		say("陈露", "12 秒")
		say("总监", "谁测的？")
		say("陈露", "小李", w.Admin.MemberID)
		say("蒋跃", "好")

		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID["陈露"], What: "竞品分析", DueOn: "2026-03-31"})
		must(t, err)
		act := func(_ task.Task, err error) {
			t.Helper()
			must(t, err)
			w.Clock.Move(time.Minute)
		}
		act(w.Tasks.Plan(w.Ctx, w.As("陈露"), x.ID, "先访三家"))
		act(w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "见附件"))
		act(w.Tasks.Review(w.Ctx, w.As("蒋跃"), x.ID, false, "缺价格"))
		act(w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["周涛"], ""))
		act(w.Tasks.Answer(w.Ctx, w.As("周涛"), x.ID, true, ""))

		defer w.Follows(w.Process())()
		compare(t, w, "read late", map[string][]string{
			"陈露": {"蒋跃|message.said|二期改造|节拍多少？", "总监|message.said|二期改造|谁测的？", "蒋跃|message.said|二期改造|好",
				"蒋跃|task.given|竞品分析||do", "蒋跃|task.sent_back|竞品分析||do", "周涛|task.taken_over|竞品分析|"},
			"蒋跃": {"陈露|message.said|二期改造|12 秒", "总监|message.said|二期改造|谁测的？", "陈露|message.said|二期改造|小李",
				"陈露|task.to_review|竞品分析||do"},
			"总监":  {"陈露|message.said|二期改造|小李", "蒋跃|message.said|二期改造|好"},
			"管理员": {"陈露|message.named|二期改造|小李", "蒋跃|message.said|二期改造|好"},
			"周涛":  {"陈露|task.offered|竞品分析||do"},
		})
	})
}
