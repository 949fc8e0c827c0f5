package account_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/replay/replaytest"
	"yunchou/internal/task"
)

// twins is a world with two accounts that are one, each with a person, a deal, a talk and a task.
type twins struct {
	*apptest.World
	kept, gone account.Account
	people     [2]account.Contact
	deals      [2]opportunity.Opportunity
}

func (w *twins) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func newTwins(t *testing.T, db *database.DB) *twins {
	w := &twins{World: apptest.New(t, db)}
	for _, f := range []field.Field{{Record: "account", Key: "note", Label: "备注", Type: field.Text}, {Record: "contact", Key: "likes", Label: "爱好", Type: field.Text}} {
		_, err := w.Fields.Define(w.Ctx, w.As("管理员"), f)
		w.must(err)
	}
	a := w.As("陈露")
	for i, c := range []account.Account{{Name: "华新重工", Industry: "机械", Custom: field.Values{"note": "老客户"}},
		{Name: "华新重工有限公司", Region: "华东", Class: "A", Custom: field.Values{"note": "又一家"}}} {
		c, err := w.Accounts.Create(w.Ctx, a, c, true)
		w.must(err)
		if i == 0 {
			w.kept = c
		} else {
			w.gone = c
		}
		w.people[i], err = w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "张伟", AccountID: c.ID, Title: []string{"总工", "总工程师"}[i],
			Mobile: "13800138000", Custom: field.Values{"likes": []string{"", "钓鱼"}[i]}, EvenIfSame: true})
		w.must(err)
		w.deals[i], err = w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: fmt.Sprint("产线", i), AccountID: c.ID})
		w.must(err)
		w.must(w.Opportunities.SetContacts(w.Ctx, a, w.deals[i].ID, 0, []opportunity.DealContact{{ContactID: w.people[i].ID, Role: "technical"}}))
		_, err = w.FollowUps.Log(w.Ctx, a, followup.FollowUp{Channel: "phone", Words: "谈过", TwoWay: true, On: []record.Ref{account.Ref(c.ID)}, ContactIDs: []string{w.people[i].ID}}, "")
		w.must(err)
		_, err = w.Tasks.Add(w.Ctx, a, task.Task{What: "寄样", MemberID: a.MemberID, DueOn: a.Today, On: []record.Ref{account.Ref(c.ID), account.ContactRef(w.people[i].ID)}})
		w.must(err)
		w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			return w.Records.InsertExternal(w.Ctx, tx, a.TenantID, record.Account, map[record.External]string{{Source: "erp", ID: c.Name}: c.ID})
		}))
	}
	return w
}

func (w *twins) merging(take ...string) account.Merging {
	l, err := w.Accounts.LookAtMerge(w.Ctx, w.As("陈露"), account.Merging{Kept: w.kept.ID, Gone: w.gone.ID})
	w.must(err)
	return account.Merging{Kept: w.kept.ID, Gone: w.gone.ID, Version: l.Version, GoneVersion: l.GoneVersion, Take: take}
}

func (w *twins) mergingPeople(take ...string) account.Merging {
	m := account.Merging{Kept: w.people[0].ID, Gone: w.people[1].ID}
	l, err := w.Accounts.LookAtContactMerge(w.Ctx, w.As("陈露"), m)
	w.must(err)
	m.Version, m.GoneVersion, m.Take = l.Version, l.GoneVersion, take
	return m
}

