package opportunityimport

import (
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org/orgimport"
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

// eventCase reads the events of a case: it is made, or what is known of it grows.
func (d *Deals) eventCase(x *intake.Row, v pipeline.Version) error {
	log := caseLog{Source: d.run.Mapping.Source, Version: v.ID}
	owned := false
	for _, e := range append([]*intake.Row{x}, x.More...) {
		if h, ok := d.event(e, v); ok {
			log.Events, owned = append(log.Events, h), owned || h.Owner != ""
		}
		if e.Failed() {
			x.Fail()
		}
	}
	if x.Failed() || len(log.Events) == 0 {
		return nil
	}
	if x.Has("owner") && !owned {
		x.Note("owner", "no_owner", "", "")
	}
	log.Events = ordered(log.Events)
	d.repeats(x, v, log.Events)
	ext := x.Text("case")
	if id := d.run.External(record.Opportunity).Get(ext); id != "" {
		return d.refresh(x, id, v, log)
	}
	h, custom, err := d.ofLog(v, ext, log.Events)
	if err != nil {
		return err
	}
	h.ID = d.run.NewID()
	d.ownerThere(x, &h)
	d.would.keep(d.run, ext, log.Events)
	return d.queue(newDeal{History: h, x: x, custom: custom, log: &log, version: v})
}

// repeats notes the events that repeat the stage a case is in.
func (d *Deals) repeats(x *intake.Row, v pipeline.Version, events []happening) {
	for i := 1; i < len(events); i++ {
		if a, b := events[i-1], events[i]; a.Stage == b.Stage && a.State == b.State {
			st, _ := v.Stage(b.Stage)
			x.Note("activity", "stage_repeated", st.Name, "")
		}
	}
}

// event reads one event; one to be ignored is none.
func (d *Deals) event(e *intake.Row, v pipeline.Version) (h happening, ok bool) {
	on, at := e.Past("time")
	name := e.Text("activity")
	h.On, h.At = on, instant(at, on)
	st, known := v.StageNamed(name)
	word, kind, _ := strings.Cut(name, ":")
	switch {
	case on == "" && !e.Failed():
		e.Issue("error", "time", "input.required", "an event needs a time")
		return h, false
	case known:
		h.Stage, h.State = st.ID, opportunity.State(st.Kind)
	case strings.EqualFold(word, "withdrawn"):
		h.State, h.LossKind = opportunity.Withdrawn, kind
	case strings.EqualFold(word, "lost") && kind != "":
		h.Stage, h.State, h.LossKind = v.OfKind(pipeline.Lost).ID, opportunity.Lost, kind
	case strings.EqualFold(name, "ignore"):
		e.Note("activity", "event_ignored", name, "")
		return h, false
	default:
		e.Issue("error", "activity", "pipeline.stage_unknown", "the pipeline has no stage of this name; translate it under values")
		return h, false
	}
	d.says(e, &h)
	return h, !e.Failed()
}

// says reads what an event says besides its activity.
func (d *Deals) says(e *intake.Row, h *happening) {
	h.Name = d.name(e)
	h.Owner = d.ownerOf(e)
	h.Account = d.accountOf(e)
	h.Region = d.regionOf(e, h.Owner)
	h.Amount = e.Amount("amount", d.run.Actor.Company.Currency)
	if h.State == opportunity.Lost || h.State == opportunity.Withdrawn {
		kind, reason, competitor := d.lossOf(e, h.LossKind, h.State)
		h.LossKind, h.LossReason, h.Competitor = kind, reason, competitor
	}
	custom := field.Values{}
	e.Custom(record.Opportunity, custom, intake.PartOf[*orgimport.Members](d.run).Named)
	if len(custom) > 0 {
		h.Custom = custom
	}
}

// ofLog is the record that events tell of, and its own fields by key.
func (d *Deals) ofLog(v pipeline.Version, ext string, events []happening) (h opportunity.History, custom field.Values, err error) {
	h.External = record.External{Source: d.run.Mapping.Source, ID: ext}
	h.PipelineID, h.VersionID, h.BatchID = v.PipelineID, v.ID, d.run.BatchID
	h.Name, h.Currency, h.TaxIncluded = ext, d.run.Actor.Company.Currency, true
	told(events, &h)
	a := d.run.Actor
	h.TeamID, _ = a.Structure.TeamOf(h.OwnerID, a.Today)
	custom = lastCustom(events)
	h.Values, err = d.own(custom)
	return h, custom, err
}

func instant(at *time.Time, on calendar.Date) time.Time {
	if at != nil {
		return *at
	}
	return on.Time()
}
