package savedview

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
)

// Saved is a view that its actor keeps; what it is called and asks is in the row alone.
type Saved struct {
	Screen string `json:"screen"`
	Shared bool   `json:"shared"`
}

func saved(v View, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(v.ID), Kind: "saved_view.saved", On: on, Payload: Saved{v.Screen, v.Shared}}
}

// Deleted is a view that is no more.
type Deleted struct {
	Screen string `json:"screen"`
}

func deleted(v View, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(v.ID), Kind: "saved_view.deleted", On: on, Payload: Deleted{v.Screen}}
}

// Renamed is a view that is called otherwise; how is in the row alone.
type Renamed struct {
	Screen string `json:"screen"`
}

func renamed(v View, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(v.ID), Kind: "saved_view.renamed", On: on, Payload: Renamed{v.Screen}}
}
