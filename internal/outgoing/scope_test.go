package outgoing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/change"
	"yunchou/internal/competitor"
	"yunchou/internal/confirm"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/outgoing"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/relation"
	"yunchou/internal/task"
	"yunchou/internal/tie"
	"yunchou/internal/worktime"
)

var people = []string{"陈露", "小李", "蒋跃", "周涛", "何峰", "总监", "管理员"}

// What is planted where people see it in the program. A mail says the names of the record and of the task to who reads
// them; a robot says none of it.
const (
	dealName = "万象二期"
	taskName = "送样到三号线"
)

var neverByMail = []string{secret, "华新机电", "100,000", "100000", "10 万", "10万"}

// telling is an act that tells somebody something: whom, and who is still told when 陈露's deal went to 周涛 of another
// team before anything was sent. "member kind".
type telling struct {
	name        string
	act         func(w world, on record.Ref)
	tells, then []string
}

func (w world) ask(by string, kind guidance.Kind, on record.Ref, to string) guidance.Kept {
	w.T.Helper()
	in := guidance.New{Kind: kind, On: on, ToID: w.ID[to], Text: secret}
	if kind == guidance.Correction {
		in.Fact, in.CheckOn = secret, w.As(by).Today.Add(7)
	}
	k, err := w.Guidance.Ask(w.Ctx, w.As(by), in)
	w.did(err)
	return k
}

func (w world) answers(by string, k guidance.Kept) guidance.Kept {
	w.T.Helper()
	k, err := w.Guidance.Answer(w.Ctx, w.As(by), k.ID, guidance.Answer{Text: secret, WantsOutcome: true})
	w.did(err)
	return k
}

// did has the readers read what was done: who has it by then is told.
func (w world) did(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
	w.CaughtUp(notice.Name)
}

// before ends what is done so that the act can be: what it told is none of the act's.
func (w world) before() {
	w.T.Helper()
	told := w.told(w.T)
	w.did(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		for seq, to := range told {
			for _, n := range to {
				if seq <= w.mark {
					continue
				}
				if err := w.Notices.Rows.Read(w.Ctx, tx, w.Admin.TenantID, n.MemberID, w.Now(), []int64{seq}, 0); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func (w world) order(on record.Ref, more ...task.Party) task.Task {
	w.T.Helper()
	x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID["陈露"], What: taskName, DueOn: w.As("蒋跃").Today.Add(20),
		On: []record.Ref{on}, Parties: more})
	w.did(err)
	return x
}

func (w world) reported(on record.Ref) task.Task {
	w.T.Helper()
	x := w.order(on)
	_, err := w.Tasks.Plan(w.Ctx, w.As("陈露"), x.ID, secret)
	w.did(err)
	w.before()
	x, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, secret)
	w.did(err)
	return x
}

func (w world) offered(on record.Ref) task.Task {
	w.T.Helper()
	x := w.order(on)
	w.before()
	x, err := w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["小李"], secret)
	w.did(err)
	return x
}

func (w world) lapses(k guidance.Kept) {
	w.T.Helper()
	w.before()
	w.Clock.Move(24 * time.Hour)
	w.did(w.Guidance.Lapse(w.Ctx, w.Admin.TenantID, k.ID))
}

// changes has somebody at a customer of 陈露's change.
func (w world) changes(suspect bool, name string) change.Change {
	w.T.Helper()
	o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "换了人的一单", OwnerID: w.ID["陈露"], AccountID: w.Account, ClashReason: "两条产线"})
	w.did(err)
	c, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: "王建国" + o.ID, AccountID: w.Account, EvenIfSame: true})
	w.did(err)
	w.before()
	if name != "" {
		name += o.ID
	}
	told, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: c.ID, Kind: change.Left, Suspect: suspect, SuccessorName: name, EvenIfSame: true, OpportunityID: o.ID})
	w.did(err)
	return told
}

// wayOver is one over a colleague to somebody.
func (w world) wayOver(name string) tie.Asking {
	w.T.Helper()
	c, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: "要见的人" + record.NewID(w.Now()), AccountID: w.Account})
	w.did(err)
	_, err = w.Ties.Note(w.Ctx, w.As(name), tie.Tie{ContactID: c.ID, Kind: tie.Ally})
	w.did(err)
	found, err := w.Ties.Knowers(w.Ctx, w.As("管理员"), tie.Question{ContactID: c.ID})
	w.did(err)
	return tie.Asking{ContactID: c.ID, Token: found.Ways[0].Token, Sentence: secret}
}

