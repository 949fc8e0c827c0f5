package change_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// The department before the title is the department: he moved.
func TestAMoveWrittenInTheTitle(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		list := w.proposed(w.imports("客户,姓名,职务\n华新机电,王建国,供应链部经理\n"))
		if len(list) != 1 || list[0].Kind != change.Moved {
			t.Errorf("%+v", list)
		}
	})
}

// The same person twice in a file: tried and done say the same.
func TestTwiceInAFile(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		b := w.imports("客户,姓名,部门,职务\n华新机电,王建国,供应链部,经理\n华新机电,王建国,质量部,经理\n")
		if b.Summary.Proposed != 1 {
			t.Errorf("%d", b.Summary.Proposed)
		}
	})
}

// Two swap posts.
func TestTwoSwap(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		zhao, err := w.Accounts.CreateContact(w.Ctx, w.As("小李"), account.Contact{Name: "孙强", AccountID: w.contact(w.wang).AccountID, Department: "供应链部", Title: "经理"})
		w.ok(err)
		b := w.imports("客户,姓名,部门,职务\n华新机电,王建国,供应链部,经理\n华新机电,孙强,采购部,经理\n")
		list := w.proposed(b)
		if len(list) != 2 {
			t.Fatalf("%+v", list)
		}
		for _, c := range list {
			_, err := w.Changes.Confirm(w.Ctx, w.As("管理员"), c.ID, change.Follows{})
			w.ok(err)
		}
		a, z := w.contact(w.wang), w.contact(zhao.ID)
		if a.Department != "供应链部" || z.Department != "采购部" {
			t.Errorf("%s %s", a.Department, z.Department)
		}
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "deal_role", "employment", "contact")
	})
}

// A department that becomes known is filled in, and no change.
func TestFilledIn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		at := w.contact(w.wang).AccountID
		c, err := w.Accounts.CreateContact(w.Ctx, w.As("小李"), account.Contact{Name: "孙强", AccountID: at, Title: "供应链部经理"})
		w.ok(err)
		b := w.imports("客户,姓名,部门,职务\n华新机电,孙强,质量部,经理\n")
		list := w.proposed(b)
		got := ""
		if len(list) == 1 {
			got = string(list[0].Kind)
		}
		if got != "moved" {
			t.Errorf("from 供应链部经理 to 质量部 经理: %q; %+v", got, w.contact(c.ID))
		}
	})
}

// The move confirmed from a title column: the deal is flagged.
func TestAMoveWrittenInTheTitleFlagsNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		list := w.proposed(w.imports("客户,姓名,职务\n华新机电,王建国,供应链部经理\n"))
		if w.asked("小李") == nil {
			t.Error("the owner is not asked")
		}
		_, err := w.Changes.Confirm(w.Ctx, w.As("管理员"), list[0].ID, change.Follows{})
		w.ok(err)
		if w.sign("蒋跃") == nil {
			t.Error("confirmed, and the manager is told nothing")
		}
		if now := w.contact(w.wang); now.Department == "采购部" {
			t.Errorf("he is now %s %s", now.Department, now.Title)
		}
	})
}

// Two importers at once: one change of a person is open.
func TestTwoImportersAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		a := w.As("管理员")
		var wg sync.WaitGroup
		for range 6 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
					_, err := w.Changes.Propose(w.Ctx, tx, a, account.Proposal{ContactID: w.wang, Department: "供应链部", Title: "经理"})
					return err
				}); err != nil {
					t.Errorf("%v", err)
				}
			}()
		}
		wg.Wait()
		list, err := w.Changes.List(w.Ctx, a, change.Asked{Contact: w.wang})
		w.ok(err)
		if len(list) != 1 {
			t.Errorf("%d", len(list))
		}
	})
}

// The owner left: nobody's task, and the list is taken in.
func TestOwnerLeft(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], w.As("管理员").Today)
		w.ok(err)
		b := w.imports(story1)
		list := w.proposed(b)
		if len(list) != 1 {
			t.Fatalf("%+v", b.Summary)
		}
		_, err = w.Changes.Confirm(w.Ctx, w.As("管理员"), list[0].ID, change.Follows{})
		w.ok(err)
		if w.sign("蒋跃") == nil {
			t.Error("the manager is told nothing")
		}
	})
}

// One who left is told twice in a file, with another spelling of his name; tried and done say the same.
func TestGoneTwice(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		w.imports("客户,姓名,部门,职务\n华新机电,王建国,采购部,离职\n华新机电,赵兵,采购部,经理\n")
		w = story(t, db, true)
		w.imports("客户,姓名,部门,职务\n华新机电,王建国,采购部,离职\n华新机电,王 建国,采购部,离职\n")
	})
}

// TestRefutedAndPostedSince: what was refuted is proposed again once his post has become another.
func TestRefutedAndPostedSince(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		list := w.proposed(w.imports(story1))
		_, err := w.Changes.Refute(w.Ctx, w.As("小李"), list[0].ID)
		w.ok(err)
		const again = "客户,姓名,部门,职务\n华新机电,王建国,供应链部,经理\n"
		if b := w.imports(again); b.Summary.Proposed != 0 {
			t.Errorf("what was refuted is proposed: %d", b.Summary.Proposed)
		}
		who := w.contact(w.wang)
		who.Department = "质量部"
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), who, account.Step{})
		w.ok(err)
		if b := w.imports(again); b.Summary.Proposed != 1 {
			t.Errorf("his post became another, and it is not proposed: %d", b.Summary.Proposed)
		}
	})
}

// Whose department nobody had written down is moved like anybody: the post he had ends on the day, and is as it was
// once the move did not hold.
func TestAMoveFromWhereNobodyWroteDown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		li, err := w.Accounts.CreateContact(w.Ctx, w.As("小李"), account.Contact{Name: "李总", AccountID: w.Account, Title: "设备副总"})
		w.ok(err)
		w.Clock.Set("2026-03-06")
		c, err := w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: li.ID, Kind: change.Moved, Department: "供应链部", Source: "colleague"})
		w.ok(err)
		jobs := w.contact(li.ID).Jobs
		if len(jobs) != 2 || jobs[0].To+jobs[1].To != "2026-03-06" || w.contact(li.ID).PostOf().Department != "供应链部" {
			t.Errorf("%+v", jobs)
		}
		_, err = w.Changes.Refute(w.Ctx, w.As("小李"), c.ID)
		w.ok(err)
		if jobs = w.contact(li.ID).Jobs; len(jobs) != 1 || jobs[0].To != "" || w.contact(li.ID).Department != "" {
			t.Errorf("taken back: %+v", jobs)
		}
		w.following()
		w.Again([]string{""}, "contact_change", "employment", "contact")
	})
}

// What is red from the first minute weighs what it is worth from the first minute, and each day more.
func TestARedClockWeighs(t *testing.T) {
	for late, days := range map[bool]map[calendar.Date]int{true: {"2026-03-05": 1, "2026-03-09": 2, "2026-03-12": 5}, false: {"2026-03-05": 0, "2026-03-09": 0, "2026-03-12": 3}} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := story(t, db, late)
			_, err := w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: w.wang, Kind: change.Left, Source: "self"})
			w.ok(err)
			for _, day := range slices.Sorted(maps.Keys(days)) {
				w.Clock.Set(day)
				if s := w.sign("蒋跃"); s == nil || s.Days != days[day] {
					t.Errorf("late %v, %s: %+v", late, day, s)
				}
			}
		})
	}
}
