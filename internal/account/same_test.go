package account_test

import (
	"errors"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/page"
)

// TestSomebodyWhoLooksTheSameIsSaid: by name at his account as a search compares it, by number or address
// anywhere; never who is out of sight, whose name is only read alike, or who shares a switchboard.
func TestSomebodyWhoLooksTheSameIsSaid(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		mine, theirs := w.As("陈露"), w.As("周涛")
		other, err := w.Accounts.Create(w.Ctx, mine, account.Account{Name: "另一家"}, false)
		must(err)
		far, err := w.Accounts.Create(w.Ctx, theirs, account.Account{Name: "南方厂"}, false)
		must(err)
		here, err := w.Accounts.Create(w.Ctx, mine, account.Account{Name: "北方厂"}, false)
		must(err)
		zhang, err := w.Accounts.CreateContact(w.Ctx, mine, account.Contact{Name: "张 伟", AccountID: here.ID, Title: "总工",
			Mobile: "138 0013-8000", Phone: "0755-8888 6666", Email: "Zhang.Wei@example.com"})
		must(err)
		_, err = w.Accounts.CreateContact(w.Ctx, theirs, account.Contact{Name: "吴工", AccountID: far.ID, Mobile: "13900001111"})
		must(err)
		for _, tt := range []struct {
			name string
			c    account.Contact
			by   string
		}{
			{"the same name at the account", account.Contact{Name: "张伟", AccountID: here.ID}, account.ByName},
			{"the same name elsewhere", account.Contact{Name: "张伟", AccountID: other.ID}, ""},
			{"a name that is read alike", account.Contact{Name: "章卫", AccountID: here.ID}, ""},
			{"the mobile with its country, elsewhere", account.Contact{Name: "小张", AccountID: other.ID, Mobile: "+86 13800138000"}, account.ByNumber},
			{"the mobile as a desk's number", account.Contact{Name: "小张", AccountID: other.ID, Phone: "13800138000"}, account.ByNumber},
			{"a desk's number of another firm", account.Contact{Name: "小张", AccountID: other.ID, Phone: "075588886666"}, account.ByNumber},
			{"the switchboard of the firm", account.Contact{Name: "小张", AccountID: here.ID, Phone: "075588886666"}, ""},
			{"an extension", account.Contact{Name: "小赵", AccountID: here.ID, Phone: "6666"}, ""},
			{"the address in other letters", account.Contact{Name: "小张", AccountID: other.ID, Email: "zhang.wei@EXAMPLE.com"}, account.ByEmail},
			{"somebody out of sight", account.Contact{Name: "吴工", AccountID: other.ID, Mobile: "13900001111"}, ""},
		} {
			_, err := w.Accounts.CreateContact(w.Ctx, mine, tt.c)
			if tt.by == "" {
				if err != nil {
					t.Errorf("%s: %v", tt.name, err)
				}
				continue
			}
			var f *fault.Fault
			if !errors.As(err, &f) || f.Code != "contact.looks_same" {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			got := f.Params["people"].([]account.Same)
			want := account.Same{ID: zhang.ID, Name: "张 伟", AccountID: here.ID, Account: "北方厂", Title: "总工", By: tt.by}
			if len(got) != 1 || got[0] != want {
				t.Errorf("%s: %+v", tt.name, got)
			}
			if all, err := w.Accounts.Contacts(w.Ctx, mine, tt.c.AccountID, tt.c.Name, page.Request{Limit: 50}); err != nil || tt.by != account.ByName && countNamed(all.Items, tt.c) != 0 {
				t.Errorf("%s: refused and written: %v", tt.name, all.Items)
			}
		}
		twin, err := w.Accounts.CreateContact(w.Ctx, mine, account.Contact{Name: "张伟", AccountID: here.ID, EvenIfSame: true})
		must(err)
		// A change that makes nobody look more alike than before is none to ask about.
		twin.Title = "采购"
		twin, err = w.Accounts.UpdateContact(w.Ctx, mine, twin, account.Step{})
		must(err)
		li, err := w.Accounts.CreateContact(w.Ctx, mine, account.Contact{Name: "李工", AccountID: here.ID})
		must(err)
		li.Email = "zhang.wei@example.com"
		if _, err := w.Accounts.UpdateContact(w.Ctx, mine, li, account.Step{}); fault.CodeOf(err) != "contact.looks_same" {
			t.Errorf("a change to another's address: %v", err)
		}
		li.EvenIfSame = true
		_, err = w.Accounts.UpdateContact(w.Ctx, mine, li, account.Step{})
		must(err)
		if list, err := w.Accounts.SameContacts(w.Ctx, mine, account.Contact{Name: "张伟", AccountID: here.ID}); err != nil || len(list) != 2 {
			t.Errorf("asked before: %v %v", list, err)
		}
	})
}

// countNamed counts those who have exactly what somebody was given.
func countNamed(list []account.Contact, c account.Contact) (n int) {
	for _, x := range list {
		if x.Name == c.Name && x.Mobile == c.Mobile && x.Email == c.Email && x.Phone == c.Phone {
			n++
		}
	}
	return n
}
