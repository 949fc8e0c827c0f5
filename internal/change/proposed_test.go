package change_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yunchou/internal/account"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
)

// imports tries and imports a list of people as a Chinese Windows writes it, and tells of the import.
func (w *world) imports(list string) intake.Batch {
	w.t.Helper()
	raw, err := simplifiedchinese.GBK.NewEncoder().String(list)
	w.ok(err)
	path := filepath.Join(w.t.TempDir(), "通讯录.csv")
	w.ok(os.WriteFile(path, []byte(raw), 0o600))
	f, err := os.Open(path)
	w.ok(err)
	defer f.Close()
	id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", f)
	w.ok(err)
	p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "通讯录.csv"})
	w.ok(err)
	if kind := p.Mapping.Files[0].Kind; kind != "contact" {
		w.t.Fatalf("taken for %s", kind)
	}
	var out [2]intake.Batch
	for i, dry := range []bool{true, false} {
		out[i], err = w.Intake.Import(w.Ctx, w.As("管理员"), p.Mapping, []intake.File{{Name: "通讯录.csv", Path: path}}, dry)
		w.ok(err)
	}
	dry, did := out[0].Summary, out[1].Summary
	if dry.Proposed != did.Proposed || dry.String() != did.String() || did.Refused > 0 {
		w.t.Errorf("tried %s, %d proposed; was %s, %d", dry, dry.Proposed, did, did.Proposed)
	}
	return out[1]
}

func (w *world) proposed(b intake.Batch) []change.Change {
	w.t.Helper()
	list, err := w.Changes.List(w.Ctx, w.As("管理员"), change.Asked{Batch: b.ID})
	w.ok(err)
	return list
}

func (w *world) contact(id string) account.Contact {
	w.t.Helper()
	c, err := w.Accounts.GetContact(w.Ctx, w.As("管理员"), id)
	w.ok(err)
	return c
}

// asked is the line on a member's own desk that asks whether somebody changed.
func (w *world) asked(name string) (out *desk.Sign) {
	w.t.Helper()
	w.ok(w.Funnel.Await(w.Ctx, w.As(name).TenantID))
	list, err := w.Desk.Read(w.Ctx, w.As(name), 20)
	w.ok(err)
	for _, l := range list.Lines {
		for i := range l.Signs {
			if l.On == opportunity.Ref(w.deal.ID) && l.Signs[i].Kind == change.SignDoubted {
				out = &l.Signs[i]
			}
		}
	}
	return out
}

const story1 = "客户名称,姓名,部门,职务,手机\n华新机电,赵兵,采购部门,经理,13911110002\n华新机电,王建国,供应链部,经理,13911110001\n"

// TestAnOwnerConfirmsWhatHeDoesNotSee: whoever told saw where somebody went and whence his successor comes; the owner
// who is asked says that it is so, and sees no more of it than before.
func TestAnOwnerConfirmsWhatHeDoesNotSee(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		far, err := w.Accounts.Create(w.Ctx, w.As("周涛"), account.Account{Name: "别家电气"}, false)
		w.ok(err)
		zhao, err := w.Accounts.CreateContact(w.Ctx, w.As("周涛"), account.Contact{Name: "赵兵", AccountID: far.ID, Title: "采购经理", Mobile: "13911110002"})
		w.ok(err)
		wang := w.contact(w.wang)
		wang.Mobile = "13911110001"
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), wang, account.Step{})
		w.ok(err)
		b := w.imports("客户名称,姓名,部门,职务,手机\n华新机电,赵兵,采购部,经理,13911110002\n别家电气,王建国,供应链部,经理,13911110001\n")
		var asked change.Change
		for _, c := range w.proposed(b) {
			if c.ContactID == w.wang {
				asked = c
			}
		}
		if asked.SuccessorID != zhao.ID || asked.ToAccountID != far.ID {
			t.Fatalf("%+v", asked)
		}
		if _, err := w.Changes.Confirm(w.Ctx, w.As("周涛"), asked.ID, change.Follows{}); fault.CodeOf(err) != "contact_change.unknown" {
			t.Errorf("by who sees neither customer nor deal: %v", err)
		}
		c, err := w.Changes.Confirm(w.Ctx, w.As("小李"), asked.ID, change.Follows{})
		w.ok(err)
		if c.ToAccountID != "" || c.ToAccountName != "" || c.State != change.Confirmed || c.SuccessorID != zhao.ID {
			t.Errorf("%+v", c)
		}
		if went, came := w.contact(w.wang), w.contact(zhao.ID); went.AccountID != far.ID || came.AccountID != w.Account {
			t.Errorf("went to %s, came to %s", went.AccountName, came.AccountName)
		}
	})
}

