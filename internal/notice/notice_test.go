package notice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// told lists what somebody was told, the first first: by whom, what, of which record, in which words.
func told(t testing.TB, w *apptest.World, a org.Actor) (out []string) {
	t.Helper()
	list, err := w.Notices.List(w.Ctx, a, notice.Asked{}, page.Request{})
	must(t, err)
	for _, n := range slices.Backward(list.Items) {
		by := "-"
		for name, id := range w.ID {
			if id == n.ActorID {
				by = name
			}
		}
		if n.ActorID == w.Admin.MemberID {
			by = "管理员"
		}
		line := strings.Join([]string{by, n.Kind, n.Name, n.Text}, "|")
		if n.Hidden {
			line += "|hidden"
		}
		if n.Do {
			line += "|do"
		}
		out = append(out, line)
	}
	return out
}

var everybody = []string{"陈露", "小李", "蒋跃", "周涛", "何峰", "总监", "管理员"}

// compare holds what everybody was told against what he should have been; who is not named should have been told
// nothing.
func compare(t *testing.T, w *apptest.World, when string, want map[string][]string) {
	t.Helper()
	w.CaughtUp(notice.Name)
	for _, who := range everybody {
		if got := told(t, w, w.As(who)); !slices.Equal(got, want[who]) {
			t.Errorf("%s, %s was told\n%q, want\n%q", when, who, got, want[who])
		}
	}
}

// TestWhoIsToldOfATask: whoever is waited for, and who waited.
func TestWhoIsToldOfATask(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID["陈露"], What: "竞品分析", DueOn: "2026-03-31"})
		must(t, err)
		act := func(_ task.Task, err error) {
			t.Helper()
			must(t, err)
			w.CaughtUp(notice.Name) // whoever has it by then is told
		}
		act(w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["小李"], ""))
		act(w.Tasks.Answer(w.Ctx, w.As("小李"), x.ID, false, "出差"))
		act(w.Tasks.Plan(w.Ctx, w.As("陈露"), x.ID, "先访三家"))
		act(w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "见附件"))
		act(w.Tasks.Review(w.Ctx, w.As("蒋跃"), x.ID, false, "缺价格"))
		act(w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["周涛"], ""))
		act(w.Tasks.Answer(w.Ctx, w.As("周涛"), x.ID, true, ""))
		act(w.Tasks.Finish(w.Ctx, w.As("周涛"), x.ID, "补了"))
		act(w.Tasks.Review(w.Ctx, w.As("蒋跃"), x.ID, true, ""))
		compare(t, w, "in the end", map[string][]string{
			"陈露": {"蒋跃|task.given|竞品分析||do", "小李|task.declined|竞品分析|", "蒋跃|task.sent_back|竞品分析||do", "周涛|task.taken_over|竞品分析|"},
			"小李": {"陈露|task.offered|竞品分析||do"},
			"周涛": {"陈露|task.offered|竞品分析||do", "蒋跃|task.accepted|竞品分析|"},
			"蒋跃": {"陈露|task.to_review|竞品分析||do", "周涛|task.to_review|竞品分析||do"},
		})
	})
}

// TestWhoGetsAPartInATaskIsTold, once, however often the parts are said anew; who only goes on seeing it is not. It waits
// for him until his part is done.
func TestWhoGetsAPartInATaskIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		part := func(who, as string) task.Party { return task.Party{MemberID: w.ID[who], Part: as} }
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID["陈露"], What: "竞品分析", DueOn: "2026-03-06",
			Parties: []task.Party{part("小李", task.Partner)}})
		must(t, err)
		for _, parties := range [][]task.Party{{part("小李", task.Assistant), part("周涛", task.Partner)}, {part("周涛", task.Partner)}} {
			_, err = w.Tasks.SetParties(w.Ctx, w.As("蒋跃"), x.ID, parties)
			must(t, err)
		}
		compare(t, w, "parts", map[string][]string{
			"陈露": {"蒋跃|task.given|竞品分析||do"},
			"小李": {"蒋跃|task.joined|竞品分析||do"},
			"周涛": {"蒋跃|task.joined|竞品分析||do"},
		})
		open := func(who string) (open bool) {
			list, err := w.Notices.List(w.Ctx, w.As(who), notice.Asked{}, page.Request{})
			must(t, err)
			must(t, db.Read(w.Ctx, func(tx database.Tx) error {
				open, err = w.Notices.Open(w.Ctx, tx, w.Admin.TenantID, list.Items[0])
				return err
			}))
			return open
		}
		if open("小李") || !open("周涛") {
			t.Error("it waits for who has a part no more, or not for who has one")
		}
		_, err = w.Tasks.Finish(w.Ctx, w.As("周涛"), x.ID, "好了")
		must(t, err)
		if open("周涛") {
			t.Error("it waits for who has done his part")
		}
		_, err = w.Tasks.SetParties(w.Ctx, w.As("蒋跃"), x.ID, []task.Party{part("小李", task.Partner), part("周涛", task.Partner)})
		must(t, err)
		w.CaughtUp(notice.Name)
		if n := len(told(t, w, w.As("小李"))); n != 2 {
			t.Errorf("who has a part again was told %d times", n)
		}
	})
}

