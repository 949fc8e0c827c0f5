package money

import (
	"testing"

	"yunchou/internal/fault"

	"pgregory.net/rapid"
)

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(-1e15, 1e15).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1e6), 1, 20).Draw(t, "weights")
		weights[0]++
		var sum int64
		for _, p := range Split(total, weights) {
			sum += p
		}
		if sum != total {
			t.Fatalf("parts sum to %d, want %d", sum, total)
		}
	})
	if got := Split(10000, []int64{1, 1, 1}); got[0] != 3334 || got[1] != 3333 || got[2] != 3333 {
		t.Errorf("got %v", got)
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in, currency string
		want         int64
		code         string
	}{
		{"1,234.50", "CNY", 123450, ""},
		{"¥98万", "CNY", 98000000, ""},
		{"1.2亿", "CNY", 12000000000, ""},
		{"500", "JPY", 500, ""},
		{"0.005", "USD", 1, ""},
		{"-0.005", "USD", -1, ""},
		{"4.86E+05", "USD", 48600000, ""},
		{"abc", "CNY", 0, "money.malformed"},
		{"1e999999999", "CNY", 0, "money.malformed"},
		{"99999999999999999999", "CNY", 0, "money.too_large"},
	} {
		got, err := Parse(tt.in, tt.currency)
		if got != tt.want || fault.CodeOf(err) != tt.code {
			t.Errorf("%q: %d %v", tt.in, got, err)
		}
	}
}
