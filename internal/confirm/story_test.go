package confirm_test

import (
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/confirm"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

type world struct {
	*apptest.World
	t *testing.T
}

func begin(t *testing.T, db *database.DB) *world { return &world{apptest.New(t, db), t} }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sells(owner, name, stage string, yuan int64) string {
	w.t.Helper()
	minor := yuan * 100
	o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: name, OwnerID: w.ID[owner], AccountID: w.Account, AmountMinor: &minor, ClashReason: "两条产线"})
	w.ok(err)
	if stage != "" {
		_, err = w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: w.Stage(stage), Exception: "客户催"})
		w.ok(err)
	}
	return o.ID
}

func (w *world) person(name, title string) string {
	w.t.Helper()
	c, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: name, AccountID: w.Account, Department: "采购部", Title: title, EvenIfSame: true})
	w.ok(err)
	return c.ID
}

func (w *world) role(owner, deal, contact, role string) {
	w.t.Helper()
	w.ok(w.Opportunities.Judge(w.Ctx, w.As(owner), deal, 0, opportunity.DealContact{ContactID: contact, Role: role, Judged: relation.Judged{}}))
}

func (w *world) talk(by, deal, channel string, with ...string) {
	w.t.Helper()
	_, err := w.FollowUps.Log(w.Ctx, w.As(by), followup.FollowUp{On: []record.Ref{opportunity.Ref(deal)}, Channel: channel, TwoWay: true, Words: "先看报价", ContactIDs: with}, "")
	w.ok(err)
}

func (w *world) asked(name string) (out []string) {
	w.t.Helper()
	t, err := w.Confirms.Asked(w.Ctx, w.As(name))
	w.ok(err)
	for _, q := range t.Questions {
		who := q.Name
		if q.ContactID == "" {
			who = "?"
		}
		out = append(out, q.Opportunity.Name+" "+who)
	}
	return out
}

func (w *world) expect(what, name string, want ...string) {
	w.t.Helper()
	if got := w.asked(name); !slices.Equal(got, want) {
		w.t.Errorf("%s: %s is asked %q, not %q", what, name, got, want)
	}
}

func (w *world) say(name, deal, contact string, answer confirm.Answer) confirm.Confirmation {
	w.t.Helper()
	c, err := w.Confirms.Answer(w.Ctx, w.As(name), confirm.New{OpportunityID: deal, ContactID: contact, Answer: answer})
	w.ok(err)
	return c
}

func (w *world) refused(code, name string, in confirm.New) {
	w.t.Helper()
	if _, err := w.Confirms.Answer(w.Ctx, w.As(name), in); fault.CodeOf(err) != code {
		w.t.Errorf("%s, not %s", fault.CodeOf(err), code)
	}
}

func (w *world) open(contact string) []change.Change {
	w.t.Helper()
	list, err := w.Changes.List(w.Ctx, w.As("管理员"), change.Asked{Contact: contact, Open: true})
	w.ok(err)
	return list
}

func (w *world) sign(name, deal string) (out *desk.Sign) {
	w.t.Helper()
	w.ok(w.Funnel.Await(w.Ctx, w.As(name).TenantID))
	list, err := w.Desk.Read(w.Ctx, w.As(name), 20)
	w.ok(err)
	for _, l := range list.Lines {
		for i := range l.Signs {
			if l.On == opportunity.Ref(deal) && l.Signs[i].Kind == confirm.SignTapped {
				out = &l.Signs[i]
			}
		}
	}
	return out
}

func (w *world) noticed(name, kind string) (n int) {
	w.t.Helper()
	w.CaughtUp("notice")
	list, err := w.Notices.List(w.Ctx, w.As(name), notice.Asked{}, page.Request{Limit: 50})
	w.ok(err)
	for _, x := range list.Items {
		if x.Kind == kind && !x.Hidden && x.Shown.Text != "" {
			n++
		}
	}
	return n
}