// TestWhoIsToldWhat: each act that concerns somebody, by everybody's list; then after a hand-over to another team,
// and of someone who has left.
func TestWhoIsToldWhat(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		deal := w.Opportunity("陈露", "二期改造")
		on := opportunity.Ref(deal.ID)
		th, err := w.Conversations.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: on}, conversation.Said{Text: "节拍多少？"})
		must(t, err)
		w.CaughtUp(notice.Name) // who takes part by then is told
		_, err = w.Conversations.Say(w.Ctx, w.As("陈露"), th.ID, conversation.Said{Text: "12 秒", Mentions: []string{w.ID["总监"], w.ID["陈露"]}})
		must(t, err)
		_, err = w.Conversations.Open(w.Ctx, w.As("陈露"), conversation.Thread{Kind: conversation.Note, On: on}, conversation.Said{Text: "他怕担责任"})
		must(t, err)
		for _, x := range [][2]string{{"蒋跃", "陈露"}, {"陈露", "陈露"}} {
			_, err = w.Tasks.Add(w.Ctx, w.As(x[0]), task.Task{MemberID: w.ID[x[1]], What: "送样", DueOn: "2026-03-20", On: []record.Ref{on}})
			must(t, err)
		}
		first := map[string][]string{
			"陈露": {"蒋跃|message.said|二期改造|节拍多少？", "蒋跃|task.given|送样||do"},
			"蒋跃": {"陈露|message.said|二期改造|12 秒"},
			"总监": {"陈露|message.named|二期改造|12 秒"},
		}
		compare(t, w, "at first", first)

		_, err = w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{deal.ID}, ToID: w.ID["周涛"], Reason: "分工"})
		must(t, err)
		after := map[string][]string{
			"陈露": {"蒋跃|message.said|||hidden", "蒋跃|task.given|送样||do"},
			"蒋跃": {"陈露|message.said|||hidden"},
			"总监": first["总监"],
			"周涛": {"管理员|handover.made|||do"},
		}
		compare(t, w, "handed over", after)

		_, err = w.Conversations.Say(w.Ctx, w.As("周涛"), th.ID, conversation.Said{Text: "我接着办"})
		must(t, err)
		after["总监"] = append(after["总监"], "周涛|message.said|二期改造|我接着办")
		compare(t, w, "said by the new owner", after)

		chen := w.As("陈露")
		w.Clock.Set("2026-03-20")
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), chen.MemberID, "2026-03-20")
		must(t, err)
		_, err = w.Conversations.Say(w.Ctx, w.As("周涛"), th.ID, conversation.Said{Text: "签了"})
		must(t, err)
		w.CaughtUp(notice.Name)
		now := w.As("管理员")
		gone := org.NewActor(now.Company, now.Structure, chen.MemberID, "form", now.Now)
		for _, line := range told(t, w, gone) {
			if strings.Contains(line, "签了") || strings.Contains(line, "节拍") {
				t.Errorf("who has left was told %s", line)
			}
		}
		if n := len(told(t, w, gone)); n != len(after["陈露"]) {
			t.Errorf("who has left was told %d things, %d before", n, len(after["陈露"]))
		}
	})
}

