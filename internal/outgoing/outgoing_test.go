package outgoing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/outgoing"
	"yunchou/internal/page"
	"yunchou/internal/task"
	"yunchou/internal/timetable"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// outside is the world outside: a mail server and the makers of robots. It answers as it is told to, the first first,
// and takes what it is told nothing about.
type outside struct {
	mu      sync.Mutex
	shut    *outgoing.Result // there is no way to the server
	answers []outgoing.Result
	mails   []outgoing.Mail
	said    []string // team's address|mobiles|text
}

func (o *outside) answer() outgoing.Result {
	if len(o.answers) == 0 {
		return outgoing.Result{}
	}
	r := o.answers[0]
	o.answers = o.answers[1:]
	return r
}

func (o *outside) Open(context.Context, outgoing.Server) (outgoing.Carrier, outgoing.Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shut != nil {
		return nil, *o.shut
	}
	return o, outgoing.Result{}
}

func (o *outside) Send(_ context.Context, m outgoing.Mail) outgoing.Result {
	o.mu.Lock()
	defer o.mu.Unlock()
	r := o.answer()
	if r.Outcome == outgoing.Taken || r.Outcome == outgoing.Unsure {
		o.mails = append(o.mails, m)
	}
	return r
}

func (o *outside) Close() {}

func (o *outside) Say(_ context.Context, r outgoing.Robot, s outgoing.Spoken) outgoing.Result {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := o.answer()
	if out.Outcome == outgoing.Taken || out.Outcome == outgoing.Unsure {
		o.said = append(o.said, strings.Join([]string{r.Address, strings.Join(s.Mobiles, " "), s.Text}, "|"))
	}
	return out
}

type world struct {
	*apptest.World
	out  *outside
	mark int64 // the last notice before an act
}

const site = "https://crm.example.com/yc"

// each runs a test on each database: 陈露, 小李, 蒋跃, 周涛 and 何峰 have addresses, mail goes out, and it is ten in
// the morning of a Monday.
func each(t *testing.T, test func(t *testing.T, w world)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := world{World: apptest.New(t, db), out: &outside{}}
		w.connect(w.Outgoing)
		for name, mail := range map[string]string{"陈露": "chenlu", "小李": "xiaoli", "蒋跃": "jiangyue", "周涛": "zhoutao", "何峰": "hefeng"} {
			d := org.Details{Name: name, Email: mail + "@example.com", Phone: "138 0000 " + fmt.Sprint(1000+len(mail))}
			if name == "何峰" {
				d.Locale = "en-US"
			}
			must(t, w.Org.Describe(w.Ctx, w.As("管理员"), w.ID[name], d))
		}
		stop := w.Follows(w.App)
		defer stop()
		w.mailOn(t)
		test(t, w)
	})
}

func (w world) connect(s *outgoing.Service) {
	s.Site, s.Post, s.Hooks = site, w.out, w.out
}

func (w world) mailOn(t *testing.T) {
	t.Helper()
	x, err := w.Outgoing.Setting(w.Ctx, w.As("管理员"))
	must(t, err)
	a := w.As("管理员")
	a.IfMatch = x.Version
	_, err = w.Outgoing.SaveSetting(w.Ctx, a, outgoing.Setting{Mail: true, Host: "smtp.example.com", Port: 587, Security: outgoing.StartTLS,
		Login: "crm", Sender: "crm@example.com"}, "hush")
	must(t, err)
}

// sends waits until what happened is told, and sends what is due.
func (w world) sends(t *testing.T) {
	t.Helper()
	w.CaughtUp(notice.Name)
	before := w.Timetable.Done.All()[outgoing.Job]
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error { return w.Timetable.Hasten(w.Ctx, tx, w.Admin.TenantID, outgoing.Job) }))
	w.runs(w.Outgoing.Handlers(), func() bool { return w.Timetable.Done.All()[outgoing.Job] > before })
}

