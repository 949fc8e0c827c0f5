package guidance_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// product is one the company sells.
func product(t *testing.T, w *apptest.World, name string) string {
	t.Helper()
	p, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: name})
	must(t, err)
	return p.ID
}

// offers is a deal of 陈露's in which products are offered, the larger part first where it is named last.
func offers(t *testing.T, w *apptest.World, products ...string) record.Ref {
	t.Helper()
	o := w.Opportunity("陈露", "二期改造")
	lines, sum := []opportunity.Line{}, int64(0)
	for i, p := range products {
		lines = append(lines, opportunity.Line{ProductLineID: p, AmountMinor: int64(i+1) * 10_000})
		sum += int64(i+1) * 10_000
	}
	amount := &sum
	_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, o.Version, opportunity.Patch{AmountMinor: &amount, Lines: &lines})
	must(t, err)
	return opportunity.Ref(o.ID)
}

// helpers are who can help 陈露 and all that speaks for each.
func helpers(t *testing.T, w *apptest.World, on record.Ref) string {
	t.Helper()
	list, err := w.Guidance.Helpers(w.Ctx, w.As("陈露"), on)
	must(t, err)
	var out []string
	for _, h := range list {
		out = append(out, fmt.Sprint(name(w, h.MemberID), " ", h.Why, " ", strings.Join(h.Products, "+"), " ", h.Won))
	}
	return strings.Join(out, ", ")
}

// TestAnExpertOfTheProductIsThoughtOf: beside the superior, each once with all that speaks for him, while he is here.
func TestAnExpertOfTheProductIsThoughtOf(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		small, large, other := product(t, w, "控制柜"), product(t, w, "云排产"), product(t, w, "备件")
		on := offers(t, w, small, large)
		see := func(when, want string) {
			t.Helper()
			if got := helpers(t, w, on); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		named := func(product, who string) {
			t.Helper()
			must(t, w.Accounts.NameExpert(w.Ctx, w.As("管理员"), product, w.ID[who]))
			must(t, w.Accounts.NameExpert(w.Ctx, w.As("管理员"), product, w.ID[who])) // said twice
		}
		see("nobody is named", "蒋跃 superior  0")
		named(small, "周涛")
		named(other, "小李")
		see("one of a product", "蒋跃 superior  0, 周涛 expert 控制柜 0")
		named(large, "何峰")
		named(large, "周涛")
		named(large, "蒋跃")
		named(large, "陈露") // does not help herself
		see("of the larger part first", "蒋跃 superior 云排产 0, 何峰 expert 云排产 0, 周涛 expert 云排产+控制柜 0")
		must(t, w.Accounts.EndExpert(w.Ctx, w.As("管理员"), large, w.ID["何峰"]))
		must(t, w.Accounts.EndExpert(w.Ctx, w.As("管理员"), large, w.ID["何峰"]))
		see("one is none any more", "蒋跃 superior 云排产 0, 周涛 expert 云排产+控制柜 0")
		named(large, "何峰")
		must(t, w.Accounts.EndExpert(w.Ctx, w.As("管理员"), large, w.ID["何峰"]))

		today := w.Admin.Today
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["周涛"], today.Add(2))
		must(t, err)
		see("he is to leave", "蒋跃 superior 云排产 0, 周涛 expert 云排产+控制柜 0")
		w.Clock.Set(today.Add(2))
		see("he has left", "蒋跃 superior 云排产 0")
		refused(t, "who has left is named", "product.expert_left", w.Accounts.NameExpert(w.Ctx, w.As("管理员"), large, w.ID["周涛"]))
		refused(t, "who leads a team names one", "org.permission_missing", w.Accounts.NameExpert(w.Ctx, w.As("蒋跃"), large, w.ID["小李"]))
		refused(t, "of no product", "product.unknown", w.Accounts.NameExpert(w.Ctx, w.As("管理员"), "none", w.ID["小李"]))
		refused(t, "nobody", "org.member_unknown", w.Accounts.NameExpert(w.Ctx, w.As("管理员"), large, "nobody"))
		w.Again([]string{""}, "product_expert")
	})
}

// TestAnExpertReadsTheCallAndNotTheDeal: what is attached is what he sees; with the answer it is over.
func TestAnExpertReadsTheCallAndNotTheDeal(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		p := product(t, w, "云排产")
		on := offers(t, w, p)
		must(t, w.Accounts.NameExpert(w.Ctx, w.As("管理员"), p, w.ID["周涛"]))
		k := ask(t, w, "陈露", guidance.Help, on, "周涛", "接口谈不拢。\n\n金额 100.00，谈判第 3 天")
		read, err := w.Guidance.Get(w.Ctx, w.As("周涛"), k.ID)
		must(t, err)
		if read.Text != "接口谈不拢。\n\n金额 100.00，谈判第 3 天" || read.Thread.OnName != "" {
			t.Errorf("he reads %q of %q", read.Text, read.Thread.OnName)
		}
		_, err = w.Opportunities.Get(w.Ctx, w.As("周涛"), on.ID)
		refused(t, "the deal", "opportunity.unknown", err)
		_, err = w.Guidance.Helpers(w.Ctx, w.As("周涛"), on)
		refused(t, "who can help", "record.unknown", err)
		answer(t, w, "周涛", k, "用网关")
		_, err = w.Guidance.Get(w.Ctx, w.As("何峰"), k.ID)
		refused(t, "his superior, who is neither of the two", "guidance.unknown", err)
	})
}
