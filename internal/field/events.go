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
	e := about(f.ID, "defined", Defined{Record: f.Record, Key: f.Key, Type: f.Type, Position: position}, on)
	e.Version = 2
	return e
}

// Renamed is a field that is called otherwise.
type Renamed struct{}

// Rechosen is a field whose choices are others, or called otherwise: how many it has, and how many are retired.
type Rechosen struct {
	Choices int `json:"choices"`
	Retired int `json:"retired"`
}

// Moved is a field with another place among those of its kind.
type Moved struct {
	Position int `json:"position"`
}

// Retired is a field that is asked for no more, Restored one that is asked for again.
type (
	Retired  struct{}
	Restored struct{}
)

func about(id, kind string, payload any, on calendar.Date) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "field", ID: id}, Kind: "field." + kind, On: on, Payload: payload}
}
