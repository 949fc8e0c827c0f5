package opportunity

import (
	"strings"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"
)

// bid is 机会 › 入围 › 方案 › 报价, and 赢单.
func bid() pipeline.Version {
	v := pipeline.Version{ID: "v1"}
	for _, name := range []string{"机会", "入围", "方案", "报价", "赢单"} {
		kind := pipeline.Open
		if name == "赢单" {
			kind = pipeline.Won
		}
		v.Stages = append(v.Stages, pipeline.Stage{ID: name, Name: name, Kind: kind})
	}
	return v
}

// path is a history in words: "机会 03-02, 入围 03-05"; "?" is an unknown day.
func path(t *testing.T, text string) []Stay {
	t.Helper()
	var out []Stay
	for _, step := range strings.Split(text, ", ") {
		stage, day, _ := strings.Cut(step, " ")
		st := Stay{StageID: stage, VersionID: "v1", State: Open, RecordedOn: "2026-03-20"}
		if day != "?" {
			st.EnteredOn = calendar.Date("2026-" + day)
		}
		if stage == "赢单" {
			st.State = Won
		}
		out = append(out, st)
	}
	return out
}

// TestTheProgressClock runs to Friday 2026-03-27. March 2026 has no holiday.
func TestTheProgressClock(t *testing.T) {
	decided := func(day string) *time.Time {
		at := calendar.Date(day).Time().Add(4 * time.Hour)
		return &at
	}
	for _, tt := range []struct {
		name, path string
		evidence   []Evidence
		on         calendar.Date
		days       int
		waiting    int // -1 is nobody
		atLeast    bool
	}{
		{"from the last new stage", "机会 03-02, 入围 03-20", nil, "2026-03-20", 5, -1, false},
		{"a return is no new ground", "机会 03-02, 入围 03-09, 机会 03-23", nil, "2026-03-09", 14, -1, false},
		{"nor is walking there again", "机会 03-02, 入围 03-09, 机会 03-16, 入围 03-23", nil, "2026-03-09", 14, -1, false},
		{"a skipped stage entered later is none either", "机会 03-02, 方案 03-09, 入围 03-23", nil, "2026-03-09", 14, -1, false},
		{"a move dated back does not take progress back", "机会 03-02, 入围 03-16, 方案 03-10", nil, "2026-03-16", 9, -1, false},
		{"of an unknown day it is at least since it was written down", "机会 ?", nil, "2026-03-20", 5, -1, true},
		{"a milestone first accepted counts from its submission", "机会 03-02", []Evidence{
			{StageID: "机会", Key: "a", Status: "accepted", SubmittedOn: "2026-03-18"}}, "2026-03-18", 7, -1, false},
		{"met again it counts no more", "机会 03-02", []Evidence{{StageID: "机会", Key: "a", Status: "accepted", SubmittedOn: "2026-03-10"},
			{StageID: "机会", Key: "a", Status: "accepted", SubmittedOn: "2026-03-25"}}, "2026-03-10", 13, -1, false},
		{"it stands still while an acceptance is waited for", "机会 03-02", []Evidence{
			{StageID: "机会", Key: "a", Status: "submitted", SubmittedOn: "2026-03-11"}}, "2026-03-02", 7, 12, false},
		{"the time until a rejection was the approver's", "机会 03-02", []Evidence{
			{StageID: "机会", Key: "a", Status: "rejected", SubmittedOn: "2026-03-11", DecidedAt: decided("2026-03-18")}}, "2026-03-02", 14, -1, false},
		{"two waits at once count once", "机会 03-02", []Evidence{
			{StageID: "机会", Key: "a", Status: "rejected", SubmittedOn: "2026-03-11", DecidedAt: decided("2026-03-18")},
			{StageID: "机会", Key: "b", Status: "rejected", SubmittedOn: "2026-03-12", DecidedAt: decided("2026-03-17")}}, "2026-03-02", 14, -1, false},
		{"evidence of a stage that was left is waited for by nobody", "机会 03-02, 入围 03-16", []Evidence{
			{StageID: "机会", Key: "a", Status: "submitted", SubmittedOn: "2026-03-11"}}, "2026-03-16", 9, -1, false},
		{"and from the return on it is again", "机会 03-02, 入围 03-09, 机会 03-23", []Evidence{
			{StageID: "机会", Key: "a", Status: "submitted", SubmittedOn: "2026-03-04"}}, "2026-03-09", 10, 4, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, stays := bid(), path(t, tt.path)
			paths := map[string]pipeline.Path{v.ID: pipeline.NewPath(v, []pipeline.Version{v})}
			const today = calendar.Date("2026-03-27")
			p := progressOf(stays, paths, tt.evidence, today, time.UTC, calendar.China)
			o := Opportunity{State: Open, ClockOn: p.clockOn, WaitingOn: p.waiting}
			c := o.ClocksOn(today, calendar.China)
			if p.on != tt.on || c.ProgressDays == nil || *c.ProgressDays != tt.days || p.atLeast != tt.atLeast {
				t.Errorf("on %s, %v days, at least %v; want %s, %d, %v", p.on, c.ProgressDays, p.atLeast, tt.on, tt.days, tt.atLeast)
				if c.ProgressDays != nil {
					t.Errorf("%d days", *c.ProgressDays)
				}
			}
			if (c.WaitingDays == nil) != (tt.waiting < 0) || c.WaitingDays != nil && *c.WaitingDays != tt.waiting {
				t.Errorf("waited for %v, want %d", c.WaitingDays, tt.waiting)
			}
		})
	}
}