// TestANoteTellsOnce: the act tells, and the message that says it does not tell too.
func TestANoteTellsOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		on := opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		ask := func(who string, in guidance.New) guidance.Kept {
			in.On = on
			k, err := w.Guidance.Ask(w.Ctx, w.As(who), in)
			must(t, err)
			return k
		}
		k := ask("蒋跃", guidance.New{Kind: guidance.Question, Text: "节拍多少？"})
		_, err := w.Guidance.Answer(w.Ctx, w.As("陈露"), k.ID, guidance.Answer{Text: "12 秒"})
		must(t, err)
		ask("蒋跃", guidance.New{Kind: guidance.Praise, ToID: w.ID["陈露"], Text: "问得好"})
		help := ask("陈露", guidance.New{Kind: guidance.Help, ToID: w.ID["蒋跃"], Text: "能否调 FAE 两天？"})
		w.Clock.Move(time.Minute) // what is said in the instant of an act is the act's
		_, err = w.Conversations.Say(w.Ctx, w.As("陈露"), help.ID, conversation.Said{Text: "最好下周"})
		must(t, err)
		compare(t, w, "notes", map[string][]string{
			"陈露": {"蒋跃|guidance.asked|二期改造|节拍多少？|do", "蒋跃|guidance.praised|二期改造|问得好"},
			"蒋跃": {"陈露|guidance.answered|二期改造|12 秒", "陈露|guidance.called|二期改造|能否调 FAE 两天？|do", "陈露|message.said|二期改造|最好下周"},
		})
		_, err = w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{on.ID}, ToID: w.ID["周涛"], Reason: "分工"})
		must(t, err)
		w.CaughtUp(notice.Name)
		for _, line := range told(t, w, w.As("陈露"))[:1] {
			if line != "蒋跃|guidance.asked|||hidden|do" {
				t.Errorf("of a deal that is another's she was told %s", line)
			}
		}
	})
}

// TestWhatIsReadIsRead: one, all up to one, and nobody else's.
func TestWhatIsReadIsRead(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		defer w.Follows(w.App)()
		deal := opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		for i := range 5 {
			for _, who := range []string{"陈露", "小李"} {
				_, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID[who], What: fmt.Sprint("事", i), DueOn: "2026-03-20", On: []record.Ref{deal}})
				must(t, err)
			}
		}
		w.CaughtUp(notice.Name)
		waits := func(who string) string {
			unread, do, err := w.Notices.Waiting(w.Ctx, w.As(who))
			must(t, err)
			return fmt.Sprint(unread, do)
		}
		list, err := w.Notices.List(w.Ctx, w.As("陈露"), notice.Asked{}, page.Request{Limit: 2})
		must(t, err)
		next, err := w.Notices.List(w.Ctx, w.As("陈露"), notice.Asked{}, page.Request{Limit: 10, Cursor: list.Next})
		must(t, err)
		if len(list.Items) != 2 || len(next.Items) != 3 || list.Items[1].Seq <= next.Items[0].Seq {
			t.Errorf("two pages have %d and %d", len(list.Items), len(next.Items))
		}
		must(t, w.Notices.Read(w.Ctx, w.As("陈露"), []int64{list.Items[0].Seq}, 0))
		if got := waits("陈露") + " " + waits("小李"); got != "4 4 5 5" {
			t.Errorf("one was read, waiting are %s", got)
		}
		unread, err := w.Notices.List(w.Ctx, w.As("陈露"), notice.Asked{Unread: true}, page.Request{})
		must(t, err)
		if len(unread.Items) != 4 || unread.Items[0].Seq != list.Items[1].Seq {
			t.Errorf("unread are %d", len(unread.Items))
		}
		must(t, w.Notices.Read(w.Ctx, w.As("陈露"), nil, next.Items[0].Seq))
		if got := waits("陈露") + " " + waits("小李"); got != "1 1 5 5" {
			t.Errorf("all but the newest were read, waiting are %s", got)
		}
	})
}

// TestNoticesAreToldExactlyOnce: two processes, of which one or the other is stopped again and again while people
// write; on SQLite one that starts anew.
func TestNoticesAreToldExactlyOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		deal := opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
		process := func() func() { return w.Follows(w.Process()) }
		stop := w.Follows(w.App)
		th, err := w.Conversations.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: deal}, conversation.Said{Text: "0"})
		must(t, err)
		other := func() {}
		if db.Dialect() == database.PostgreSQL {
			other = process()
		}
		const said = 60
		for i := 1; i <= said; i++ {
			_, err := w.Conversations.Say(w.Ctx, w.As("蒋跃"), th.ID, conversation.Said{Text: fmt.Sprint(i)})
			must(t, err)
			if i%15 == 0 {
				stop()
				stop, other = other, process()
				if db.Dialect() == database.SQLite {
					stop = func() {}
				}
			}
		}
		defer func() { stop(); other() }()
		w.CaughtUp(notice.Name)
		got := told(t, w, w.As("陈露"))
		list, err := w.Notices.List(w.Ctx, w.As("陈露"), notice.Asked{}, page.Request{Limit: 200})
		must(t, err)
		if len(list.Items) != said+1 {
			t.Fatalf("%d messages were told %d times: %q", said+1, len(list.Items), got)
		}
		for i, n := range slices.Backward(list.Items) {
			if want := fmt.Sprint(said - i); n.Text != want {
				t.Errorf("notice %d says %s, want %s", i, n.Text, want)
			}
		}
	})
}
