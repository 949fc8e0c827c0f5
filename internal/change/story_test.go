package change_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/relation"
	"yunchou/internal/timeline"
)

type world struct {
	*apptest.World
	t         *testing.T
	deal      opportunity.Opportunity
	wang      string
	following func()
}

// story is 方舟电子's deal of 小李, at 商务确认 or in an early stage, with 王建国 who decides.
func story(t *testing.T, db *database.DB, late bool) *world {
	w := &world{World: apptest.New(t, db), t: t}
	w.deal = w.sells("小李", "生产线视觉检测")
	if late {
		_, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), w.deal.ID, opportunity.MoveRequest{To: w.Stage("商务确认"), Exception: "客户催"})
		w.ok(err)
	}
	w.wang = w.person("王建国", w.Account)
	five, four, two := int64(5), int64(4), int64(2)
	w.ok(w.Opportunities.Judge(w.Ctx, w.As("小李"), w.deal.ID, 0, opportunity.DealContact{ContactID: w.wang, Role: "economic",
		Judged: relation.Judged{Influence: &five, Coverage: &four, Attitude: &two}}))
	w.Clock.Set("2026-03-05") // a Thursday
	w.following = w.Follows(w.Process())
	t.Cleanup(w.following)
	return w
}

// sells is a deal of somebody at the customer.
func (w *world) sells(owner, name string) opportunity.Opportunity {
	w.t.Helper()
	o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: name, OwnerID: w.ID[owner], AccountID: w.Account, ClashReason: "两条产线"})
	w.ok(err)
	return o
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) person(name, at string) string {
	w.t.Helper()
	c, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: name, AccountID: at, Department: "采购部", Title: "经理"})
	w.ok(err)
	return c.ID
}

// lamp is how the story's clock stands for a member.
func (w *world) lamp(c change.Change) (lamp change.Lamp, state change.State) {
	w.t.Helper()
	c, err := w.Changes.Get(w.Ctx, w.As("蒋跃"), c.ID)
	w.ok(err)
	if len(c.Deals) != 1 {
		w.t.Fatalf("%d deals", len(c.Deals))
	}
	return c.Deals[0].Lamp, c.State
}

func (w *world) talk(channel, with string) {
	w.t.Helper()
	_, err := w.FollowUps.Log(w.Ctx, w.As("小李"), followup.FollowUp{On: []record.Ref{opportunity.Ref(w.deal.ID)}, Channel: channel, TwoWay: true,
		Words: "先看报价", ContactIDs: []string{with}}, "")
	w.ok(err)
	w.CaughtUp("contact_change")
}

func (w *world) sign(name string) (out *desk.Sign) {
	w.t.Helper()
	w.ok(w.Funnel.Await(w.Ctx, w.As(name).TenantID))
	list, err := w.Desk.Read(w.Ctx, w.As(name), 20)
	w.ok(err)
	for _, l := range list.Lines {
		for i := range l.Signs {
			if l.On == opportunity.Ref(w.deal.ID) && l.Signs[i].Kind == change.SignChanged {
				out = &l.Signs[i]
			}
		}
	}
	return out
}

func (w *world) noticed(name, kind string) bool {
	w.t.Helper()
	w.CaughtUp("notice")
	list, err := w.Notices.List(w.Ctx, w.As(name), notice.Asked{}, page.Request{Limit: 50})
	w.ok(err)
	for _, n := range list.Items {
		if n.Kind == kind && !n.Hidden && n.Shown.Text != "" {
			return true
		}
	}
	return false
}