// TestWhoIsSilentIsAskedAfter: in the late phase after five working days, otherwise after fifteen, those of Spring
// Festival not counted and the make-up Saturdays counted; a contact confirms by itself, in whatever way both spoke.
func TestWhoIsSilentIsAskedAfter(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		w.Clock.Set("2026-02-09")
		late, early := w.sells("小李", "在后期", "商务确认", 50), w.sells("小李", "在前期", "", 90)
		wang, tang := w.person("王建国", "经理"), w.person("唐伟", "科长")
		w.role("小李", late, wang, "economic")
		w.role("小李", early, tang, "approver")
		w.Clock.Set("2026-02-13")
		w.expect("four working days", "小李")
		w.Clock.Set("2026-02-14") // the make-up Saturday is the fifth
		w.expect("five working days", "小李", "在后期 王建国")
		w.talk("小李", late, "phone", wang)
		w.expect("a call confirms", "小李")
		w.Clock.Set("2026-02-23")
		w.expect("the festival is not counted", "小李")
		w.Clock.Set("2026-02-28") // 24, 25, 26, 27, and the make-up Saturday
		w.expect("five after the festival", "小李", "在后期 王建国")
		w.talk("小李", late, "wechat", wang)
		w.expect("so does a chat in which he answered", "小李")
		w.Clock.Set("2026-03-05")
		w.expect("fourteen", "小李")
		w.Clock.Set("2026-03-06") // 10-14 Feb are five, 24-28 five, 2-6 March five
		w.expect("fifteen", "小李", "在前期 唐伟", "在后期 王建国")
	})
}

// TestThreeADay: those worth most first, answered ones counted; nobody answers for another, twice, or before he is asked.
func TestThreeADay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		ids, people := map[string]string{}, map[string]string{}
		for name, yuan := range map[string]int64{"甲": 10, "乙": 40, "丙": 30, "丁": 20} {
			ids[name] = w.sells("小李", name, "商务确认", yuan)
			people[name] = w.person("人"+name, "经理")
			w.role("小李", ids[name], people[name], "economic")
		}
		w.refused("confirmation.not_due", "小李", confirm.New{OpportunityID: ids["乙"], ContactID: people["乙"], Answer: confirm.Still})
		w.Clock.Set("2026-03-09")
		w.expect("three", "小李", "乙 人乙", "丙 人丙", "丁 人丁")
		w.expect("not of another's", "陈露")
		w.expect("nor who leads", "蒋跃")
		w.refused("confirmation.not_asked", "蒋跃", confirm.New{OpportunityID: ids["乙"], ContactID: people["乙"], Answer: confirm.Still})
		w.refused("opportunity.unknown", "周涛", confirm.New{OpportunityID: ids["乙"], ContactID: people["乙"], Answer: confirm.Still})
		w.refused("confirmation.not_due", "小李", confirm.New{OpportunityID: ids["乙"], ContactID: people["甲"], Answer: confirm.Still})
		c := w.say("小李", ids["丙"], people["丙"], confirm.Still)
		if again := w.say("小李", ids["丙"], people["丙"], confirm.Still); again.ID != c.ID {
			t.Error("the same again is another answer")
		}
		w.refused("confirmation.not_due", "小李", confirm.New{OpportunityID: ids["丙"], ContactID: people["丙"], Answer: confirm.Unreachable})
		w.expect("one answered", "小李", "乙 人乙", "丁 人丁")
		w.ok(w.Confirms.Undo(w.Ctx, w.As("小李"), c.ID))
		w.ok(w.Confirms.Undo(w.Ctx, w.As("小李"), c.ID))
		w.expect("taken back", "小李", "乙 人乙", "丙 人丙", "丁 人丁")
		for _, name := range []string{"乙", "丙", "丁"} {
			c = w.say("小李", ids[name], people[name], confirm.Still)
		}
		w.expect("three were answered", "小李")
		if err := w.Confirms.Undo(w.Ctx, w.As("陈露"), c.ID); fault.CodeOf(err) != "confirmation.unknown" {
			t.Errorf("another takes it back: %v", err)
		}
		w.Clock.Set("2026-03-10")
		w.expect("the fourth on the next day", "小李", "甲 人甲")
		if err := w.Confirms.Undo(w.Ctx, w.As("小李"), c.ID); fault.CodeOf(err) != "confirmation.too_late" {
			t.Errorf("on the next day: %v", err)
		}
		w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(w.Ctx, `UPDATE opportunity SET state = 'lost' WHERE id = $1`, ids["甲"])
			return err
		}))
		w.expect("not of what is closed", "小李")
	})
}

