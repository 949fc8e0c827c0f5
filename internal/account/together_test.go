package account_test

import (
	"fmt"
	"slices"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/savedview"
)

// A phone without a good connection sends a new record several times at once: it is one
// record, and each is answered with it.
func TestARecordSentSeveralTimesAtOnceIsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		ids := map[string]string{}
		for _, k := range []string{"account", "contact", "view"} {
			ids[k] = record.NewID(a.Now)
		}
		for kind, send := range map[string]func(i int) error{
			"account": func(i int) error {
				got, err := w.Accounts.Create(w.Ctx, a, account.Account{ID: ids["account"], Name: "恒信"}, false)
				return answered(got.ID, ids["account"], err)
			},
			"contact": func(i int) error {
				got, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{ID: ids["contact"], Name: "刘工", AccountID: w.Account})
				return answered(got.ID, ids["contact"], err)
			},
			"view": func(i int) error {
				got, err := w.Views.Save(w.Ctx, a, savedview.View{ID: ids["view"], Screen: "accounts", Name: "我的", Query: "class=A"})
				return answered(got.ID, ids["view"], err)
			},
		} {
			if codes := apptest.AtOnce(8, send); codes[""] != 8 {
				t.Errorf("%s: %v", kind, codes)
			}
		}
	})
}

func answered(got, want string, err error) error {
	if err == nil && got != want {
		return fmt.Errorf("answered %q, want %q", got, want)
	}
	return err
}

// Several imports bring the same new product line at once: it is one, and each has it.
func TestAProductLineSeveralBringAtOnceIsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("管理员")
		ids := make([]string, 6)
		codes := apptest.AtOnce(6, func(i int) error {
			p, err := database.Write(w.Ctx, db, func(tx database.Tx) (account.ProductLine, error) {
				return w.Accounts.ProductLineIn(w.Ctx, tx, a, account.ProductLine{Name: "阀门"})
			})
			ids[i] = p.ID
			return err
		})
		if codes[""] != 6 || len(slices.Compact(ids)) != 1 {
			t.Errorf("%v, ids %v", codes, ids)
		}
	})
}

// Two companies of one group are each put under the other at the same time: one is, and the
// other is told that it would belong to itself. So it is through a third, and at the bottom of
// a long chain, where a walk that gave up half-way would not have met it.
func TestAccountsPutUnderOneAnotherAtOnceAreNoRing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		under := func(c account.Account, parent string) error {
			c.ParentID = parent
			_, err := w.Accounts.Update(w.Ctx, a, c)
			return err
		}
		for _, n := range []int{2, 3, 6} {
			var ring []account.Account
			for i := range n {
				c, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: fmt.Sprintf("集团%d之%d", n, i)}, false)
				if err != nil {
					t.Fatal(err)
				}
				ring = append(ring, c)
			}
			codes := apptest.AtOnce(n, func(i int) error { return under(ring[i], ring[(i+1)%n].ID) })
			if codes[""] != n-1 || codes["account.parent_cycle"] != 1 {
				t.Errorf("%d in a ring: %v", n, codes)
			}
		}
		top, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "总公司"}, false)
		if err != nil {
			t.Fatal(err)
		}
		below := top
		for i := range 50 {
			if below, err = w.Accounts.Create(w.Ctx, a, account.Account{Name: fmt.Sprintf("第%d层", i), ParentID: below.ID}, false); err != nil {
				t.Fatal(err)
			}
		}
		if err := under(top, below.ID); fault.CodeOf(err) != "account.parent_cycle" && fault.CodeOf(err) != "account.parent_deep" {
			t.Errorf("the top under the lowest: %v", err)
		}
	})
}

// Several settle the same name at once: one has it, the others are told so.
func TestANameGivenSeveralTimesAtOnceIsGivenOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("管理员")
		for taken, give := range map[string]func(i int) error{
			"account.name_taken": func(int) error {
				_, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "宏达"}, false)
				return err
			},
			"product.name_taken": func(int) error {
				_, err := w.Accounts.AddProductLine(w.Ctx, a, account.ProductLine{Name: "阀门"})
				return err
			},
			"field.key_taken": func(i int) error {
				_, err := w.Fields.Define(w.Ctx, a, field.Field{Record: "account", Key: "level", Label: fmt.Sprint("级别", i), Type: field.Text})
				return err
			},
			"field.label_taken": func(i int) error {
				_, err := w.Fields.Define(w.Ctx, a, field.Field{Record: "account", Key: fmt.Sprint("rank", i), Label: "等级", Type: field.Text})
				return err
			},
			"pipeline.name_taken": func(int) error {
				v := pipeline.Bid(true)
				v.Name = "新流程"
				_, err := w.Pipelines.Create(w.Ctx, a, v)
				return err
			},
			"pipeline.changed_meanwhile": func(int) error {
				_, err := w.Pipelines.Publish(w.Ctx, a, "投标流程", w.Bid.ID, w.Bid, nil)
				return err
			},
		} {
			if codes := apptest.AtOnce(6, give); codes[""] != 1 || codes[taken] != 5 {
				t.Errorf("%s: %v", taken, codes)
			}
		}
	})
}