// state is what a merge may change, row by row, without what counts changes.
func (w *twins) state() (out []string) {
	for _, q := range []string{
		"SELECT 'account', id, name, parent_id, industry, region, class, owner_id, CASE WHEN deleted_at IS NULL THEN 'there' ELSE 'gone' END FROM account",
		"SELECT 'contact', id, name, account_id, title, mobile, phone, email, wechat, CASE WHEN deleted_at IS NULL THEN 'there' ELSE 'gone' END FROM contact",
		"SELECT 'job', id, contact_id, account_id, from_on, to_on FROM employment",
		"SELECT 'deal', id, account_id, region, state, contact_on FROM opportunity",
		"SELECT 'role', opportunity_id, contact_id, role FROM opportunity_contact",
		"SELECT 'talk', follow_up_id, contact_id FROM follow_up_contact",
		"SELECT 'link', kind, id, to_kind, to_id FROM record_link",
		"SELECT 'file', id, owner_kind, owner_id FROM file",
		"SELECT 'evidence', id, contact_id FROM evidence",
		"SELECT 'external', record_kind, source, external_id, record_id FROM external_ref",
		"SELECT 'own', record_id, field_id, text_value FROM custom_value WHERE text_value <> ''",
	} {
		for _, row := range replaytest.Rows(w.T, w.DB, q) {
			out = append(out, strings.Join(row, " | "))
		}
	}
	slices.Sort(out)
	return out
}

func TestTwoAccountsBecomeOneAndTwoAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newTwins(t, db)
		a := w.As("陈露")
		before := w.state()
		l, err := w.Accounts.LookAtMerge(w.Ctx, a, account.Merging{Kept: w.kept.ID, Gone: w.gone.ID})
		w.must(err)
		if l.Deals != 1 || l.People != 1 || l.FollowUps != 1 || l.Tasks != 1 || l.External != 1 || l.Jobs != 1 || len(l.Fields) != 5 {
			t.Errorf("before: %+v", l)
		}
		for who, groups := range map[string]int{"陈露": 1, "周涛": 0} {
			accounts, people, err := w.Accounts.Twins(w.Ctx, w.As(who))
			if err != nil || len(accounts) != groups || len(people) != 0 || groups > 0 && len(accounts[0]) != 2 {
				t.Errorf("twins of %s: %v %v %v", who, accounts, people, err)
			}
		}
		m, err := w.Accounts.Merge(w.Ctx, a, w.merging("class", "name", "custom.note"))
		w.must(err)
		c, err := w.Accounts.Get(w.Ctx, a, w.gone.ID) // the old id leads to the one that stays
		w.must(err)
		if c.ID != w.kept.ID || c.Class != "A" || c.Name != w.gone.Name || c.Industry != "机械" || c.Custom["note"] != "又一家" || len(c.External) != 2 {
			t.Errorf("merged: %+v", c)
		}
		if accounts, people, err := w.Accounts.Twins(w.Ctx, a); err != nil || len(accounts) != 0 || len(people) != 1 || len(people[0]) != 2 {
			t.Errorf("twins of what is one: %v %v %v", accounts, people, err)
		}
		for _, d := range w.deals {
			if o, err := w.Opportunities.Get(w.Ctx, a, d.ID); err != nil || o.AccountID != w.kept.ID {
				t.Errorf("a deal is at %s: %v", o.AccountID, err)
			}
		}
		for what, act := range map[string]func() error{
			"changed": func() error {
				gone := w.gone
				gone.Version++
				_, err := w.Accounts.Update(w.Ctx, a, gone)
				return err
			},
			"restored": func() error { return w.Accounts.Delete(w.Ctx, a, w.gone.ID, 0, false) },
			"sold to": func() error {
				_, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: "新的", AccountID: w.gone.ID})
				return err
			},
			"given people": func() error {
				_, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "新人", AccountID: w.gone.ID})
				return err
			},
			"merged again": func() error {
				_, err := w.Accounts.Merge(w.Ctx, a, account.Merging{Kept: w.kept.ID, Gone: w.gone.ID, Version: c.Version, GoneVersion: w.gone.Version + 1})
				return err
			},
		} {
			if err := act(); fault.CodeOf(err) != "account.merged" {
				t.Errorf("what is gone is %s: %v", what, err)
			}
		}
		list, err := w.Accounts.MergesOf(w.Ctx, a, account.Ref(w.kept.ID))
		if err != nil || len(list) != 1 || list[0].ID != m.ID {
			t.Errorf("merges: %v %v", list, err)
		}
		u, err := w.Accounts.Unmerge(w.Ctx, a, m.ID)
		w.must(err)
		if u.Stayed != 0 || len(u.Fields) != 0 {
			t.Errorf("undone: %+v", u)
		}
		if diff := cmp.Diff(before, w.state()); diff != "" {
			t.Errorf("undone is not as before (-before +after):\n%s", diff)
		}
		if _, err := w.Accounts.Unmerge(w.Ctx, w.As("蒋跃"), m.ID); fault.CodeOf(err) != "merge.undone" {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestWhatWasChangedSinceAMergeStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newTwins(t, db)
		a := w.As("陈露")
		elsewhere, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "另一家"}, false)
		w.must(err)
		m, err := w.Accounts.Merge(w.Ctx, a, w.merging("class"))
		w.must(err)
		_, err = w.Opportunities.Edit(w.Ctx, a, w.deals[1].ID, 0, opportunity.Patch{AccountID: &elsewhere.ID})
		w.must(err)
		c, err := w.Accounts.Get(w.Ctx, a, w.kept.ID)
		w.must(err)
		c.Class = "C"
		_, err = w.Accounts.Update(w.Ctx, a, c)
		w.must(err)
		u, err := w.Accounts.Unmerge(w.Ctx, a, m.ID)
		w.must(err)
		if u.Stayed != 1 || !slices.Equal(u.Fields, []string{"class"}) {
			t.Errorf("undone: %+v", u)
		}
		if o, err := w.Opportunities.Get(w.Ctx, a, w.deals[1].ID); err != nil || o.AccountID != elsewhere.ID {
			t.Errorf("what went elsewhere came back: %v", err)
		}
		if c, err := w.Accounts.Get(w.Ctx, a, w.kept.ID); err != nil || c.Class != "C" {
			t.Errorf("a class that was written since: %q %v", c.Class, err)
		}
	})
}

func TestTwoPeopleBecomeOneAndTwoAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newTwins(t, db)
		a := w.As("陈露")
		both := []opportunity.DealContact{{ContactID: w.people[0].ID, Role: "technical"}, {ContactID: w.people[1].ID, Role: "coach"}}
		w.must(w.Opportunities.SetContacts(w.Ctx, a, w.deals[0].ID, 0, both))
		before := w.state()
		m, err := w.Accounts.MergeContacts(w.Ctx, a, w.mergingPeople("title", "custom.likes"))
		w.must(err)
		c, err := w.Accounts.GetContact(w.Ctx, a, w.people[1].ID)
		w.must(err)
		if c.ID != w.people[0].ID || c.Title != "总工程师" || c.Custom["likes"] != "钓鱼" {
			t.Errorf("merged: %+v", c)
		}
		for i, role := range []string{"technical", "technical"} {
			o, err := w.Opportunities.Get(w.Ctx, a, w.deals[i].ID)
			w.must(err)
			if len(o.Contacts) != 1 || o.Contacts[0].ContactID != w.people[0].ID || o.Contacts[0].Role != role {
				t.Errorf("people of deal %d: %+v", i, o.Contacts)
			}
		}
		_, err = w.Accounts.Unmerge(w.Ctx, a, m.ID)
		w.must(err)
		if diff := cmp.Diff(before, w.state()); diff != "" {
			t.Errorf("undone is not as before (-before +after):\n%s", diff)
		}
		m, err = w.Accounts.MergeContacts(w.Ctx, a, w.mergingPeople("title"))
		w.must(err)
		w.must(w.Accounts.EraseContact(w.Ctx, w.As("管理员"), w.people[0].ID))
		for _, row := range replaytest.Rows(t, db, "SELECT name, title, mobile FROM contact WHERE id IN ('"+w.people[0].ID+"', '"+w.people[1].ID+"')") {
			if strings.Join(row, "") != "" {
				t.Errorf("erased, and %v is left", row)
			}
		}
		for _, row := range replaytest.Rows(t, db, "SELECT before FROM merging WHERE id = '"+m.ID+"'") {
			if row[0] != "{}" {
				t.Errorf("erased, and %v is left", row)
			}
		}
		if _, err := w.Accounts.Unmerge(w.Ctx, a, m.ID); fault.CodeOf(err) != "merge.unknown" {
			t.Errorf("a merge of who was erased: %v", err)
		}
	})
}

