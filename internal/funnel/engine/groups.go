package engine

import (
	"yunchou/internal/calendar"
	"yunchou/internal/funnel"
)

// keys calls add with each group a deal is in and its amount there: one, but for
// product lines.
func (s *session) keys(by funnel.GroupBy, d *deal, add func(key symbol, month month, minor int64)) {
	c, i := d.c, d.i
	switch by {
	case funnel.ByOwner:
		add(s.ownerOn(d), 0, d.amount())
	case funnel.ByTeam:
		add(s.teamOn(s.ownerOn(d), s.groupOn(d)), 0, d.amount())
	case funnel.ByProduct:
		lines := c.lines.at(i)
		for _, l := range lines {
			minor := l.minor
			if c.amount.at(i) == nothing {
				minor = d.amount()
			}
			add(l.product, 0, minor)
		}
		if len(lines) == 0 {
			add(0, 0, d.amount())
		}
	case funnel.ByRegion:
		add(c.region.at(i), 0, d.amount())
	case funnel.BySource:
		add(c.source.at(i), 0, d.amount())
	case funnel.ByIndustry:
		add(c.industry.at(i), 0, d.amount())
	case funnel.ByClass:
		add(c.class.at(i), 0, d.amount())
	case funnel.ByMonth:
		add(0, monthOf(d.startOn), d.amount())
	default:
		add(0, 0, d.amount())
	}
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
	return string([]byte{byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-', byte('0' + n/10), byte('0' + n%10)})
}

// ownerOn is who owned a deal on its day.
func (s *session) ownerOn(d *deal) symbol {
	list, on := d.c.owners.at(d.i), s.groupOn(d)
	for k := len(list) - 1; k >= 0; k-- {
		if w := list[k]; w.from <= on && (w.to == unknown || on < w.to) {
			if w.member != 0 {
				return w.member
			}
			break
		}
	}
	return d.c.owner.at(d.i)
}

// teamOn is the team of a member's main seat on a day.
func (s *session) teamOn(member symbol, on day) symbol {
	for _, x := range s.around.seats[member] { // newest first
		if x.from <= on && (x.to == unknown || on < x.to) {
			return x.team
		}
	}
	return 0
}