// firmOf is the name of a firm of somebody's own.
func (w world) firmOf(name string) string {
	w.T.Helper()
	firm := "原单位" + record.NewID(w.Now())
	_, err := w.Accounts.Create(w.Ctx, w.As(name), account.Account{Name: firm}, false)
	w.did(err)
	return firm
}

// tellings are the acts. Each kind of notice there is must be told by one. After the hand-over who has a turn goes on reading
// the note, and so do the two of one that is open, of a correction and of praise; of a task who has had a part in it. Who
// is asked of a person is asked still: no deal decides that. What moves the turns of all is done first.
var tellings = []telling{
	{"moved", func(w world, on record.Ref) {
		w.ask("陈露", guidance.Help, on, "蒋跃")
		w.before()
		from, moved := w.As("蒋跃").Today, w.Timetable.Done.All()[guidance.Away]
		off, err := w.Times.Enter(w.Ctx, w.As("蒋跃"), w.ID["蒋跃"], worktime.Asked{From: worktime.Moment{On: from}, To: worktime.Moment{On: from},
			DeputyID: w.ID["何峰"], Kind: "annual"})
		w.did(err)
		w.CaughtUp("guidance.away")
		w.runs(w.Guidance.Fires(), func() bool { return w.Timetable.Done.All()[guidance.Away] > moved })
		w.did(w.Times.Withdraw(w.Ctx, w.As("蒋跃"), off.ID))
	}, []string{"何峰 guidance.moved"}, []string{"何峰 guidance.moved"}},
	{"asked who", func(w world, _ record.Ref) {
		_, err := w.Ties.Introduce(w.Ctx, w.As("管理员"), w.wayOver("陈露"))
		w.did(err)
	}, []string{"陈露 introduction.asked"}, []string{"陈露 introduction.asked"}},
	{"agreed", func(w world, _ record.Ref) {
		i, err := w.Ties.Introduce(w.Ctx, w.As("总监"), w.wayOver("陈露"))
		w.did(err)
		w.before()
		_, err = w.Ties.AnswerIntroduction(w.Ctx, w.As("陈露"), i.ID, true)
		w.did(err)
	}, []string{"总监 introduction.agreed"}, []string{"总监 introduction.agreed"}},
	{"around", func(w world, _ record.Ref) {
		_, err := w.Ties.AskAround(w.Ctx, w.As("总监"), tie.AskAround{Name: "贺文涛", Former: w.firmOf("陈露")})
		w.did(err)
	}, []string{"陈露 ask_around.asked"}, []string{"陈露 ask_around.asked"}},
	{"known", func(w world, _ record.Ref) {
		k, err := w.Ties.AskAround(w.Ctx, w.As("总监"), tie.AskAround{Name: "贺涛", Former: w.firmOf("陈露")})
		w.did(err)
		w.before()
		_, err = w.Ties.AnswerAskAround(w.Ctx, w.As("陈露"), k.ID, tie.Know)
		w.did(err)
	}, []string{"总监 ask_around.known"}, []string{"总监 ask_around.known"}},
	{"avoided", func(w world, _ record.Ref) {
		c := w.wayOver("陈露").ContactID
		w.before()
		_, err := w.Ties.Note(w.Ctx, w.As("陈露"), tie.Tie{ContactID: c, Kind: tie.Family, Avoid: true})
		w.did(err)
	}, []string{"管理员 tie.avoid"}, []string{"管理员 tie.avoid"}},
	{"suspected", func(w world, _ record.Ref) { w.changes(true, "") }, []string{"陈露 contact_change.asked", "陈露 task.given"},
		[]string{"陈露 contact_change.asked", "陈露 task.given"}},
	{"confirmed", func(w world, _ record.Ref) { w.changes(false, "") }, []string{"陈露 contact_change.changed", "蒋跃 contact_change.changed", "陈露 task.given"},
		[]string{"陈露 contact_change.changed", "蒋跃 contact_change.changed", "陈露 task.given"}},
	{"met", func(w world, _ record.Ref) {
		c := w.changes(false, "赵兵")
		w.before()
		_, err := w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: []record.Ref{opportunity.Ref(c.OpportunityID)}, Channel: "visit", TwoWay: true,
			Words: secret, ContactIDs: []string{c.SuccessorID}}, "")
		w.did(err)
		w.CaughtUp("contact_change")
		w.CaughtUp(notice.Name)
	}, []string{"蒋跃 contact_change.met"}, []string{"蒋跃 contact_change.met"}},
	{"only tapped", func(w world, _ record.Ref) {
		o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "只点选的一单", OwnerID: w.ID["陈露"], AccountID: w.Account, ClashReason: "两条产线"})
		w.did(err)
		_, err = w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: w.Stage("商务确认"), Exception: secret})
		w.did(err)
		silent := opportunity.DealContact{ContactID: w.Contact("陈露", "孙莉"), Role: opportunity.NoRole, Judged: relation.Judged{Influence: new(int64(5)), AsOf: "2025-01-06"}}
		w.did(w.Opportunities.Judge(w.Ctx, w.As("陈露"), o.ID, 0, silent))
		w.before()
		for range confirm.InRow { // the first long ago
			_, err = w.Confirms.Answer(w.Ctx, w.As("陈露"), confirm.New{OpportunityID: o.ID, ContactID: silent.ContactID, Answer: confirm.Still})
			w.did(err)
			w.did(w.DB.Write(w.Ctx, func(tx database.Tx) error {
				_, err := tx.Exec(w.Ctx, `UPDATE confirmation SET answered_on = '2025-06-02' WHERE run = 1`)
				return err
			}))
		}
	}, []string{"蒋跃 confirmation.tapped"}, []string{"蒋跃 confirmation.tapped"}},
	{"seen", func(w world, _ record.Ref) {
		o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "对手在场的一单", OwnerID: w.ID["陈露"], AccountID: w.Account, ClashReason: "两条产线"})
		w.did(err)
		_, err = w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: w.Stage("商务确认"), Exception: secret})
		w.did(err)
		w.before()
		_, err = w.Competitors.Note(w.Ctx, w.As("总监"), competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: o.ID, Kind: "visit", Words: secret})
		w.did(err)
	}, []string{"陈露 sighting.noted", "蒋跃 sighting.noted"}, []string{"陈露 sighting.noted", "蒋跃 sighting.noted"}},
	{"said", func(w world, on record.Ref) {
		_, err := w.Conversations.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: on},
			conversation.Said{Text: secret, Mentions: []string{w.ID["总监"]}})
		w.did(err)
	}, []string{"陈露 message.said", "总监 message.named"}, []string{"总监 message.named"}},
	{"noted", func(w world, on record.Ref) {
		_, err := w.Conversations.Open(w.Ctx, w.As("陈露"), conversation.Thread{Kind: conversation.Note, On: on}, conversation.Said{Text: secret})
		w.did(err)
	}, nil, nil},
	{"given", func(w world, on record.Ref) { w.order(on, task.Party{MemberID: w.ID["小李"], Part: task.Partner}) },
		[]string{"陈露 task.given", "小李 task.joined"}, []string{"小李 task.joined"}},
	{"reported", func(w world, on record.Ref) { w.reported(on) }, []string{"蒋跃 task.to_review"}, []string{"蒋跃 task.to_review"}},
	{"accepted", func(w world, on record.Ref) {
		x := w.reported(on)
		w.before()
		_, err := w.Tasks.Review(w.Ctx, w.As("蒋跃"), x.ID, true, secret)
		w.did(err)
	}, []string{"陈露 task.accepted"}, []string{"陈露 task.accepted"}},
	{"sent back", func(w world, on record.Ref) {
		x := w.reported(on)
		w.before()
		_, err := w.Tasks.Review(w.Ctx, w.As("蒋跃"), x.ID, false, secret)
		w.did(err)
	}, []string{"陈露 task.sent_back"}, nil},
	{"offered", func(w world, on record.Ref) { w.offered(on) }, []string{"小李 task.offered"}, nil},
	{"taken over", func(w world, on record.Ref) {
		x := w.offered(on)
		w.before()
		_, err := w.Tasks.Answer(w.Ctx, w.As("小李"), x.ID, true, "")
		w.did(err)
	}, []string{"陈露 task.taken_over"}, []string{"陈露 task.taken_over"}},
	{"declined", func(w world, on record.Ref) {
		x := w.offered(on)
		w.before()
		_, err := w.Tasks.Answer(w.Ctx, w.As("小李"), x.ID, false, secret)
		w.did(err)
	}, []string{"陈露 task.declined"}, []string{"陈露 task.declined"}},
	{"handed over", func(w world, _ record.Ref) {
		w.Opportunity("小李", dealName)
		_, err := w.Handovers.HandOver(w.Ctx, w.As("总监"), handover.Ask{FromID: w.ID["小李"], ToID: w.ID["周涛"], Kinds: []string{"opportunity"}, Reason: secret})
		w.did(err)
	}, []string{"周涛 handover.made", "小李 handover.given_away"}, []string{"周涛 handover.made", "小李 handover.given_away"}},
	{"asked", func(w world, on record.Ref) { w.ask("蒋跃", guidance.Question, on, "陈露") }, []string{"陈露 guidance.asked"}, []string{"陈露 guidance.asked"}},
	{"corrected", func(w world, on record.Ref) { w.ask("蒋跃", guidance.Correction, on, "陈露") }, []string{"陈露 guidance.corrected"}, []string{"陈露 guidance.corrected"}},
	{"called for help", func(w world, on record.Ref) { w.ask("蒋跃", guidance.Help, on, "陈露") }, []string{"陈露 guidance.called"}, []string{"陈露 guidance.called"}},
	{"asked for a resource", func(w world, on record.Ref) { w.ask("蒋跃", guidance.Resource, on, "陈露") }, []string{"陈露 guidance.resource"}, []string{"陈露 guidance.resource"}},
	{"advised", func(w world, on record.Ref) { w.ask("蒋跃", guidance.Advice, on, "陈露") }, []string{"陈露 guidance.advised"}, nil},
	{"praised", func(w world, on record.Ref) { w.ask("蒋跃", guidance.Praise, on, "陈露") }, []string{"陈露 guidance.praised"}, []string{"陈露 guidance.praised"}},
	{"answered", func(w world, on record.Ref) {
		k := w.ask("陈露", guidance.Question, on, "蒋跃")
		w.before()
		w.answers("蒋跃", k)
	}, []string{"陈露 guidance.answered"}, nil},
	{"customer first", func(w world, on record.Ref) {
		k := w.ask("陈露", guidance.Question, on, "蒋跃")
		w.before()
		_, err := w.Guidance.AskCustomer(w.Ctx, w.As("蒋跃"), k.ID, w.As("蒋跃").Today.Add(1))
		w.did(err)
	}, []string{"陈露 guidance.customer_first"}, []string{"陈露 guidance.customer_first"}},
	{"rejected", func(w world, on record.Ref) {
		k := w.answers("陈露", w.ask("蒋跃", guidance.Question, on, "陈露"))
		w.before()
		_, err := w.Guidance.Reject(w.Ctx, w.As("蒋跃"), k.ID, conversation.Said{Text: secret})
		w.did(err)
	}, []string{"陈露 guidance.rejected"}, []string{"陈露 guidance.rejected"}},
	{"used, and what came of it", func(w world, on record.Ref) {
		k := w.answers("蒋跃", w.ask("陈露", guidance.Question, on, "蒋跃"))
		w.before()
		_, err := w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, conversation.Said{Text: secret})
		w.did(err)
		_, err = w.Guidance.Result(w.Ctx, w.As("陈露"), k.ID, conversation.Said{Text: secret})
		w.did(err)
	}, []string{"蒋跃 guidance.used", "蒋跃 guidance.resulted"}, nil},
	{"checked", func(w world, on record.Ref) {
		k := w.answers("陈露", w.ask("蒋跃", guidance.Correction, on, "陈露"))
		w.before()
		w.Clock.Move(7 * 24 * time.Hour)
		_, err := w.Guidance.Look(w.Ctx, w.As("蒋跃"), k.ID, false, conversation.Said{Text: secret})
		w.did(err)
	}, []string{"陈露 guidance.checked"}, []string{"陈露 guidance.checked"}},
	{"climbed", func(w world, on record.Ref) { w.lapses(w.ask("陈露", guidance.Help, on, "蒋跃")) },
		[]string{"总监 guidance.climbed", "陈露 guidance.went_up"}, []string{"总监 guidance.climbed", "陈露 guidance.went_up"}},
	{"returned", func(w world, on record.Ref) { w.lapses(w.ask("蒋跃", guidance.Question, on, "陈露")) }, []string{"蒋跃 guidance.returned"},
		[]string{"蒋跃 guidance.returned"}}, // he reads what came back to him until he has seen to it
}

