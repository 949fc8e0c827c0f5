package opportunity

import "yunchou/internal/calendar"

// Clocks are the clocks of an open opportunity, in working days; nil of what is closed. What nobody
// knows the day of counts from the day it was written down: the clock is then at least so long.
type Clocks struct {
	ProgressDays *int `json:"progressDays" doc:"working days since the last new ground"`
	ContactDays  *int `json:"contactDays" doc:"working days since the last two-way contact with a person who has a role in this deal"`
	WaitingDays  *int `json:"waitingDays" doc:"working days an acceptance has been waited for: the approver's time"`
	StayDays     *int `json:"stayDays" doc:"working days in the present stage"`
	AtLeast      bool `json:"atLeast" doc:"the progress clock runs from the day it was written down: it may be longer"`
	// ContactAtLeast and StayAtLeast say the same of the other two.
	ContactAtLeast bool `json:"contactAtLeast" doc:"no contact is known: the clock runs from the day the deal was first recorded"`
	StayAtLeast    bool `json:"stayAtLeast" doc:"nobody knows when the stage was entered: the stay counts from the day it was written down"`
	// Uncertain are the years that were counted without certain holidays.
	Uncertain []calendar.YearStatus `json:"uncertain"`
}

// Excess is by how many working days a clock is beyond a limit, as it counts where records are compared or
// added up: at most twice the limit, so that what nobody looks after for years does not hide the rest.
func Excess(days, limit int) int { return min(max(0, days-limit), 2*limit) }

// ClocksOn computes the clocks on a day. Waiting for an acceptance is the
// approver's time: the progress clock stands still from the day of submission.
func (o Opportunity) ClocksOn(today calendar.Date, cal calendar.Calendar) Clocks {
	c := Clocks{Uncertain: []calendar.YearStatus{}}
	if o.State != Open {
		return c
	}
	since := today
	days := func(from, to calendar.Date) *int {
		if from == "" {
			return nil
		}
		since = min(since, from)
		n := max(0, cal.WorkingDaysBetween(from, to))
		return &n
	}
	progressed := today
	if o.WaitingOn != "" {
		progressed = max(o.WaitingOn, o.ClockOn)
	}
	c.ProgressDays, c.AtLeast = days(o.ClockOn, progressed), o.ClockAtLeast
	c.ContactDays, c.ContactAtLeast = days(or(o.ContactOn, o.RecordedOn), today), o.ContactOn == ""
	c.StayDays, c.StayAtLeast = days(o.StayOn, today), o.EnteredOn == ""
	c.WaitingDays = days(o.WaitingOn, today)
	c.Uncertain = append(c.Uncertain, cal.Uncertain(since, today)...)
	return c
}
