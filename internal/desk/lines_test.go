package desk_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// world is a company whose days go by.
type world struct {
	*apptest.World
	t testing.TB
}

func newWorld(t testing.TB, db *database.DB, on calendar.Date) *world {
	w := &world{apptest.New(t, db), t}
	w.Clock.Set(on)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// read is a member's desk.
func (w *world) read(who string) desk.Lines {
	w.t.Helper()
	a := w.As(who)
	if err := w.Funnel.Await(w.Ctx, a.TenantID); err != nil {
		w.t.Fatal(err)
	}
	list, err := w.Desk.Read(w.Ctx, a, desk.Most)
	w.must(err)
	if list.Computing {
		w.t.Fatal("it is still being loaded")
	}
	return list
}

// line is a member's line of a record, nil where there is none.
func (w *world) line(who, id string) *desk.Line {
	w.t.Helper()
	for _, l := range w.read(who).Lines {
		if l.On.ID == id {
			return &l
		}
	}
	return nil
}

func (w *world) stands(who, id string, want bool, when string) {
	w.t.Helper()
	if got := w.line(who, id) != nil; got != want {
		w.t.Errorf("%s: on the desk of %s: %v, want %v", when, who, got, want)
	}
}

func (w *world) decide(who, id string, d desk.Deciding) (desk.Mark, error) {
	w.t.Helper()
	l := w.line(who, id)
	if l == nil {
		w.t.Fatalf("%s has no line of it", who)
	}
	d.Of, d.Facts = l.On, l.Facts
	return w.Desk.Decide(w.Ctx, w.As(who), d)
}

func kinds(l *desk.Line) (out string) {
	for _, s := range l.Signs {
		out += s.Kind + " "
	}
	return out
}

// TestALineClimbsOverTheSpringFestival: a deal that was expected on Wednesday 11 February 2026 is on the manager's
// desk on the 12th. Working days are the 12th, 13th, 14th (made up), 24th, 25th and 26th: five after it came there
// is the 26th, and not the 19th.
func TestALineClimbsOverTheSpringFestival(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-02-09")
		small := w.expected("小李", "小单", "2026-02-11", 90_000_00)
		large := w.expected("小李", "大单", "2026-02-11", 1_200_000_00)
		huge := w.expected("小李", "特大单", "2026-02-11", 4_000_000_00)
		for _, day := range []struct {
			on                            calendar.Date
			manager, small, large, admin3 bool
		}{
			{"2026-02-11", false, false, false, false},
			{"2026-02-12", true, false, true, true},
			{"2026-02-19", true, false, true, true}, // by the week it would have come
			{"2026-02-25", true, false, true, true},
			{"2026-02-26", true, true, true, true},
		} {
			w.Clock.Set(day.on)
			when := string(day.on)
			w.stands("小李", small, day.manager, when)
			w.stands("蒋跃", small, day.manager, when)
			w.stands("总监", small, day.small, when)
			w.stands("总监", large, day.large, when)  // above the second level's million
			w.stands("管理员", huge, day.admin3, when) // above the third level's three
			w.stands("何峰", huge, false, when)       // of another team
			w.stands("陈露", huge, false, when)       // a colleague
		}
		w.stands("管理员", large, true, "the third level after five working days")
		w.Clock.Set("2026-02-12")
		w.stands("管理员", large, false, "the third level before")
	})
}

// expected is a deal that is to be signed on a day.
func (w *world) expected(owner, name string, on calendar.Date, minor int64) string {
	w.t.Helper()
	o := w.Opportunity(owner, name)
	worth := &minor
	_, err := w.Opportunities.Edit(w.Ctx, w.As(owner), o.ID, o.Version, opportunity.Patch{ExpectedOn: &on, AmountMinor: &worth})
	w.must(err)
	return o.ID
}

// TestALineReturnsOnlyWhenItsFactsChange is a table of what may happen after a manager waved a line away.
func TestALineReturnsOnlyWhenItsFactsChange(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, tt := range []struct {
			name    string
			on      calendar.Date // the day it is looked at again; it was waved away on 2026-03-10
			act     func(w *world, id string)
			returns bool
		}{
			{"one more day", "2026-03-11", func(*world, string) {}, false},
			{"three more days, short of the next limit", "2026-03-13", func(*world, string) {}, false},
			{"the limit of its stage is crossed", "2026-03-24", func(*world, string) {}, true},
			{"a talk that moved nothing", "2026-03-12", func(w *world, id string) { w.step("小李", id, "2026-03-20", false) }, false},
			{"another day, later, that has not come", "2026-03-12", func(w *world, id string) { w.redate("小李", id, "2026-04-20") }, false},
			{"another day, that has passed too", "2026-03-17", func(w *world, id string) { w.redate("小李", id, "2026-03-16") }, true},
			{"a promise to the customer is late", "2026-03-17", func(w *world, id string) { w.step("小李", id, "2026-03-13", true) }, true},
			{"another owner", "2026-03-12", func(w *world, id string) { w.hand(id, "陈露") }, true},
			{"a move, and it stands still again", "2026-04-10", func(w *world, id string) {
				w.Move("小李", id, "入围", apptest.Exception)
			}, true},
		} {
			t.Run(tt.name, func(t *testing.T) {
				w := newWorld(t, db, "2026-03-02")
				id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
				w.Clock.Set("2026-03-10")
				_, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.NotIssue, Reason: "客户在走审批"})
				w.must(err)
				w.stands("蒋跃", id, false, "at once")
				w.Clock.Set("2026-03-12")
				tt.act(w, id)
				w.Clock.Set(tt.on)
				w.stands("蒋跃", id, tt.returns, tt.name)
			})
		}
	})
}

