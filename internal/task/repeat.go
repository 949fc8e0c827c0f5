package task

import (
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
)

// Repeat is by which rule a task comes again.
type Repeat struct {
	Every string `json:"every"` // day, week or month
	// Weekdays of a week: 1 is Monday, 7 Sunday.
	Weekdays []int `json:"weekdays,omitempty"`
	// MonthDay of a month, its last day where it has fewer; 0 is the last working day.
	MonthDay int `json:"monthDay,omitempty"`
	// Until is the last day, "" none; Count is how many there are with the first, 0 no limit.
	Until calendar.Date `json:"until,omitempty"`
	Count int           `json:"count,omitempty"`
	// Holidays says what becomes of a day nobody works on: it moves to the next working day, or is skipped.
	Holidays string `json:"holidays"`
}

const (
	daily   = "day"
	weekly  = "week"
	monthly = "month"
	moves   = "move"
	skips   = "skip"
	// tries is how many days of a rule are looked at for the next; a member is not away for longer.
	tries = 800
)

// check refuses a rule that says nothing. Faults: task.repeat_unknown, task.repeat_weekdays, task.repeat_month_day,
// task.repeat_until, calendar.bad_date, input.out_of_range.
func (r *Repeat) check(first calendar.Date) error {
	if r == nil {
		return nil
	}
	switch {
	case r.Every != daily && r.Every != weekly && r.Every != monthly:
		return fault.Input("/repeat/every", "task.repeat_unknown", "every day, week or month")
	case r.Holidays != moves && r.Holidays != skips:
		return fault.Input("/repeat/holidays", "task.repeat_unknown", "move or skip")
	case r.Every == weekly && (len(r.Weekdays) == 0 || slices.Min(r.Weekdays) < 1 || slices.Max(r.Weekdays) > 7):
		return fault.Input("/repeat/weekdays", "task.repeat_weekdays", "say on which days of the week, 1 to 7")
	case r.MonthDay < 0 || r.MonthDay > 31:
		return fault.Input("/repeat/monthDay", "task.repeat_month_day", "1 to 31, or 0 for the last working day")
	case r.Count < 0 || r.Count > 1000:
		return fault.Input("/repeat/count", "input.out_of_range", "at most 1000").With("max", 1000)
	}
	if r.Until != "" {
		if _, err := calendar.Parse(string(r.Until)); err != nil {
			return calendar.BadDate("/repeat/until")
		}
		if r.Until < first {
			return errRepeatUntil
		}
	}
	if r.Every != weekly {
		r.Weekdays = nil
	}
	slices.Sort(r.Weekdays)
	r.Weekdays = slices.Compact(r.Weekdays)
	if r.Every != monthly {
		r.MonthDay = 0
	}
	return nil
}

// next is the first day by the rule after a day.
func (r Repeat) next(after calendar.Date, works func(calendar.Date) bool) calendar.Date {
	d := after.Add(1)
	switch r.Every {
	case weekly:
		for !slices.Contains(r.Weekdays, (int(d.Time().Weekday())+6)%7+1) {
			d = d.Add(1)
		}
	case monthly:
		for month := d.Time(); ; month = month.AddDate(0, 1, 0) {
			month = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
			if in := r.inMonth(calendar.DateOf(month, time.UTC), works); in > after {
				return in
			}
		}
	}
	return d
}

// inMonth is the day of the month that begins on first.
func (r Repeat) inMonth(first calendar.Date, works func(calendar.Date) bool) calendar.Date {
	last := calendar.DateOf(first.Time().AddDate(0, 1, -1), time.UTC)
	if r.MonthDay > 0 {
		return min(first.Add(r.MonthDay-1), last)
	}
	for d := last; d >= first; d = d.Add(-1) {
		if works(d) {
			return d
		}
	}
	return last
}

// Following is the next day by the rule after one, and the day that task is due: neither before today nor on the day the
// last was due, and not after the last. False where none follows.
func (r Repeat) Following(day, due, today calendar.Date, works func(calendar.Date) bool) (nextDay, nextDue calendar.Date, ok bool) {
	for range tries {
		day = r.next(day, works)
		if r.Until != "" && day > r.Until {
			return "", "", false
		}
		at := day
		if !works(at) {
			if r.Holidays == skips {
				continue
			}
			for n := 0; n < tries && !works(at); n++ {
				at = at.Add(1)
			}
		}
		if at > due && at >= today {
			return day, at, true
		}
	}
	return "", "", false
}

// beginBy has the first of what comes again be due on the first day by its rule, from the day that was said on.
// Fault: task.repeat_until.
func (t *Task) beginBy(r Repeat, works func(calendar.Date) bool) error {
	before := t.DueOn.Add(-1)
	day, due, ok := r.Following(before, before, "", works)
	if !ok {
		return errRepeatUntil
	}
	t.SeriesDay, t.DueOn = day, due
	return nil
}

var errRepeatUntil = fault.Input("/repeat/until", "task.repeat_until", "the last day is before the first")
