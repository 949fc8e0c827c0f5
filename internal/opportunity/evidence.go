package opportunity

import (
	"context"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Submission is evidence as handed in; which field is used follows from the
// milestone's kind.
type Submission struct {
	StageID, Key string
	Text         string
	Date         calendar.Date
	Number       *int64 // thousandths
	ContactID    string
	FileID       string
}

// SubmitEvidence hands in the evidence for a milestone of the record's version. A
// milestone first met is new ground: the progress clock counts from today, or,
// where a manager must accept, stands still until then. Faults:
// evidence.milestone_unknown, evidence.value_required.
func (s *Service) SubmitEvidence(ctx context.Context, a org.Actor, id string, in Submission) (e Evidence, err error) {
	if err := a.Need(org.OppWrite); err != nil {
		return e, err
	}
	e = Evidence{ID: record.NewID(a.Now), StageID: in.StageID, Key: in.Key, Status: "submitted", Text: text.Fold(in.Text), Date: in.Date, Number: in.Number,
		ContactID: in.ContactID, FileID: in.FileID, SubmittedOn: a.Today, SubmittedAt: a.Now, SubmittedBy: a.Effective()}
	if len(e.Text) > 4000 {
		return e, fault.Input("/text", "input.too_long", "at most 4000 bytes").With("max", 4000)
	}
	err = s.onOpen(ctx, a, id, "evidence.submitted", map[string]any{"evidenceId": e.ID, "stageId": e.StageID, "milestone": e.Key}, func(tx database.Tx, o *Opportunity) error {
		v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
		if err != nil {
			return err
		}
		m, err := milestone(v, e.StageID, e.Key)
		if err != nil {
			return err
		}
		if err := e.matches(m); err != nil {
			return err
		}
		earlier, err := s.Rows.Evidence(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		if !m.Acceptance {
			e.Status = "accepted"
			if !met(earlier, e.StageID, e.Key) {
				o.ProgressOn = max(o.ProgressOn, a.Today)
			}
		}
		if e.ContactID != "" {
			if _, err := s.Accounts.Rows.Contact(ctx, tx, a.TenantID, a.Read, e.ContactID); err != nil {
				return fault.Input("/contactId", "contact.unknown", "no such contact")
			}
		}
		o.WaitingOn = waitingSince(v, o.StageID, append(earlier, e))
		return s.Rows.InsertEvidence(ctx, tx, a.TenantID, id, e)
	})
	return e, err
}

func milestone(v pipeline.Version, stageID, key string) (pipeline.Milestone, error) {
	st, _ := v.Stage(stageID)
	for _, m := range st.Milestones {
		if m.Key == key {
			return m, nil
		}
	}
	return pipeline.Milestone{}, fault.New(fault.Rule, "evidence.milestone_unknown", "this pipeline version has no such milestone")
}

// matches checks that the kind of evidence the milestone asks for is there.
func (e Evidence) matches(m pipeline.Milestone) error {
	has := map[pipeline.Evidence]bool{
		pipeline.File: e.FileID != "", pipeline.Text: e.Text != "", pipeline.Contact: e.ContactID != "",
		pipeline.Date: e.Date != "", pipeline.Number: e.Number != nil,
		pipeline.Link: strings.HasPrefix(e.Text, "https://") || strings.HasPrefix(e.Text, "http://"),
	}
	if !has[m.Evidence] {
		return fault.Input("/"+string(m.Evidence), "evidence.value_required", "this milestone is shown by a %s", m.Evidence).With("evidence", string(m.Evidence)).With("milestone", m.Name)
	}
	if e.Date != "" {
		if _, err := calendar.Parse(string(e.Date)); err != nil {
			return fault.Input("/date", "calendar.bad_date", "dates are written 2026-02-28")
		}
	}
	return nil
}

func met(evidence []Evidence, stage, key string) bool {
	for _, e := range evidence {
		if e.StageID == stage && e.Key == key && e.Status == "accepted" {
			return true
		}
	}
	return false
}

// waitingSince is the earliest submission of the present stage whose acceptance is
// still waited for, "" where none is.
func waitingSince(v pipeline.Version, stage string, evidence []Evidence) calendar.Date {
	newest := map[string]Evidence{}
	for _, e := range evidence {
		if e.StageID == stage {
			newest[e.Key] = e
		}
	}
	since := calendar.Date("")
	for _, e := range newest {
		if e.Status == "submitted" && (since == "" || e.SubmittedOn < since) {
			since = e.SubmittedOn
		}
	}
	return since
}

// DecideEvidence accepts or rejects evidence that asks for it. An accepted
// milestone counts as progress from the day it was submitted. Nobody decides on
// what they handed in themselves.
func (s *Service) DecideEvidence(ctx context.Context, a org.Actor, id, evidenceID string, accept bool, note string) error {
	if err := a.Need(org.EvidenceDecide); err != nil {
		return err
	}
	note = text.Fold(note)
	if !accept && note == "" {
		return fault.Input("/note", "evidence.note_required", "say what is missing")
	}
	kind := "evidence.rejected"
	if accept {
		kind = "evidence.accepted"
	}
	return s.onOpen(ctx, a, id, kind, map[string]any{"evidenceId": evidenceID}, func(tx database.Tx, o *Opportunity) error {
		all, err := s.Rows.Evidence(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		at := -1
		for i, e := range all {
			if e.ID == evidenceID {
				at = i
			}
		}
		if at < 0 {
			return fault.New(fault.NotFound, "evidence.unknown", "no such evidence")
		}
		if all[at].Status != "submitted" {
			return fault.New(fault.Conflict, "evidence.decided", "it was decided already")
		}
		if all[at].SubmittedBy == a.Effective() {
			return fault.New(fault.Rule, "evidence.own", "somebody else must decide on it")
		}
		first := !met(all, all[at].StageID, all[at].Key)
		e := &all[at]
		e.Status, e.DecidedAt, e.DecidedBy, e.DecisionNote = "rejected", &a.Now, a.Effective(), note
		if accept {
			e.Status = "accepted"
			if first {
				o.ProgressOn = max(o.ProgressOn, e.SubmittedOn)
			}
		}
		v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
		if err != nil {
			return err
		}
		o.WaitingOn = waitingSince(v, o.StageID, all)
		return s.Rows.DecideEvidence(ctx, tx, a.TenantID, *e)
	})
}

// WaitingEvidence is evidence somebody waits for a decision on.
type WaitingEvidence struct {
	Evidence
	OpportunityID, Opportunity, OwnerID string
}

// ExceptionTaken is an advance with exception nobody has looked at yet.
type ExceptionTaken struct {
	OpportunityID, Opportunity, OwnerID, MemberID, StageID, Reason string
	On                                                             calendar.Date
}
