// Package money does integer arithmetic on amounts in minor units (分, cents).
// Floats never decide an amount; see docs/decisions/0003-integers-for-money.md.
package money

import (
	"maps"
	"math/big"
	"sort"
	"strconv"
	"strings"

	"yunchou/internal/fault"
)

// MaxMinor bounds one amount at every door: ten trillion yuan. Sums of a million of them
// still fit what adds them up.
const MaxMinor int64 = 1_000_000_000_000_000

// Fits tells whether there may be such an amount: from nought to MaxMinor, and what is not
// stated.
func Fits(minor *int64) bool { return minor == nil || *minor >= 0 && *minor <= MaxMinor }

// OutOfRange is the fault of an amount that does not fit.
func OutOfRange(pointer string) *fault.Fault {
	return fault.Input(pointer, "input.out_of_range", "0 to %d minor units", MaxMinor).With("min", 0).With("max", MaxMinor)
}

// digits lists ISO 4217 minor-unit digits that differ from 2.
// Source: ISO 4217 list one.
var digits = map[string]int{
	"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XAF": 0, "XOF": 0, "UGX": 0,
	"KWD": 3, "BHD": 3, "OMR": 3, "TND": 3, "JOD": 3, "IQD": 3,
}

// Digits returns the number of minor-unit digits of a currency: 2 for CNY, 0 for JPY.
func Digits(currency string) int {
	if d, ok := digits[currency]; ok {
		return d
	}
	return 2
}

// UnlikeDigits are the digits of the currencies that have not the usual two, for the API's own
// document: whoever shows an amount divides as we do.
func UnlikeDigits() map[string]int { return maps.Clone(digits) }

// WithDigits lists the currencies that have so many digits, other than the usual two.
func WithDigits(n int) (codes []string) {
	for c, d := range digits {
		if d == n {
			codes = append(codes, c)
		}
	}
	sort.Strings(codes)
	return codes
}