// TestMetBeforeItWasTold: who met the successor before anybody told of the change has done the task on the day it was
// set, and not before.
func TestMetBeforeItWasTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		zhao := w.person("赵兵", w.Account)
		_, err := w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: w.wang, Kind: change.Left, On: "2026-03-02", SuccessorID: zhao, Source: "self"})
		w.ok(err)
		_, err = w.FollowUps.Log(w.Ctx, w.As("小李"), followup.FollowUp{On: []record.Ref{opportunity.Ref(w.deal.ID)}, Channel: "visit", TwoWay: true,
			Words: "先看报价", ContactIDs: []string{zhao}, HappenedOn: "2026-03-03"}, "补记")
		w.ok(err)
		w.CaughtUp("contact_change")
		tasks, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(w.deal.ID))
		w.ok(err)
		if len(tasks) != 1 || tasks[0].DoneOn != "2026-03-05" {
			t.Errorf("%+v", tasks)
		}
	})
}

// TestWhoDecidesIsMoved: the manager has it on day one, with the deal, who follows and a task, red at once because the
// phase is late; what is only written turns it yellow, and a meeting with the successor green.
func TestWhoDecidesIsMoved(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		rival, err := w.Accounts.Create(w.Ctx, w.As("管理员"), account.Account{Name: "三励公司"}, false)
		w.ok(err)
		zhao := w.person("赵兵", rival.ID)
		c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: change.Moved, Department: "供应链部", SuccessorID: zhao, Source: "self"})
		w.ok(err)
		if lamp, state := w.lamp(c); lamp != change.Red || state != change.Confirmed {
			t.Errorf("%s %s", lamp, state)
		}
		d := c.Deals[0]
		if d.DueOn != "2026-03-09" || d.Role != "economic" || d.Left != 1080-0 && d.Left <= 0 {
			t.Errorf("%+v", d)
		}
		if s := w.sign("蒋跃"); s == nil || !s.Late || s.Name != "王建国" || s.Text != "赵兵" || s.ID != c.ID {
			t.Errorf("on the manager's desk: %+v", s)
		}
		if !w.noticed("小李", "contact_change.changed") || !w.noticed("蒋跃", "contact_change.changed") {
			t.Error("owner and manager are not told")
		}
		tasks, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(w.deal.ID))
		w.ok(err)
		if len(tasks) != 1 || tasks[0].MemberID != w.ID["小李"] || tasks[0].DueOn != "2026-03-09" || tasks[0].What != "首次见赵兵，听他自己说这一单怎么看" {
			t.Errorf("tasks %+v", tasks)
		}
		went, err := w.Accounts.GetContact(w.Ctx, w.As("小李"), w.wang)
		w.ok(err)
		came, err := w.Accounts.GetContact(w.Ctx, w.As("小李"), zhao)
		w.ok(err)
		if went.Department != "供应链部" || len(went.Jobs) != 2 || came.AccountID != w.Account || len(came.Jobs) != 2 {
			t.Errorf("posts %+v, %+v", went.Jobs, came.Jobs)
		}
		w.talk("wechat", zhao)
		if lamp, _ := w.lamp(c); lamp != change.Yellow {
			t.Errorf("written to: %s", lamp)
		}
		w.talk("meeting", w.wang) // whom he met is who went
		if lamp, _ := w.lamp(c); lamp != change.Yellow {
			t.Errorf("met who went: %s", lamp)
		}
		w.talk("meeting", zhao)
		if tasks, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(w.deal.ID)); err != nil || len(tasks) != 1 || tasks[0].DoneOn != "2026-03-05" {
			t.Errorf("what was to be done is not done by the meeting: %+v, %v", tasks, err)
		}
		if lamp, state := w.lamp(c); lamp != change.Green || state != change.Met {
			t.Errorf("met: %s %s", lamp, state)
		}
		if w.sign("蒋跃") != nil {
			t.Error("it is on the desk still")
		}
		if !w.noticed("蒋跃", "contact_change.met") {
			t.Error("the manager is not told that he was met")
		}
		for _, of := range []record.Ref{opportunity.Ref(w.deal.ID), account.ContactRef(w.wang), account.Ref(w.Account)} {
			said := w.said(of)
			if said["contact_change.confirmed"] != 1 || said["contact_change.met"] != 1 {
				t.Errorf("timeline of %s: %v", of.Kind, said)
			}
		}
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "deal_role", "employment", "contact", "task")
	})
}

