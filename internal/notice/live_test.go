package notice_test

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
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/intake"
	"yunchou/internal/journal"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// pages are the open pages of everybody, in a company and in another.
type pages struct {
	*apptest.World
	t    *testing.T
	open map[string]*notice.Stream
}

func openAll(t *testing.T, w *apptest.World, other *apptest.World) *pages {
	p := &pages{w, t, map[string]*notice.Stream{}}
	for _, who := range everybody {
		for name, a := range map[string]*apptest.World{who: w, "别家" + who: other} {
			s, _, err := w.Live.Open(w.Ctx, a.As(who))
			must(t, err)
			t.Cleanup(s.Close)
			p.open[name] = s
		}
	}
	return p
}

// hear holds what everybody heard of an act: "who kind", with ~ where only what he sees is stale.
func (p *pages) hear(act string, want ...string) {
	p.t.Helper()
	p.CaughtUp(notice.Name)
	var head, told int64
	must(p.t, p.DB.Read(p.Ctx, func(tx database.Tx) (err error) {
		if head, err = journal.Head(p.Ctx, tx, p.Admin.TenantID); err == nil {
			told, err = p.Notices.Rows.Last(p.Ctx, tx, p.Admin.TenantID)
		}
		return err
	}))
	p.Eventually("the hub has passed it on", func() bool { return p.Live.Settled(p.Admin.TenantID, head, told) })
	var got []string
	for who, s := range p.open {
		list, _ := s.Take()
		for _, e := range list {
			kind := e.Kind
			if e.Seq == 0 {
				kind = "~" + kind
			}
			got = append(got, who+" "+kind)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		p.t.Errorf("%s was heard as\n%s\nwant\n%s", act, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// kept are one record of each kind that is talked about, 陈露's but for the import.
func kept(t *testing.T, w *apptest.World) map[string]record.Ref {
	t.Helper()
	deal := w.Opportunity("陈露", "二期改造")
	on := map[string]record.Ref{"opportunity": opportunity.Ref(deal.ID), "account": {Kind: "account", ID: deal.AccountID},
		"contact": account.ContactRef(w.Contact("陈露", "刘工"))}
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

// TestEachHearsExactlyWhatConcernsHim: for each kind of record what is said on it, noted for oneself, asked and corrected,
// by everybody's open page, in another company too; then after a hand-over to another team, and of who has left.
func TestEachHearsExactlyWhatConcernsHim(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		other := w.Another()
		defer w.Follows(w.App)()
		on := kept(t, w)
		w.CaughtUp(notice.Name)
		p := openAll(t, w, other)
		say := func(who, thread string, named ...string) {
			t.Helper()
			for i := range named {
				named[i] = w.ID[named[i]]
			}
			_, err := w.Conversations.Say(w.Ctx, w.As(who), thread, conversation.Said{Text: "看一下", Mentions: named})
			must(t, err)
		}
		begin := func(who, kind string, ref record.Ref) string {
			t.Helper()
			th, err := w.Conversations.Open(w.Ctx, w.As(who), conversation.Thread{Kind: kind, On: ref}, conversation.Said{Text: "看一下"})
			must(t, err)
			return th.ID
		}
		threads := map[string]string{}
		for kind, ref := range on {
			if kind == "import" {
				threads[kind] = begin("管理员", conversation.Discussion, ref)
				p.hear("said on an import", "管理员 ~message.said")
				continue
			}
			threads[kind] = begin("陈露", conversation.Discussion, ref)
			p.hear("said by the owner on "+kind, "陈露 ~message.said")
			begin("陈露", conversation.Note, ref)
			p.hear("noted for herself on "+kind, "陈露 ~message.said")
			say("蒋跃", threads[kind], "总监")
			p.hear("said by the head on "+kind, "陈露 message.said", "蒋跃 ~message.said", "总监 message.named")
			for _, ask := range []guidance.New{{Kind: guidance.Question, Text: "节拍多少？", ToID: w.ID["陈露"]},
				{Kind: guidance.Correction, Text: "改报价", ToID: w.ID["陈露"], Fact: "附比价", CheckOn: "2026-03-20"}} {
				ask.On = ref
				_, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), ask)
				must(t, err)
				told := map[guidance.Kind]string{guidance.Question: "asked", guidance.Correction: "corrected"}[ask.Kind]
				want := []string{"陈露 guidance." + told, "陈露 ~message.said", "蒋跃 ~guidance.asked", "蒋跃 ~message.said"}
				if ask.Kind == guidance.Correction {
					want = append(want, "陈露 ~message.said", "蒋跃 ~message.said") // the fact that would show it
				}
				p.hear(string(ask.Kind)+" on "+kind, want...)
			}
		}
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID["陈露"], What: "送样", DueOn: "2026-03-10",
			Parties: []task.Party{{MemberID: w.ID["小李"], Part: task.Partner}}})
		must(t, err)
		p.hear("an order with a partner", "陈露 task.given", "小李 task.joined")
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["周涛"], "")
		must(t, err)
		p.hear("an offer to another team", "周涛 task.offered")

		for _, kind := range []string{"opportunity", "account"} {
			_, err = w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: kind, IDs: []string{on[kind].ID}, ToID: w.ID["周涛"], Reason: "分工"})
			must(t, err)
			p.hear(kind+" handed over", "周涛 handover.made") // whose it was is told where all of his is given away
		}
		for kind, thread := range threads {
			want := []string{"总监 message.said", "周涛 ~message.said"}
			switch kind {
			case "import":
				continue
			case "task":
				want = append(want, "陈露 message.said") // she asked for it
			}
			say("周涛", thread)
			p.hear("said by the new owner on "+kind, want...)
		}
		chen := w.ID["陈露"]
		w.Clock.Set("2026-03-20")
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), chen, "2026-03-20")
		must(t, err)
		p.hear("she has left")
		for kind, thread := range threads {
			if kind == "import" {
				say("管理员", thread)
				p.hear("said on an import", "管理员 ~message.said")
				continue
			}
			say("总监", thread)
			p.hear("said by the director on "+kind, "周涛 message.said", "总监 ~message.said")
		}
	})
}