// ValidCurrency reports whether code has the form of an ISO 4217 code.
func ValidCurrency(code string) bool {
	return len(code) == 3 && strings.IndexFunc(code, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// Parse reads a decimal amount in major units ("1,234.50", "¥98万", "1.2亿") as
// minor units of currency, rounding half away from zero. Faults: money.malformed,
// money.too_large.
func Parse(text, currency string) (int64, error) {
	s := strings.NewReplacer(",", "", ",", "", "¥", "", "¥", "", "$", "", "€", "", "元", "", " ", "", "\u00a0", "").Replace(strings.TrimSpace(text))
	scale := int64(1)
	switch {
	case strings.HasSuffix(s, "万"):
		s, scale = strings.TrimSuffix(s, "万"), 10_000
	case strings.HasSuffix(s, "亿"):
		s, scale = strings.TrimSuffix(s, "亿"), 100_000_000
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = "-" + s[1:len(s)-1]
	}
	if s == "" || len(s) > 40 || strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.+-eE", r) }) >= 0 {
		return 0, fault.New(fault.Invalid, "money.malformed", "not an amount")
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 && len(s)-i > 4 {
		return 0, fault.New(fault.Invalid, "money.malformed", "not an amount")
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, fault.New(fault.Invalid, "money.malformed", "not an amount")
	}
	return Minor(r.Mul(r, new(big.Rat).SetInt64(scale)), currency)
}

// Minor is an amount in major units as minor units of a currency, rounded half away from zero.
// Fault: money.too_large.
func Minor(major *big.Rat, currency string) (int64, error) {
	scale := int64(1)
	for range Digits(currency) {
		scale *= 10
	}
	return roundRat(new(big.Rat).Mul(major, new(big.Rat).SetInt64(scale)))
}

// roundRat rounds half away from zero to an int64 that also survives JSON in a
// browser (2^53).
func roundRat(r *big.Rat) (int64, error) { return bounded(round(r)) }

// round rounds half away from zero.
func round(r *big.Rat) *big.Int {
	num, den := new(big.Int).Abs(r.Num()), r.Denom()
	q := new(big.Int).Mul(num, big.NewInt(2))
	q.Add(q, den).Quo(q, new(big.Int).Mul(den, big.NewInt(2)))
	if r.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

func bounded(q *big.Int) (int64, error) {
	if q.CmpAbs(big.NewInt(1<<53)) > 0 {
		return 0, fault.New(fault.Invalid, "money.too_large", "amount beyond 2^53 minor units")
	}
	return q.Int64(), nil
}

// MaxTotal is the largest total that is stated: the largest a browser counts exactly.
const MaxTotal = 1<<53 - 1

// RateScale is the denominator of an exchange rate: a rate of 7_123_400 means
// one major unit of the foreign currency is 7.1234 of the reporting currency.
const RateScale = 1_000_000

// MaxRate keeps conversions in SQL within 64 bits: half a million to one.
const MaxRate = 500_000 * RateScale

// Convert turns minor units of one currency into minor units of another at rate
// (per RateScale, major to major), rounding once, half away from zero.
func Convert(minor int64, from, to string, rate int64) (int64, error) {
	return bounded(ConvertWide(minor, from, to, rate))
}

// ConvertWide is Convert for what may lie beyond every bound.
func ConvertWide(minor int64, from, to string, rate int64) *big.Int {
	r := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(minor), big.NewInt(rate)), big.NewInt(RateScale))
	for d := Digits(from); d < Digits(to); d++ {
		r.Mul(r, big.NewRat(10, 1))
	}
	for d := Digits(to); d < Digits(from); d++ {
		r.Quo(r, big.NewRat(10, 1))
	}
	return round(r)
}

// Weighted returns minor × bp / 10000, half away from zero.
func Weighted(minor int64, bp int) int64 {
	if minor < 0 {
		return -Weighted(-minor, bp)
	}
	return minor/10000*int64(bp) + (minor%10000*int64(bp)+5000)/10000
}

// BP returns part/whole in basis points, half up, and false where whole is 0: a
// share of nothing is "—", not 0.
func BP(part, whole int64) (int, bool) {
	if whole == 0 {
		return 0, false
	}
	twice := new(big.Int).Mul(big.NewInt(part), big.NewInt(20000))
	twice.Add(twice, big.NewInt(whole)).Quo(twice, new(big.Int).Mul(big.NewInt(whole), big.NewInt(2)))
	return int(twice.Int64()), true
}

// Split shares total (minor units, may be negative) over weights so that the
// parts always add up to total. Leftover units go to the largest remainders,
// earlier weights first on ties (Hamilton's method).
//
// It panics if weights is empty, has a negative, or is all zero: the caller
// picks the weights, so that is a bug, not user input.
func Split(total int64, weights []int64) []int64 {
	var sum int64
	for _, w := range weights {
		if w < 0 {
			panic("money: negative weight")
		}
		sum += w
	}
	if sum == 0 {
		panic("money: no weight to split by")
	}
	sign := int64(1)
	if total < 0 {
		sign, total = -1, -total
	}
	parts, rest := make([]int64, len(weights)), total
	remainder := make([]*big.Int, len(weights))
	for i, w := range weights {
		q, m := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(total), big.NewInt(w)), big.NewInt(sum), new(big.Int))
		parts[i], remainder[i] = q.Int64(), m
		rest -= parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return remainder[order[a]].Cmp(remainder[order[b]]) > 0 })
	for i := int64(0); i < rest; i++ {
		parts[order[i]]++
	}
	for i := range parts {
		parts[i] *= sign
	}
	return parts
}

// Decimal writes an integer of 10^-digits units as a decimal number: 123456, 2 is
// "1234.56".
func Decimal(n int64, digits int) string {
	sign := ""
	if n < 0 {
		n, sign = -n, "-"
	}
	s := strconv.FormatInt(n, 10)
	if pad := digits + 1 - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	if digits == 0 {
		return sign + s
	}
	return sign + s[:len(s)-digits] + "." + s[len(s)-digits:]
}
