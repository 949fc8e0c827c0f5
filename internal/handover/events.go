package handover

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
)

// The entries of a hand-over; why stays in its row. What changes hands has entries of its own.

// made is from whom to whom; from nobody where records were named.
type made struct {
	FromID string `json:"fromId,omitempty"`
	ToID   string `json:"toId"`
}

func handoverMade(h Handover) journal.Event {
	return journal.Event{Subject: Ref(h.ID), Kind: "handover.made", On: h.On, Payload: made{h.FromID, h.ToID}}
}

// wentOn is how many records of each kind have changed hands by now.
type wentOn struct {
	Counts map[string]int64 `json:"counts"`
}

func handoverWentOn(h Handover, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(h.ID), Kind: "handover.went_on", On: on, Payload: wentOn{h.Counts}}
}

// confirmed says no more than that.
type confirmed struct{}

func handoverConfirmed(id string, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "handover.confirmed", On: on, Payload: confirmed{}}
}
