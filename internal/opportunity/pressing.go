package opportunity

import "yunchou/internal/calendar"

// Pressed asks memory for the open records that ask for something, in the scope wanted.
type Pressed struct {
	Wanted
	Limits   map[string]Limits // by stage
	Calendar calendar.Calendar
	// Bars say by owner what is left out; who is not among them, all.
	Bars map[string]Bar
	// Also are records that are wanted whatever is to be said of them, closed ones too.
	Also []string
}

// Bar leaves out an owner's records that ask for something for fewer working days and are worth less, in minor
// units of the company's currency.
type Bar struct {
	Days  int
	Minor int64
	// Steps counts his records without a next step.
	Steps bool
}

// Pressing is one record, as memory tells it. The days are those of calendar.Date.Days.
type Pressing struct {
	ID, OwnerID, StageID string
	Clock, Expected      int32
	WorthMinor           int64 // in the company's currency at today's rate; below 0 there is none
	Stalled              int32 // working days beyond the limit of its stage, 0 is not
	Overdue              int32 // working days since the day it was expected on
	Passed               bool  // that day has passed
	Long                 bool  // beyond three times the maximum
	Open                 bool
	NoStep               bool // nothing comes next, where its owner's bar counts that
}

// WithoutStep are the open records nothing comes next of, as bars count them: all, and those that are not told one by one.
type WithoutStep struct{ All, Only Sum }

// Waited is for how many working days a record has been one that asks: the limit was crossed the day before.
func (p Pressing) Waited() int { return max(0, int(max(p.Stalled, p.Overdue))-1) }