// TestAListOfPeopleProposesWhoChanged: the list writes nothing of it; its owner confirms with one tap, with who came to
// the post as the successor, and from then on it is a change as any other.
func TestAListOfPeopleProposesWhoChanged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		b := w.imports(story1)
		list := w.proposed(b)
		if b.Summary.Proposed != 1 || len(list) != 1 {
			t.Fatalf("%d proposed, %+v", b.Summary.Proposed, list)
		}
		c := list[0]
		if c.State != change.Suspected || c.Kind != change.Moved || c.Department != "供应链部" || c.Source != "import" || c.SuccessorName != "赵兵" || len(c.Deals) != 1 {
			t.Errorf("%+v", c)
		}
		if now := w.contact(w.wang); now.Department != "采购部" || len(now.Jobs) != 1 {
			t.Errorf("the list wrote his post: %s, %d posts", now.Department, len(now.Jobs))
		}
		if w.sign("蒋跃") != nil || w.asked("蒋跃") != nil || !w.noticed("小李", "contact_change.asked") {
			t.Error("a proposal starts something, or does not ask")
		}
		if s := w.asked("小李"); s == nil || s.ID != c.ID || s.Name != "王建国" || s.Text != "赵兵" {
			t.Errorf("on the owner's desk: %+v", s)
		}
		if again := w.imports(story1); again.Summary.Proposed != 0 || len(w.proposed(again)) != 0 {
			t.Error("it is proposed twice")
		}
		c, err := w.Changes.Confirm(w.Ctx, w.As("小李"), c.ID, change.Follows{})
		w.ok(err)
		if lamp, state := w.lamp(c); lamp != change.Red || state != change.Confirmed {
			t.Errorf("%s %s", lamp, state)
		}
		if s := w.sign("蒋跃"); s == nil || !s.Late || s.Text != "赵兵" || w.asked("小李") != nil || !w.noticed("蒋跃", "contact_change.changed") {
			t.Errorf("on the manager's desk: %+v", s)
		}
		tasks, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(w.deal.ID))
		w.ok(err)
		if len(tasks) != 1 || tasks[0].What != "首次见赵兵，听他自己说这一单怎么看" {
			t.Errorf("tasks %+v", tasks)
		}
		if now := w.contact(w.wang); now.Department != "供应链部" || len(now.Jobs) != 2 {
			t.Errorf("%s, %d posts", now.Department, len(now.Jobs))
		}
		w.talk("visit", c.SuccessorID)
		if lamp, state := w.lamp(c); lamp != change.Green || state != change.Met {
			t.Errorf("met: %s %s", lamp, state)
		}
		if again := w.imports(story1); again.Summary.Proposed != 0 {
			t.Error("what is so is proposed again")
		}
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "deal_role", "employment", "contact")
	})
}

