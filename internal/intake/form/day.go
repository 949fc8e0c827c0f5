package form

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/calendar"
)

// Orders of the numbers of a day.
const (
	YMD = "ymd"
	MDY = "mdy"
	DMY = "dmy"
)

// Day is a day as a cell says it.
type Day struct {
	On calendar.Date
	// At is the instant, where the cell has a time of day; one without a zone is the company's.
	At *time.Time
	// About says that the cell names a period (2026年Q3, 12月底) or leaves out the year: On is the
	// period's last day; the year is that of the first which is to come, or not long past, and of what
	// has happened that of the last which has come.
	About bool
}

// Days is how the days of a column are written.
type Days struct {
	Order string // ymd, mdy, dmy: of numbers that do not begin with a year of four digits
	Zone  *time.Location
	Today calendar.Date
	Past  bool // they are of what has happened
}

// Faults of a day.
var (
	ErrDay      = errors.New("not a date")
	ErrNoSuch   = errors.New("no such day")
	ErrDayOrder = errors.New("day and month cannot be told apart: state the format mdy or dmy")
)

var (
	zoned    = regexp.MustCompile(`[T:].*(?:Z|[+-]\d{2}:?\d{2})$`)
	weekday  = regexp.MustCompile(`(?i)\s*[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?\s*|^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[,.]?\s+`)
	clock    = regexp.MustCompile(`(?i)^(.*?\S)?(?:[ T,]+|([日号]))?\s*(上午|下午|晚上|中午|凌晨|早上|傍晚|am|pm)?\s*(\d{1,2})(?:[:时]|点)(?:(\d{1,2})(?:[:分](?:(\d{1,2}(?:[.,]\d+)?)秒?)?)?)?\s*(am|pm|a\.m\.|p\.m\.|上午|下午)?$`)
	yearThen = regexp.MustCompile(`^(\d{4})[-/.年\\ ]\s*(\d{1,2})[-/.月\\ ]\s*(\d{1,2})\s*[日号]?$`)
	yearTwo  = regexp.MustCompile(`^'?(\d{2})年\s*(\d{1,2})月\s*(\d{1,2})[日号]?$`)
	eight    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	three    = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|'?\d{1,2})$`)
	serial   = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	epoch    = regexp.MustCompile(`^1\d{9}(?:\d{3})?$`)
	dayWord  = regexp.MustCompile(`(?i)^(\d{1,2})(?:st|nd|rd|th)?[-/ .]*([a-z]{3,9})[-/ ,.]*(\d{4}|'?\d{2})$`)
	wordDay  = regexp.MustCompile(`(?i)^([a-z]{3,9})[-/ .]*(\d{1,2})(?:st|nd|rd|th)?[-/ ,.]+(\d{4}|'?\d{2})$`)
	yearWord = regexp.MustCompile(`(?i)^(\d{4})[-/ ,.]*([a-z]{3,9})[-/ .]*(\d{1,2})$`)
	noYear   = regexp.MustCompile(`^(\d{1,2})月\s*(\d{1,2})[日号]?$`)
	twoOnly  = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})$`)
	blanks   = regexp.MustCompile(`\s*([年月日号])\s*`)
	hedge    = regexp.MustCompile(`约|大约|大概|左右|前后|预计|计划|争取|力争|希望|之前|以前|前$|后$|暂定|拟|估计|~|≈|(?i:approx\.?|about|\bca\.?\b|circa|est\.|before|\bby\b|\bend of\b)`)
)

var monthWords = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mai": 5, "mär": 3, "okt": 10, "dez": 12}

// Read reads a day. Errors: ErrDay, ErrNoSuch, ErrDayOrder.
func (d Days) Read(text string) (Day, error) {
	if on, at, ok := d.usual(text); ok {
		return Day{On: on, At: at}, nil
	}
	s := strings.TrimSpace(text)
	if Nothing(s) || len(s) > 60 {
		return Day{}, ErrDay
	}
	if day, ok := instantOf(s, d.Zone); ok {
		return day, nil
	}
	s = strings.TrimSpace(weekday.ReplaceAllString(hanToDigits(blanks.ReplaceAllString(s, "$1")), " "))
	if day, err := d.dated(s); !errors.Is(err, ErrDay) {
		return day, err
	}
	if bare := strings.TrimSpace(hedge.ReplaceAllString(s, " ")); bare != s {
		day, err := d.dated(bare)
		day.About = true
		return day, err
	}
	return Day{}, ErrDay
}

// dated reads a day, with a time of day or without, or a period.
func (d Days) dated(s string) (Day, error) {
	y, m, day, err := d.civil(s)
	if err == nil {
		on, err := dateOf(y, m, day)
		return Day{On: on}, err
	}
	if errors.Is(err, ErrDayOrder) {
		return Day{}, err
	}
	if day, err := d.numbered(s); err == nil {
		return day, nil
	}
	if c := clock.FindStringSubmatch(s); c != nil && c[1] != "" {
		return d.timed(c)
	}
	return d.period(s)
}

// usual reads 2026-03-15 and 2026-03-15 14:30:00 without looking further: most cells are such.
func (d Days) usual(s string) (calendar.Date, *time.Time, bool) {
	if len(s) != 10 && len(s) != 19 || s[4] != '-' || s[7] != '-' {
		return "", nil, false
	}
	on, err := calendar.Parse(s[:10])
	if err != nil {
		return "", nil, false
	}
	if len(s) == 10 {
		return on, nil, true
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s[:10]+" "+s[11:], d.Zone)
	if err != nil || s[10] != ' ' && s[10] != 'T' {
		return "", nil, false
	}
	t = t.UTC()
	return on, &t, true
}

// instantOf reads a time with its zone; the day is the company's.
func instantOf(s string, zone *time.Location) (Day, bool) {
	if !zoned.MatchString(s) {
		return Day{}, false
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000Z0700", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05.000Z07:00", "2006/01/02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			on, err := calendar.Parse(string(calendar.DateOf(t, zone)))
			return Day{On: on, At: &t}, err == nil
		}
	}
	return Day{}, false
}

// numbered reads the day numbers of a spreadsheet, and seconds or milliseconds since 1970.
func (d Days) numbered(s string) (Day, error) {
	if epoch.MatchString(s) {
		n, _ := strconv.ParseInt(s[:10], 10, 64)
		t := time.Unix(n, 0).UTC()
		return Day{On: calendar.DateOf(t, d.Zone), At: &t}, nil
	}
	if !serial.MatchString(s) {
		return Day{}, ErrDay
	}
	n, _ := strconv.ParseFloat(s, 64)
	if n <= 20000 || n >= 65000 { // 1954 to 2077
		return Day{}, ErrDay
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	on := calendar.Date(first.AddDate(0, 0, int(n)).Format(time.DateOnly))
	if n == float64(int(n)) {
		return Day{On: on}, nil
	}
	seconds := int((n-float64(int(n)))*86400 + 0.5)
	t := on.In(d.Zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, seconds, 0, d.Zone).UTC()
	return Day{On: on, At: &at}, nil
}

// civil reads year, month and day, however they are written.
func (d Days) civil(s string) (y, m, day int, err error) {
	for _, form := range []*regexp.Regexp{yearThen, eight, yearTwo} {
		if p := form.FindStringSubmatch(s); p != nil {
			return year(p[1]), atoi(p[2]), atoi(p[3]), nil
		}
	}
	if p := three.FindStringSubmatch(s); p != nil {
		return d.ordered(p[1], p[2], p[3])
	}
	for _, w := range []struct {
		form    *regexp.Regexp
		y, m, d int
	}{{dayWord, 3, 2, 1}, {wordDay, 3, 1, 2}, {yearWord, 1, 2, 3}} {
		if p := w.form.FindStringSubmatch(s); p != nil {
			if month := monthNamed(p[w.m]); month > 0 {
				return year(p[w.y]), month, atoi(p[w.d]), nil
			}
		}
	}
	return 0, 0, 0, ErrDay
}

// ordered puts three numbers in the column's order.
func (d Days) ordered(a, b, c string) (y, m, day int, err error) {
	short := len(c) == 1 // no year
	switch {
	case d.Order == MDY && !short:
		return year(c), atoi(a), atoi(b), nil
	case d.Order == DMY && !short:
		return year(c), atoi(b), atoi(a), nil
	case len(a) == 2 && (short || d.Order == YMD && len(c) == 2):
		return year(a), atoi(b), atoi(c), nil
	case short:
		return 0, 0, 0, ErrDay
	}
	return 0, 0, 0, ErrDayOrder
}

// timed reads a day with a time of day.
func (d Days) timed(c []string) (Day, error) {
	day, err := d.dated(strings.TrimSpace(c[1] + c[2]))
	if err != nil || day.At != nil {
		return Day{}, ErrDay
	}
	h, minute := atoi(c[4]), atoi(c[5])
	seconds, _ := strconv.ParseFloat(strings.ReplaceAll("0"+c[6], ",", "."), 64)
	switch half := strings.ToLower(c[3] + c[7]); {
	case strings.HasPrefix(half, "p") || strings.ContainsAny(half, "下晚傍"):
		if h < 12 {
			h += 12
		}
	case half == "中午":
		if h < 11 {
			h += 12
		}
	case (strings.HasPrefix(half, "a") || strings.ContainsAny(half, "上凌早")) && h == 12:
		h = 0
	}
	if h > 24 || minute > 59 || seconds >= 61 {
		return Day{}, ErrNoSuch
	}
	t := day.On.Time()
	at := time.Date(t.Year(), t.Month(), t.Day(), h, minute, 0, int(seconds*1e9), d.Zone).UTC()
	day.At = &at
	return day, nil
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// year reads a year of four digits or two: 69 to 99 are of the last century (POSIX).
func year(s string) int {
	s = strings.TrimPrefix(s, "'")
	n := atoi(s)
	switch {
	case len(s) > 2:
	case n < 69:
		n += 2000
	default:
		n += 1900
	}
	return n
}

// monthNamed is the month of a name, or of its first letters, 0 for none.
func monthNamed(word string) int {
	word = strings.ToLower(word)
	if len(word) < 3 {
		return 0
	}
	m := monthWords[word[:3]]
	full := strings.ToLower(time.Month(max(m, 1)).String())
	if m == 0 || len(word) > 3 && word != "sept" && word != full {
		return 0
	}
	return m
}

func dateOf(y, m, d int) (calendar.Date, error) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d || y < calendar.FirstYear || y > calendar.LastYear {
		return "", ErrNoSuch
	}
	return calendar.Date(t.Format(time.DateOnly)), nil
}
