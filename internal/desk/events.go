package desk

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// Ref names a decision in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: "desk_mark", ID: id} }

// Decided is a line that ended; why is in the row alone.
type Decided struct {
	MemberID string        `json:"memberId"`
	Of       record.Ref    `json:"of"`
	Kinds    []string      `json:"kinds"`
	Facts    string        `json:"facts"`
	Decision Decision      `json:"decision"`
	Until    calendar.Date `json:"until,omitempty"`
	ToID     string        `json:"toId,omitempty"`
	TaskID   string        `json:"taskId,omitempty"`
	NoteID   string        `json:"noteId,omitempty"`
	BackOf   string        `json:"backOf,omitempty"`
}

func decided(m Mark) journal.Event {
	return journal.Event{Subject: Ref(m.ID), Kind: "desk.decided", On: m.On,
		Payload: Decided{m.MemberID, m.Of, m.Kinds, m.Facts.Text(), m.Decision, m.Until, m.ToID, m.TaskID, m.NoteID, m.BackOf}}
}

// LevelsSet is from which amounts on the higher levels see a line at once.
type LevelsSet struct {
	Was []int64 `json:"was"`
	Is  []int64 `json:"is"`
}

func levelsSet(was, is Bars, on calendar.Date) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "desk_levels", ID: "levels"}, Kind: "desk.levels_set", On: on, Payload: LevelsSet{was, is}}
}
