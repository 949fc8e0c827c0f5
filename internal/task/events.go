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
}

type done struct {
	DueOn  calendar.Date `json:"dueOn"`
	DoneOn calendar.Date `json:"doneOn"`
}

// redated is the old and the new day.
type redated struct {
	DueOn [2]calendar.Date `json:"dueOn"`
}

type dropped struct {
	DueOn calendar.Date `json:"dueOn"`
}

// handedOver is the old and the new member.
type handedOver struct {
	MemberID   [2]string `json:"memberId"`
	HandoverID string    `json:"handoverId"`
}