func (w *world) hand(id, to string) {
	w.t.Helper()
	_, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{Kind: "opportunity", IDs: []string{id}, ToID: w.ID[to], Reason: "换人"})
	w.must(err)
}

func (w *world) redate(by, id string, on calendar.Date) {
	w.t.Helper()
	r, err := w.Opportunities.Get(w.Ctx, w.As(by), id)
	w.must(err)
	_, err = w.Opportunities.Edit(w.Ctx, w.As(by), id, r.Version, opportunity.Patch{ExpectedOn: &on})
	w.must(err)
}

func (w *world) step(by, id string, due calendar.Date, agreed bool) string {
	w.t.Helper()
	s, err := w.Tasks.Add(w.Ctx, w.As(by), task.Task{What: "交方案", DueOn: due, CustomerAgreed: agreed, On: []record.Ref{opportunity.Ref(id)}})
	w.must(err)
	return s.ID
}

// TestHowALineEnds: done and handed over hold, a day brings it back, and a reason has to be said.
func TestHowALineEnds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
		w.Clock.Set("2026-03-10")
		for _, bad := range []struct {
			d    desk.Deciding
			code string
		}{
			{desk.Deciding{Decision: desk.NotIssue}, "input.required"},
			{desk.Deciding{Decision: desk.Until, Until: "2026-03-10"}, "desk.until_range"},
			{desk.Deciding{Decision: desk.Until, Until: "2027-03-10"}, "desk.until_range"},
			{desk.Deciding{Decision: desk.Until, Until: "soon"}, "calendar.bad_date"},
			{desk.Deciding{Decision: desk.Handed, What: "去看看"}, "input.required"},
		} {
			if _, err := w.decide("蒋跃", id, bad.d); codeOf(err) != bad.code {
				t.Errorf("%+v: %v, want %s", bad.d, err, bad.code)
			}
		}
		if _, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.Until, Until: "2026-03-12"}); err != nil {
			t.Fatal(err)
		}
		w.Clock.Set("2026-03-11")
		w.stands("蒋跃", id, false, "the day before")
		w.Clock.Set("2026-03-12")
		w.stands("蒋跃", id, true, "on the day")
		m, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.Handed, ToID: w.ID["陈露"], What: "问清楚审批卡在哪", DueOn: "2026-03-16"})
		w.must(err)
		got, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(id))
		w.must(err)
		if len(got) != 1 || got[0].ID != m.TaskID || got[0].MemberID != w.ID["陈露"] || got[0].DueOn != "2026-03-16" {
			t.Errorf("what was handed over: %+v", got)
		}
		w.stands("蒋跃", id, false, "handed over")
		long := w.expected("小李", "一期", "2026-03-06", 200_000_00)
		m, err = w.decide("蒋跃", long, desk.Deciding{Decision: desk.Handed, ToID: w.ID["陈露"], What: "重做方案", DueOn: "2026-04-30"})
		w.must(err)
		if x, _, err := w.Tasks.Get(w.Ctx, w.As("陈露"), m.TaskID); err != nil || !x.Long {
			t.Errorf("an order from the desk for many days: %+v %v", x, err)
		}
		// A rep who waves his own line away hides it from nobody else.
		second := w.expected("小李", "三期", "2026-03-13", 100_000_00)
		w.Clock.Set("2026-03-17")
		_, err = w.decide("小李", second, desk.Deciding{Decision: desk.NotIssue, Reason: "快了"})
		w.must(err)
		w.stands("小李", second, false, "waved away")
		w.stands("蒋跃", second, true, "waved away by the rep")
		// What a manager has seen to does not climb.
		_, err = w.decide("蒋跃", second, desk.Deciding{Decision: desk.Done})
		w.must(err)
		w.Clock.Set("2026-03-24") // five working days after it came is the 23rd
		w.stands("总监", second, false, "done by the manager")
	})
}

