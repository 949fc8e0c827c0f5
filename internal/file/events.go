package file

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// ref names a file in the journal.
func ref(id string) record.Ref { return record.Ref{Kind: "file", ID: id} }

// attached is the payload of file.attached: what was attached to what; its name stays in the
// row.
type attached struct {
	On   record.Ref `json:"on"`
	Type string     `json:"type"`
	Size int64      `json:"size"`
	Hash string     `json:"hash"`
}

func fileAttached(f File, on calendar.Date) journal.Event {
	return journal.Event{Subject: ref(f.ID), Scope: f.On, Kind: "file.attached", Version: 2, On: on,
		Payload: attached{f.On, f.Type, f.Size, f.Hash}}
}

// removed is the payload of file.removed: its name and bytes are gone.
type removed struct{}

func fileRemoved(f File, on calendar.Date) journal.Event {
	return journal.Event{Subject: ref(f.ID), Scope: f.On, Kind: "file.removed", Version: 1, On: on, Payload: removed{}}
}
