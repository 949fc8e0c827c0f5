package change_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// stands is which role somebody has in the story's deal, "none" where he is not among its people, and his influence.
func (w *world) stands(id string) (role string, influence int64) {
	w.t.Helper()
	r, err := w.Opportunities.Relations(w.Ctx, w.As("小李"), w.deal.ID, "")
	w.ok(err)
	for _, p := range r.People {
		if p.ContactID == id {
			if p.Influence != nil {
				influence = *p.Influence
			}
			return p.Role, influence
		}
	}
	return "none", 0
}

func (w *world) keys() []string {
	w.t.Helper()
	r, err := w.Opportunities.Relations(w.Ctx, w.As("小李"), w.deal.ID, "")
	w.ok(err)
	return r.Key
}

func (w *world) judges(id, role string, influence *int64) {
	w.t.Helper()
	w.ok(w.Opportunities.Judge(w.Ctx, w.As("小李"), w.deal.ID, 0, opportunity.DealContact{ContactID: id, Role: role, Judged: relation.Judged{Influence: influence}}))
}

func (w *world) tells(who string, in change.New) change.Change {
	w.t.Helper()
	c, err := w.Changes.Tell(w.Ctx, w.As(who), in)
	w.ok(err)
	return c
}

func (w *world) refutes(c change.Change) {
	w.t.Helper()
	_, err := w.Changes.Refute(w.Ctx, w.As("管理员"), c.ID)
	w.ok(err)
}

// TestRolesPassOnAndComeBack: a change that does not hold leaves the people of an opportunity as they were, whatever
// role either had, whether the successor was known at once or found later; and one of his own that weighs more he keeps.
func TestRolesPassOnAndComeBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		one, two, three, five := w.person("钱一", w.Account), w.person("孙二", w.Account), int64(3), int64(5)
		for _, later := range []bool{false, true} {
			for _, c := range []struct {
				from, to, then string // "none" is not among the people
				own, influence *int64
			}{
				{"economic", "none", "economic", nil, &five},
				{"economic", "unknown", "economic", nil, &five},
				{"economic", "user", "economic", &three, &five},
				{"user", "economic", "economic", nil, &three},
				{"technical", "economic", "economic", &five, nil},
				{"unknown", "approver", "approver", nil, &five},
				{"unknown", "none", "unknown", nil, &five},
			} {
				people := []opportunity.DealContact{{ContactID: one, Role: c.from, Judged: relation.Judged{Influence: c.influence}}}
				if c.to != "none" {
					people = append(people, opportunity.DealContact{ContactID: two, Role: c.to, Judged: relation.Judged{Influence: c.own}})
				}
				w.ok(w.Opportunities.SetContacts(w.Ctx, w.As("小李"), w.deal.ID, 0, people))
				w.judges(one, c.from, c.influence)
				if c.to != "none" {
					w.judges(two, c.to, c.own)
				}
				was, had := w.told(one), w.told(two)
				in := change.New{ContactID: one, Kind: change.Left, SuccessorID: two}
				if later {
					in.SuccessorID = ""
				}
				x := w.tells("管理员", in)
				if later {
					_, err := w.Changes.Confirm(w.Ctx, w.As("管理员"), x.ID, change.Follows{SuccessorID: two})
					w.ok(err)
				}
				want := relation.Judged{Influence: c.own}
				if want.Influence == nil {
					want.Influence = c.influence
				}
				if role, influence := w.stands(two); role != c.then || want.Influence != nil && influence != *want.Influence {
					t.Errorf("%+v, later %v: he follows as %s of %d", c, later, role, influence)
				}
				w.refutes(x)
				if is, has := w.told(one), w.told(two); is != was || has != had {
					t.Errorf("%+v, later %v: after it did not hold %s and %s, not %s and %s", c, later, is, has, was, had)
				}
			}
		}
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "deal_role", "opportunity_contact", "employment", "contact", "task")
	})
}

func (w *world) told(id string) string {
	w.t.Helper()
	role, influence := w.stands(id)
	return role + string(rune('0'+influence))
}

// TestARoleThatHadEndedDoesNotComeBack: who had one on the day he went, and gave it to somebody before it was told.
func TestARoleThatHadEndedDoesNotComeBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		w.judges(w.person("钱一", w.Account), "economic", nil)
		w.judges(w.wang, "unknown", nil)
		w.Clock.Set("2026-03-06")
		c := w.tells("管理员", change.New{ContactID: w.wang, Kind: change.Left, On: "2026-03-04"})
		if len(c.Deals) != 1 {
			t.Errorf("touches %d", len(c.Deals))
		}
		w.refutes(c)
		if role, _ := w.stands(w.wang); role != "unknown" {
			t.Errorf("%s", role)
		}
	})
}

