package form

import (
	"regexp"
	"strings"
	"time"

	"yunchou/internal/calendar"
)

// Periods: what stands for their last day.
var (
	onMonth     = regexp.MustCompile(`^(?:(\d{4}|'?\d{2})年?[-/. ]?|(今年|本年|明年|后年|去年))?\s*(\d{1,2})月份?(初|上旬|中旬|中|下旬|底|末|内)?$`)
	onYearMonth = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})$`)
	onQuarter   = regexp.MustCompile(`(?i)^(?:(\d{4}|'?\d{2})年?[-/. ]?|(今年|本年|明年|后年|去年))?\s*(?:q([1-4])|第?([1-4一二三四])季度?|([1-4])q)(初|中|底|末|内)?$`)
	quarterYear = regexp.MustCompile(`(?i)^q([1-4])[-/ ']*(\d{4}|\d{2})$`)
	onHalf      = regexp.MustCompile(`(?i)^(?:(\d{4}|'?\d{2})年?[-/. ]?|(今年|本年|明年|后年|去年))?\s*(?:(上|下)半年|h([12]))(初|底|末|内)?$`)
	halfYear    = regexp.MustCompile(`(?i)^h([12])[-/ ']*(\d{4}|\d{2})$`)
	onYear      = regexp.MustCompile(`^(?:(\d{4})|(?:(\d{4})年?|(今年|本年|明年|后年|去年))(?:年?(底|末|内|初|中))?|年(底|末|内))$`)
	monthYear   = regexp.MustCompile(`(?i)^([a-z]{3,9})[-/ .,']*(\d{4}|\d{2})$`)
	yearMonth   = regexp.MustCompile(`(?i)^(\d{4})[-/ .,]*([a-z]{3,9})$`)
	monthAlone  = regexp.MustCompile(`(?i)^([a-z]{3,9})\.?$`)
	thisMonth   = regexp.MustCompile(`^(本|这个?|当|下个?|上个?)(月|季度|季|周|星期)(初|上旬|中旬|中|下旬|底|末|内)?$`)
)

// period reads a period, or a day without its year.
func (d Days) period(s string) (Day, error) {
	s = strings.ReplaceAll(s, "年份", "年")
	for _, read := range []func(string) (int, int, string, bool){d.month, d.quarter, d.half, d.relative, d.wholeYear} {
		if y, m, part, ok := read(s); ok {
			return endOf(y, m, part)
		}
	}
	for _, form := range []*regexp.Regexp{noYear, twoOnly} {
		p := form.FindStringSubmatch(s)
		if p == nil {
			continue
		}
		m, day := atoi(p[1]), atoi(p[2])
		if form == twoOnly && d.Order == DMY {
			m, day = day, m
		}
		on, err := dateOf(d.nearest(m, day), m, day)
		return Day{On: on, About: true}, err
	}
	return Day{}, ErrDay
}

// endOf is the last day of a month, or of a part of it.
func endOf(y, m int, part string) (Day, error) {
	if m < 1 || m > 12 || y < calendar.FirstYear || y > calendar.LastYear {
		return Day{}, ErrNoSuch
	}
	on := calendar.DateOfCivil(y, m+1, 0)
	switch part {
	case "初", "上旬":
		on = calendar.DateOfCivil(y, m, 10)
	case "中", "中旬":
		on = calendar.DateOfCivil(y, m, 20)
	}
	return Day{On: on, About: true}, nil
}

// overdue is for how long an expected day that has passed is still meant: a sheet is not written
// anew each day.
const overdue = 60

// nearest is the year of a day that names none: of what has happened the last that has come, of what
// is to come the first that is not long past.
func (d Days) nearest(m, day int) int {
	now := d.Today.Time()
	y := now.Year() + 1
	last := now
	if !d.Past {
		y, last = now.Year()-1, now.AddDate(0, 0, -overdue)
	}
	on := func() time.Time { return time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC) }
	for d.Past && on().After(last) {
		y--
	}
	for !d.Past && on().Before(last) {
		y++
	}
	return y
}

// yearOf reads a year by number or word; 0 where neither is there.
func (d Days) yearOf(number, word string) int {
	now := d.Today.Time().Year()
	switch {
	case number != "":
		return year(number)
	case word == "明年":
		return now + 1
	case word == "后年":
		return now + 2
	case word == "去年":
		return now - 1
	case word != "":
		return now
	}
	return 0
}

