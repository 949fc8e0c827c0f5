package engine

import (
	"math"
	"math/big"
	"testing"

	"yunchou/internal/money"

	"pgregory.net/rapid"
)

func TestAConversionIsMoneys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor, rate := rapid.Int64Range(-1e15, 1e15).Draw(t, "minor"), rapid.Int64Range(1, money.MaxRate).Draw(t, "rate")
		from := rapid.SampledFrom([]string{"JPY", "USD", "KWD"}).Draw(t, "from")
		to := rapid.SampledFrom([]string{"JPY", "CNY", "BHD"}).Draw(t, "to")
		k := scale{1, money.RateScale}
		for d := money.Digits(from); d < money.Digits(to); d++ {
			k.times *= 10
		}
		for d := money.Digits(to); d < money.Digits(from); d++ {
			k.by *= 10
		}
		got := k.turn(minor, uint64(rate))
		if want, err := money.Convert(minor, from, to, rate); err == nil && got != want {
			t.Fatalf("%d, want %d", got, want)
		} else if err != nil && got < most && got > -most {
			t.Fatalf("%d, but it is beyond what can be stated", got)
		}
	})
}

func TestATotalBeyondWhatIsExactSaysSo(t *testing.T) {
	s := &session{snapshot: &snapshot{text: []string{"", "USD"}}}
	rapid.Check(t, func(t *rapid.T) {
		var sum, part total
		want := new(big.Int)
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			v := rapid.OneOf(rapid.Int64Range(-1e15, 1e15), rapid.Int64Range(0, math.MaxInt64)).Draw(t, "v")
			want.Add(want, big.NewInt(v))
			if part.add(v); rapid.Bool().Draw(t, "merge") {
				sum.merge(&part)
				part = total{}
			}
		}
		sum.merge(&part)
		got := s.sum(&sum, 0)
		switch exact := want.CmpAbs(big.NewInt(most)) <= 0; {
		case got.Overflow == exact:
			t.Fatalf("%v: overflow %v", want, got.Overflow)
		case exact && got.Minor != want.Int64():
			t.Fatalf("%d, want %v", got.Minor, want)
		case !exact && got.Minor != 0:
			t.Fatalf("%d of what cannot be stated", got.Minor)
		}
	})
}