// TestOnlyTapped: after two in a row the next manager is told, once, and has a line until somebody speaks with him.
func TestOnlyTapped(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		stop := w.Follows(w.Process())
		defer stop()
		deal, sun := w.sells("小李", "检测", "商务确认", 50), w.person("孙莉", "工程师")
		w.role("小李", deal, sun, "coach")
		run := func() (run int, how string) {
			list, err := w.Confirms.Deal(w.Ctx, w.As("蒋跃"), deal)
			w.ok(err)
			return list[0].Run, list[0].How
		}
		for n, day := range []calendar.Date{"2026-03-09", "2026-03-16", "2026-03-23"} {
			w.Clock.Set(day)
			if n == 1 && w.sign("蒋跃", deal) != nil {
				t.Error("told of one tap")
			}
			w.say("小李", deal, sun, confirm.Still)
			if got, how := run(); got != n+1 || how != confirm.ByTap {
				t.Errorf("%d in a row, by %s", got, how)
			}
			if got := w.noticed("蒋跃", "confirmation.tapped"); got != min(n, 1) {
				t.Errorf("after %d: %d notices", n+1, got)
			}
		}
		s := w.sign("蒋跃", deal)
		if s == nil || s.Count != 3 || s.Name != "孙莉" || !slices.Equal(s.Facts, []string{sun, "2026-03-09"}) {
			t.Fatalf("%+v", s)
		}
		if w.sign("总监", deal) != nil || w.sign("小李", deal) != nil || w.noticed("总监", "confirmation.tapped") != 0 {
			t.Error("told to others than who leads next")
		}
		w.Clock.Set("2026-03-24")
		w.talk("小李", deal, "visit", sun)
		if got, how := run(); got != 0 || how != "visit" {
			t.Errorf("after a visit %d, by %s", got, how)
		}
		if s := w.sign("蒋跃", deal); s != nil {
			t.Errorf("after a visit: %+v", s)
		}
	})
}

// TestNotReachedTwice: the second time in a row a change is proposed; taken back it is none, refuted it is not asked at once.
func TestNotReachedTwice(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, shi := w.sells("小李", "检测", "商务确认", 50), w.person("施颖", "总经理助理")
		w.role("小李", deal, shi, "coach")
		w.Clock.Set("2026-03-09")
		if c := w.say("小李", deal, shi, confirm.Unreachable); c.Proposed || len(w.open(shi)) > 0 {
			t.Error("proposed at once")
		}
		w.Clock.Set("2026-03-16")
		c := w.say("小李", deal, shi, confirm.Unreachable)
		if list := w.open(shi); !c.Proposed || len(list) != 1 || list[0].ID != c.ChangeID || list[0].State != change.Suspected || list[0].Source != "record" ||
			list[0].Deals[0].TaskID == "" {
			t.Fatalf("%+v %+v", c, list)
		}
		w.expect("a change is suspected", "小李")
		w.ok(w.Confirms.Undo(w.Ctx, w.As("小李"), c.ID))
		if list := w.open(shi); len(list) != 0 {
			t.Errorf("taken back: %+v", list)
		}
		w.expect("asked again", "小李", "检测 施颖")
		c = w.say("小李", deal, shi, confirm.Unreachable)
		_, err := w.Changes.Refute(w.Ctx, w.As("管理员"), c.ChangeID)
		w.ok(err)
		w.Clock.Set("2026-03-20")
		w.expect("somebody said today that he is there", "小李")
	})
}

// TestSilently is the story: it falls due, is answered 换了, confirmed with who follows, is red at once, and green when he
// is met.
func TestSilently(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		stop := w.Follows(w.Process())
		defer stop()
		deal, wang := w.sells("小李", "生产线视觉检测", "商务确认", 186), w.person("王建国", "采购部经理")
		w.role("小李", deal, wang, "economic")
		w.Clock.Set("2026-03-04")
		w.talk("小李", deal, "meeting", wang)
		w.Clock.Set("2026-03-11")
		w.expect("five working days after the meeting", "小李", "生产线视觉检测 王建国")
		c := w.say("小李", deal, wang, confirm.Changed)
		list := w.open(wang)
		if len(list) != 1 || list[0].State != change.Suspected || list[0].ID != c.ChangeID {
			t.Fatalf("%+v", list)
		}
		w.expect("asked already", "小李")
		told, err := w.Changes.Confirm(w.Ctx, w.As("管理员"), c.ChangeID, change.Follows{SuccessorName: "赵兵"})
		w.ok(err)
		if told.Deals[0].Lamp != change.Red || told.Deals[0].TaskID == "" {
			t.Errorf("%+v", told.Deals)
		}
		w.expect("his clock runs", "小李")
		if err := w.Confirms.Undo(w.Ctx, w.As("小李"), c.ID); fault.CodeOf(err) != "confirmation.too_late" {
			t.Errorf("taken back after it was confirmed: %v", err)
		}
		w.Clock.Set("2026-03-12")
		w.talk("小李", deal, "meeting", told.SuccessorID)
		w.CaughtUp("contact_change")
		if told, err = w.Changes.Get(w.Ctx, w.As("蒋跃"), told.ID); err != nil || told.Deals[0].Lamp != change.Green || told.State != change.Met {
			t.Errorf("%+v %v", told, err)
		}
		w.Clock.Set("2026-03-19")
		w.expect("now he is asked after", "小李", "生产线视觉检测 赵兵")
		// Told in one go, in the dialog: the answer names the change.
		x, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: told.SuccessorID, Kind: change.Left})
		w.ok(err)
		if c, err := w.Confirms.Answer(w.Ctx, w.As("小李"), confirm.New{OpportunityID: deal, ContactID: told.SuccessorID, Answer: confirm.Changed, ChangeID: x.ID}); err != nil || c.Proposed {
			t.Errorf("%+v %v", c, err)
		}
	})
}

