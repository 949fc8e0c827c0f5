package change_test

import (
	"fmt"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/relation"
)

func (w *world) got(id string) change.Change {
	w.t.Helper()
	c, err := w.Changes.Get(w.Ctx, w.As("管理员"), id)
	w.ok(err)
	return c
}

func (w *world) confirms(c change.Change, f change.Follows) change.Change {
	w.t.Helper()
	c, err := w.Changes.Confirm(w.Ctx, w.As("管理员"), c.ID, f)
	w.ok(err)
	return c
}

// copies has so many open opportunities more be at the story's customer, without people.
func (w *world) copies(n int) {
	w.t.Helper()
	w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		_, err := tx.Exec(w.Ctx, `UPDATE opportunity SET account_id = $2 WHERE tenant_id = $1 AND id IN (SELECT id FROM opportunity WHERE tenant_id = $1 AND state = 'open'
			AND account_id <> $2 ORDER BY id LIMIT $3)`, w.Admin.TenantID, w.Account, n)
		return err
	}))
}

// TestWhoWasMetBeforeItWasToldIsMet: whoever met the successor since he follows has met him, whether it was told at
// once, suspected first, or who follows was found later; who was met before he followed, or written to, was not.
func TestWhoWasMetBeforeItWasToldIsMet(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, how := range []string{"told", "suspected", "found later"} {
			for _, c := range []struct {
				channel string
				on      string
				lamp    change.Lamp
			}{{"visit", "2026-03-05", change.Green}, {"wechat", "2026-03-05", change.Yellow}, {"visit", "2026-03-06", change.Red}} {
				w := story(t, db, true)
				x, err := w.Accounts.CreateContact(w.Ctx, w.As("管理员"), account.Contact{Name: "赵兵", AccountID: w.Account, Title: "副总"})
				w.ok(err)
				zhao := x.ID
				w.talk(c.channel, zhao)
				w.Clock.Set("2026-03-06")
				in := change.New{ContactID: w.wang, Kind: change.Left, On: calendar.Date(c.on), SuccessorID: zhao, Suspect: how == "suspected"}
				if how == "found later" {
					in.SuccessorID = ""
				}
				one := w.tells("管理员", in)
				if how != "told" {
					one = w.confirms(one, change.Follows{SuccessorID: in.SuccessorID})
				}
				if how == "found later" {
					one = w.confirms(one, change.Follows{SuccessorID: zhao})
				}
				lamp, state := w.lamp(one)
				if lamp != c.lamp || (state == change.Met) != (lamp == change.Green) {
					t.Errorf("%s, %s on 03-05, follows from %s: %s %s", how, c.channel, c.on, lamp, state)
				}
				if open := w.open(); (len(open) == 0) != (lamp == change.Green) {
					t.Errorf("%s, %s on 03-05, follows from %s: tasks %v", how, c.channel, c.on, open)
				}
				if w.following(); lamp == change.Green {
					w.Again([]string{""}, "contact_change", "contact_change_deal")
				}
				db = databasetest.Another(t, db)
			}
		}
	})
}

// TestWhatIsClosedWaitsForNobody: the successor is met once he was met about all that is open, in whatever order; a
// closed one has no clock.
func TestWhatIsClosedWaitsForNobody(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, closedFirst := range []bool{true, false} {
			w := story(t, db, true)
			second := w.sells("小李", "二期")
			w.key(second.ID, w.wang, 5)
			c := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵"})
			if closedFirst {
				w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), second.ID, true))
			}
			w.talk("visit", c.SuccessorID)
			if !closedFirst {
				if x := w.got(c.ID); x.State != change.Confirmed || len(x.Deals) != 2 {
					t.Errorf("one waits: %s %d", x.State, len(x.Deals))
				}
				w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), second.ID, true))
			}
			if x := w.got(c.ID); x.State != change.Met || len(x.Deals) != 1 || x.Deals[0].Lamp != change.Green {
				t.Errorf("closed first %v: %s %+v", closedFirst, x.State, x.Deals)
			}
			if closedFirst && !w.noticed("蒋跃", "contact_change.met") {
				t.Error("who leads is not told that he was met")
			}
			w.following()
			db = databasetest.Another(t, db)
		}
	})
}

// TestTheSuccessorGoesBeforeHeWasMet: who follows him is met instead, by one task and one clock; where he has not gone
// after all it is he again.
func TestTheSuccessorGoesBeforeHeWasMet(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		first := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵"})
		w.Clock.Set("2026-03-06")
		second := w.tells("小李", change.New{ContactID: first.SuccessorID, Kind: change.Left, SuccessorName: "钱二"})
		is := func(what string, tasks string, name string) {
			t.Helper()
			if got := fmt.Sprint(w.open()); got != tasks {
				t.Errorf("%s: tasks %s", what, got)
			}
			s := w.sign("蒋跃")
			if name == "" && s != nil || name != "" && (s == nil || s.Text != name) {
				t.Errorf("%s: on the desk %+v", what, s)
			}
		}
		is("gone", "[首次见钱二，听他自己说这一单怎么看]", "钱二")
		if x := w.got(first.ID); len(x.Deals) != 0 {
			t.Errorf("the clock of who has gone: %+v", x.Deals)
		}
		w.refutes(second)
		is("not gone", "[首次见赵兵，听他自己说这一单怎么看]", "赵兵")
		second = w.tells("小李", change.New{ContactID: first.SuccessorID, Kind: change.Left, SuccessorName: "周三"})
		w.talk("visit", second.SuccessorID)
		is("met", "[]", "")
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "task")
	})
}

