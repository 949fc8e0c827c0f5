package engine

import (
	"math"
	"math/bits"
	"unsafe"

	"yunchou/internal/funnel"
	"yunchou/internal/money"
)

// scale turns minor units into the reporting currency's: m·times/by at a rate.
type scale struct{ times, by uint64 }

type rateFrom struct {
	from day
	rate int64
	seq  int64
}

// price readies the exchange rates that were known.
func (s *session) price(q funnel.Query) {
	s.rates, s.scales = s.around.rates, make([]scale, len(s.text))
	if last := q.LastKnown(); last != math.MaxInt64 {
		s.rates = make(map[symbol][]rateFrom, len(s.around.rates))
		for c, list := range s.around.rates {
			for _, r := range list {
				if r.seq <= last {
					s.rates[c] = append(s.rates[c], r)
				}
			}
		}
	}
	for c := range s.rates {
		s.scales[c] = scaleOf(s.text[c], q.Currency)
	}
}

// scaleOf is the scale between two currencies.
func scaleOf(from, to string) scale {
	k := scale{1, money.RateScale}
	for d := money.Digits(from); d < money.Digits(to); d++ {
		k.times *= 10
	}
	for d := money.Digits(to); d < money.Digits(from); d++ {
		k.by *= 10
	}
	return k
}

// value is an amount in the reporting currency, or, where that has no rate, in the
// currency it names; nothing where none was stated.
type value struct {
	minor  int64
	noRate symbol
}

// value is what a deal is worth as a whole.
func (s *session) value(d *deal) value {
	if !d.priced {
		minor, currency := s.amount(d)
		d.worth, d.priced = s.convert(d, minor, currency), true
	}
	return d.worth
}

// worth is what of a deal's worth counts in the question.
func (s *session) worth(d *deal) value {
	v := s.value(d)
	v.minor = s.part(d, ofAll, v.minor)
	return v
}

// unlike tells whether an amount is with tax where the company sums without it, or without.
func (s *session) unlike(d *deal) bool { return d.c.taxOn(d.i, s.asOf) == s.other }

// convert turns an amount into the reporting currency at the rate of the day whose facts
// count, rounded alone. Where a product would not fit it is the largest number: the total
// is then marked all the same.
func (s *session) convert(d *deal, minor int64, currency symbol) value {
	if currency == s.currency || minor == nothing {
		return value{minor, 0}
	}
	var rate int64
	on := s.on(d)
	for _, r := range s.rates[currency] { // by day and entry
		if r.from <= on {
			rate = r.rate
		}
	}
	if rate == 0 {
		return value{minor, currency}
	}
	return value{s.scales[currency].turn(minor, uint64(rate)), 0}
}

// turn is minor·times·rate/by, rounded half away from zero.
func (k scale) turn(minor int64, rate uint64) int64 {
	m := uint64(minor)
	if minor < 0 {
		m = -m
	}
	over, m := bits.Mul64(m, k.times)
	if over != 0 {
		return limit(minor)
	}
	high, low := bits.Mul64(m, rate)
	low, carry := bits.Add64(low, k.by/2, 0)
	if high += carry; high >= k.by {
		return limit(minor)
	}
	worth, _ := bits.Div64(high, low, k.by)
	switch {
	case worth > math.MaxInt64:
		return limit(minor)
	case minor < 0:
		return -int64(worth)
	}
	return int64(worth)
}

func limit(minor int64) int64 {
	if minor < 0 {
		return -math.MaxInt64
	}
	return math.MaxInt64
}

// total is what a counter adds up, in 128 bits.
type total struct {
	n, none int64
	high    int64
	low     uint64
}

const totalBytes = int(unsafe.Sizeof(total{}))

// add counts a value.
func (t *total) add(minor int64) {
	t.n++
	if minor == nothing {
		t.none++
		return
	}
	t.plus(minor>>63, uint64(minor))
}

func (t *total) plus(high int64, low uint64) {
	sum, carry := bits.Add64(t.low, low, 0)
	t.low, t.high = sum, t.high+high+int64(carry)
}

func (t *total) merge(o *total) {
	t.n += o.n
	t.none += o.none
	t.plus(o.high, o.low)
}

// less takes off what was merged.
func (t *total) less(o *total) {
	t.n -= o.n
	t.none -= o.none
	var borrow uint64
	t.low, borrow = bits.Sub64(t.low, o.low, 0)
	t.high -= o.high + int64(borrow)
}

// most is the largest amount that is stated: the largest a browser counts exactly.
const most = money.MaxTotal

// sum is a total as the funnel takes it, in the currency without a rate where there is one.
func (s *session) sum(t *total, noRate symbol) funnel.Sum {
	minor, out := int64(t.low), funnel.Sum{NoRate: s.text[noRate], NoAmount: t.none}
	switch {
	case t.high != minor>>63 || minor > most || minor < -most:
		out.Overflow = true
	case noRate != 0:
		out.Raw = minor
	default:
		out.Minor = minor
	}
	return out
}
