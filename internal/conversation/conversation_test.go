package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/replay/replaytest"
)

// waiting is what waits for somebody: threads with something new, and those that name him.
func waiting(t *testing.T, w *apptest.World, who string) string {
	t.Helper()
	unread, mentioned, err := w.Conversations.Waiting(w.Ctx, w.As(who))
	must(t, err)
	for _, x := range []struct {
		counted int64
		q       conversation.Asked
	}{{unread, conversation.Asked{Unread: true}}, {mentioned, conversation.Asked{Mentioned: true}}} {
		list, err := w.Conversations.List(w.Ctx, w.As(who), x.q, page.Request{})
		must(t, err)
		if int64(len(list.Items)) != x.counted {
			t.Errorf("%s: %d threads are counted and %d listed for %+v", who, x.counted, len(list.Items), x.q)
		}
	}
	return fmt.Sprint(unread, " ", mentioned)
}

func waits(t *testing.T, w *apptest.World, when string, want map[string]string) {
	t.Helper()
	for who, counts := range want {
		if got := waiting(t, w, who); got != counts {
			t.Errorf("%s: for %s wait %s, want %s", when, who, got, counts)
		}
	}
}

// TestWhomItConcernsIsTold: the owner of the record, who is named and who took part; not who only sees it.
func TestWhomItConcernsIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		th := open(t, w, "蒋跃", conversation.Discussion, deal(w), "三励报 68 万，降不降？")
		waits(t, w, "asked on her deal", map[string]string{"陈露": "1 0", "蒋跃": "0 0", "总监": "0 0", "管理员": "0 0", "周涛": "0 0"})
		m := say(t, w, "陈露", th.ID, "@总监 单价不动行吗", "总监")
		waits(t, w, "answered, and the director named", map[string]string{"陈露": "0 0", "蒋跃": "1 0", "总监": "1 1", "管理员": "0 0"})
		must(t, w.Conversations.Read(w.Ctx, w.As("总监"), th.ID, 2))
		must(t, w.Conversations.Read(w.Ctx, w.As("管理员"), th.ID, 2)) // looks, and takes no part
		say(t, w, "蒋跃", th.ID, "备件含进来")
		waits(t, w, "said again", map[string]string{"陈露": "1 0", "总监": "1 0", "管理员": "0 0"})
		must(t, w.Conversations.Read(w.Ctx, w.As("总监"), th.ID, 1))
		waits(t, w, "marked as unread", map[string]string{"总监": "1 1"})
		_, err := w.Conversations.TakeBack(w.Ctx, w.As("陈露"), m.ID)
		must(t, err)
		waits(t, w, "what named him is taken back", map[string]string{"总监": "1 0"})
		must(t, w.Conversations.Read(w.Ctx, w.As("总监"), th.ID, 99))
		waits(t, w, "read to the end", map[string]string{"总监": "0 0"})
		m = say(t, w, "蒋跃", th.ID, "谁去？")
		must(t, w.Conversations.Read(w.Ctx, w.As("陈露"), th.ID, 4))
		_, err = w.Conversations.Edit(w.Ctx, w.As("蒋跃"), m.ID, said(w, "@陈露 你去？", "陈露"))
		must(t, err)
		waits(t, w, "named in what she had read", map[string]string{"陈露": "1 1", "蒋跃": "0 0"})
	})
}

