package tie

import (
	"strconv"
	"yunchou/internal/calendar"
)

// Span is a time: half-open, "" is not known, or still.
type Span struct{ From, To calendar.Date }

// meets tells whether two times may have a day in common.
func (s Span) meets(o Span) bool {
	return (s.To == "" || o.From == "" || o.From < s.To) && (o.To == "" || s.From == "" || s.From < o.To)
}

// with is what two times have in common.
func (s Span) with(o Span) Span {
	out := Span{max(s.From, o.From), s.To}
	if out.To == "" || o.To != "" && o.To < out.To {
		out.To = o.To
	}
	return out
}

func (s Span) has(d calendar.Date) bool {
	return (s.From == "" || s.From <= d) && (s.To == "" || d < s.To)
}

// stated tells whether anything is known of it.
func (s Span) stated() bool { return s.From != "" || s.To != "" }

// Years is the time of years, both whole; 0 is not known, or still.
func Years(from, to int) (s Span) {
	if from != 0 {
		s.From = calendar.Date(strconv.Itoa(from) + "-01-01")
	}
	if to != 0 {
		s.To = calendar.Date(strconv.Itoa(to+1) + "-01-01")
	}
	return s
}

// years are the first and last year of a time.
func (s Span) years() (from, to int) {
	if s.From != "" {
		from, _ = strconv.Atoi(string(s.From[:4]))
	}
	if s.To != "" {
		to, _ = strconv.Atoi(string(s.To.Add(-1)[:4]))
	}
	return from, to
}
