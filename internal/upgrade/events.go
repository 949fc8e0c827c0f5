package upgrade

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// companyBaseline is the payload of upgrade.baseline: the schema before, and the columns of
// each table, in the order in which the rows of record.baseline have them.
type companyBaseline struct {
	Schema  int                 `json:"schema"`
	Columns map[string][]string `json:"columns"`
}

func (p companyBaseline) event(company string, on calendar.Date) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: company}, Kind: "upgrade.baseline", On: on, Payload: p}
}

// recordBaseline is the payload of record.baseline: every row of a record, by table.
type recordBaseline map[string][][]any

func (p recordBaseline) event(of record.Ref, c Company) journal.Event {
	return journal.Event{Subject: of, Scope: record.Ref{Kind: "upgrade", ID: c.ID}, Kind: "record.baseline", On: c.Today,
		Payload: p}
}
