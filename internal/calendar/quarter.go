package calendar

import "time"

// A working day is counted in quarters of an hour, from 9 to 18 by the clock of the company.
const (
	Quarters     = 36 // of a working day
	opens        = 9 * 60
	quarterHours = 15 // minutes
)

// QuarterOf is how many quarters of an instant's working day have passed; known is false where the
// instant does not lie on the day in the zone: it was written by another one.
func QuarterOf(t time.Time, on Date, zone *time.Location) (quarter int, known bool) {
	local := t.In(zone)
	if Date(local.Format(time.DateOnly)) != on {
		return 0, false
	}
	minutes := local.Hour()*60 + local.Minute() - opens
	return min(max(minutes, 0)/quarterHours, Quarters), true
}

// QuartersBetween counts the quarters worked from a quarter of one day to a quarter of the same or a
// later one. Of a day that is not worked there are none.
func (c Calendar) QuartersBetween(from Date, began int, to Date, ended int) int {
	full := Quarters * c.WorkingDaysBetween(from, to)
	if c.IsWorkingDay(from) {
		full += Quarters - began
	}
	if c.IsWorkingDay(to) {
		full -= Quarters - ended
	}
	return max(full, 0)
}