// TestClocksOfWhatIsClosedAreNot: a won record has no clock.
func TestClocksOfWhatIsClosedAreNot(t *testing.T) {
	o := Opportunity{State: Won, ClockOn: "2026-03-02", ContactOn: "2026-03-02", EnteredOn: "2026-03-02"}
	c := o.ClocksOn("2026-03-27", calendar.China)
	if c.ProgressDays != nil || c.ContactDays != nil || c.StayDays != nil {
		t.Errorf("%+v", c)
	}
}

// TestWhatNobodyKnowsTheDayOfIsAtLeastAsLongAsWritten: each clock by itself, from the day it was written
// down; one that is known is exact.
func TestWhatNobodyKnowsTheDayOfIsAtLeastAsLongAsWritten(t *testing.T) {
	const recorded, known, today = calendar.Date("2026-03-02"), calendar.Date("2026-03-20"), calendar.Date("2026-03-27")
	for _, tt := range []struct {
		name                    string
		o                       Opportunity
		progress, contact, stay int
		least                   [3]bool // progress, contact, stay
	}{
		{"nothing is known", Opportunity{ClockOn: recorded, ClockAtLeast: true}, 19, 19, 19, [3]bool{true, true, true}},
		{"a contact is known", Opportunity{ClockOn: recorded, ClockAtLeast: true, ContactOn: known}, 19, 5, 19, [3]bool{true, false, true}},
		{"the stage is known", Opportunity{ClockOn: known, EnteredOn: known}, 5, 19, 5, [3]bool{false, true, false}},
	} {
		tt.o.State, tt.o.RecordedOn, tt.o.StayOn = Open, recorded, or(tt.o.EnteredOn, recorded)
		c := tt.o.ClocksOn(today, calendar.China)
		got := [3]int{*c.ProgressDays, *c.ContactDays, *c.StayDays}
		if got != [3]int{tt.progress, tt.contact, tt.stay} || [3]bool{c.AtLeast, c.ContactAtLeast, c.StayAtLeast} != tt.least {
			t.Errorf("%s: %v, at least %v %v %v", tt.name, got, c.AtLeast, c.ContactAtLeast, c.StayAtLeast)
		}
	}
}

// TestPushes: a later day than one that was to come, as of when the record was known here.
func TestPushes(t *testing.T) {
	for _, tt := range []struct {
		expected, to calendar.Date
		want         bool
	}{
		{"", "2026-04-30", false},           // one where there was none
		{"2026-02-27", "2026-04-30", false}, // it had passed when it was imported
		{"2026-03-02", "2026-04-30", true},  // it was that very day
		{"2026-03-31", "2026-04-30", true},
		{"2026-03-31", "2026-03-31", false},
		{"2026-03-31", "2026-03-30", false},
		{"2026-03-31", "", false},
	} {
		o := Opportunity{State: Open, RecordedOn: "2026-03-02", ExpectedOn: tt.expected}
		if got := o.pushed(tt.to); got != tt.want {
			t.Errorf("%q to %q is a push: %v", tt.expected, tt.to, got)
		}
	}
}