// runs has the timetable do what is due of some kinds, until something is so.
func (w world) runs(kinds map[string]timetable.Handler, until func() bool) {
	w.T.Helper()
	ctx, cancel := context.WithCancel(w.Ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&timetable.Runner{Service: w.Timetable, Log: w.Log, Poll: 5 * time.Millisecond}).Run(ctx, kinds)
	}()
	w.Eventually("what is due is done", until)
	cancel()
	<-done
}

// posted are the mails since the last time: to whom, and what the first two lines below the greeting say.
func (w world) posted() (out []string) {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	for _, m := range w.out.mails {
		lines := strings.Split(m.Text, "\n")
		out = append(out, m.To.Address+"|"+m.Subject+"|"+lines[3])
	}
	w.out.mails = nil
	slices.Sort(out)
	return out
}

// standing are all messages: to whom, by which way, of what kind, in which state and why.
func (w world) standing(t *testing.T) (out []string) {
	t.Helper()
	list, _, err := w.Outgoing.List(w.Ctx, w.As("管理员"), outgoing.Asked{}, page.Request{})
	must(t, err)
	for _, m := range list.Items {
		for name, id := range w.ID {
			if id == m.MemberID && m.Way != outgoing.ByDigest {
				out = append(out, strings.Join([]string{name, m.Way, m.Kind, string(m.State), m.Code}, "|"))
			}
		}
	}
	slices.Sort(out)
	return out
}

func (w world) compare(t *testing.T, when string, got, want []string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%q, want\n%q", when, got, want)
	}
}

func (w world) task(t *testing.T, by, to, what string) task.Task {
	t.Helper()
	x, err := w.Tasks.Add(w.Ctx, w.As(by), task.Task{MemberID: w.ID[to], What: what, DueOn: w.As(by).Today.Add(2)})
	must(t, err)
	return x
}

// secret is what people say, and what no mail and no robot repeats.
const secret = "他怕担责任"

// TestWhatAMailSaysAndToWhom: for each kind of notice the one it is for, in his language, with the record's name,
// without what was said; nothing to those of other teams.
func TestWhatAMailSaysAndToWhom(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		deal := w.Opportunity("陈露", "二期改造")
		on := opportunity.Ref(deal.ID)
		for _, kind := range []guidance.Kind{guidance.Question, guidance.Correction, guidance.Advice, guidance.Praise} {
			in := guidance.New{Kind: kind, On: on, ToID: w.ID["陈露"], Text: secret}
			if kind == guidance.Correction {
				in.Fact, in.CheckOn = secret, "2026-03-20"
			}
			_, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
			must(t, err)
			w.CaughtUp(notice.Name)
		}
		x := w.task(t, "蒋跃", "陈露", "竞品分析")
		w.CaughtUp(notice.Name)
		_, err := w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.ID["小李"], secret)
		must(t, err)
		w.CaughtUp(notice.Name)
		_, err = w.Tasks.Answer(w.Ctx, w.As("小李"), x.ID, false, secret)
		must(t, err)
		th, err := w.Conversations.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: on},
			conversation.Said{Text: secret, Mentions: []string{w.ID["陈露"]}})
		must(t, err)
		w.CaughtUp(notice.Name)
		_, err = w.Conversations.Say(w.Ctx, w.As("陈露"), th.ID, conversation.Said{Text: secret})
		must(t, err)
		_, err = w.Conversations.Open(w.Ctx, w.As("陈露"), conversation.Thread{Kind: conversation.Note, On: on}, conversation.Said{Text: secret})
		must(t, err)
		w.task(t, "总监", "何峰", "Q3 报告")
		w.sends(t)
		for _, m := range w.out.mails {
			if strings.Contains(m.Text+m.HTML+m.Subject, secret) {
				t.Errorf("a mail repeats what was said: %s", m.Text)
			}
			if !strings.Contains(m.Text, site+"/notices/") || !strings.Contains(m.HTML, site+"/notices/choices") {
				t.Errorf("no links: %s", m.Text)
			}
		}
		w.compare(t, "mails", w.posted(), []string{
			"chenlu@example.com|【运筹】蒋跃等您答复|二期改造",
			"chenlu@example.com|【运筹】蒋跃给您提了建议|二期改造",
			"chenlu@example.com|【运筹】蒋跃肯定了您|二期改造",
			"chenlu@example.com|【运筹】蒋跃请您改做法，等您答复|二期改造",
			"chenlu@example.com|【运筹】蒋跃给了您一个任务|竞品分析",
			"chenlu@example.com|【运筹】小李没有接手|竞品分析",
			"hefeng@example.com|[Yunchou] 总监 gave you a task|Q3 报告",
		})
		w.compare(t, "withdrawn", only(w.standing(t), "withdrawn"), []string{"小李|mail|task.offered|withdrawn|outgoing.settled"})
	})
}