// TestWhoDecidesIsAsked: from the middle phase on, where nobody is known; who is named is asked after from then on.
func TestWhoDecidesIsAsked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		w.sells("小李", "在前期", "", 90)
		deal := w.sells("小李", "在后期", "商务确认", 50)
		w.expect("nobody is known", "小李", "在后期 ?")
		w.say("小李", deal, "", confirm.Skipped)
		w.expect("nobody knows", "小李")
		w.Clock.Set("2026-03-09")
		w.expect("after the same time", "小李", "在后期 ?")
		c, err := w.Confirms.Answer(w.Ctx, w.As("管理员").At(w.Clock.Now()), confirm.New{OpportunityID: deal, Answer: confirm.Named, Name: "季红"})
		if fault.CodeOf(err) != "confirmation.not_asked" {
			t.Errorf("%+v %v", c, err)
		}
		ji := w.person("季红", "班长")
		w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := w.Opportunities.JoinIn(w.Ctx, tx, w.As("管理员"), deal, ji)
			return err
		}))
		w.expect("met by nobody", "小李", "在后期 ?")
		c = w.say("小李", deal, ji, confirm.Named)
		if c.Joined {
			t.Error("he was there")
		}
		w.expect("named", "小李")
		w.Clock.Set("2026-03-16")
		w.expect("who was named", "小李", "在后期 季红")
	})
}

// TestANewName: somebody new at a meeting without the key person proposes that he follows, once and for all.
func TestANewName(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		stop := w.Follows(w.Process())
		defer stop()
		deal, wang := w.sells("小李", "检测", "商务确认", 50), w.person("王建国", "经理")
		w.role("小李", deal, wang, "economic")
		clerk, zhao := w.person("文员", "文员"), w.person("赵兵", "经理")
		w.talk("小李", deal, "meeting", clerk)
		w.CaughtUp("confirmation")
		if len(w.open(wang)) > 0 {
			t.Fatal("a clerk follows who is not silent")
		}
		w.talk("小李", deal, "meeting", wang, zhao)
		w.CaughtUp("confirmation")
		if len(w.open(wang)) > 0 {
			t.Fatal("he was there himself")
		}
		other := w.person("钱敏", "经理")
		w.talk("小李", deal, "meeting", other)
		w.CaughtUp("confirmation")
		list := w.open(wang)
		if len(list) != 1 || list[0].SuccessorID != other || list[0].State != change.Suspected || list[0].Source != "record" {
			t.Fatalf("%+v", list)
		}
		_, err := w.Changes.Refute(w.Ctx, w.As("管理员"), list[0].ID)
		w.ok(err)
		w.talk("小李", deal, "phone", other)
		w.CaughtUp("confirmation")
		if len(w.open(wang)) > 0 {
			t.Fatal("proposed again")
		}
		w.Clock.Set("2026-03-12")
		newer := w.person("贺文涛", "主管")
		w.talk("小李", deal, "meeting", newer)
		w.CaughtUp("confirmation")
		if list := w.open(wang); len(list) != 1 || list[0].SuccessorID != newer {
			t.Fatalf("silent, and somebody new: %+v", list)
		}
	})
}

// TestOthersAreAsked: who owns it now, and who stands in the place of one who left.
func TestOthersAreAsked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal, wang := w.sells("小李", "检测", "商务确认", 50), w.person("王建国", "经理")
		w.role("小李", deal, wang, "economic")
		twin := w.person("王建国", "采购经理")
		w.Clock.Set("2026-03-09")
		w.say("小李", deal, wang, confirm.Still)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-10")
		w.ok(err)
		w.Clock.Set("2026-03-16")
		w.expect("in his place", "蒋跃", "检测 王建国")
		_, err = w.Accounts.MergeContacts(w.Ctx, w.As("管理员"), account.Merging{Gone: wang, Kept: twin, Version: 1, GoneVersion: 1})
		w.ok(err)
		list, err := w.Confirms.Deal(w.Ctx, w.As("蒋跃"), deal)
		w.ok(err)
		if len(list) != 1 || list[0].Run != 1 || !strings.HasPrefix(list[0].Name, "王建国") {
			t.Errorf("%+v", list)
		}
	})
}
