package worktime

import (
	"sort"
	"time"

	"yunchou/internal/calendar"
)

const minute = int64(time.Minute)

// Rule is how a team works.
type Rule struct {
	Pattern calendar.Pattern
	Hours   Hours
	Zone    *time.Location
}

// clock counts the time worked since 1990 by one rule. Worked time only grows, so that whatever is asked
// is a difference of two counts, or the first instant of a count.
type clock struct {
	cal   calendar.Calendar
	hours Hours
	zone  *time.Location
	aDay  int64
	upTo  []int32 // working days up to and including each day
	first int     // day of upTo[0], since 1970-01-01
	odd   []oddDay
}

// oddDay is a day on which the zone's clocks are put forward or back.
type oddDay struct {
	day    int
	spans  [][2]int64 // instants the hours begin and end; none where the day is not worked
	sum    int64
	beyond int64 // by how much the odd days up to and including this one differ from usual ones
}

func newClock(cal calendar.Calendar, r Rule) *clock {
	c := &clock{cal: cal.By(r.Pattern), hours: r.Hours, zone: r.Zone, aDay: r.Hours.aDay()}
	c.upTo, c.first = c.cal.Worked()
	c.findOdd()
	return c
}

// worked is the number of working days up to and including one.
func (c *clock) worked(day int) int64 {
	return int64(c.upTo[max(0, min(day-c.first, len(c.upTo)-1))])
}

func (c *clock) works(day int) bool { return c.worked(day) > c.worked(day-1) }

// stretch is a time without change of clocks: instants and seconds east of Greenwich.
type stretch struct{ from, to, east int64 }

// stretches are the zone's, over the days counted.
func (c *clock) stretches() (out []stretch) {
	end := int64(c.first+len(c.upTo)) * 86400
	for at := int64(c.first-2) * 86400; at < end; {
		t := time.Unix(at, 0).In(c.zone)
		_, east := t.Zone()
		_, until := t.ZoneBounds()
		to := end + 3*86400
		if !until.IsZero() { // of a far leap year Go says that its last day is over before it begins
			to = min(to, max(until.Unix(), at+86400))
		}
		if n := len(out); n > 0 && out[n-1].east == int64(east) {
			out[n-1].to = to
		} else {
			out = append(out, stretch{at, to, int64(east)})
		}
		at = to
	}
	return out
}

func (c *clock) findOdd() {
	all, beyond := c.stretches(), int64(0)
	for i := 1; i < len(all); i++ {
		before, after := all[i].from+all[i-1].east-1, all[i].from+all[i].east
		for day := floor(min(before, after), 86400); day <= floor(max(before, after), 86400); day++ {
			if len(c.odd) > 0 && int(day) <= c.odd[len(c.odd)-1].day {
				continue
			}
			o := oddDay{day: int(day)}
			if c.works(o.day) {
				for _, s := range c.hours {
					span := [2]int64{reached(all, day*86400+int64(s.From)*60), reached(all, day*86400+int64(s.To)*60)}
					o.spans, o.sum = append(o.spans, span), o.sum+span[1]-span[0]
				}
				beyond += o.sum - c.aDay
			}
			o.beyond = beyond
			c.odd = append(c.odd, o)
		}
	}
}

// reached is the first instant, in nanoseconds, at which clocks had shown a local time or a later one:
// an hour that is skipped is over as it begins, one that comes twice is in its hours the first time.
func reached(all []stretch, local int64) int64 {
	i := sort.Search(len(all), func(i int) bool { return all[i].to+86400*2 > local })
	for ; i < len(all)-1 && all[i].to+all[i].east < local; i++ {
	}
	return max(all[i].from, local-all[i].east) * int64(time.Second)
}

func floor(a, b int64) int64 {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

// oddAt is the place of the first odd day not before a day.
func (c *clock) oddAt(day int) int {
	return sort.Search(len(c.odd), func(i int) bool { return c.odd[i].day >= day })
}

// through is what is worked up to the end of a day.
func (c *clock) through(day int) int64 {
	sum := c.worked(day) * c.aDay
	if i := c.oddAt(day + 1); i > 0 {
		sum += c.odd[i-1].beyond
	}
	return sum
}

// at is what is worked up to an instant.
func (c *clock) at(t time.Time) int64 {
	_, east := t.In(c.zone).Zone()
	local := t.Unix() + int64(east)
	day := floor(local, 86400)
	if i := c.oddAt(int(day)); i < len(c.odd) && c.odd[i].day == int(day) {
		return c.onOdd(i, t.UnixNano())
	}
	sum := c.through(int(day) - 1)
	if !c.works(int(day)) {
		return sum
	}
	gone := (local-day*86400)*int64(time.Second) + int64(t.Nanosecond())
	for _, s := range c.hours {
		sum += max(0, min(gone, int64(s.To)*minute)-int64(s.From)*minute)
	}
	return sum
}

// onOdd counts on an odd day and the odd days beside it: clocks put back over midnight show a day twice.
func (c *clock) onOdd(i int, at int64) int64 {
	for i > 0 && c.odd[i-1].day == c.odd[i].day-1 {
		i--
	}
	sum := c.through(c.odd[i].day - 1)
	for j := i; j < len(c.odd) && c.odd[j].day == c.odd[i].day+j-i; j++ {
		for _, s := range c.odd[j].spans {
			sum += max(0, min(at, s[1])-s[0])
		}
	}
	return sum
}

// when is the first instant at which so much is worked; the zero time where that is beyond the calendar.
func (c *clock) when(sum int64) time.Time {
	n := sort.Search(len(c.upTo), func(i int) bool { return c.through(c.first+i) >= sum })
	if n == len(c.upTo) {
		return time.Time{}
	}
	day := c.first + n
	rest := sum - c.through(day-1)
	if i := c.oddAt(day); i < len(c.odd) && c.odd[i].day == day {
		for _, s := range c.odd[i].spans {
			if rest <= s[1]-s[0] {
				return time.Unix(0, s[0]+rest).UTC()
			}
			rest -= s[1] - s[0]
		}
	}
	for _, s := range c.hours {
		length := int64(s.To-s.From) * minute
		if rest <= length {
			clock := int64(s.From)*minute + rest
			return time.Date(1970, 1, 1+day, 0, 0, 0, 0, c.zone).Add(time.Duration(clock)).UTC()
		}
		rest -= length
	}
	return time.Time{}
}
