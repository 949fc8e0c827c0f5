package funnel

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// exported is which part of the analysis left as a table, and in which form.
type exported struct {
	Part   string `json:"part"`
	Format string `json:"format"`
}

func reportExported(id string, on calendar.Date, p exported) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "export", ID: id}, Kind: "report.exported", On: on, Payload: p}
}
