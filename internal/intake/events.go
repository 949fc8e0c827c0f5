package intake

import (
	"sort"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// events reads a log of case, activity and time: each activity is the entry into
// the stage of its name.
func (r *run) events(t *table) error {
	v, err := r.version(t)
	if err != nil {
		return err
	}
	return r.grouped(t, func(x *row) string { return x.text("case") }, func(x *row) error { return r.eventCase(x, v) })
}

type happening struct {
	stage pipeline.Stage
	state opportunity.State
	on    calendar.Date
	at    time.Time
	line  int
}

func (r *run) eventCase(x *row, v pipeline.Version) error {
	var log []happening
	for _, e := range append([]*row{x}, x.more...) {
		on, at := e.past("time")
		name := e.text("activity")
		st, ok := v.StageNamed(name)
		switch {
		case on == "" && !e.failed:
			e.issue("error", "time", "input.required", "an event needs a time")
		case !ok && strings.EqualFold(name, "withdrawn"):
			log = append(log, happening{state: opportunity.Withdrawn, on: on, at: instant(at, on), line: e.line})
		case strings.EqualFold(name, "ignore"):
			e.note("activity", "event_ignored", name, "")
		case !ok:
			e.issue("error", "activity", "pipeline.stage_unknown", "the pipeline has no stage of this name; translate it under values")
		default:
			log = append(log, happening{stage: st, state: opportunity.State(st.Kind), on: on, at: instant(at, on), line: e.line})
		}
		x.failed = x.failed || e.failed
	}
	if x.failed || len(log) == 0 {
		return nil
	}
	sort.SliceStable(log, func(i, j int) bool { return log[i].at.Before(log[j].at) })
	h := opportunity.History{External: record.External{Source: r.m.Source, ID: x.text("case")}, Values: map[string]field.Value{}}
	h.ID = record.NewID(r.a.Now)
	h.Name, h.PipelineID, h.VersionID, h.BatchID, h.Currency, h.TaxIncluded = x.text("name"), v.PipelineID, v.ID, r.opt.BatchID, r.a.Company.Currency, true
	if h.Name == "" {
		h.Name = x.text("case")
	}
	h.CreatedOn = log[0].on
	r.parties(x, &h.Opportunity)
	h.AmountMinor = x.amount("amount", h.Currency)
	for _, e := range log {
		if n := len(h.Visits); n > 0 && h.Visits[n-1].StageID == e.stage.ID && h.Visits[n-1].State == e.state {
			x.run.note(Note{File: x.t.name(), Field: "activity", Code: "stage_repeated", Value: e.stage.Name, Line: e.line})
			continue
		}
		at := e.at
		h.Visits = append(h.Visits, opportunity.Visit{StageID: e.stage.ID, State: e.state, On: e.on, At: &at})
	}
	if h.Visits[len(h.Visits)-1].State == opportunity.Withdrawn {
		h.LossKind = opportunity.Invalid
	}
	if x.failed {
		return nil
	}
	return r.place(x, h, field.Values{})
}

func instant(at *time.Time, on calendar.Date) time.Time {
	if at != nil {
		return *at
	}
	return on.Time()
}
