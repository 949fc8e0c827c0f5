package change_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
)

// TestWhoHandedAMatterOnIsNotMetAboutIt: whoever received the opportunity meets who looks after it now; what he received
// beside stays to be done.
func TestWhoHandedAMatterOnIsNotMetAboutIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, both := range []bool{false, true} {
			w := story(t, db, true)
			want := ""
			if both {
				second := w.sells("小李", "二期")
				w.key(second.ID, w.wang, 5)
				w.hand("opportunity", second.ID, "陈露")
				want = "03-09 王建国"
			} else {
				w.hand("opportunity", w.deal.ID, "陈露")
			}
			c := w.tells("管理员", change.New{ContactID: w.wang, Kind: change.Handed, SuccessorName: "赵兵", OpportunityID: w.deal.ID})
			if got := w.meets("陈露"); got != want {
				t.Errorf("received both %v: to meet %q, not %q", both, got, want)
			}
			w.refutes(c)
			if got := w.meets("陈露"); got != "03-09 王建国" {
				t.Errorf("received both %v, he looks after it still: to meet %q", both, got)
			}
			w.following()
			db = databasetest.Another(t, db)
		}
	})
}

// TestWhoFollowsWasErased: another may be named, and is met.
func TestWhoFollowsWasErased(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		c := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left, SuccessorName: "赵兵"})
		by := w.As("管理员")
		by.IfMatch = w.contact(c.SuccessorID).Version
		w.ok(w.Accounts.EraseContact(w.Ctx, by, c.SuccessorID))
		c = w.confirms(c, change.Follows{SuccessorName: "钱二"})
		if got := w.open(); len(got) != 1 || got[0] != "首次见钱二，听他自己说这一单怎么看" {
			t.Errorf("tasks %v", got)
		}
		w.talk("visit", c.SuccessorID)
		if lamp, state := w.lamp(c); lamp != change.Green || state != change.Met {
			t.Errorf("%s %s", lamp, state)
		}
	})
}

// TestWhoWentWasErased: what is open of him is settled still.
func TestWhoWentWasErased(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		c := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left})
		by := w.As("管理员")
		by.IfMatch = w.contact(w.wang).Version
		w.ok(w.Accounts.EraseContact(w.Ctx, by, w.wang))
		c = w.confirms(c, change.Follows{SuccessorName: "钱二"})
		w.refutes(c)
		if got := w.open(); len(got) != 0 {
			t.Errorf("tasks %v", got)
		}
	})
}

// TestWhoHeldARoleThatDay: an opportunity of whatever customer is touched where he had a role that day, also where he is
// none of its people any more; and not where he had one before.
func TestWhoHeldARoleThatDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, c := range []struct {
			on   calendar.Date
			want int
		}{{"2026-03-04", 2}, {"2026-03-06", 1}} {
			w := story(t, db, true)
			w.Clock.Set("2026-03-02")
			other := w.sells("小李", "二期")
			w.key(other.ID, w.wang, 5)
			w.Clock.Set("2026-03-05")
			w.ok(w.Opportunities.SetContacts(w.Ctx, w.As("小李"), other.ID, 0, nil))
			o, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), other.ID)
			w.ok(err)
			if len(o.Contacts) != 0 {
				t.Fatal("it has people")
			}
			elsewhere, err := w.Accounts.Create(w.Ctx, w.As("小李"), account.Account{Name: "三励公司"}, false)
			w.ok(err)
			_, err = w.Opportunities.Edit(w.Ctx, w.As("管理员"), other.ID, 0, opportunity.Patch{AccountID: &elsewhere.ID})
			w.ok(err)
			w.Clock.Set("2026-03-06")
			x := w.tells("管理员", change.New{ContactID: w.wang, Kind: change.Left, On: c.on})
			if len(w.got(x.ID).Deals) != c.want {
				t.Errorf("on %s: %d", c.on, len(w.got(x.ID).Deals))
			}
			w.following()
			db = databasetest.Another(t, db)
		}
	})
}
