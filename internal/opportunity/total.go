package opportunity

import (
	"math/bits"
	"sort"

	"yunchou/internal/money"
)

// Total is the count and sum of a list in one currency.
type Total struct {
	Currency    string `json:"currency"`
	Count       int64  `json:"count"`
	AmountMinor int64  `json:"amountMinor"`
	NoAmount    int64  `json:"noAmount" doc:"records without an amount; they are counted and not summed"`
	UnlikeTax   int64  `json:"unlikeTax" doc:"records whose amount is without tax where the company sums with it, or with tax where it sums without; they are summed as stated"`
	TooLarge    bool   `json:"tooLarge,omitempty" doc:"the sum is beyond 2^53-1 minor units and not stated: amountMinor is 0"`
}

// Unlike tells whether an amount is with tax where the company sums without it, or without
// where it sums with it. At a rate of nought the two are the same.
func Unlike(taxIncluded bool, taxBP *int64, withoutTax bool) bool {
	return taxIncluded == withoutTax && (taxBP == nil || *taxBP != 0)
}

// Sum adds up a Total, in 128 bits.
type Sum struct {
	Total
	high int64
	low  uint64
}

// Add counts a record; unlike as Unlike says.
func (s *Sum) Add(minor *int64, unlike bool) {
	s.Count++
	if minor == nil {
		s.NoAmount++
		return
	}
	if unlike {
		s.UnlikeTax++
	}
	s.add(*minor)
}

// AddMinor counts a record of which memory tells the amount: below 0 there is none.
func (s *Sum) AddMinor(minor int64) {
	if s.Count++; minor < 0 {
		s.NoAmount++
		return
	}
	s.add(minor)
}

func (s *Sum) add(minor int64) {
	low, carry := bits.Add64(s.low, uint64(minor), 0)
	s.low, s.high = low, s.high+minor>>63+int64(carry)
}

// Stated is the total as it is stated.
func (s *Sum) Stated() Total {
	t, minor := s.Total, int64(s.low)
	if t.TooLarge = s.high != minor>>63 || minor > money.MaxTotal || minor < -money.MaxTotal; !t.TooLarge {
		t.AmountMinor = minor
	}
	return t
}

// TotalsOf sums records by currency, for a company that sums without tax or with it.
func TotalsOf(list []Opportunity, withoutTax bool) []Total {
	by := map[string]*Sum{}
	for _, o := range list {
		if by[o.Currency] == nil {
			by[o.Currency] = &Sum{Total: Total{Currency: o.Currency}}
		}
		by[o.Currency].Add(o.AmountMinor, Unlike(o.TaxIncluded, o.TaxBP, withoutTax))
	}
	return TotalsBy(by)
}

// Merge adds what another sum of the same currency counted.
func (s *Sum) Merge(o *Sum) {
	s.Count += o.Count
	s.NoAmount += o.NoAmount
	s.UnlikeTax += o.UnlikeTax
	low, carry := bits.Add64(s.low, o.low, 0)
	s.low, s.high = low, s.high+o.high+int64(carry)
}

// TotalsBy are totals in the order of their currencies.
func TotalsBy[K comparable](by map[K]*Sum) []Total {
	out := []Total{}
	for _, s := range by {
		out = append(out, s.Stated())
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Currency < out[j].Currency })
	return out
}
