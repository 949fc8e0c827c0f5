package intake

import (
	"strings"
	"testing"

	"yunchou/internal/money"
	"yunchou/internal/org"
)

// TestAmountsAreBounded: what an amount cannot be is told of its cell, also by its unit.
func TestAmountsAreBounded(t *testing.T) {
	most := money.Decimal(money.MaxMinor, 2)
	for _, tt := range []struct{ text, unit, code string }{
		{most, "", ""}, {money.Decimal(money.MaxMinor+1, 2), "", "import.amount_too_large"},
		{strings.TrimSuffix(most, "0000.00") + ".00", "10000", ""}, {most, "10000", "import.amount_too_large"},
		{"50", "999999999999", "import.amount_too_large"}, {"-5", "", "import.negative_amount"},
		{"-10000000000000.00", "18446", "import.negative_amount"}, // times the unit it would wrap to an amount
	} {
		code := ""
		r := &Run{Actor: org.Actor{}, notes: map[Note]*Note{}, opt: Options{Issue: func(i Issue) { code = i.Code }}}
		x := &Row{Run: r, Table: &Table{Spec: FileSpec{Columns: map[string]Cell{"amount": {Column: "a", Unit: tt.unit}}}, at: map[string]int{"a": 0}}, cells: []string{tt.text}}
		v := x.Amount("amount", "CNY")
		if code != tt.code || (v == nil) != (tt.code != "") {
			t.Errorf("%s × %s: %q %v, want %q", tt.text, tt.unit, code, v, tt.code)
		}
	}
}
