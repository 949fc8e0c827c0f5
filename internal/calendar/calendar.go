// Package calendar counts days: business dates without a zone, working days of
// mainland China with make-up days (补班), and the status of each year's data.
package calendar

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"yunchou/internal/fault"
)

// Date is a day in a company's calendar, "2026-02-28". The zero value "" means
// unknown. Dates compare as strings.
type Date string

// DateOf returns the day of an instant in a zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

// FirstYear and LastYear bound the dates of a business record: what lies outside is a
// typing error, and the funnel's columns number the days between in 16 bits.
const (
	FirstYear = 1900
	LastYear  = 2078
)

const badDate = "dates are written 2026-02-28, from %d to %d"

// BadDate refuses what stands where a date belongs, and says which dates there are.
func BadDate(pointer string) *fault.Fault {
	return fault.Input(pointer, "calendar.bad_date", badDate, FirstYear, LastYear).With("first", FirstYear).With("last", LastYear)
}

// Parse reads "2026-02-28". Fault: calendar.bad_date.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < FirstYear || t.Year() > LastYear {
		return "", fault.New(fault.Invalid, "calendar.bad_date", badDate, FirstYear, LastYear).With("first", FirstYear).With("last", LastYear)
	}
	return Date(s), nil
}

// Time returns midnight UTC of the day; the zero time for an unknown date.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// DateOfCivil is a day by its numbers; what is beyond a month or year runs over into
// the next.
func DateOfCivil(year, month, day int) Date {
	return Date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// Days counts days since 1970-01-01, in the Gregorian calendar.
// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
func (d Date) Days() int {
	if len(d) != 10 {
		return int(d.Time().Unix() / 86400)
	}
	number := func(from, to int) (n int) {
		for _, c := range []byte(d[from:to]) {
			n = n*10 + int(c-'0')
		}
		return n
	}
	y, m, day := number(0, 4), number(5, 7), number(8, 10)
	if m <= 2 {
		y--
	}
	era := y / 400
	ofEra := y - era*400
	ofYear := (153*((m+9)%12)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}

// In is the instant the day begins in a zone: the first of its midnights, or, where clocks go
// forward at the end of the day before and there is none, the instant they do.
func (d Date) In(zone *time.Location) time.Time {
	day := d.Time()
	midnight := func(z *time.Location) time.Time { return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, z) }
	t := midnight(zone)
	began, ends := t.ZoneBounds()
	switch {
	case DateOf(t, zone) < d:
		return ends
	case DateOf(t.Add(-1), zone) == d: // clocks went back to it
		_, offset := began.Add(-1).Zone()
		return midnight(time.FixedZone("", offset)).In(zone)
	}
	return t
}

// Add moves by calendar days.
func (d Date) Add(days int) Date { return Date(d.Time().AddDate(0, 0, days).Format(time.DateOnly)) }

// Sub returns the calendar days from other to d, negative if d is earlier.
func (d Date) Sub(other Date) int { return d.Days() - other.Days() }

// Month returns "2026-02".
func (d Date) Month() string {
	if len(d) < 7 {
		return ""
	}
	return string(d[:7])
}

// Status says how far a year's holidays can be trusted.
type Status string

// Published is from a source that is not the notice itself, until a person confirms it.
const (
	Official  Status = "official"
	Published Status = "published"
	Estimated Status = "estimated"
	Missing   Status = "missing"
)

// Day is one exception of a year: a day off, or a working day on a weekend.
type Day struct {
	Name string `json:"name"`
	Date Date   `json:"date"`
	Off  bool   `json:"isOffDay"`
}

// Year is one year of exceptions, in the shape of the holiday-cn files.
type Year struct {
	Year   int      `json:"year"`
	Papers []string `json:"papers"`
	Status Status   `json:"status,omitempty"` // "" is official
	Source string   `json:"source,omitempty"`
	Days   []Day    `json:"days"`
}

// YearStatus is a year whose holidays are not certain.
type YearStatus struct {
	Year   int    `json:"year"`
	Status Status `json:"status" enum:"published,estimated,missing"`
}

// Calendar is an immutable working calendar. The zero value knows no holidays
// and reports every year as missing.
type Calendar struct {
	off     map[Date]bool // true = day off, false = make-up working day
	years   map[int]Status
	plain   bool    // weekends only: there is nothing to know
	prefix  []int32 // working days before epoch+i; makes counts O(1)
	pattern Pattern
	by      *patterned // the calendar by its other patterns
}

var epoch = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

const epochDay = 7305 // 1990-01-01 in days since 1970-01-01

const span = 366 * 130 // days indexed from 1990: to about 2119

// New builds a five-day calendar from years; a later entry for the same year
// replaces the earlier. A year without a single day is missing: an empty list
// means that the notice is not out, not that there are no holidays.
func New(years ...Year) Calendar {
	byYear := map[int]Year{}
	for _, y := range years {
		byYear[y.Year] = y
	}
	c := Calendar{off: map[Date]bool{}, years: map[int]Status{}}
	for _, n := range slices.Sorted(maps.Keys(byYear)) { // of a December two notices rule the later one counts
		y := byYear[n]
		c.years[n] = Missing
		if len(y.Days) > 0 {
			c.years[n] = cmp.Or(y.Status, Official)
		}
		for _, d := range y.Days {
			c.off[d.Date] = d.Off
		}
	}
	c.by = &patterned{by: map[Pattern]Calendar{}}
	c.count()
	return c
}

// Status of a year's holiday data. Weekdays of a missing year are counted as
// working days, and the reader is told so.
func (c Calendar) Status(year int) Status {
	if c.plain {
		return Official
	}
	if s, ok := c.years[year]; ok {
		return s
	}
	return Missing
}

// Uncertain lists the years between two days whose holidays are not certain: what is
// counted over them says so.
func (c Calendar) Uncertain(from, to Date) []YearStatus {
	var out []YearStatus
	if from == "" || to < from {
		return nil
	}
	for y := from.Time().Year(); y <= to.Time().Year(); y++ {
		if s := c.Status(y); s != Official {
			out = append(out, YearStatus{y, s})
		}
	}
	return out
}

// Years lists the years with data or a known gap, ascending.
func (c Calendar) Years() []int {
	var years []int
	for y := range c.years {
		years = append(years, y)
	}
	sort.Ints(years)
	return years
}

// IsWorkingDay reports whether the day is worked.
func (c Calendar) IsWorkingDay(d Date) bool {
	if off, listed := c.off[d]; listed {
		return !off
	}
	day := d.Days()
	return c.pattern.week(day).Has(weekdayOf(day))
}

// WorkingDaysBetween counts the working days of (from, to]: the day something
// happened is day 0. It is negative where to is before from.
func (c Calendar) WorkingDaysBetween(from, to Date) int {
	worked, first := c.Worked()
	at := func(d Date) int32 { return worked[max(0, min(d.Days()-first, span))] }
	return int(at(to) - at(from))
}

// Worked counts the working days since 1990 up to and including each day, from the day
// with the number first on, in days since 1970-01-01: WorkingDaysBetween for whoever asks
// millions of times. Nobody may change it.
func (c Calendar) Worked() (upTo []int32, first int) {
	if c.prefix == nil {
		c = plain()
	}
	return c.prefix, epochDay - 1
}

// plain is the calendar without holidays.
var plain = sync.OnceValue(func() Calendar { return New() })

// WorkingDaysIn counts the working days of the half-open period [from, to).
func (c Calendar) WorkingDaysIn(from, to Date) int {
	return c.WorkingDaysBetween(from.Add(-1), to.Add(-1))
}

// Before returns the latest day d such that more than n working days have
// passed from d to today: the cutoff of "older than n working days". It is "" where
// not so many are counted since 1990: nothing is so old.
func (c Calendar) Before(today Date, n int) Date {
	worked, first := c.Worked()
	upTo := worked[:max(0, min(today.Days()-first, span))+1]
	last := int(upTo[len(upTo)-1])
	recent := sort.Search(len(upTo), func(i int) bool { return last-int(upTo[i]) <= n })
	if recent == 0 {
		return ""
	}
	return Date(epoch.AddDate(0, 0, recent-2).Format(time.DateOnly))
}

// AddWorkingDays returns the nth working day after d (n ≥ 0).
func (c Calendar) AddWorkingDays(d Date, n int) Date {
	for n > 0 {
		d = d.Add(1)
		if c.IsWorkingDay(d) {
			n--
		}
	}
	return d
}

//go:embed cnholidays/*.json
var shipped embed.FS

// ShippedYears returns the years of mainland China that come with the program,
// made from the State Council notices linked in each file.
// Source: NateScarlet/holiday-cn (MIT, cnholidays/LICENSE).
func ShippedYears() []Year {
	entries, err := shipped.ReadDir("cnholidays")
	if err != nil {
		panic(err) // embedded: present or the build is broken
	}
	var years []Year
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		raw, err := shipped.ReadFile("cnholidays/" + e.Name())
		if err != nil {
			panic(err)
		}
		y, err := ParseYear(raw)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", e.Name(), err))
		}
		years = append(years, y)
	}
	return years
}

