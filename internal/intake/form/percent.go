package form

import (
	"errors"
	"math/big"
	"strings"
)

// ErrPercent is a text that is no rate from 0 to 100 percent.
var ErrPercent = errors.New("not 0 to 100 percent")

// Percents is how the rates of a column are written.
type Percents struct {
	Fraction bool // 0.8 is 80 %; else 80 is
	Decimal  string
}

// Read reads a rate in basis points: 80%, 80, 0.8, 八成. Error: ErrPercent.
func (p Percents) Read(text string) (bp int64, guess bool, err error) {
	s := strings.ToLower(strings.TrimSpace(text))
	if Nothing(s) {
		return 0, false, ErrPercent
	}
	times := big.NewRat(100, 1)
	if p.Fraction {
		times = big.NewRat(10_000, 1)
	}
	switch {
	case strings.Contains(s, "%"), strings.Contains(s, "百分之"):
		s, times = strings.TrimSpace(strings.NewReplacer("%", "", "百分之", "").Replace(s)), big.NewRat(100, 1)
	case strings.HasSuffix(s, "成"), strings.HasSuffix(s, "成把握"):
		s, times = strings.TrimSuffix(strings.TrimSuffix(s, "把握"), "成"), big.NewRat(1000, 1)
	}
	x, err := Numbers{Decimal: p.Decimal}.Read(s)
	if err != nil || x.Currency != "" {
		return 0, false, ErrPercent
	}
	x.Value.Mul(x.Value, times)
	if x.Value.Sign() < 0 || x.Value.Cmp(big.NewRat(10_000, 1)) > 0 {
		return 0, false, ErrPercent
	}
	half := new(big.Rat).Add(x.Value, big.NewRat(1, 2))
	return new(big.Int).Quo(half.Num(), half.Denom()).Int64(), x.About, nil
}
