package worktime

import (
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// TeamSet is how a team worked on a day and works from it on; nothing is as the team above it.
type TeamSet struct {
	From calendar.Date `json:"fromOn"`
	Was  *stated       `json:"was,omitempty"`
	Is   *stated       `json:"is,omitempty"`
}

// stated is a way as the journal writes it.
type stated struct {
	Way
	Hours string `json:"hours"`
}

func statedOf(w *Way) *stated {
	if w == nil {
		return nil
	}
	return &stated{*w, w.Hours.String()}
}

func (s *stated) way() (*Way, error) {
	if s == nil {
		return nil, nil
	}
	way, err := s.Way, error(nil)
	way.Hours, err = ParseHours(s.Hours)
	return &way, err
}

func teamSet(s Setting, was *Way) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "team", ID: s.TeamID}, Kind: "team.working_time_set", On: s.From,
		Payload: TeamSet{s.From, statedOf(was), statedOf(s.Way)}}
}

// AbsenceSaid is an absence that was entered or withdrawn. Why is in the row alone.
type AbsenceSaid struct {
	AbsenceID string    `json:"absenceId"`
	Begins    time.Time `json:"begins"`
	Ends      time.Time `json:"ends"`
	DeputyID  string    `json:"deputyId,omitempty"`
}

// AbsenceChanged is one that was changed.
type AbsenceChanged struct {
	AbsenceID string             `json:"absenceId"`
	Begins    org.Was[time.Time] `json:"begins"`
	Ends      org.Was[time.Time] `json:"ends"`
	DeputyID  org.Was[string]    `json:"deputyId"`
}

func said(b Absence) AbsenceSaid { return AbsenceSaid{b.ID, b.From.UTC(), b.To.UTC(), b.DeputyID} }

func ofMember(b Absence) record.Ref { return record.Ref{Kind: "member", ID: b.MemberID} }

func entered(b Absence, on calendar.Date) journal.Event {
	return journal.Event{Subject: ofMember(b), Kind: "member.absence_entered", On: on, Payload: said(b)}
}

func withdrawn(b Absence, on calendar.Date) journal.Event {
	return journal.Event{Subject: ofMember(b), Kind: "member.absence_withdrawn", On: on, Payload: said(b)}
}

func changed(was, is Absence, on calendar.Date) journal.Event {
	return journal.Event{Subject: ofMember(is), Kind: "member.absence_changed", On: on, Payload: AbsenceChanged{is.ID,
		org.Was[time.Time]{Old: was.From.UTC(), New: is.From.UTC()}, org.Was[time.Time]{Old: was.To.UTC(), New: is.To.UTC()},
		org.Was[string]{Old: was.DeputyID, New: is.DeputyID}}}
}