// TestItIsLateOnceThePhaseIs: an opportunity that comes into the late phase while its clock runs is red from then on.
func TestItIsLateOnceThePhaseIs(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, false)
		c := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵"})
		if lamp, _ := w.lamp(c); lamp != change.Yellow {
			t.Errorf("early: %s", lamp)
		}
		_, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), w.deal.ID, opportunity.MoveRequest{To: w.Stage("商务确认"), Exception: "客户催"})
		w.ok(err)
		if lamp, _ := w.lamp(c); lamp != change.Red {
			t.Errorf("late: %s", lamp)
		}
		if s := w.sign("蒋跃"); s == nil || !s.Late {
			t.Errorf("on the desk: %+v", s)
		}
	})
}

// TestWhoWasNotChangedIsMetByWhoReceived: a hand-over while somebody is thought to go gives the receiver a date with
// him once that did not hold; not where they have spoken, nor who had the opportunity before.
func TestWhoWasNotChangedIsMetByWhoReceived(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, suspect := range []bool{true, false} {
			for _, c := range []struct {
				does func(w *world)
				want string
			}{
				{func(w *world) { w.hand("opportunity", w.deal.ID, "陈露") }, "03-10 王建国 | "},
				{func(w *world) {
					w.hand("opportunity", w.deal.ID, "陈露")
					w.says("陈露", "visit", w.wang, opportunity.Ref(w.deal.ID))
				}, " | "},
				{func(w *world) {
					w.hand("opportunity", w.deal.ID, "陈露")
					w.says("蒋跃", "visit", w.wang, opportunity.Ref(w.deal.ID))
				}, "03-10 王建国 | "},
				{func(w *world) {}, " | "},
			} {
				w := story(t, db, true)
				x := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left, Suspect: suspect})
				w.Clock.Set("2026-03-06")
				c.does(w)
				w.refutes(x)
				if got := w.meets("陈露") + " | " + w.meets("小李"); got != c.want {
					t.Errorf("suspected %v: %q, not %q", suspect, got, c.want)
				}
				w.following()
				db = databasetest.Another(t, db)
			}
		}
	})
}

// TestWhoHasLeftIsNotMetAfterAHandOver, whether a change told it or not.
func TestWhoHasLeftIsNotMetAfterAHandOver(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error { return w.Accounts.Goes(w.Ctx, tx, w.As("管理员"), w.wang, "2026-03-04") }))
		w.hand("opportunity", w.deal.ID, "陈露")
		if got := w.meets("陈露"); got != "" {
			t.Errorf("to meet who has left: %s", got)
		}
	})
}

// TestTheFirstMeetingCovers: nobody met is what a successor begins with; the first two-way contact ends that, and what
// somebody says stands.
func TestTheFirstMeetingCovers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		c := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵"})
		coverage := func() int64 {
			r, err := w.Opportunities.Relations(w.Ctx, w.As("小李"), w.deal.ID, "")
			w.ok(err)
			for _, p := range r.People {
				if p.ContactID == c.SuccessorID && p.Coverage != nil {
					return *p.Coverage
				}
			}
			return -1
		}
		says := func(n int64) {
			w.ok(w.Opportunities.Judge(w.Ctx, w.As("小李"), w.deal.ID, 0, opportunity.DealContact{ContactID: c.SuccessorID, Role: "economic", Judged: relation.Judged{Coverage: &n}}))
		}
		if got := coverage(); got != 0 {
			t.Errorf("before: %d", got)
		}
		w.talk("visit", c.SuccessorID)
		if got := coverage(); got != 1 {
			t.Errorf("met: %d", got)
		}
		says(0)
		if got := coverage(); got != 0 {
			t.Errorf("said to be none that day: %d", got)
		}
		w.Clock.Set("2026-03-06")
		w.talk("phone", c.SuccessorID)
		if got := coverage(); got != 1 {
			t.Errorf("met the day after: %d", got)
		}
		says(3)
		w.talk("phone", c.SuccessorID)
		if got := coverage(); got != 3 {
			t.Errorf("said to be more: %d", got)
		}
	})
}

// TestAChangeTouchesAllOrSaysThatItCannot.
func TestAChangeTouchesAllOrSaysThatItCannot(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		w.following()
		w.Fill(2_600) // a third of them are open
		w.copies(800)
		who := w.person("季红", w.Account)
		c := w.tells("管理员", change.New{ContactID: who, Kind: change.Left})
		if len(w.got(c.ID).Deals) != 800 {
			t.Errorf("touches %d", len(w.got(c.ID).Deals))
		}
		w.refutes(c)
		w.copies(1)
		for _, suspect := range []bool{true, false} {
			_, err := w.Changes.Tell(w.Ctx, w.As("管理员"), change.New{ContactID: who, Kind: change.Left, Suspect: suspect})
			if f := fault.As(err); f == nil || f.Code != "contact_change.too_many" || f.Params["max"] != 800 {
				t.Errorf("suspected %v: %v", suspect, err)
			}
		}
		c = w.tells("管理员", change.New{ContactID: who, Kind: change.Left, OpportunityID: w.deal.ID})
		if len(c.Deals) != 0 { // it has people, and he is none of them
			t.Errorf("of one alone it touches %d", len(c.Deals))
		}
	})
}