func only(list []string, what string) (out []string) {
	for _, l := range list {
		if strings.Contains(l, "|"+what+"|") {
			out = append(out, l)
		}
	}
	return out
}

// TestWhatIsNotSentAnyMore: read, done, handed away, left, not wanted, without an address, switched off. All is told
// while the server is away, and judged when it is back.
func TestWhatIsNotSentAnyMore(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.out.shut = &outgoing.Result{Outcome: outgoing.Later, Code: "outgoing.not_reached"}
		deal := w.Opportunity("陈露", "二期改造")
		c := outgoing.Usual
		c.Talks = outgoing.AtOnce
		_, err := w.Outgoing.Choose(w.Ctx, w.As("陈露"), c)
		must(t, err)
		_, err = w.Conversations.Open(w.Ctx, w.As("蒋跃"), conversation.Thread{Kind: conversation.Discussion, On: opportunity.Ref(deal.ID)},
			conversation.Said{Text: "看这里", Mentions: []string{w.ID["陈露"]}}) // of a deal that she hands away
		must(t, err)
		done := w.task(t, "蒋跃", "小李", "做完")
		w.task(t, "何峰", "周涛", "看过")
		w.task(t, "总监", "何峰", "不要信")
		w.task(t, "总监", "蒋跃", "没地址")
		w.sends(t)
		w.compare(t, "nothing went", w.posted(), nil)
		_, err = w.Tasks.Finish(w.Ctx, w.As("小李"), done.ID, "好了")
		must(t, err)
		must(t, w.Notices.Read(w.Ctx, w.As("周涛"), nil, 1<<40))
		c = outgoing.Usual
		c.Tasks = outgoing.InDigest
		_, err = w.Outgoing.Choose(w.Ctx, w.As("何峰"), c)
		must(t, err)
		must(t, w.Org.Describe(w.Ctx, w.As("管理员"), w.ID["蒋跃"], org.Details{Name: "蒋跃"}))
		_, err = w.Handovers.HandOver(w.Ctx, w.As("总监"), handover.Ask{Kind: "opportunity", IDs: []string{deal.ID}, ToID: w.ID["周涛"], Reason: "分工"})
		must(t, err)
		w.out.shut = nil
		w.Clock.Move(5 * time.Minute)
		w.sends(t)
		w.compare(t, "withdrawn", only(w.standing(t), "withdrawn"), []string{
			"陈露|mail|message.named|withdrawn|outgoing.hidden",
			"小李|mail|task.given|withdrawn|outgoing.settled",
			"周涛|mail|task.given|withdrawn|outgoing.read",
			"何峰|mail|task.given|withdrawn|outgoing.unwanted",
			"蒋跃|mail|task.given|withdrawn|outgoing.no_address",
		})
	})
}

// TestWhoHasLeftIsSentNothing, not what was told before either.
func TestWhoHasLeftIsSentNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.out.shut = &outgoing.Result{Outcome: outgoing.Later}
		w.task(t, "何峰", "周涛", "交接")
		w.sends(t)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["周涛"], w.As("管理员").Today)
		must(t, err)
		w.out.shut = nil
		w.Clock.Move(5 * time.Minute)
		w.sends(t)
		w.compare(t, "mails", w.posted(), nil)
		w.compare(t, "all", w.standing(t), []string{"周涛|mail|task.given|withdrawn|outgoing.left"})
	})
}