// TestAnotherReasonIsNotHiddenByADay: a manager put it off to a far day, and it became another thing since.
func TestAnotherReasonIsNotHiddenByADay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
		w.Clock.Set("2026-03-10")
		_, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.Until, Until: "2026-05-29"})
		w.must(err)
		w.Clock.Set("2026-03-31")
		w.stands("总监", id, true, "its stage's limit was crossed, and nobody looked after it for five days")
	})
}

// TestAPromiseIsLateByTheDayTheCustomerAgreedTo: another day without him changes nothing of that.
func TestAPromiseIsLateByTheDayTheCustomerAgreedTo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "二期改造", "2026-12-31", 200_000_00)
		step := w.step("小李", id, "2026-03-04", true)
		late := func(on calendar.Date, want bool) {
			t.Helper()
			w.Clock.Set(on)
			if l := w.line("蒋跃", id); (l != nil && l.Late()) != want {
				t.Errorf("%s: %+v", on, l)
			}
		}
		move := func(to calendar.Date, agreed bool) {
			t.Helper()
			_, err := w.Tasks.Redate(w.Ctx, w.As("小李"), step, task.Moved{To: to, Reason: "没做完", Agreed: agreed})
			w.must(err)
		}
		late("2026-03-04", false)
		late("2026-03-05", true)
		move("2026-03-20", false)
		late("2026-03-05", true)
		move("2026-03-10", true)
		late("2026-03-05", false)
		move("2026-03-06", false)
		late("2026-03-09", false)
		late("2026-03-11", true)
	})
}

// TestALineSaysWhatItIs: several signs of one deal are one line, and a decision on what is no more, or is
// another thing by now, is refused.
func TestALineSaysWhatItIs(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-02-02")
		id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
		w.step("小李", id, "2026-03-05", true)
		w.Clock.Set("2026-03-10")
		l := w.line("蒋跃", id)
		if l == nil || kinds(l) != "stalled passed promise " || !l.Late() {
			t.Fatalf("%+v", l)
		}
		old := l.Facts
		w.redate("小李", id, "2026-03-09")
		d := desk.Deciding{Of: l.On, Facts: old, Decision: desk.Done}
		if _, err := w.Desk.Decide(w.Ctx, w.As("蒋跃"), d); codeOf(err) != "desk.facts_changed" {
			t.Errorf("on other facts: %v", err)
		}
		if _, err := w.Desk.Decide(w.Ctx, w.As("何峰"), d); codeOf(err) != "desk.line_gone" {
			t.Errorf("by a manager of others: %v", err)
		}
		d.ID = "01a21468-55c0-7616-a9c3-14aff4c9bb6e"
		d.Facts = w.line("蒋跃", id).Facts
		// Two at once: one decision.
		codes := apptest.AtOnce(8, func(int) error {
			_, err := w.Desk.Decide(w.Ctx, w.As("蒋跃"), d)
			return err
		})
		if len(codes) != 1 || codes[""] != 8 {
			t.Errorf("sent eight times: %v", codes)
		}
		// What was decided holds: another decision on the same is refused.
		codes = apptest.AtOnce(4, func(i int) error {
			_, err := w.Desk.Decide(w.Ctx, w.As("蒋跃"), desk.Deciding{Of: d.Of, Facts: d.Facts, Decision: desk.Done})
			return err
		})
		if codes["desk.decided_already"] != 4 {
			t.Errorf("decided four times more: %v", codes)
		}
		w.stands("蒋跃", id, false, "done")
	})
}

// TestAKindMostlyWavedAwayAsksForAnotherLimit: ten lines of a kind that passed were waved away.
func TestAKindMostlyWavedAwayAsksForAnotherLimit(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		var ids []string
		for n := range 11 {
			ids = append(ids, w.expected("小李", "第"+string(rune('一'+n))+"期", "2026-03-06", 200_000_00))
		}
		w.Clock.Set("2026-03-10")
		for n, id := range ids[:10] {
			w.stands("管理员", "passed", false, "before the tenth")
			d := desk.Deciding{Decision: desk.NotIssue, Reason: "常年如此"}
			if n < 2 {
				d = desk.Deciding{Decision: desk.Done}
			}
			_, err := w.decide("蒋跃", id, d)
			w.must(err)
		}
		l := w.line("管理员", "passed")
		if l == nil || l.On.Kind != desk.LimitKind || l.Signs[0].Count != 8 || l.Signs[0].Limit != 10 {
			t.Fatalf("%+v", l)
		}
		w.stands("蒋跃", "passed", false, "of whoever sets no limits")
		_, err := w.decide("管理员", "passed", desk.Deciding{Decision: desk.NotIssue, Reason: "看过了"})
		w.must(err)
		w.stands("管理员", "passed", false, "answered")
		w.Clock.Set("2026-07-10")
		list, err := w.Desk.Counts(w.Ctx, w.As("管理员"))
		w.must(err)
		if len(list) != 0 {
			t.Errorf("four months later: %v", list)
		}
	})
}

func codeOf(err error) string { return fault.CodeOf(err) }
