package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestAMoveInsideACustomerIsAnInterval: another department or title ends a post and begins another; a title that
// is spelt otherwise, or was not known, changes none, and what is put right on the day a post began is said of it.
func TestAMoveInsideACustomerIsAnInterval(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		type post struct {
			Department, Title, Reason string
			From, To                  calendar.Date
		}
		c, err := w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: "王建国", AccountID: w.Account})
		if err != nil {
			t.Fatal(err)
		}
		change := func(department, title string, step account.Step, want ...post) {
			t.Helper()
			c.Department, c.Title = department, title
			if c, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), c, step); err != nil {
				t.Fatal(err)
			}
			if c, err = w.Accounts.GetContact(w.Ctx, w.As("管理员"), c.ID); err != nil {
				t.Fatal(err)
			}
			var got []post
			for _, j := range c.Jobs {
				got = append(got, post{j.Department, j.Title, j.Reason, j.From, j.To})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		w.Clock.Set("2026-03-03")
		change("采购部", "经理", account.Step{}, post{Department: "采购部", Title: "经理"})    // not known before
		change("采购部", " 经 理", account.Step{}, post{Department: "采购部", Title: "经 理"}) // spelt otherwise
		change("供应链部", "经 理", account.Step{On: "2026-03-02", Reason: "集团调整"},
			post{Department: "采购部", Title: "经 理", To: "2026-03-02"}, post{"供应链部", "经 理", "集团调整", "2026-03-02", ""})
		change("供应链部", "总监", account.Step{On: "2026-03-02"}, // on the day it began: it was so from the first
			post{Department: "采购部", Title: "经 理", To: "2026-03-02"}, post{"供应链部", "总监", "集团调整", "2026-03-02", ""})
		back := func(what string, fn func(tx database.Tx) error, want ...post) {
			t.Helper()
			if err := w.DB.Write(w.Ctx, fn); err != nil {
				t.Fatal(what, err)
			}
			if c, err = w.Accounts.GetContact(w.Ctx, w.As("管理员"), c.ID); err != nil {
				t.Fatal(err)
			}
			change(c.Department, c.Title, account.Step{}, want...)
		}
		back("gone", func(tx database.Tx) error {
			return w.Accounts.Goes(w.Ctx, tx, w.As("管理员"), c.ID, "2026-03-03")
		}, post{Department: "采购部", Title: "经 理", To: "2026-03-02"}, post{"供应链部", "总监", "集团调整", "2026-03-02", "2026-03-03"})
		left, err := w.Accounts.Left(w.Ctx, boss, w.Account)
		if err != nil || len(left) != 1 || left[0].ID != c.ID || left[0].NowAccount != "" {
			t.Errorf("who left: %v, %v", left, err)
		}
		back("not gone", func(tx database.Tx) error { return w.Accounts.Stays(w.Ctx, tx, w.As("管理员"), c.ID) },
			post{Department: "采购部", Title: "经 理", To: "2026-03-02"}, post{"供应链部", "总监", "集团调整", "2026-03-02", ""})
		back("never", func(tx database.Tx) error {
			_, err := w.Accounts.Unpost(w.Ctx, tx, w.As("管理员"), c.ID, c.PostOf().ID)
			return err
		}, post{Department: "采购部", Title: "经 理"})
		w.Again([]string{"company", "member", "team", "position", "seat", "role", "account", "contact", "field", "import"}, "employment", "contact")
	})
}