// TestAtMostTwiceAndNotForEver: what was not taken is tried again, later each time; what is refused for good is not;
// what nobody knows about goes once more and no third time; after a day it is given up. An administrator sends again.
func TestAtMostTwiceAndNotForEver(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		later, no, dark := outgoing.Result{Outcome: outgoing.Later, Code: "outgoing.mail_later", Answer: "451 busy"},
			outgoing.Result{Outcome: outgoing.Refused, Code: "outgoing.mail_refused", Answer: "550 unknown"}, outgoing.Result{Outcome: outgoing.Unsure, Code: outgoing.NotSure}
		w.out.answers = []outgoing.Result{later, later}
		w.task(t, "蒋跃", "陈露", "甲")
		w.sends(t)
		w.sends(t) // too early
		if len(w.out.answers) != 1 {
			t.Errorf("tried again at once: %d answers left", len(w.out.answers))
		}
		for _, later := range []time.Duration{2 * time.Minute, 5 * time.Minute} {
			w.Clock.Move(later)
			w.sends(t)
		}
		w.compare(t, "third time", w.posted(), []string{"chenlu@example.com|【运筹】蒋跃给了您一个任务|甲"})

		w.out.answers = []outgoing.Result{no}
		w.task(t, "蒋跃", "小李", "乙")
		w.sends(t)
		w.Clock.Move(3 * time.Hour)
		w.sends(t)
		w.compare(t, "refused", w.standing(t), []string{"陈露|mail|task.given|sent|", "小李|mail|task.given|failed|outgoing.mail_refused"})

		w.out.answers = []outgoing.Result{dark, dark}
		w.task(t, "何峰", "周涛", "丙")
		for range 4 {
			w.sends(t)
			w.Clock.Move(5 * time.Minute)
		}
		if ids := idsOf(w.out.mails); len(ids) != 2 || ids[0] != ids[1] {
			t.Errorf("went %v", ids)
		}
		w.posted()
		w.compare(t, "unsure", only(w.standing(t), "given_up"), []string{"周涛|mail|task.given|given_up|outgoing.unsure"})

		w.out.shut = &later
		w.task(t, "总监", "蒋跃", "丁")
		for range 60 {
			w.sends(t)
			w.Clock.Move(time.Hour)
		}
		w.compare(t, "given up", only(w.standing(t), "given_up"), []string{"周涛|mail|task.given|given_up|outgoing.unsure", "蒋跃|mail|task.given|given_up|outgoing.mail_later"})
		w.out.shut = nil
		list, counts, err := w.Outgoing.List(w.Ctx, w.As("管理员"), outgoing.Asked{State: outgoing.Failed}, page.Request{})
		must(t, err)
		list.Items = slices.DeleteFunc(list.Items, func(m outgoing.Message) bool { return m.Way == outgoing.ByDigest })
		if len(list.Items) != 3 || counts[outgoing.GivenUp] < 2 || counts[outgoing.Failed] != 1 {
			t.Errorf("%d listed, %v", len(list.Items), counts)
		}
		for _, m := range list.Items {
			if m.State == outgoing.Failed {
				must(t, w.Outgoing.Drop(w.Ctx, w.As("管理员"), m.ID))
				refused(t, w.Outgoing.Drop(w.Ctx, w.As("管理员"), m.ID), "outgoing.ended")
				refused(t, w.Outgoing.Again(w.Ctx, w.As("管理员"), m.ID), "outgoing.not_failed")
			} else {
				must(t, w.Outgoing.Again(w.Ctx, w.As("管理员"), m.ID))
			}
			refused(t, w.Outgoing.Again(w.Ctx, w.As("陈露"), m.ID), "org.permission_missing")
		}
		w.Clock.Set("2026-03-16")
		w.sends(t)
		w.compare(t, "again", notDigests(w.posted()), []string{"jiangyue@example.com|【运筹】总监给了您一个任务|丁", "zhoutao@example.com|【运筹】何峰给了您一个任务|丙"})
	})
}

