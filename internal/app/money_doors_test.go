package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
)

// TestNoDoorTakesAnAmountThatCannotBe: the largest passes each, one more, one below nought and
// what leaves 64 bits do not. An own field's amount may be below nought, as far.
func TestNoDoorTakesAnAmountThatCannotBe(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		p, err := w.Accounts.AddProductLine(w.Ctx, boss, account.ProductLine{Name: "主轴"})
		must(t, err)
		_, err = w.Fields.Define(w.Ctx, boss, field.Field{Record: "opportunity", Key: "deposit", Label: "保证金", Type: field.Money})
		must(t, err)
		n := 0
		fresh := func() string {
			n++
			return w.Opportunity("陈露", fmt.Sprint("商机", n)).ID
		}
		edit := func(patch opportunity.Patch) error {
			_, err := w.Opportunities.Edit(w.Ctx, boss, fresh(), 0, patch)
			return err
		}
		doors := map[string]func(minor int64) error{
			"new": func(minor int64) error {
				_, err := w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: "新", AmountMinor: &minor})
				return err
			},
			"new with a line": func(minor int64) error {
				_, err := w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: "新", AmountMinor: &minor,
					Lines: []opportunity.Line{{ProductLineID: p.ID, AmountMinor: minor}}})
				return err
			},
			"edit": func(minor int64) error {
				to := &minor
				return edit(opportunity.Patch{AmountMinor: &to})
			},
			"edit of lines": func(minor int64) error {
				to := &minor
				return edit(opportunity.Patch{AmountMinor: &to, Lines: &[]opportunity.Line{{ProductLineID: p.ID, AmountMinor: minor}}})
			},
			"contract": func(minor int64) error {
				_, err := w.Opportunities.Move(w.Ctx, boss, fresh(), opportunity.MoveRequest{To: w.Stage("中标"), Exception: "急",
					ContractMinor: &minor})
				return err
			},
			"own field": func(minor int64) error {
				if minor == -1 {
					minor = -money.MaxMinor - 1
				}
				return edit(opportunity.Patch{Custom: field.Values{"deposit": money.Decimal(minor, 2)}})
			},
			"list price": func(minor int64) error {
				n++
				_, err := w.Accounts.AddProductLine(w.Ctx, boss, account.ProductLine{Name: fmt.Sprint("线", n), ListPriceMinor: &minor})
				return err
			},
			"import": func(minor int64) error { return imported(t, w, money.Decimal(minor, 2)) },
		}
		for door, take := range doors {
			if err := take(money.MaxMinor); err != nil {
				t.Errorf("%s refuses the largest: %v", door, err)
			}
			for _, minor := range []int64{money.MaxMinor + 1, -1, 1 << 53, 1<<63 - 1, -1 << 63} {
				if err := take(minor); fault.As(err) == nil {
					t.Errorf("%s of %d: %v", door, minor, err)
				}
			}
		}
		must(t, db.Read(w.Ctx, func(tx database.Tx) (err error) {
			beyond := 0
			if err = tx.QueryRow(w.Ctx, `SELECT count(*) FROM opportunity WHERE amount_minor < 0 OR amount_minor > $1`, money.MaxMinor).Scan(&beyond); beyond > 0 {
				t.Errorf("%d amounts that cannot be are there", beyond)
			}
			return err
		}))
	})
}

// imported imports one record of an amount, and answers the fault of its cell: it is left empty.
func imported(t *testing.T, w *apptest.World, amount string) error {
	t.Helper()
	m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles:\n" +
		"  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: id, name: name, amount: amount, stage: stage}}\n"))
	must(t, err)
	path := filepath.Join(t.TempDir(), "x.csv")
	must(t, os.WriteFile(path, []byte("id,name,stage,amount\n"+amount+",导入,"+w.Bid.Stages[0].Name+",\""+amount+"\"\n"), 0o600))
	b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "x.csv", Path: path}}, false)
	must(t, err)
	list, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
	must(t, err)
	if b.Summary.Refused > 0 || len(list) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, list[0].Code, "left empty")
}