// scoped is a world in which everybody is told everything at once by every way, and each team has a robot.
func scoped(t *testing.T, w world) {
	t.Helper()
	c := outgoing.Usual
	c.Talks, c.Quiet, c.Rests, c.Digest = outgoing.AtOnce, false, false, false
	for i, who := range people {
		a := w.As(who)
		d := org.Details{Name: who, Email: fmt.Sprintf("m%d@example.com", i)}
		if i%2 == 1 {
			d.Locale = "en-US"
		}
		must(t, w.Org.Describe(w.Ctx, w.As("管理员"), a.MemberID, d))
		_, err := w.Outgoing.Choose(w.Ctx, a, c)
		must(t, err)
	}
	for _, team := range []string{"公司", "一组", "二组"} {
		must(t, w.Outgoing.SetRobot(w.Ctx, w.As("管理员"), w.ID[team], outgoing.WeCom, wecom, ""))
	}
}

// told are the unread notices: "member kind" by their numbers.
func (w world) told(t testing.TB) map[int64]map[string]notice.Notice {
	t.Helper()
	out := map[int64]map[string]notice.Notice{}
	for _, who := range people {
		list, err := w.Notices.List(w.Ctx, w.As(who), notice.Asked{Unread: true}, page.Request{})
		must(t, err)
		for _, n := range list.Items {
			if out[n.Seq] == nil {
				out[n.Seq] = map[string]notice.Notice{}
			}
			out[n.Seq][who] = n
		}
	}
	return out
}