// TestWhoMayNotChangeBothMergesNothing: out of sight is unknown, another's is refused, and what was read before
// somebody else's change is stale.
func TestWhoMayNotChangeBothMergesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newTwins(t, db)
		theirs, err := w.Accounts.Create(w.Ctx, w.As("周涛"), account.Account{Name: "南方厂"}, false)
		w.must(err)
		m := w.merging()
		for _, tt := range []struct {
			name string
			as   string
			m    account.Merging
			code string
		}{
			{"another team's", "陈露", account.Merging{Kept: w.kept.ID, Gone: theirs.ID, Version: 1, GoneVersion: 1}, "account.unknown"},
			{"of one who sees neither", "周涛", m, "account.unknown"},
			{"unknown", "陈露", account.Merging{Kept: w.kept.ID, Gone: record.NewID(w.Now())}, "account.unknown"},
			{"itself", "陈露", account.Merging{Kept: w.kept.ID, Gone: w.kept.ID}, "merge.same"},
			{"read before a change", "陈露", account.Merging{Kept: w.kept.ID, Gone: w.gone.ID, Version: m.Version + 1, GoneVersion: m.GoneVersion}, "record.stale"},
			{"a field nobody has", "陈露", account.Merging{Kept: w.kept.ID, Gone: w.gone.ID, Version: m.Version, GoneVersion: m.GoneVersion, Take: []string{"ownerId"}}, "merge.field_unknown"},
		} {
			if _, err := w.Accounts.Merge(w.Ctx, w.As(tt.as), tt.m); fault.CodeOf(err) != tt.code {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		done, err := w.Accounts.Merge(w.Ctx, w.As("陈露"), m)
		w.must(err)
		if _, err := w.Accounts.Unmerge(w.Ctx, w.As("周涛"), done.ID); fault.CodeOf(err) != "merge.unknown" {
			t.Errorf("undone by one who sees neither: %v", err)
		}
	})
}

// TestAMergeUndoneLeavesWhatWasThere: whatever the two hold and whatever is taken, in whichever direction.
func TestAMergeUndoneLeavesWhatWasThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newTwins(t, db)
		rng := rand.New(rand.NewSource(11))
		for round := range 12 {
			a := w.As("陈露")
			for range rng.Intn(4) {
				w.act(rng)
			}
			if rng.Intn(2) == 0 {
				w.kept, w.gone = w.gone, w.kept
				w.people[0], w.people[1] = w.people[1], w.people[0]
			}
			before := w.state()
			var take []string
			var id string
			people := rng.Intn(2) == 0
			for _, f := range map[bool][]string{false: {"name", "industry", "region", "class", "parent", "custom.note"}, true: {"title", "account", "mobile", "email"}}[people] {
				if rng.Intn(2) == 0 {
					take = append(take, f)
				}
			}
			if people {
				take = slices.DeleteFunc(take, func(f string) bool { return f == "account" }) // a job that began does not un-begin
				m, err := w.Accounts.MergeContacts(w.Ctx, a, w.mergingPeople(take...))
				w.must(err)
				id = m.ID
			} else {
				m, err := w.Accounts.Merge(w.Ctx, a, w.merging(take...))
				w.must(err)
				id = m.ID
			}
			u, err := w.Accounts.Unmerge(w.Ctx, w.As("陈露"), id)
			w.must(err)
			if diff := cmp.Diff(before, w.state()); diff != "" || u.Stayed != 0 {
				t.Fatalf("round %d, people %v, taken %v: stayed %d (-before +after):\n%s", round, people, take, u.Stayed, diff)
			}
		}
		w.Again([]string{""}, "account", "contact", "employment", "opportunity", "merging", "record_link", "follow_up_contact")
	})
}