// ParseYear reads a holiday-cn file, so that a new year needs no release. Faults: calendar.bad_file,
// calendar.bad_year, calendar.bad_status, calendar.no_days, calendar.bad_day, calendar.day_outside,
// calendar.day_twice.
func ParseYear(raw []byte) (Year, error) {
	var y Year
	if err := json.Unmarshal(raw, &y); err != nil {
		return Year{}, fault.New(fault.Invalid, "calendar.bad_file", "expected a holiday-cn year file: JSON with year and days")
	}
	if y.Year < 1990 || y.Year > 2100 {
		return Year{}, fault.New(fault.Invalid, "calendar.bad_year", "the file has no year from 1990 to 2100")
	}
	switch y.Status {
	case "", Official, Published, Estimated, Missing:
	default:
		return Year{}, fault.New(fault.Invalid, "calendar.bad_status", "a year is official, published, estimated or missing")
	}
	if len(y.Days) == 0 && y.Status != Missing {
		return Year{}, fault.New(fault.Invalid, "calendar.no_days", "the file names no day: a year without any is missing")
	}
	return y, y.checkDays()
}

func (y Year) checkDays() error {
	// A notice may rule the days of the December before, as that of 2023 did.
	own, before, seen := strconv.Itoa(y.Year), strconv.Itoa(y.Year-1)+"-12", map[Date]bool{}
	for i, d := range y.Days {
		day := string(d.Date)
		if _, err := Parse(day); err != nil {
			return fault.New(fault.Invalid, "calendar.bad_day", "entry %d of days has no date such as 2026-10-01", i+1).With("entry", i+1)
		}
		if !strings.HasPrefix(day, own) && !strings.HasPrefix(day, before) {
			return fault.New(fault.Invalid, "calendar.day_outside", "%s lies outside the year and the December before", day).With("on", day)
		}
		if seen[d.Date] {
			return fault.New(fault.Invalid, "calendar.day_twice", "%s is named twice", day).With("on", day)
		}
		seen[d.Date] = true
	}
	return nil
}

// China is the calendar of the shipped years, built once.
var China = New(ShippedYears()...)

// WeekendsOnly is the calendar of a company whose holidays nobody states.
var WeekendsOnly = func() Calendar {
	c := New()
	c.plain = true
	return c
}()

// built are calendars by their years' texts: companies with the same years share one.
var built = struct {
	sync.Mutex
	by map[string]Calendar
}{by: map[string]Calendar{}}

// keptCalendars bounds them. One takes a few hundred KB, and who keeps loading other
// holidays makes another each time.
const keptCalendars = 32

// Of is the calendar of years as they are written, in JSON, one text each: built once for the same
// texts, which many ask for at every request.
func Of(texts []string) (Calendar, error) {
	key := strings.Join(texts, "\n")
	built.Lock()
	defer built.Unlock()
	if c, ok := built.by[key]; ok {
		return c, nil
	}
	years := make([]Year, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal([]byte(text), &years[i]); err != nil {
			return Calendar{}, err
		}
	}
	c := New(years...)
	if len(built.by) >= keptCalendars {
		clear(built.by)
	}
	built.by[key] = c
	return c, nil
}