// went takes what has gone out and gives "member kind" of each mail and each line of a robot, and fails where they hold
// more than they may.
func (w world) went(t *testing.T, reads func(who string) bool) (mails, said []string) {
	t.Helper()
	told := w.told(t)
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	for _, m := range w.out.mails {
		i := int(m.To.Address[1] - '0')
		who := people[i]
		seq := int64(0)
		_, after, _ := strings.Cut(m.Text, site+"/notices/")
		fmt.Sscan(after, &seq) //nolint:errcheck // the next line finds it out
		n, is := told[seq][who]
		if !is {
			t.Errorf("a mail to %s of what he was not told:\n%s", who, m.Text)
		}
		mails = append(mails, who+" "+n.Kind)
		all := m.Subject + m.Text + m.HTML
		for _, planted := range neverByMail {
			if strings.Contains(all, planted) {
				t.Errorf("a mail to %s says %s:\n%s", who, planted, m.Text)
			}
		}
		if strings.Contains(all, dealName) && !reads(who) {
			t.Errorf("a mail to %s, who may not read the deal, names it:\n%s", who, m.Text)
		}
		if words := strings.Contains(m.Subject, "【运筹】"); words == (i%2 == 1) {
			t.Errorf("a mail to %s in the other language: %s", who, m.Subject)
		}
	}
	for _, s := range w.out.said {
		_, _, text := cut3(s)
		_, _, label := outgoing.Words("zh-CN")
		for _, line := range strings.Split(text, "\n") {
			who, rest, _ := strings.Cut(line, "：")
			seq := int64(0)
			kind, link, isLine := strings.Cut(rest, " "+site+"/notices/")
			if !isLine {
				if line != fmt.Sprintf("有 %d 件等人处理", strings.Count(text, "\n")) {
					t.Errorf("a robot says %q", line)
				}
				continue
			}
			fmt.Sscan(link, &seq) //nolint:errcheck // the next line finds it out
			n, is := told[seq][who]
			if !is || line != fmt.Sprintf("%s：%s %s/notices/%d", who, label[n.Kind], site, n.Seq) || kind == "" {
				t.Errorf("a robot says %q", line)
			}
			said = append(said, who+" "+n.Kind)
		}
		for _, planted := range append([]string{dealName, taskName}, neverByMail...) {
			if strings.Contains(text, planted) {
				t.Errorf("a robot says %s: %s", planted, text)
			}
		}
	}
	w.out.mails, w.out.said = nil, nil
	slices.Sort(mails)
	slices.Sort(said)
	return mails, said
}