// TestASuspicionAsksAndStartsNothing: its owner has a task; confirmed the clock starts, and once it is over it is red.
// TestTheCompanySaysWithinHowManyDays: a clock is as long as the company says for the phase on the day it begins, in its
// working days; one that runs stays as it is.
func TestTheCompanySaysWithinHowManyDays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, false)
		for _, bad := range []org.MeetDays{{Early: 0, Middle: 2, Late: 2}, {Early: 2, Middle: 2, Late: 21}} {
			if err := w.Org.SetMeetDays(w.Ctx, w.As("管理员"), bad); fault.CodeOf(err) != "input.out_of_range" {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := w.Org.SetMeetDays(w.Ctx, w.As("小李"), org.MeetDays{Early: 2, Middle: 2, Late: 2}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("by a rep: %v", err)
		}
		w.ok(w.Org.SetMeetDays(w.Ctx, w.As("管理员"), org.MeetDays{Early: 5, Middle: 3, Late: 1}))
		due := func() calendar.Date {
			c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: change.Left, Source: "self"})
			w.ok(err)
			w.ok(w.Org.SetMeetDays(w.Ctx, w.As("管理员"), org.MeetDays{Early: 6, Middle: 3, Late: 1}))
			c, err = w.Changes.Get(w.Ctx, w.As("管理员"), c.ID)
			w.ok(err)
			_, err = w.Changes.Refute(w.Ctx, w.As("管理员"), c.ID)
			w.ok(err)
			return c.Deals[0].DueOn
		}
		if got := due(); got != "2026-03-12" { // five working days after the Thursday
			t.Errorf("early: %s", got)
		}
		_, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), w.deal.ID, opportunity.MoveRequest{To: w.Stage("商务确认"), Exception: "客户催"})
		w.ok(err)
		if got := due(); got != "2026-03-06" {
			t.Errorf("late: %s", got)
		}
	})
}

func TestASuspicionAsksAndStartsNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, false)
		c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: change.Left, Suspect: true})
		w.ok(err)
		if w.sign("蒋跃") != nil || !w.noticed("小李", "contact_change.asked") || w.noticed("蒋跃", "contact_change.changed") {
			t.Error("a suspicion starts something, or does not ask")
		}
		if went, err := w.Accounts.GetContact(w.Ctx, w.As("小李"), w.wang); err != nil || went.GoneOn != "" {
			t.Errorf("gone on %s, %v", went.GoneOn, err)
		}
		_, err = w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: change.Left})
		if fault.CodeOf(err) != "contact_change.open" {
			t.Errorf("told twice: %v", err)
		}
		by := w.As("小李")
		by.IfMatch = c.Version
		c, err = w.Changes.Confirm(w.Ctx, by, c.ID, change.Follows{})
		w.ok(err)
		if lamp, _ := w.lamp(c); lamp != change.Yellow || len(w.open()) != 1 || w.open()[0] != "找到王建国的接手人，并见到他" {
			t.Errorf("%s, %v", lamp, w.open())
		}
		if _, err = w.Changes.Confirm(w.Ctx, by, c.ID, change.Follows{SuccessorName: "赵兵"}); fault.CodeOf(err) != "record.stale" {
			t.Errorf("at an old version: %v", err)
		}
		by = w.As("小李")
		by.IfMatch = c.Version
		c, err = w.Changes.Confirm(w.Ctx, by, c.ID, change.Follows{SuccessorName: "赵兵"})
		w.ok(err)
		if c.SuccessorID == "" || c.SuccessorName != "赵兵" || len(w.open()) != 1 || w.open()[0] != "首次见赵兵，听他自己说这一单怎么看" {
			t.Errorf("%+v, %v", c, w.open())
		}
		w.Clock.Set("2026-03-11")
		if lamp, _ := w.lamp(c); lamp != change.Red {
			t.Errorf("over: %s", lamp)
		}
		w.talk("video", c.SuccessorID)
		if lamp, _ := w.lamp(c); lamp != change.Green {
			t.Errorf("met: %s", lamp)
		}
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "deal_role", "employment", "contact", "task")
	})
}