func idsOf(list []outgoing.Mail) (out []string) {
	for _, m := range list {
		out = append(out, m.ID)
	}
	return out
}

func notDigests(list []string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return strings.Contains(s, "条还没看") || strings.Contains(s, "unread") })
}

// TestQuietTimeIsWaitedFor: a notice of the evening goes in the morning, one of Friday night on Monday, and what was
// read meanwhile not at all. In the program it is there at once.
func TestQuietTimeIsWaitedFor(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.Clock.Set("2026-03-06") // a Friday
		w.Clock.Move(11*time.Hour + 30*time.Minute)
		w.task(t, "蒋跃", "陈露", "周五夜里")
		w.task(t, "蒋跃", "小李", "看过就不发")
		w.sends(t)
		unread, _, err := w.Notices.Waiting(w.Ctx, w.As("陈露"))
		must(t, err)
		if unread != 1 {
			t.Errorf("%d unread in the program, want 1 at once", unread)
		}
		must(t, w.Notices.Read(w.Ctx, w.As("小李"), nil, 1<<40))
		for _, day := range []calendar.Date{"2026-03-07", "2026-03-08"} {
			w.Clock.Set(day)
			w.sends(t)
		}
		w.compare(t, "at the weekend", w.posted(), nil) // no digest either
		w.Clock.Set("2026-03-09")
		w.sends(t)
		w.compare(t, "on Monday", notDigests(w.posted()), []string{"chenlu@example.com|【运筹】蒋跃给了您一个任务|周五夜里"})
	})
}

// TestEveryKindOfNoticeHasItsWords, in both languages, and what asks for something a label for the group.
func TestEveryKindOfNoticeHasItsWords(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	zh, _, _ := outgoing.Words("zh-CN")
	for _, language := range []string{"zh-CN", "en-US"} {
		mail, told, label := outgoing.Words(language)
		for kind, asks := range w.Notices.AllKinds() {
			if told[kind] == "" || asks && label[kind] == "" {
				t.Errorf("%s has no words for %s", language, kind)
			}
		}
		for name := range zh {
			if mail[name] == "" {
				t.Errorf("%s has no %s", language, name)
			}
		}
	}
}

// TestADigestTellsOnceADayWhatIsOpen: at its time on a working day, what was told before and nobody has read or done;
// none where there is nothing, and none of what one does not want by mail at all.
func TestADigestTellsOnceADayWhatIsOpen(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		c := outgoing.Usual
		c.Tasks = outgoing.InDigest
		for _, who := range []string{"陈露", "小李", "周涛"} {
			_, err := w.Outgoing.Choose(w.Ctx, w.As(who), c)
			must(t, err)
		}
		none := outgoing.Usual
		none.Tasks = outgoing.NotAtAll
		_, err := w.Outgoing.Choose(w.Ctx, w.As("何峰"), none)
		must(t, err)
		w.task(t, "蒋跃", "陈露", "甲")
		w.task(t, "蒋跃", "陈露", "乙")
		w.task(t, "总监", "何峰", "丙")
		done := w.task(t, "蒋跃", "小李", "丁")
		w.task(t, "何峰", "周涛", "戊")
		w.sends(t)
		w.compare(t, "at ten, after the time of the day", w.posted(), nil)
		_, err = w.Tasks.Finish(w.Ctx, w.As("小李"), done.ID, "好了")
		must(t, err)
		must(t, w.Notices.Read(w.Ctx, w.As("周涛"), nil, 1<<40))
		w.Clock.Set("2026-03-03")
		w.Clock.Move(-91 * time.Minute) // 08:29
		w.sends(t)
		w.compare(t, "a minute before", w.posted(), nil)
		w.Clock.Move(time.Minute)
		w.sends(t)
		if len(w.out.mails) != 1 || !strings.Contains(w.out.mails[0].Text, "甲\n") || !strings.Contains(w.out.mails[0].Text, "乙\n") {
			t.Errorf("%+v", w.out.mails)
		}
		w.compare(t, "at its time", w.posted(), []string{"chenlu@example.com|【运筹】有 2 条还没看|"})
		for range 3 {
			w.Clock.Move(2 * time.Hour)
			w.sends(t)
		}
		w.Clock.Move(-4 * time.Hour)
		w.sends(t)
		again := &outgoing.Service{}
		*again = outgoing.Service{DB: w.DB, Rows: w.Outgoing.Rows, Notices: w.Notices, Org: w.Org, Times: w.Times, Timetable: w.Timetable, Seals: w.Outgoing.Seals,
			Now: w.Clock.Now}
		w.connect(again)
		w.Outgoing = again // a process that was started anew
		w.sends(t)
		w.compare(t, "again on the same day", w.posted(), nil)
		w.Clock.Set("2026-03-07") // a Saturday
		w.sends(t)
		w.compare(t, "at the weekend", w.posted(), nil)
		w.Clock.Set("2026-03-09")
		w.sends(t)
		w.compare(t, "on Monday", w.posted(), []string{"chenlu@example.com|【运筹】有 2 条还没看|"})
	})
}