// asking are those of a list that ask for something.
func (w world) asking(list []string) (out []string) {
	asks := w.Notices.AllKinds()
	for _, l := range list {
		if _, kind, _ := strings.Cut(l, " "); asks[kind] {
			out = append(out, l)
		}
	}
	return out
}

// acts has all of it done, each act on a deal of its own, and gives the deals.
func (w world) acts(t *testing.T) (deals []string) {
	t.Helper()
	scoped(t, w)
	for _, x := range tellings {
		deals = append(deals, w.Opportunity("陈露", dealName).ID)
		w.mark = 0
		for seq := range w.told(t) {
			w.mark = max(w.mark, seq)
		}
		x.act(w, opportunity.Ref(deals[len(deals)-1]))
	}
	return deals
}

// all are what the acts tell, or what is told of them later, with what somebody is told besides.
func all(of func(telling) []string, besides ...string) []string {
	for _, x := range tellings {
		besides = append(besides, of(x)...)
	}
	return besides
}

// TestEveryKindIsToldToWhomItConcernsAlone: each kind of notice, by mail and by the robots of all teams, to everybody it
// concerns and nobody else of any role; without what was said, customer or amount, and by robots without any name but
// the addressee's. A kind that no act here tells fails.
func TestEveryKindIsToldToWhomItConcernsAlone(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		deals := w.acts(t)
		w.sends(t)
		want := all(func(x telling) []string { return x.tells })
		w.compareWays(t, deals, want)
		tried := map[string]bool{}
		for _, l := range want {
			_, kind, _ := strings.Cut(l, " ")
			tried[kind] = true
		}
		for kind := range w.Notices.AllKinds() {
			if !tried[kind] {
				t.Errorf("no act here tells %s", kind)
			}
		}
	})
}