// TestOnlyWhoReadsAThreadIsNamedInIt: the fault says who it is.
func TestOnlyWhoReadsAThreadIsNamedInIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		th := open(t, w, "陈露", conversation.Discussion, on, "开始")
		named := func(what, code, name string, in conversation.Said) {
			t.Helper()
			_, err := w.Conversations.Say(w.Ctx, w.As("陈露"), th.ID, in)
			refused(t, what, code, err)
			if f := faultOf(err); name != "" && (f == nil || f.Params["name"] != name) {
				t.Errorf("%s: %v does not say %s", what, err, name)
			}
		}
		named("another team's", "conversation.mention_unseen", "周涛", said(w, "@周涛 看看", "蒋跃", "周涛"))
		named("nobody", "org.member_unknown", "", conversation.Said{Text: "x", Mentions: []string{"nobody"}})
		named("nothing", "input.required", "", said(w, " \u200b"))
		named("too long", "input.too_long", "", said(w, strings.Repeat("长", conversation.MostText+1)))
		named("too many", "conversation.too_many_mentions", "", conversation.Said{Text: "x", Mentions: manyIDs(21)})
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "")
		must(t, err)
		named("who has left", "conversation.mention_left", "小李", said(w, "@小李", "小李"))
		_, err = w.Conversations.Open(w.Ctx, w.As("陈露"), conversation.Thread{Kind: conversation.Note, On: on}, said(w, "@蒋跃", "蒋跃"))
		refused(t, "named in a note", "conversation.note_is_yours", err)
		list, err := w.Conversations.List(w.Ctx, w.As("陈露"), conversation.Asked{On: on}, page.Request{})
		if err != nil || len(list.Items) != 1 || list.Items[0].LastN != 1 {
			t.Errorf("what was refused left %+v (%v)", list.Items, err)
		}
		for what, x := range map[string]struct {
			t    conversation.Thread
			code string
		}{
			"a kind nobody has":             {conversation.Thread{Kind: "help", On: on}, "conversation.kind_unknown"},
			"a record of no kind":           {conversation.Thread{Kind: "note", On: record.Ref{Kind: "weather", ID: "1"}}, "record.kind_unknown"},
			"a record out of sight":         {conversation.Thread{Kind: "note", On: account.Ref("nothing")}, "record.unknown"},
			"an id that is none":            {conversation.Thread{ID: "7", Kind: "note", On: on}, "record.id_malformed"},
			"an id something else has here": {conversation.Thread{ID: th.ID, Kind: "note", On: on}, "record.id_taken"},
		} {
			_, err := w.Conversations.Open(w.Ctx, w.As("陈露"), x.t, said(w, "说"))
			refused(t, what, x.code, err)
		}
	})
}

func faultOf(err error) (f *fault.Fault) {
	errors.As(err, &f)
	return f
}

func manyIDs(n int) (out []string) {
	for range n {
		out = append(out, record.NewID(time.Time{}))
	}
	return out
}

// TestItsAuthorEditsForAShortTimeAndTakesBackAlways: others do neither, and of what was taken back nothing stays.
func TestItsAuthorEditsForAShortTimeAndTakesBackAlways(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := w.Conversations
		th := open(t, w, "陈露", conversation.Discussion, deal(w), "报 68 万")
		m := th.Last[0]
		f, err := w.Files.Put(w.Ctx, w.As("陈露"), conversation.MessageRef(m.ID), "报价.txt", strings.NewReader("68 万"))
		must(t, err)
		_, err = w.Files.Put(w.Ctx, w.As("蒋跃"), conversation.MessageRef(m.ID), "报价.txt", strings.NewReader("70 万"))
		refused(t, "a file at another's message", "record.unknown", err)
		_, err = c.Edit(w.Ctx, w.As("蒋跃"), m.ID, said(w, "报 70 万"))
		refused(t, "another's", "conversation.not_yours", err)
		_, err = c.Edit(w.Ctx, w.As("周涛"), m.ID, said(w, "报 70 万"))
		refused(t, "out of sight", "conversation.message_unknown", err)
		w.Clock.Move(14 * time.Minute)
		a := w.As("陈露")
		a.IfMatch = 1
		m, err = c.Edit(w.Ctx, a, m.ID, said(w, "报 69 万"))
		if err != nil || m.Text != "报 69 万" || m.EditedAt == nil || m.Version != 2 || len(m.Files) != 1 {
			t.Fatalf("edited %+v (%v)", m, err)
		}
		_, err = c.Edit(w.Ctx, a, m.ID, said(w, "报 70 万"))
		refused(t, "what another device changed since", "record.stale", err)
		w.Clock.Move(2 * time.Minute)
		_, err = c.Edit(w.Ctx, w.As("陈露"), m.ID, said(w, "报 70 万"))
		refused(t, "too late", "conversation.edit_late", err)
		_, err = c.TakeBack(w.Ctx, w.As("蒋跃"), m.ID)
		refused(t, "to take another's back", "conversation.not_yours", err)
		w.Clock.Move(48 * time.Hour)
		m, err = c.TakeBack(w.Ctx, w.As("陈露"), m.ID)
		if err != nil || m.Text != "" || m.TakenBackAt == nil {
			t.Fatalf("taken back %+v (%v)", m, err)
		}
		if _, err := w.Files.Get(w.Ctx, w.As("陈露"), f.ID); fault.CodeOf(err) != "file.unknown" {
			t.Errorf("its file: %v", err)
		}
		_, err = c.TakeBack(w.Ctx, w.As("陈露"), m.ID)
		refused(t, "again", "conversation.taken_back", err)
		all, err := c.Messages(w.Ctx, w.As("蒋跃"), th.ID, page.Request{})
		if err != nil || len(all.Items) != 1 || all.Items[0].TakenBackAt == nil || len(all.Items[0].Files) > 0 {
			t.Errorf("that there was one stays: %+v (%v)", all.Items, err)
		}
		for _, table := range []string{"message", "journal", "idempotency_key"} {
			if holds(t, db, table, "69 万") {
				t.Errorf("%s still has the words", table)
			}
		}
	})
}

