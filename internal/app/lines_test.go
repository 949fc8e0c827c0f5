package app_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/opportunity"
)

// productLines are new product lines of a company.
func productLines(t *testing.T, w *apptest.World, names ...string) (ids []string) {
	t.Helper()
	for _, name := range names {
		p, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: name})
		must(t, err)
		ids = append(ids, p.ID)
	}
	return ids
}

// ofLine is an opportunity to come that is worth something in a product line.
func ofLine(in opportunity.New, product string) opportunity.New {
	amount := int64(100)
	in.AmountMinor, in.Lines = &amount, []opportunity.Line{{ProductLineID: product, AmountMinor: amount}}
	return in
}