// compareWays holds what went by mail and through robots against what should have.
func (w world) compareWays(t *testing.T, deals, want []string) {
	t.Helper()
	mails, said := w.went(t, func(who string) bool { return w.reads(t, who, opportunity.Ref(deals[0])) })
	w.compare(t, "by robot", said, w.asking(want))
	w.compare(t, "by mail", mails, want)
}

func (w world) reads(t *testing.T, who string, on record.Ref) (reads bool) {
	t.Helper()
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		names, err := w.Conversations.Kinds.Names(w.Ctx, tx, w.As(who), false, []record.Ref{on})
		reads = len(names) > 0
		return err
	}))
	return reads
}

// TestEveryKindAfterAHandOver: what was told and had not gone out when the deals went to another team goes to those who
// may still know of it alone, and no mail names a deal to who may not read it.
func TestEveryKindAfterAHandOver(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		deals := w.acts(t)
		_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: deals, ToID: w.ID["周涛"], Reason: "分工"})
		w.did(err)
		w.sends(t)
		w.compareWays(t, deals, all(func(x telling) []string { return x.then }, "周涛 handover.made"))
	})
}

// TestEveryKindToALeaver: nothing of what was told goes to who has left before it was sent.
func TestEveryKindToALeaver(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.acts(t)
		waiting := len(w.queued(t))
		for _, who := range people[:len(people)-1] {
			_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID[who], w.As("管理员").Today)
			w.did(err)
		}
		w.sends(t)
		w.sends(t)
		if waiting < len(w.Notices.AllKinds()) {
			t.Errorf("only %d waited", waiting)
		}
		if len(w.out.mails)+len(w.out.said) > 0 {
			t.Errorf("to who has left went %v %q", w.out.mails, w.out.said)
		}
		if left := w.queued(t); len(left) > 0 {
			t.Errorf("%d wait still", len(left))
		}
	})
}

// queued are the messages that wait.
func (w world) queued(t *testing.T) []outgoing.Message {
	t.Helper()
	list, _, err := w.Outgoing.List(context.Background(), w.As("管理员"), outgoing.Asked{State: outgoing.Queued}, page.Request{Limit: 200})
	must(t, err)
	return list.Items
}