// holds tells whether a text stands anywhere in a table.
func holds(t *testing.T, db *database.DB, table, text string) bool {
	t.Helper()
	for _, row := range replaytest.Rows(t, db, "SELECT * FROM "+table) {
		if strings.Contains(fmt.Sprint(row), text) {
			return true
		}
	}
	return false
}

// TestSentTwiceItIsSaidOnce: by the ids its sender made, at once too.
func TestSentTwiceItIsSaidOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c, a := w.Conversations, w.As("陈露")
		begun := conversation.Thread{ID: record.NewID(a.Now), Kind: conversation.Discussion, On: deal(w)}
		in := said(w, "报 68 万", "蒋跃")
		in.ID = record.NewID(a.Now)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := c.Open(context.Background(), a, begun, in); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		next := said(w, "再说一句")
		next.ID = record.NewID(a.Now)
		for range 2 {
			m, err := c.Say(w.Ctx, a, begun.ID, next)
			if err != nil || m.N != 2 {
				t.Errorf("the %dth (%v)", m.N, err)
			}
		}
		next.Text = "另一句"
		_, err := c.Say(w.Ctx, a, begun.ID, next)
		refused(t, "other words", "record.id_taken", err)
		in.Mentions = nil
		_, err = c.Open(w.Ctx, a, begun, in)
		refused(t, "other names", "record.id_taken", err)
		list, err := c.Messages(w.Ctx, a, begun.ID, page.Request{})
		if err != nil || len(list.Items) != 2 {
			t.Errorf("%d messages (%v)", len(list.Items), err)
		}
	})
}

// TestManySpeakAtOnce: each message has its number, none is lost, and pages tell them all, the last first.
func TestManySpeakAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		th := open(t, w, "陈露", conversation.Discussion, deal(w), "开始")
		var all sync.WaitGroup
		for _, who := range []string{"陈露", "蒋跃", "总监"} {
			a := w.As(who)
			all.Go(func() {
				for i := range 10 {
					if _, err := w.Conversations.Say(context.Background(), a, th.ID, conversation.Said{Text: fmt.Sprint(who, i)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		want := int64(31)
		n, err := page.Walk(page.Request{}, func(r page.Request) (page.Result[conversation.Message], error) {
			r.Limit = 7
			return w.Conversations.Messages(w.Ctx, w.As("陈露"), th.ID, r)
		}, func(m conversation.Message) error {
			if m.N != want {
				t.Errorf("the %dth where the %dth should be", m.N, want)
			}
			want--
			return nil
		})
		if err != nil || n != 31 {
			t.Errorf("%d messages (%v)", n, err)
		}
	})
}
