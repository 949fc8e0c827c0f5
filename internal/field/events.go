package field

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// Defined is a field that was added; what it and its choices are called stays in the row.
// Version 2 is the first that says its place.
type Defined struct {
	Record   string `json:"record"`
	Key      string `json:"key"`
	Type     Type   `json:"type"`
	Position int    `json:"position"`
}

func defined(f Field, position int, on calendar.Date) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "field", ID: f.ID}, Kind: "field.defined", Version: 2, On: on,
		Payload: Defined{Record: f.Record, Key: f.Key, Type: f.Type, Position: position}}
}