// TestAChangeThatDidNotHoldIsTakenBack, with posts, roles and tasks.
func TestAChangeThatDidNotHoldIsTakenBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, kind := range []change.Kind{change.Moved, change.Left, change.Handed} {
			w := story(t, db, true)
			c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: kind, Department: "供应链部", SuccessorName: "赵兵"})
			w.ok(err)
			by := w.As("管理员")
			by.IfMatch = c.Version
			c, err = w.Changes.Refute(w.Ctx, by, c.ID)
			w.ok(err)
			back, err := w.Accounts.GetContact(w.Ctx, w.As("小李"), w.wang)
			w.ok(err)
			if c.State != change.Refuted || back.GoneOn != "" || back.Department != "采购部" || len(w.open()) != 0 || w.sign("蒋跃") != nil {
				t.Errorf("%s: %+v %+v, tasks %v", kind, c, back, w.open())
			}
			r, err := w.Opportunities.Relations(w.Ctx, w.As("小李"), w.deal.ID, "")
			w.ok(err)
			if len(r.Key) != 1 || r.Key[0] != w.wang {
				t.Errorf("%s: key %v", kind, r.Key)
			}
			w.following()
			w.Again([]string{""}, "contact_change", "contact_change_deal", "deal_role", "employment", "contact", "task")
			if kind == change.Handed {
				return
			}
			db = databasetest.Another(t, db)
		}
	})
}

// TestADealListAloneIsEnough: without people, roles or follow-ups the deals of the account are touched.
func TestADealListAloneIsEnough(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &world{World: apptest.New(t, db), t: t}
		w.deal = w.sells("小李", "生产线视觉检测")
		o, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), w.deal.ID)
		w.ok(err)
		if len(o.Contacts) != 0 {
			t.Fatal("the deal has people")
		}
		w.wang = w.person("王建国", w.Account)
		for _, kind := range []change.Kind{change.Retitled, change.Left} {
			c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: kind, Title: "总监"})
			w.ok(err)
			if touched := len(c.Deals); kind == change.Retitled && touched != 0 || kind == change.Left && touched != 1 {
				t.Errorf("%s touches %d", kind, touched)
			}
		}
	})
}

// TestAChangeNothingWaitsForIsOver: of nobody in any deal, and once the deals it touched are open no more. Another
// may be told of the same person then.
func TestAChangeNothingWaitsForIsOver(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &world{World: apptest.New(t, db), t: t}
		who := w.person("季红", w.Account)
		open := func() int {
			list, err := w.Changes.List(w.Ctx, w.As("管理员"), change.Asked{Contact: who, Open: true})
			w.ok(err)
			return len(list)
		}
		tell := func(department string, touched int) {
			t.Helper()
			c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: who, Kind: change.Moved, Department: department})
			w.ok(err)
			if len(c.Deals) != touched || open() != touched {
				t.Errorf("to %s: %d deals, %d open", department, len(c.Deals), open())
			}
		}
		tell("质量部", 0)
		w.deal = w.sells("小李", "生产线视觉检测")
		tell("供应链部", 1)
		if _, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: who, Kind: change.Left}); fault.CodeOf(err) != "contact_change.open" {
			t.Errorf("told beside an open one: %v", err)
		}
		w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), w.deal.ID, true))
		if open() != 0 {
			t.Error("it is open without a deal that is")
		}
		tell("总部", 0)
	})
}

