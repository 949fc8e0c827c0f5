package intake

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// The entries about imports themselves; what they bring in, its own kinds say.

func batchRef(id string) record.Ref { return record.Ref{Kind: "import", ID: id} }

// started is what an import begins with.
type started struct {
	DryRun bool `json:"dryRun"`
	Files  int  `json:"files"`
}

func importStarted(id string, on calendar.Date, p started) journal.Event {
	return journal.Event{Subject: batchRef(id), Kind: "import.started", On: on, Payload: p}
}

// ended is how far an import came.
type ended struct {
	Rows    int64 `json:"rows"`
	Refused int64 `json:"refused"`
}

// importEnded is an import that is done, failed or cancelled.
func importEnded(b Batch, on calendar.Date) journal.Event {
	p := ended{b.RowsDone, b.Summary.Refused}
	return journal.Event{Subject: batchRef(b.ID), Kind: "import." + b.Status, On: on, Payload: p}
}

// undoStarted says no more than that.
type undoStarted struct{}

func importUndoStarted(id string, on calendar.Date) journal.Event {
	return journal.Event{Subject: batchRef(id), Kind: "import.undo_started", On: on, Payload: undoStarted{}}
}

// undone is what became of what an import had brought.
type undone struct {
	Removed  int64 `json:"removed"`
	Restored int64 `json:"restored"`
	Kept     int   `json:"kept"`
}

// importUndone is an undo that came to its end, or is to be gone on with.
func importUndone(id, kind string, on calendar.Date, u Undone) journal.Event {
	return journal.Event{Subject: batchRef(id), Kind: kind, On: on, Payload: undone{u.Removed, u.Restored, len(u.Kept)}}
}
