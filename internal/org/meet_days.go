package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// MeetDays are the working days within which somebody new is met, by the phase of the opportunity: who follows one of
// the customer's people, and by whoever took the opportunity over, its key persons.
type MeetDays struct {
	Early  int `json:"early" minimum:"1" maximum:"20"`
	Middle int `json:"middle" minimum:"1" maximum:"20"`
	Late   int `json:"late" minimum:"1" maximum:"20"`
}

// usualMeetDays is what a company has that chose nothing: in the article's story the order was lost on the third day.
var usualMeetDays = MeetDays{2, 2, 2}

const mostMeetDays = 20

// In are those of a phase: early, middle or late.
func (m MeetDays) In(phase string) int {
	switch phase {
	case "early":
		return m.Early
	case "middle":
		return m.Middle
	}
	return m.Late
}

// SetMeetDays changes them for what begins from now on; clocks that run stay as they are. Faults: record.stale,
// input.out_of_range.
func (s *Service) SetMeetDays(ctx context.Context, a Actor, in MeetDays) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	for pointer, n := range map[string]int{"/early": in.Early, "/middle": in.Middle, "/late": in.Late} {
		if n < 1 || n > mostMeetDays {
			return fault.Input(pointer, "input.out_of_range", "1 to 20 working days").With("min", 1).With("max", mostMeetDays)
		}
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := alone(ctx, tx, a.TenantID); err != nil {
			return err
		}
		was, err := s.Rows.Company(ctx, tx, a.TenantID)
		switch {
		case err != nil:
			return err
		case a.IfMatch != 0 && a.IfMatch != was.Version:
			return record.ErrStale
		case was.MeetDays == in:
			return nil
		}
		c := was
		c.MeetDays = in
		return s.saveCompany(ctx, tx, was, c, a.Today, journal.Append(tx, a.By(), meetDaysSet(c.ID, a.Today, was.MeetDays, in)))
	})
}

// MeetDaysSet is what they were and are.
type MeetDaysSet struct {
	Early  Was[int] `json:"meetEarly"`
	Middle Was[int] `json:"meetMiddle"`
	Late   Was[int] `json:"meetLate"`
}

func meetDaysSet(id string, on calendar.Date, was, is MeetDays) journal.Event {
	return journal.Event{Subject: ofCompany(id), Kind: "company.meet_days_set", On: on,
		Payload: MeetDaysSet{Was[int]{was.Early, is.Early}, Was[int]{was.Middle, is.Middle}, Was[int]{was.Late, is.Late}}}
}

func (s *Service) playMeetDays(ctx context.Context, tx database.Tx, a Actor, e journal.Entry, p MeetDaysSet) error {
	c := a.Company
	c.MeetDays = MeetDays{p.Early.New, p.Middle.New, p.Late.New}
	return s.saveCompany(ctx, tx, a.Company, c, e.HappenedOn, database.Seq(e.Seq))
}
