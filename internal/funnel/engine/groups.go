package engine

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
)

// keys calls add with each group a deal is in and its amount there: one, but for product
// lines, and for members and teams where it was split over several.
func (s *session) keys(by funnel.GroupBy, d *deal, add func(key symbol, month month, v value)) {
	c, i := d.c, d.i
	switch by {
	case funnel.ByOwner, funnel.ByTeam:
		s.credit(by, d, add)
	case funnel.ByProduct:
		s.products(d, add)
	case funnel.ByRegion:
		add(c.regionOn(i, s.asOf), 0, s.worth(d))
	case funnel.BySource:
		add(c.source.at(i), 0, s.worth(d))
	case funnel.ByIndustry:
		add(c.industryOn(i, s.on(d)), 0, s.worth(d))
	case funnel.ByClass:
		add(c.classOn(i, s.on(d)), 0, s.worth(d))
	case funnel.ByMonth:
		add(0, monthOf(d.startOn), s.worth(d))
	default:
		add(s.ownOf(d), 0, s.worth(d))
	}
}

// ownOf is what a deal holds in the own field a report is split by; 0 where it holds nothing, or no field is named.
func (s *session) ownOf(d *deal) symbol {
	if held := ownColumnOf(d.c.own, s.own); held != nil {
		if v := held.of.at(d.i); v != nothing {
			return symbol(v)
		}
	}
	return 0
}

// products calls add with each product line of a deal and its part of the converted
// amount, by largest remainder: the greatest first, then by product line. In the reporting
// currency, where lines add up to the amount, that is what the line says.
func (s *session) products(d *deal, add func(key symbol, month month, v value)) {
	var list []line
	d.c.linesOn(d.i, s.on(d), func(l line) { list = append(list, l) })
	minor, currency := s.amount(d)
	v := s.convert(d, minor, currency)
	switch {
	case len(list) == 0:
		add(0, 0, value{s.part(d, 0, v.minor), v.noRate})
		return
	case len(list) == 1 || minor == nothing:
		for _, l := range list {
			add(l.product, 0, value{s.part(d, l.product, v.minor), v.noRate})
		}
		return
	}
	slices.SortFunc(list, func(a, b line) int {
		return cmp.Or(cmp.Compare(b.minor, a.minor), cmp.Compare(s.text[a.product], s.text[b.product]))
	})
	weights, sum := make([]int64, len(list)), int64(0)
	for k, l := range list {
		weights[k] = min(max(0, l.minor), most)
		sum += weights[k]
	}
	parts := weights
	if currency != s.currency || sum != minor {
		if sum == 0 {
			weights[0] = 1
		}
		parts = money.Split(v.minor, weights)
	}
	for k, l := range list {
		add(l.product, 0, value{s.part(d, l.product, parts[k]), v.noRate})
	}
}

// MultiProduct implements funnel.Source.
func (s *session) MultiProduct(ctx context.Context, _ database.Tx, _ funnel.Query) (int64, error) {
	return s.multi(ctx, "multi product", func(d *deal) (n int) {
		d.c.linesOn(d.i, s.on(d), func(line) { n++ })
		return n
	})
}

// MultiCredit implements funnel.Source.
func (s *session) MultiCredit(ctx context.Context, _ database.Tx, q funnel.Query) (int64, error) {
	return s.multi(ctx, "multi credit "+string(q.Group), func(d *deal) (n int) {
		if len(d.c.credits.at(d.i)) > 0 {
			s.keys(q.Group, d, func(symbol, month, value) { n++ })
		}
		return n
	})
}

// multi counts the deals that are in several groups.
func (s *session) multi(ctx context.Context, name string, groups func(d *deal) int) (n int64, err error) {
	f := figure[counts]{name: name, counted: counted{states: present}, empty: func() counts { return make(counts, 1) },
		each: func(d *deal, to counts) {
			if groups(d) > 1 {
				to[0]++
			}
		}}
	return n, summed(ctx, s, f, func(of counts) { n = of[0] })
}

// month numbers a month, 0 for an unknown day.
type month uint16

// monthOf looks the month up: a scan asks for millions.
func monthOf(d day) month { return months[d] }

var months = func() (out [1 << 16]month) {
	first := day(1) // of 1900
	for n := month(calendar.FirstYear*12 + 1); first <= lastDay; n++ {
		next := first + day(calendar.DateOfCivil((int(n)-1)/12, (int(n)-1)%12+2, 1).Sub(dateOf(first)))
		for d := first; d < next; d++ {
			out[d] = n
		}
		first = next
	}
	return out
}()

// keyText is the group's key as the funnel names it.
func (s *session) keyText(key symbol, month month) string {
	if month == 0 {
		return s.text[key]
	}
	return month.text()
}

// text is "2026-11", "" for an unknown month.
func (m month) text() string {
	if m == 0 {
		return ""
	}
	y, n := (int(m)-1)/12, (int(m)-1)%12+1
	return string([]byte{byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-',
		byte('0' + n/10), byte('0' + n%10)})
}
