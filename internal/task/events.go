package task

import (
	"yunchou/internal/calendar"
	"yunchou/internal/record"
)

// The payloads of a task's entries; what was said stays in its row.

type added struct {
	MemberID       string        `json:"memberId"`
	DueOn          calendar.Date `json:"dueOn"`
	CustomerAgreed bool          `json:"customerAgreed"`
	On             []record.Ref  `json:"on,omitempty"`
	Long           bool          `json:"long,omitempty"`
	Parties        []partSaid    `json:"parties,omitempty"`
	// CreatedBy is said where somebody else made it: what comes again is made by the program.
	CreatedBy string        `json:"createdBy,omitempty"`
	SeriesID  string        `json:"seriesId,omitempty"`
	SeriesDay calendar.Date `json:"seriesDay,omitempty"`
	Repeat    *Repeat       `json:"repeat,omitempty"`
	Meets     string        `json:"meets,omitempty"` // the id of one of the customer's people
}

type partSaid struct {
	MemberID string `json:"memberId"`
	Part     string `json:"part"`
}

// done is also what is taken back (task.reopened).
type done struct {
	DueOn  calendar.Date `json:"dueOn"`
	DoneOn calendar.Date `json:"doneOn"`
}

// redated is the old and the new day, and whether the customer agreed to the new one.
type redated struct {
	DueOn  [2]calendar.Date `json:"dueOn"`
	Agreed bool             `json:"agreed,omitempty"`
}

type dropped struct {
	DueOn calendar.Date `json:"dueOn"`
}

// handedOver is the old and the new member of a task, of a part in it, of its series, or whom was asked instead.
type handedOver struct {
	MemberID   [2]string `json:"memberId"`
	HandoverID string    `json:"handoverId"`
}

// noted is what says that something was said.
type noted struct{}

type reviewed struct {
	Accepted bool `json:"accepted"`
}

type offered struct {
	ToID string `json:"toId"`
}

// answered is whose it is or was, and who was asked.
type answered struct {
	MemberID [2]string `json:"memberId"`
	Accepted bool      `json:"accepted"`
}

type partDone struct {
	MemberID string `json:"memberId"`
}

// partners are those who have a part now; Joined had none before.
type partners struct {
	Parties []partSaid `json:"parties"`
	Joined  []string   `json:"joined,omitempty"`
}

type seriesEnded struct {
	SeriesID string `json:"seriesId"`
}
