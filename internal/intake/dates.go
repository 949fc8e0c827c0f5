package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/calendar"
)

var (
	yearFirst = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$`)
	yearLast  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?$`)
	compact   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serial    = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	withZone  = regexp.MustCompile(`(Z|[+-]\d{2}:?\d{2})$`)
)

// dateColumn learns a column's form from all its values: 3/4/2019 alone may be
// March or April, 13/4/2019 further down decides.
type dateColumn struct {
	monthFirst, dayFirst bool // a value that only this order explains
	slashes              int
	example              string
}

func (d *dateColumn) learn(text string) {
	m := yearLast.FindStringSubmatch(text)
	if m == nil {
		return
	}
	d.slashes++
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	d.monthFirst = d.monthFirst || b > 12 && a <= 12
	d.dayFirst = d.dayFirst || a > 12 && b <= 12
	if d.example == "" {
		d.example = text
	}
}

// format decides; "" with slashes seen means that nobody can tell.
func (d *dateColumn) format(stated string) string {
	switch {
	case stated != "":
		return stated
	case d.monthFirst && !d.dayFirst:
		return "mdy"
	case d.dayFirst && !d.monthFirst:
		return "dmy"
	case d.slashes == 0:
		return "ymd"
	}
	return ""
}

// parseDate reads a date in the usual forms; instants with a zone become the day
// in the company's zone.
func parseDate(text, format string, zone *time.Location) (calendar.Date, *time.Time, error) {
	if withZone.MatchString(text) && strings.ContainsAny(text, "T:") {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-0700", "2006-01-02 15:04:05.000Z07:00"} {
			if t, err := time.Parse(layout, text); err == nil {
				day, err := calendar.Parse(string(calendar.DateOf(t, zone)))
				return day, &t, err
			}
		}
	}
	var y, m, d string
	if p := yearFirst.FindStringSubmatch(text); p != nil {
		y, m, d = p[1], p[2], p[3]
	} else if p := compact.FindStringSubmatch(text); p != nil {
		y, m, d = p[1], p[2], p[3]
	} else if p := yearLast.FindStringSubmatch(text); p != nil {
		switch format {
		case "mdy":
			y, m, d = p[3], p[1], p[2]
		case "dmy":
			y, m, d = p[3], p[2], p[1]
		default:
			return "", nil, fmt.Errorf("day and month cannot be told apart: state the format mdy or dmy")
		}
	} else if serial.MatchString(text) {
		n, _ := strconv.ParseFloat(text, 64)
		if n > 20000 && n < 65000 { // 1954 to 2077 in Excel's day numbers
			return calendar.Date(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly)), nil, nil
		}
		return "", nil, fmt.Errorf("not a date")
	} else {
		return "", nil, fmt.Errorf("not a date")
	}
	yy, _ := strconv.Atoi(y)
	mm, _ := strconv.Atoi(m)
	dd, _ := strconv.Atoi(d)
	t := time.Date(yy, time.Month(mm), dd, 0, 0, 0, 0, time.UTC)
	if t.Year() != yy || int(t.Month()) != mm || t.Day() != dd || yy < calendar.FirstYear || yy > calendar.LastYear {
		return "", nil, fmt.Errorf("no such day")
	}
	date := calendar.Date(t.Format(time.DateOnly))
	// A clock time without a zone is the company's own; it orders events of a day.
	if i := strings.IndexAny(text, " T"); i > 0 {
		for _, layout := range []string{"15:04:05.999999", "15:04:05", "15:04"} {
			if c, err := time.ParseInLocation(layout, strings.TrimSpace(text[i+1:]), zone); err == nil {
				at := time.Date(yy, time.Month(mm), dd, c.Hour(), c.Minute(), c.Second(), c.Nanosecond(), zone).UTC()
				return date, &at, nil
			}
		}
	}
	return date, nil, nil
}
