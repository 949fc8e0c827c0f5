package account_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
)

// TestACardIsHeldAgainstWhoIsKnown: who looks the same is shown, who is known at another firm than the card names is
// said to have moved, a shorter form of a firm's name is no other, and nothing is written.
func TestACardIsHeldAgainstWhoIsKnown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		me := w.As("管理员")
		firm := func(name string) string {
			c, err := w.Accounts.Create(w.Ctx, me, account.Account{Name: name}, false)
			if err != nil {
				t.Fatal(err)
			}
			return c.ID
		}
		ark, rival := firm("方舟电子有限公司"), firm("三励公司")
		zhao, err := w.Accounts.CreateContact(w.Ctx, me, account.Contact{Name: "赵兵", AccountID: rival, Title: "采购经理", Mobile: "13812345678"})
		if err != nil {
			t.Fatal(err)
		}
		read := func(said, at, person string) account.Carded {
			t.Helper()
			c, err := w.Accounts.ReadCard(w.Ctx, me, said, at, person)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		moved := func(c account.Carded) string {
			if c.Moved == nil {
				return ""
			}
			return c.Moved.ID
		}
		chat := "赵兵，原三励公司采购经理，现在方舟电子采购部，138 1234 5678"
		if c := read(chat, ark, ""); c.AccountID != ark || c.Elsewhere || len(c.People) != 1 || moved(c) != zhao.ID || c.Department != "采购部" {
			t.Errorf("%+v", c)
		}
		if c := read(chat, rival, ""); !c.Elsewhere || moved(c) != zhao.ID {
			t.Errorf("at another account: %+v", c)
		}
		if c := read(chat, "", zhao.ID); moved(c) != zhao.ID || c.AccountID != ark {
			t.Errorf("of him: %+v", c)
		}
		if c := read("赵兵，三励采购经理，13812345678", "", zhao.ID); moved(c) != "" {
			t.Errorf("a shorter name of his firm: %+v", c.Moved)
		}
		if c := read("赵兵\n苏州三励公司\n采购经理", "", zhao.ID); moved(c) != "" {
			t.Errorf("a longer name of his firm: %+v", c.Moved)
		}
		if c := read("孙莉，方舟电子采购部", "", zhao.ID); moved(c) != "" {
			t.Error("another person's card moves him")
		}
		if c := read("赵兵，方舟电子采购部，13999999999", ark, ""); moved(c) != "" {
			t.Error("somebody of his name moves him")
		}
		if c := read("赵兵，云桥科技有限公司采购部，13812345678", ark, ""); moved(c) != zhao.ID || c.AccountID != "" || !c.Elsewhere {
			t.Errorf("to a firm nobody knows: %+v", c)
		}
		if now, err := w.Accounts.GetContact(w.Ctx, me, zhao.ID); err != nil || now.Version != zhao.Version || now.AccountID != rival {
			t.Errorf("%+v, %v", now, err)
		}
		if _, err := w.Accounts.ReadCard(w.Ctx, me, " \n", ark, ""); fault.CodeOf(err) != "input.required" {
			t.Errorf("nothing: %v", err)
		}
	})
}

// TestACardTellsNothingOutOfSight: whoever does not see an account is not told that it, or anybody at it, is there.
func TestACardTellsNothingOutOfSight(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c, err := w.Accounts.Create(w.Ctx, w.As("何峰"), account.Account{Name: "方舟电子有限公司"}, false)
		if err == nil {
			_, err = w.Accounts.CreateContact(w.Ctx, w.As("何峰"), account.Contact{Name: "赵兵", AccountID: c.ID, Mobile: "13812345678"})
		}
		if err != nil {
			t.Fatal(err)
		}
		mine, err := w.Accounts.Create(w.Ctx, w.As("小李"), account.Account{Name: "云桥科技"}, false)
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.Accounts.ReadCard(w.Ctx, w.As("小李"), "赵兵，方舟电子有限公司采购部，13812345678", mine.ID, "")
		if err != nil || out.AccountID != "" || len(out.People) != 0 || out.Moved != nil {
			t.Errorf("%+v, %v", out, err)
		}
	})
}