// TestALateDigestWaitsForTheEndOfTheQuietTime: at its time it goes though it is quiet then, since that is what its reader
// chose; one that could not go then, or that nothing made then, goes in the morning.
func TestALateDigestWaitsForTheEndOfTheQuietTime(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.task(t, "蒋跃", "陈露", "甲")
		w.sends(t)
		w.posted()
		w.Clock.Set("2026-03-03")
		w.out.shut = &outgoing.Result{Outcome: outgoing.Later}
		w.sends(t) // a digest that does not go
		w.out.shut = nil
		w.Clock.Move(13*time.Hour + 30*time.Minute) // 23:30
		w.sends(t)
		w.compare(t, "tried again in the night", w.posted(), nil)
		w.Clock.Move(8*time.Hour + 31*time.Minute) // 08:01
		w.sends(t)
		w.compare(t, "in the morning", w.posted(), []string{"chenlu@example.com|【运筹】有 1 条还没看|"})

		w.Clock.Set("2026-03-05")
		w.Clock.Move(12 * time.Hour) // a day on which nothing ran until 22:00
		w.sends(t)
		w.compare(t, "made in the night", w.posted(), nil)

		c := outgoing.Usual
		c.DigestAt = "06:30"
		_, err := w.Outgoing.Choose(w.Ctx, w.As("陈露"), c)
		must(t, err)
		w.Clock.Set("2026-03-09")
		w.Clock.Move(-3*time.Hour - 29*time.Minute) // 06:31
		w.sends(t)
		if got := w.posted(); !slices.Contains(got, "chenlu@example.com|【运筹】有 1 条还没看|") {
			t.Errorf("at its time, which is quiet, went %q", got)
		}
	})
}

// TestQuietTimeTakesNoPatience: what failed once before a quiet weekend is tried on Monday, and does not end with the
// first failure then.
func TestQuietTimeTakesNoPatience(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.Clock.Set("2026-03-06")
		w.Clock.Move(10*time.Hour + 59*time.Minute) // 20:59 of a Friday
		w.out.shut = &outgoing.Result{Outcome: outgoing.Later}
		w.task(t, "蒋跃", "陈露", "周五")
		w.sends(t)
		w.Clock.Move(5 * time.Minute)
		w.sends(t)
		w.Clock.Set("2026-03-09")
		w.sends(t)
		w.out.shut = nil
		w.Clock.Move(5 * time.Minute)
		w.sends(t)
		if l := only(w.standing(t), "given_up"); len(l) > 0 {
			t.Errorf("given up: %q", l)
		}
	})
}