// act does something to one of the two, as people do.
func (w *twins) act(rng *rand.Rand) {
	a := w.As("陈露")
	at := []string{w.kept.ID, w.gone.ID}[rng.Intn(2)]
	person := w.people[rng.Intn(2)].ID
	switch rng.Intn(6) {
	case 0:
		_, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: fmt.Sprint("商机", rng.Int()), AccountID: at})
		w.must(err)
	case 1:
		_, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: fmt.Sprint("人", rng.Int()), AccountID: at})
		w.must(err)
	case 2:
		_, err := w.FollowUps.Log(w.Ctx, a, followup.FollowUp{Channel: "visit", Words: "见过", TwoWay: true, On: []record.Ref{account.Ref(at)},
			ContactIDs: []string{w.people[0].ID, person}[rng.Intn(2):]}, "")
		w.must(err)
	case 3:
		c, err := w.Accounts.Get(w.Ctx, a, at)
		w.must(err)
		c.Class, c.Region = fmt.Sprint(rng.Intn(3)), fmt.Sprint("区", rng.Intn(3))
		_, err = w.Accounts.Update(w.Ctx, a, c)
		w.must(err)
	case 4:
		_, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: fmt.Sprint("下级", rng.Int()), ParentID: at}, true)
		w.must(err)
	case 5:
		c, err := w.Accounts.GetContact(w.Ctx, a, person)
		w.must(err)
		c.AccountID, c.EvenIfSame = at, true
		_, err = w.Accounts.UpdateContact(w.Ctx, a, c, account.Step{})
		w.must(err)
	}
}

// TestTwoMergesAtOnceAreOneAfterAnother: of two that put each into the other one is done, and of two that put the
// same one into two others too; nothing is lost, and nobody waits for ever.
func TestTwoMergesAtOnceAreOneAfterAnother(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("管理员")
		made := func() account.Account {
			c, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: record.NewID(w.Clock.Now())}, false)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "王工", AccountID: c.ID})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		for range 5 {
			one, two, three := made(), made(), made()
			into := func(kept, gone account.Account) error {
				_, err := w.Accounts.Merge(w.Ctx, a, account.Merging{Kept: kept.ID, Gone: gone.ID, Version: kept.Version, GoneVersion: gone.Version})
				return err
			}
			if codes := apptest.AtOnce(2, func(i int) error { return into([]account.Account{one, two}[i], []account.Account{two, one}[i]) }); codes[""] != 1 {
				t.Errorf("each into the other: %v", codes)
			}
			four, five := made(), made()
			if codes := apptest.AtOnce(2, func(i int) error { return into([]account.Account{three, five}[i], four) }); codes[""] != 1 {
				t.Errorf("one into two: %v", codes)
			}
			six, seven := made(), made()
			var deal opportunity.Opportunity
			codes := apptest.AtOnce(2, func(i int) (err error) {
				if i == 0 {
					return into(six, seven)
				}
				deal, err = w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: "新的", AccountID: seven.ID})
				return err
			})
			if codes[""] == 2 { // it was there first, and went along
				if now, err := w.Opportunities.Get(w.Ctx, a, deal.ID); err != nil || now.AccountID != six.ID {
					t.Errorf("a deal made meanwhile is at %s, want %s: %v", now.AccountID, six.ID, err)
				}
			} else if codes[""] != 1 || codes["account.merged"] != 1 {
				t.Errorf("a deal made meanwhile: %v", codes)
			}
		}
		if n := w.Deadlocks(); n > 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}
