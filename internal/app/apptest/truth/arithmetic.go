package truth

import (
	"math/big"
	"sort"
)

// digits of a currency's minor unit: money.Digits for those that are played.
func digits(currency string) int {
	switch currency {
	case "JPY", "KRW":
		return 0
	case "KWD", "BHD":
		return 3
	}
	return 2
}

// convert turns minor units into another currency's at a rate per million, major to
// major, rounding once, half away from zero.
func convert(minor int64, from, to string, rate int64) int64 {
	above := new(big.Int).Mul(big.NewInt(minor), big.NewInt(rate))
	below := big.NewInt(1_000_000)
	ten := big.NewInt(10)
	for range digits(to) {
		above.Mul(above, ten)
	}
	for range digits(from) {
		below.Mul(below, ten)
	}
	return halfAway(above, below)
}

// halfAway divides by something positive, halves away from zero.
func halfAway(above, below *big.Int) int64 {
	q, r := new(big.Int).QuoRem(new(big.Int).Abs(above), below, new(big.Int))
	if r.Add(r, r).Cmp(below) >= 0 {
		q.Add(q, big.NewInt(1))
	}
	if above.Sign() < 0 {
		q.Neg(q)
	}
	return q.Int64()
}

// weighted is an amount by basis points, half away from zero.
func weighted(minor int64, bp int) int64 {
	return halfAway(new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(bp))), big.NewInt(10000))
}

// share of a whole in basis points, half up; ok is false for a share of nothing.
func share(part, whole int64) (bp int64, ok bool) {
	if whole == 0 {
		return 0, false
	}
	return halfAway(new(big.Int).Mul(big.NewInt(part), big.NewInt(10000)), big.NewInt(whole)), true
}

// split shares a total over weights by the largest remainder, earlier ones first on ties;
// without any weight the first has all.
func split(total int64, weights []int64) []int64 {
	out := make([]int64, len(weights))
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	if len(weights) == 0 {
		return out
	}
	if sum.Sign() == 0 {
		out[0] = total
		return out
	}
	rest, order := total, make([]int, len(weights))
	remainders := make([]*big.Int, len(weights))
	for i, w := range weights {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(total), big.NewInt(w)), sum, new(big.Int))
		out[i], remainders[i], order[i] = q.Int64(), r, i
		rest -= out[i]
	}
	sort.SliceStable(order, func(a, b int) bool { return remainders[order[a]].Cmp(remainders[order[b]]) > 0 })
	for _, i := range order[:rest] {
		out[i]++
	}
	return out
}

// rank is the nearest-rank percentile of a list.
func rank(list []int, percent int) int {
	sorted := append([]int{}, list...)
	sort.Ints(sorted)
	at := (percent*len(sorted) + 99) / 100
	return sorted[max(at, 1)-1]
}

// twiceMedian is twice the median, which for an even count is the mean of two.
func twiceMedian(list []int) int {
	sorted := append([]int{}, list...)
	sort.Ints(sorted)
	n := len(sorted)
	if n%2 == 1 {
		return 2 * sorted[n/2]
	}
	return sorted[n/2-1] + sorted[n/2]
}

// monthsFrom counts months from one to another, "2026-03" to "2026-05" is 2.
func monthsFrom(from, to string) int {
	number := func(month string) (n int) {
		for _, c := range []byte(month[:4]) {
			n = n*10 + int(c-'0')
		}
		return n*12 + int(month[5]-'0')*10 + int(month[6]-'0')
	}
	return number(to) - number(from)
}
