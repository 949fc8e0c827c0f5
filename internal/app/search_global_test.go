package app_test

import (
	"fmt"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
)

// TestNobodyFindsWhatHeMayNotOpen asks, as six people, for every deal, account, person and colleague by name: each is
// found by whoever may open it, and by nobody else, in memory and by SQL; counts tell no more. People who left an
// account are seen by those who see where they are now, and colleagues by everybody of their company and by no other.
func TestNobodyFindsWhatHeMayNotOpen(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		type thing struct{ kind, id, name string }
		var all []thing
		var leavers []account.Contact
		var customers []string
		for n, owner := range []string{"陈露", "小李", "蒋跃", "何峰", "周涛"} {
			for k := range 3 {
				name := fmt.Sprintf("重庆%c%c", '甲'+rune(n), '子'+rune(k))
				c, err := w.Accounts.Create(w.Ctx, w.As(owner), account.Account{Name: name + "公司"}, true)
				noError(t, err)
				p, err := w.Accounts.CreateContact(w.Ctx, boss, account.Contact{Name: name + "经理", AccountID: c.ID, Mobile: fmt.Sprintf("138 0013-8%d%d0", n, k)})
				noError(t, err)
				if customers = append(customers, c.ID); k == 2 {
					leavers = append(leavers, p)
				}
				o := w.Opportunity(owner, name+"项目")
				all = append(all, thing{"opportunity", o.ID, o.Name}, thing{"account", c.ID, c.Name}, thing{"contact", p.ID, p.Name},
					thing{"number", p.ID, fmt.Sprintf("8%d%d0", n, k)})
			}
		}
		for n, p := range leavers { // each goes to a customer of somebody else
			p.AccountID = customers[(3*n+6)%len(customers)]
			_, err := w.Accounts.UpdateContact(w.Ctx, boss, p, account.Step{On: apptest.Start})
			noError(t, err)
		}
		colleagues := []string{"管理员", "总监", "蒋跃", "陈露", "小李", "何峰", "周涛"}
		w.Another() // a company whose people have the same names
		for _, name := range colleagues {
			all = append(all, thing{"member", w.As(name).MemberID, name})
		}
		opens := func(a org.Actor, x thing) bool {
			var err error
			switch x.kind {
			case "member":
				return true // all of a company know one another
			case "opportunity":
				_, err = w.Opportunities.Get(w.Ctx, a, x.id)
			case "account":
				_, err = w.Accounts.Get(w.Ctx, a, x.id)
			default:
				_, err = w.Accounts.GetContact(w.Ctx, a, x.id)
			}
			return err == nil
		}
		finds := func(a org.Actor, kind, query string, most int) (ids []string, count int64) {
			switch kind {
			case "opportunity":
				list, n, err := w.Opportunities.Best(w.Ctx, a, query, most)
				noError(t, err)
				for _, o := range list {
					ids = append(ids, o.ID)
				}
				return ids, n
			case "account":
				list, n, err := w.Accounts.Best(w.Ctx, a, query, most)
				noError(t, err)
				for _, c := range list {
					ids = append(ids, c.ID)
				}
				return ids, n
			}
			if kind == "member" {
				list, n, err := w.Org.Best(a, query, most)
				noError(t, err)
				for _, m := range list {
					ids = append(ids, m.ID)
				}
				return ids, n
			}
			list, n, err := w.Accounts.BestContacts(w.Ctx, a, query, most)
			noError(t, err)
			for _, c := range list {
				ids = append(ids, c.ID)
			}
			return ids, n
		}
		seen, hidden := 0, 0
		for _, memory := range []bool{true, false} {
			if !memory {
				w.Opportunities.Memory, w.Accounts.Memory = nil, nil
			}
			for _, who := range []string{"管理员", "陈露", "小李", "蒋跃", "何峰", "周涛"} {
				a, may := w.As(who), map[string]int64{}
				for _, x := range all {
					want := opens(a, x)
					ids, count := finds(a, x.kind, x.name, 20)
					if found := len(ids) == 1 && ids[0] == x.id; found != want || count != int64(len(ids)) {
						t.Errorf("memory %v: %s asks for %s %s: %v of %d, may open %v", memory, who, x.kind, x.name, ids, count, want)
					}
					if want {
						may[x.kind]++
						seen++
					} else {
						hidden++
					}
				}
				for _, kind := range []string{"opportunity", "account", "contact"} {
					if ids, count := finds(a, kind, "chongqing", 20); count != may[kind] || int64(len(ids)) != may[kind] {
						t.Errorf("memory %v: %s finds %d of %d, of kind %s he may open %d", memory, who, len(ids), count, kind, may[kind])
					}
				}
			}
		}
		if seen < 100 || hidden < 100 {
			t.Errorf("%d seen, %d hidden", seen, hidden)
		}
	})
}

// TestTheBestComesFirst: a whole name before its beginning, one's own before another's, and people by their names.
func TestTheBestComesFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, x := range [][2]string{{"蒋跃", "上海华新二期"}, {"蒋跃", "华新二期"}, {"陈露", "华新三期"}, {"蒋跃", "华新"}, {"蒋跃", "华大"}} {
			w.Opportunity(x[0], x[1])
		}
		list, n, err := w.Opportunities.Best(w.Ctx, w.As("蒋跃"), "huaxin", 3)
		noError(t, err)
		got := ""
		for _, o := range list {
			got += o.Name + " "
		}
		if got != "华新 华新二期 华新三期 " || n != 4 {
			t.Errorf("%s of %d", got, n)
		}
		people, n, err := w.Org.Best(w.As("陈露"), "chenlu", 5)
		if err != nil || n != 1 || people[0].Name != "陈露" {
			t.Errorf("%v of %d: %v", people, n, err)
		}
	})
}
