package app_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestWhoLeftAnAccountIsStillListedThere: with the day, once, not whoever came back, and where he is now only for
// whoever may see that.
func TestWhoLeftAnAccountIsStillListedThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		made := func(owner, name string) account.Account {
			c, err := w.Accounts.Create(w.Ctx, w.As(owner), account.Account{Name: name}, true)
			noError(t, err)
			return c
		}
		here, there := made("陈露", "华新机电"), made("周涛", "远山重工")
		person := func(name string) account.Contact {
			c, err := w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: name, AccountID: here.ID, Title: "采购"})
			noError(t, err)
			return c
		}
		move := func(c account.Contact, to, title string) account.Contact {
			c.AccountID, c.Title = to, title
			c, err := w.Accounts.UpdateContact(w.Ctx, boss, c, account.Step{})
			noError(t, err)
			return c
		}
		gone, back := person("王强"), person("李梅")
		person("赵敏")
		move(gone, there.ID, "总监")
		move(move(back, there.ID, "助理"), here.ID, "采购")
		for who, now := range map[string]string{"管理员": "远山重工", "陈露": ""} {
			list, err := w.Accounts.Left(w.Ctx, w.As(who), here.ID)
			noError(t, err)
			if len(list) != 1 || list[0].Name != "王强" || list[0].Title != "采购" || list[0].To != boss.Today || list[0].NowAccount != now || (list[0].ID != "") != (now != "") {
				t.Errorf("%s sees %+v", who, list)
			}
		}
		if _, err := w.Accounts.Left(w.Ctx, w.As("周涛"), here.ID); err == nil {
			t.Error("another team reads who left")
		}
	})
}
