package opportunityimport

import (
	"sort"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelineimport"
	"yunchou/internal/record"
)

// readEvents reads a log of case, activity and time: each activity is the entry into
// the stage of its name.
func (d *Deals) readEvents(t *intake.Table) error {
	v, err := intake.PartOf[*pipelineimport.Pipelines](d.run).Of(t)
	if err != nil {
		return err
	}
	return t.Grouped("case", func(x *intake.Row) error { return d.eventCase(x, v) })
}

type happening struct {
	stage pipeline.Stage
	state opportunity.State
	on    calendar.Date
	at    time.Time
	line  int
}

func (d *Deals) eventCase(x *intake.Row, v pipeline.Version) error {
	var log []happening
	for _, e := range append([]*intake.Row{x}, x.More...) {
		on, at := e.Past("time")
		name := e.Text("activity")
		st, ok := v.StageNamed(name)
		switch {
		case on == "" && !e.Failed():
			e.Issue("error", "time", "input.required", "an event needs a time")
		case !ok && strings.EqualFold(name, "withdrawn"):
			log = append(log, happening{state: opportunity.Withdrawn, on: on, at: instant(at, on), line: e.Line})
		case strings.EqualFold(name, "ignore"):
			e.Note("activity", "event_ignored", name, "")
		case !ok:
			e.Issue("error", "activity", "pipeline.stage_unknown", "the pipeline has no stage of this name; translate it under values")
		default:
			log = append(log, happening{stage: st, state: opportunity.State(st.Kind), on: on, at: instant(at, on), line: e.Line})
		}
		if e.Failed() {
			x.Fail()
		}
	}
	if x.Failed() || len(log) == 0 {
		return nil
	}
	sort.SliceStable(log, func(i, j int) bool { return log[i].at.Before(log[j].at) })
	h := opportunity.History{Values: map[string]field.Value{},
		External: record.External{Source: d.run.Mapping.Source, ID: x.Text("case")}}
	h.ID = record.NewID(d.run.Actor.Now)
	h.PipelineID, h.VersionID, h.BatchID = v.PipelineID, v.ID, d.run.BatchID
	h.Name, h.Currency, h.TaxIncluded = x.Text("name"), d.run.Actor.Company.Currency, true
	if h.Name == "" {
		h.Name = x.Text("case")
	}
	h.CreatedOn = log[0].on
	d.parties(x, &h.Opportunity)
	h.AmountMinor = x.Amount("amount", h.Currency)
	for _, e := range log {
		if n := len(h.Visits); n > 0 && h.Visits[n-1].StageID == e.stage.ID && h.Visits[n-1].State == e.state {
			d.run.Tell(intake.Note{File: x.Table.Name(), Line: e.line, Field: "activity", Code: "stage_repeated",
				Value: e.stage.Name})
			continue
		}
		at := e.at
		h.Visits = append(h.Visits, opportunity.Visit{StageID: e.stage.ID, State: e.state, On: e.on, At: &at})
	}
	if h.Visits[len(h.Visits)-1].State == opportunity.Withdrawn {
		h.LossKind = opportunity.Invalid
	}
	if x.Failed() {
		return nil
	}
	return d.place(x, h, field.Values{})
}

func instant(at *time.Time, on calendar.Date) time.Time {
	if at != nil {
		return *at
	}
	return on.Time()
}