// ofMonth is the day of a month that stands for it: it has begun, or is not over.
func (d Days) ofMonth() int {
	if d.Past {
		return 1
	}
	return 28
}

func (d Days) month(s string) (y, m int, part string, ok bool) {
	if p := onMonth.FindStringSubmatch(s); p != nil {
		y, m = d.yearOf(p[1], p[2]), atoi(p[3])
		if y == 0 {
			y = d.nearest(m, d.ofMonth())
		}
		return y, m, p[4], true
	}
	if p := onYearMonth.FindStringSubmatch(s); p != nil {
		return year(p[1]), atoi(p[2]), "", true
	}
	if p := monthYear.FindStringSubmatch(s); p != nil && monthNamed(p[1]) > 0 {
		return year(p[2]), monthNamed(p[1]), "", true
	}
	if p := yearMonth.FindStringSubmatch(s); p != nil && monthNamed(p[2]) > 0 {
		return year(p[1]), monthNamed(p[2]), "", true
	}
	if p := monthAlone.FindStringSubmatch(s); p != nil && monthNamed(p[1]) > 0 {
		m = monthNamed(p[1])
		return d.nearest(m, d.ofMonth()), m, "", true
	}
	return 0, 0, "", false
}

func (d Days) quarter(s string) (y, m int, part string, ok bool) {
	q := 0
	if p := onQuarter.FindStringSubmatch(s); p != nil {
		y, q, part = d.yearOf(p[1], p[2]), atoi(p[3]+p[5]), p[6]
		if p[4] != "" {
			n, _ := hanNumber(p[4])
			q = max(int(n), atoi(p[4]))
		}
	} else if p := quarterYear.FindStringSubmatch(s); p != nil {
		y, q = year(p[2]), atoi(p[1])
	}
	if q == 0 {
		return 0, 0, "", false
	}
	if y == 0 {
		y = d.nearest(3*q, d.ofMonth())
	}
	return inside(y, 3*q, 3, part)
}

func (d Days) half(s string) (y, m int, part string, ok bool) {
	h := 0
	if p := onHalf.FindStringSubmatch(s); p != nil {
		y, h, part = d.yearOf(p[1], p[2]), atoi(p[4]), p[5]
		switch p[3] {
		case "上":
			h = 1
		case "下":
			h = 2
		}
	} else if p := halfYear.FindStringSubmatch(s); p != nil {
		y, h = year(p[2]), atoi(p[1])
	}
	if h == 0 {
		return 0, 0, "", false
	}
	if y == 0 {
		y = d.nearest(6*h, d.ofMonth())
	}
	return inside(y, 6*h, 6, part)
}

// inside is the month at the beginning, in the middle or at the end of a period that ends with m.
func inside(y, m, long int, part string) (int, int, string, bool) {
	switch part {
	case "初":
		m -= long - 1
	case "中":
		m -= long / 2
	}
	return y, m, "", true
}

func (d Days) wholeYear(s string) (y, m int, part string, ok bool) {
	p := onYear.FindStringSubmatch(s)
	if p == nil {
		return 0, 0, "", false
	}
	if y = d.yearOf(p[1]+p[2], p[3]); y == 0 {
		y = d.Today.Time().Year()
	}
	return inside(y, 12, 12, p[4])
}

// relative reads 本月底, 下个月, 下季度: from the day of reading.
func (d Days) relative(s string) (y, m int, part string, ok bool) {
	p := thisMonth.FindStringSubmatch(s)
	if p == nil || strings.ContainsAny(p[2], "周星") {
		return 0, 0, "", false
	}
	now := d.Today.Time()
	y, m = now.Year(), int(now.Month())
	step := 1
	if p[2] != "月" {
		step, m = 3, (m+2)/3*3
	}
	switch {
	case strings.HasPrefix(p[1], "下"):
		m += step
	case strings.HasPrefix(p[1], "上"):
		m -= step
	}
	for ; m > 12; m -= 12 {
		y++
	}
	for ; m < 1; m += 12 {
		y--
	}
	return y, m, p[3], true
}
