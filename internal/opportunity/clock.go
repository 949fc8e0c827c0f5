package opportunity

import (
	"sort"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"
)

// progress is what the progress clock counts from, derived from the facts alone, so that
// no path can forget or double a rule: the last new ground, and how long somebody was
// waited for since.
type progress struct {
	on      calendar.Date // of the last new ground
	clockOn calendar.Date // the day it counts as: later by the time waited for an acceptance
	waiting calendar.Date // since when an acceptance is waited for in the present stage
	atLeast bool          // the day is when it was written down: it may be longer ago
	stayOn  calendar.Date // the day the present stay counts from
}

// tell has a record repeat what was derived of it.
func (p progress) tell(o *Opportunity) {
	o.ProgressOn, o.ClockOn, o.WaitingOn, o.ClockAtLeast, o.StayOn = p.on, p.clockOn, p.waiting, p.atLeast, p.stayOn
}

// unclock takes the progress clock off a record that came closed.
func (o *Opportunity) unclock() { o.ProgressOn, o.ClockOn, o.ClockAtLeast = "", "", false }

// progressOf derives it from the live stays and all evidence. paths are the paths of the
// stays' own versions: new ground is judged by the ranks of the time.
func progressOf(counted []Stay, paths map[string]pipeline.Path, evidence []Evidence, today calendar.Date, zone *time.Location, cal calendar.Calendar) progress {
	var p progress
	if len(counted) == 0 {
		return p
	}
	for i, s := range counted {
		if (s.State == Open || s.State == Won) && breaksGround(counted[:i], s, paths) {
			if day := s.day(); day >= p.on {
				p.on, p.atLeast = day, s.EnteredOn == ""
			}
		}
	}
	met := map[[2]string]bool{}
	for _, e := range evidence { // oldest first
		if k := [2]string{e.StageID, e.Key}; e.Status == "accepted" && !met[k] {
			met[k] = true
			if e.SubmittedOn > p.on {
				p.on, p.atLeast = e.SubmittedOn, false
			}
		}
	}
	last := counted[len(counted)-1]
	p.stayOn = last.day()
	if last.State != Open {
		return p
	}
	p.waiting = waitingSince(last, evidence)
	end := today
	if p.waiting != "" {
		end = p.waiting
	}
	p.clockOn = cal.AddWorkingDays(p.on, waited(counted, evidence, p.on, end, zone, cal))
	return p
}

// day is the day a stay counts from: entered, or where that is unknown written down.
func (s Stay) day() calendar.Date {
	if s.EnteredOn != "" {
		return s.EnteredOn
	}
	return s.RecordedOn
}

// knownBefore is the last day somebody knows on which one of some stays was entered, "" where nobody knows any: what was
// written down that day, of a stage nobody knows the day of, may have been true long before.
func knownBefore(stays []Stay) calendar.Date {
	for i := len(stays) - 1; i >= 0; i-- {
		if stays[i].EnteredOn != "" {
			return stays[i].EnteredOn
		}
	}
	return ""
}

// knownAfter is the first day somebody knows on which one of some stays was entered, or else a day.
func knownAfter(stays []Stay, or calendar.Date) calendar.Date {
	for _, s := range stays {
		if s.EnteredOn != "" {
			return s.EnteredOn
		}
	}
	return or
}

// breaksGround tells whether a stay reached its stage first. A change of pipeline and a
// remap move a record without its doing.
func breaksGround(before []Stay, s Stay, paths map[string]pipeline.Path) bool {
	if s.Move == pipeline.Change || s.Move == pipeline.Remap {
		return false
	}
	path := paths[s.VersionID]
	rung := path.Rung(s.StageID)
	if rung < 0 {
		return false
	}
	for _, b := range before {
		if at, ok := path.Of(b.VersionID, b.StageID); ok && at.Reaches>>rung&1 == 1 {
			return false
		}
	}
	return true
}

// waitingSince is the earliest submission for the present stage whose acceptance is still
// waited for, not before the stage was entered; "" where none is.
func waitingSince(present Stay, evidence []Evidence) calendar.Date {
	newest := map[string]Evidence{}
	for _, e := range evidence {
		if e.StageID == present.StageID {
			newest[e.Key] = e
		}
	}
	since := calendar.Date("")
	for _, e := range newest {
		if from := max(e.SubmittedOn, present.day()); e.Status == "submitted" && (since == "" || from < since) {
			since = from
		}
	}
	return since
}

// waited counts the working days from a day to another on which an acceptance was waited
// for in the stage the record stood in: the approver's time.
func waited(counted []Stay, evidence []Evidence, from, to calendar.Date, zone *time.Location, cal calendar.Calendar) int {
	type span struct{ from, to calendar.Date }
	var spans []span
	for _, e := range evidence {
		end := to
		if e.DecidedAt != nil {
			end = calendar.DateOf(*e.DecidedAt, zone)
		} else if e.Status != "submitted" {
			continue // accepted at once: nobody was waited for
		}
		for i, s := range counted {
			if s.StageID != e.StageID || s.State != Open {
				continue
			}
			left := to
			if i+1 < len(counted) {
				left = counted[i+1].day()
			}
			x := span{max(from, e.SubmittedOn, s.day()), min(to, end, left)}
			if x.from < x.to {
				spans = append(spans, x)
			}
		}
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	days, until := 0, from
	for _, x := range spans { // days waited for twice over count once
		if begin := max(x.from, until); begin < x.to {
			days += cal.WorkingDaysBetween(begin, x.to)
			until = x.to
		}
	}
	return days
}