// TestWhoDoesNotSeeTheCustomerIsToldNothing: the answers are those for a change there is none of; and who sees the
// customer by another deal is not shown this one.
func TestWhoDoesNotSeeTheCustomerIsToldNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: change.Left})
		w.ok(err)
		other := w.As("周涛")
		other.IfMatch = c.Version
		codes := func(id string) (out [3]string) {
			_, err := w.Changes.Get(w.Ctx, other, id)
			out[0] = fault.CodeOf(err)
			_, err = w.Changes.Confirm(w.Ctx, other, id, change.Follows{})
			out[1] = fault.CodeOf(err)
			_, err = w.Changes.Refute(w.Ctx, other, id)
			out[2] = fault.CodeOf(err)
			return out
		}
		if got, none := codes(c.ID), codes(record.NewID(other.Now)); got != none || got[0] != "contact_change.unknown" {
			t.Errorf("%v, of none %v", got, none)
		}
		if list, err := w.Changes.List(w.Ctx, other, change.Asked{Contact: w.wang}); err != nil || len(list) != 0 {
			t.Errorf("listed %v, %v", list, err)
		}
		if w.noticed("周涛", "contact_change.changed") {
			t.Error("told")
		}
		if _, err := w.Changes.Tell(w.Ctx, other, change.New{ContactID: w.wang, Kind: change.Left}); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("may tell: %v", err)
		}
		w.sells("周涛", "另一单") // at the same customer
		seen, err := w.Changes.Get(w.Ctx, w.As("周涛"), c.ID)
		w.ok(err)
		if len(seen.Deals) != 0 {
			t.Errorf("shown %+v", seen.Deals)
		}
	})
}

// TestWhoIsErasedIsInNoChange: neither who went, nor who follows.
func TestWhoIsErasedIsInNoChange(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		c, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵", Department: "供应链部", Suspect: true})
		w.ok(err)
		zhao := w.person("赵兵", w.Account)
		for _, id := range []string{w.wang, zhao} {
			by := w.As("管理员")
			x, err := w.Accounts.GetContact(w.Ctx, by, id)
			w.ok(err)
			by.IfMatch = x.Version
			w.ok(w.Accounts.EraseContact(w.Ctx, by, id))
		}
		c, err = w.Changes.Get(w.Ctx, w.As("管理员"), c.ID)
		w.ok(err)
		if c.ContactName+c.SuccessorName+c.Department+c.Title != "" {
			t.Errorf("%+v", c)
		}
	})
}

func (w *world) open() (out []string) {
	w.t.Helper()
	list, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(w.deal.ID))
	w.ok(err)
	for _, one := range list {
		if one.DoneOn == "" && one.DroppedAt == nil {
			out = append(out, one.What)
		}
	}
	return out
}

// TestTheClock: by case.
func TestTheClock(t *testing.T) {
	day := func(d calendar.Date) *change.Deal { x := change.Deal{DueAt: d.Time()}; return &x }
	at := calendar.Date("2026-03-05").Time()
	for _, c := range []struct {
		name string
		deal change.Deal
		want change.Lamp
	}{
		{"time left", *day("2026-03-06"), change.Yellow},
		{"time over", *day("2026-03-05"), change.Red},
		{"late phase, from the first minute", change.Deal{DueAt: day("2026-03-09").DueAt, Late: true}, change.Red},
		{"late phase, written to", change.Deal{DueAt: day("2026-03-09").DueAt, Late: true, TalkedAt: &at}, change.Yellow},
		{"written to, time over", change.Deal{DueAt: day("2026-03-05").DueAt, TalkedAt: &at}, change.Red},
		{"met after all", change.Deal{DueAt: day("2026-03-04").DueAt, Late: true, MetAt: &at}, change.Green},
	} {
		if got := c.deal.LampAt(at); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func (w *world) said(of record.Ref) map[string]int {
	w.t.Helper()
	list, err := w.Timeline.Page(w.Ctx, w.As("管理员"), timeline.Asked{Of: of}, page.Request{Limit: 100})
	w.ok(err)
	out := map[string]int{}
	for _, i := range list.Items {
		out[i.Kind]++
	}
	return out
}
