package calendar

import (
	"sync"
	"time"

	"yunchou/internal/fault"
)

// Kind is which days of a week are worked.
type Kind string

// The kinds of pattern. "" is FiveDay.
const (
	FiveDay   Kind = "five_day"
	SixDay    Kind = "six_day"   // Monday to Saturday
	Alternate Kind = "alternate" // 大小周: a week of six days after one of five
	Retail    Kind = "retail"    // chosen weekdays
)

// Weekdays is a set of weekdays, a bit of 1 << time.Weekday for each.
type Weekdays uint8

// Week is a set of weekdays.
func Week(days ...time.Weekday) (w Weekdays) {
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

// Has tells whether a weekday is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&(1<<d) != 0 }

// EveryDay is the whole week.
const EveryDay Weekdays = 1<<7 - 1

const fiveDays, sixDays = EveryDay &^ (1<<time.Saturday | 1<<time.Sunday), EveryDay &^ (1 << time.Sunday)

// Pattern says which days a team works. The zero value is five days a week.
type Pattern struct {
	Kind       Kind
	SixDayWeek Date     // Alternate: any day of a week of six days
	Weekdays   Weekdays // Retail
	OnHolidays bool     // the calendar's days off are worked, and its make-up days change nothing
}

// Check refuses what is no pattern. Faults: input.not_one_of, input.required, calendar.bad_date.
func (p Pattern) Check() error {
	switch p.Kind {
	case FiveDay, SixDay:
		return nil
	case Alternate:
		if p.SixDayWeek == "" {
			return fault.Missing("/sixDayWeek")
		}
		if _, err := Parse(string(p.SixDayWeek)); err != nil {
			return BadDate("/sixDayWeek")
		}
		return nil
	case Retail:
		if p.Weekdays&EveryDay == 0 {
			return fault.Missing("/weekdays")
		}
		return nil
	}
	return fault.Input("/pattern", "input.not_one_of", "five_day, six_day, alternate or retail")
}

// normal is the pattern with nothing its kind does not ask for: equal ones work the same days.
func (p Pattern) normal() Pattern {
	n := Pattern{OnHolidays: p.OnHolidays}
	switch p.Kind {
	case SixDay:
		n.Kind = SixDay
	case Alternate:
		n.Kind, n.SixDayWeek = Alternate, DateOfCivil(1990, 1, 1+7*(weekOf(p.SixDayWeek.Days())&1))
	case Retail:
		n.Kind, n.Weekdays = Retail, p.Weekdays&EveryDay
	}
	return n
}

// weekOf numbers weeks by their Mondays; that of 1990-01-01, a Monday, is even.
func weekOf(day int) int { return floorDiv(day-epochDay, 7) }

func floorDiv(a, b int) int {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

// week is which weekdays a day's week has, before holidays.
func (p Pattern) week(day int) Weekdays {
	switch p.Kind {
	case SixDay:
		return sixDays
	case Alternate:
		if (weekOf(day)-weekOf(p.SixDayWeek.Days()))&1 == 0 {
			return sixDays
		}
		return fiveDays
	case Retail:
		return p.Weekdays
	}
	return fiveDays
}

// weekdayOf is the weekday of a day since 1970-01-01, a Thursday.
func weekdayOf(day int) time.Weekday { return time.Weekday((day%7 + 4 + 7) % 7) }

// patterned are the calendars made of one by pattern.
type patterned struct {
	sync.Mutex
	by map[Pattern]Calendar
}

// keptPatterns bounds them: each takes 190 KB.
const keptPatterns = 32

// By is the calendar of a team that works another pattern. Days off are off in each, and make-up
// days are worked in each, but where the pattern works on holidays.
func (c Calendar) By(p Pattern) Calendar {
	p = p.normal()
	if p == c.pattern {
		return c
	}
	if c.by == nil { // the zero value
		c.by = plain().by
	}
	c.by.Lock()
	defer c.by.Unlock()
	if made, ok := c.by.by[p]; ok {
		return made
	}
	made := Calendar{off: c.off, years: c.years, plain: c.plain || p.OnHolidays, by: c.by, pattern: p}
	if p.OnHolidays {
		made.off = nil
	}
	made.count()
	if len(c.by.by) >= keptPatterns {
		clear(c.by.by)
	}
	c.by.by[p] = made
	return made
}

// count numbers the working days.
func (c *Calendar) count() {
	worked := make([]bool, span)
	for i := range worked {
		day := epochDay + i
		worked[i] = c.pattern.week(day).Has(weekdayOf(day))
	}
	for d, off := range c.off {
		if i := d.Days() - epochDay; i >= 0 && i < span {
			worked[i] = !off
		}
	}
	c.prefix = make([]int32, span+1)
	for i, w := range worked {
		c.prefix[i+1] = c.prefix[i]
		if w {
			c.prefix[i+1]++
		}
	}
}
