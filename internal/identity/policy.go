package identity

import (
	"time"

	"yunchou/internal/fault"
)

// Policy is how long a company's sessions last: left alone, and at the most.
type Policy struct {
	IdleMinutes   int
	AbsoluteHours int
	Version       int
}

// What a company may choose, and what holds where it chose nothing. OWASP ASVS has both
// bounded and documented; thirty days is the most it has ever allowed.
const (
	minIdleMinutes, maxIdleMinutes     = 5, 7 * 24 * 60
	minAbsoluteHours, maxAbsoluteHours = 1, 30 * 24
)

// DefaultPolicy holds where a company said nothing: a working week, and a day without use.
var DefaultPolicy = Policy{IdleMinutes: 24 * 60, AbsoluteHours: 7 * 24, Version: 1}

func (p Policy) idle() time.Duration     { return time.Duration(p.IdleMinutes) * time.Minute }
func (p Policy) absolute() time.Duration { return time.Duration(p.AbsoluteHours) * time.Hour }

func (p Policy) check() error {
	outside := func(pointer string, least, most int) error {
		return fault.Input(pointer, "input.out_of_range", "between %d and %d", least, most).With("min", least).With("max", most)
	}
	switch {
	case p.IdleMinutes < minIdleMinutes || p.IdleMinutes > maxIdleMinutes:
		return outside("/idleMinutes", minIdleMinutes, maxIdleMinutes)
	case p.AbsoluteHours < minAbsoluteHours || p.AbsoluteHours > maxAbsoluteHours:
		return outside("/absoluteHours", minAbsoluteHours, maxAbsoluteHours)
	}
	return nil
}