// TestWhatAListTells: by what a row says of 王建国, 采购部 经理 of 华新机电.
func TestWhatAListTells(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, c := range []struct{ name, list, want string }{
			{"another spelling of both", "客户,姓名,部门,职务\n华新机电,王建国,采 购 部,部门经理\n", ""},
			{"the department before the title", "客户,姓名,职务\n华新机电,王建国,采购部经理\n", ""},
			{"no title", "客户,姓名,部门\n华新机电,王建国,采购部门\n", ""},
			{"another title", "客户,姓名,职务\n华新机电,王建国,总监\n", "retitled"},
			{"another title, and somebody came", "客户,姓名,部门,职务\n华新机电,王建国,采购部,总监\n华新机电,赵兵,采购部,经理\n", "moved 赵兵"},
			{"two came", "客户,姓名,部门,职务\n华新机电,王建国,供应链部,总监\n华新机电,赵兵,采购部,经理\n华新机电,赵斌,采购部,经理\n", "moved"},
			{"another department", "客户,姓名,部门,职务\n华新机电,王建国,供应链部,经理\n", "moved"},
			{"left, with the title", "客户,姓名,职务\n华新机电,王建国,经理（已离职）\n", "left"},
			{"left, in a column", "客户,姓名,职务,在职状态\n华新机电,王建国,经理,离职\n", "left"},
			{"left, asked otherwise", "客户,姓名,职务,是否在职\n华新机电,王建国,经理,否\n", "left"},
			{"another account, known by the number", "客户,姓名,职务,手机\n三励公司,王建国,销售总监,13911110001\n", "moved"},
			{"another person of that name", "客户,姓名,职务,手机\n三励公司,王建国,销售总监,13922220002\n", ""},
		} {
			w := story(t, db, true)
			_, err := w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), with(w.contact(w.wang), "13911110001"), account.Step{})
			w.ok(err)
			list := w.proposed(w.imports(c.list))
			got := ""
			if len(list) == 1 {
				got = string(list[0].Kind)
				if list[0].SuccessorName != "" {
					got += " " + list[0].SuccessorName
				}
			}
			if got != c.want || len(list) > 1 {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			if now := w.contact(w.wang); now.Department != "采购部" || now.Title != "经理" || len(now.Jobs) != 1 || now.GoneOn != "" {
				t.Errorf("%s: the list wrote %+v", c.name, now)
			}
			w.following()
		}
	})
}

func with(c account.Contact, mobile string) account.Contact {
	c.Mobile = mobile
	return c
}

// TestWhatWasRefutedIsNotProposedAgain by a list that says the same, and is by one that says another thing.
func TestWhatWasRefutedIsNotProposedAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, false)
		list := w.proposed(w.imports(story1))
		_, err := w.Changes.Refute(w.Ctx, w.As("小李"), list[0].ID)
		w.ok(err)
		if again := w.imports(story1); again.Summary.Proposed != 0 {
			t.Error("it is proposed again")
		}
		if other := w.imports("客户,姓名,部门,职务\n华新机电,王建国,质量部,经理\n"); other.Summary.Proposed != 1 {
			t.Error("another change is not proposed")
		}
	})
}

// TestAnImportUndoneTakesItsProposalsBack, with the task; the same list proposes it anew. What was confirmed stays.
func TestAnImportUndoneTakesItsProposalsBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := story(t, db, true)
		b := w.imports(story1)
		u, err := w.Intake.Undo(w.Ctx, w.As("管理员"), b.ID)
		w.ok(err)
		if len(u.Kept) != 0 || u.Removed != 1 || u.Restored != 1 {
			t.Errorf("%+v", u)
		}
		if list := w.proposed(b); len(list) != 1 || list[0].State != change.Withdrawn {
			t.Errorf("%+v", list)
		}
		tasks, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(w.deal.ID))
		w.ok(err)
		for _, one := range tasks {
			if one.DroppedAt == nil {
				t.Errorf("%+v", one)
			}
		}
		if again := w.imports(story1); again.Summary.Proposed != 1 {
			t.Error("it is not proposed anew")
		} else {
			c, err := w.Changes.Confirm(w.Ctx, w.As("小李"), w.proposed(again)[0].ID, change.Follows{})
			w.ok(err)
			u, err := w.Intake.Undo(w.Ctx, w.As("管理员"), again.ID)
			w.ok(err)
			if c, err = w.Changes.Get(w.Ctx, w.As("小李"), c.ID); err != nil || c.State != change.Confirmed || len(u.Kept) != 1 {
				t.Errorf("%s, kept %v, %v", c.State, u.Kept, err)
			}
		}
		w.following()
		w.Again([]string{""}, "contact_change", "contact_change_deal", "employment")
	})
}