// TestWhoWasKeyByHisInfluenceIsNotWhenHeHasGone.
func TestWhoWasKeyByHisInfluenceIsNotWhenHeHasGone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		five := int64(5)
		w.judges(w.wang, "unknown", nil)
		one := w.person("钱一", w.Account)
		w.judges(one, "unknown", &five)
		c := w.tells("管理员", change.New{ContactID: one, Kind: change.Left})
		if keys := w.keys(); len(keys) != 0 {
			t.Errorf("nobody follows: key %v", keys)
		}
		c, err := w.Changes.Confirm(w.Ctx, w.As("管理员"), c.ID, change.Follows{SuccessorName: "赵兵"})
		w.ok(err)
		if keys := w.keys(); len(keys) != 1 || keys[0] != c.SuccessorID {
			t.Errorf("key %v", keys)
		}
		w.talk("visit", c.SuccessorID)
		w.hand("opportunity", w.deal.ID, "陈露")
		if got := w.meets("陈露"); got != "03-09 赵兵" {
			t.Errorf("who receives it is to meet %s", got)
		}
	})
}

// TestWhoReadsAlone: a role that reads customers without changing their people neither takes a change back, nor says
// who follows; who told it may take it back.
func TestWhoReadsAlone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		reach := map[string]org.Reaches{}
		for kind, r := range org.Roles[org.Rep].Reach {
			r.Read = org.Roles[org.Director].Reach[kind].Read
			reach[kind] = r
		}
		role, err := w.Org.AddRole(w.Ctx, w.As("管理员"), org.NewRole{Name: "顾问", Permissions: org.Roles[org.Rep].Permissions, Reach: reach})
		w.ok(err)
		w.AddMember("顾问", w.ID["公司"], false, role.Key)
		c := w.tells("小李", change.New{ContactID: w.wang, Kind: change.Left})
		by := w.As("顾问")
		by.IfMatch = c.Version
		if _, err := w.Changes.Confirm(w.Ctx, by, c.ID, change.Follows{SuccessorName: "某人"}); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("says who follows: %v", err)
		}
		if _, err := w.Changes.Refute(w.Ctx, by, c.ID); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("takes it back: %v", err)
		}
		by = w.As("小李")
		by.IfMatch = c.Version
		_, err = w.Changes.Refute(w.Ctx, by, c.ID)
		w.ok(err)
	})
}

// TestWhereHeWentIsNotTold: to who does not see that customer, neither by its name, nor by what he is there.
func TestWhereHeWentIsNotTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		secret, err := w.Accounts.Create(w.Ctx, w.As("何峰"), account.Account{Name: "保密公司"}, false)
		w.ok(err)
		c := w.tells("管理员", change.New{ContactID: w.wang, Kind: change.Moved, ToAccountID: secret.ID, Department: "战略部", Title: "总裁"})
		got, err := w.Changes.Get(w.Ctx, w.As("小李"), c.ID)
		w.ok(err)
		if got.ToAccountID+got.ToAccountName+got.Department+got.Title != "" {
			t.Errorf("%q %q %q", got.ToAccountName, got.Department, got.Title)
		}
	})
}

// TestOthersClocksHideNone: a company with more clocks than a desk looks at has everybody's own on his.
func TestOthersClocksHideNone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		other := w.sells("周涛", "另一单")
		someone := w.person("钱一", w.Account)
		w.key(other.ID, someone, 5)
		old := w.tells("管理员", change.New{ContactID: someone, Kind: change.Left})
		w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			for range 2001 {
				x := old
				x.ID = record.NewID(w.Clock.Now())
				if err := w.Changes.Rows.Save(w.Ctx, tx, w.As("管理员").TenantID, x, 0); err != nil {
					return err
				}
			}
			return nil
		}))
		w.Clock.Set("2026-03-06")
		w.tells("管理员", change.New{ContactID: w.wang, Kind: change.Left})
		for _, name := range []string{"小李", "蒋跃"} {
			if w.sign(name) == nil {
				t.Errorf("it is not on the desk of %s", name)
			}
		}
	})
}

// TestWhoHadGoneBeforeStaysGone: a change that does not hold takes back what it wrote, and not that he left before.
func TestWhoHadGoneBeforeStaysGone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error { return w.Accounts.Goes(w.Ctx, tx, w.As("管理员"), w.wang, "2026-03-04") }))
		w.refutes(w.tells("管理员", change.New{ContactID: w.wang, Kind: change.Left}))
		if x := w.contact(w.wang); x.GoneOn != "2026-03-04" {
			t.Errorf("gone on %q", x.GoneOn)
		}
	})
}
