package opportunity

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Submission is evidence as handed in; which field is used follows from the
// milestone's kind.
type Submission struct {
	ID           string // the client may make it
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
// evidence.milestone_unknown, evidence.value_required, file.unknown.
func (s *Service) SubmitEvidence(ctx context.Context, a org.Actor, id string, in Submission) (Evidence, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Evidence{}, err
	}
	if err := record.CheckID(in.ID); err != nil {
		return Evidence{}, err
	}
	e := Evidence{ID: cmp.Or(in.ID, record.NewID(a.Now)), StageID: in.StageID, Key: in.Key, Status: "submitted", Text: text.Words(in.Text), Date: in.Date,
		Number: in.Number, ContactID: in.ContactID, FileID: in.FileID, SubmittedOn: a.Today, SubmittedAt: a.Now, SubmittedBy: a.Effective()}
	if text.Longer(e.Text, 4000) {
		return e, fault.Input("/text", "input.too_long", "at most 4000 characters").With("max", 4000)
	}
	return idempotency.Made(ctx, s.Keys, a.By(), in.ID, []any{id, in}, func(tx database.Tx) (Evidence, error) {
		o, err := s.takeOpen(ctx, tx, a, id, 0)
		if err != nil {
			return e, err
		}
		return s.submit(ctx, tx, a, o, e)
	})
}

func (s *Service) submit(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, e Evidence) (Evidence, error) {
	h, err := s.historyOf(ctx, tx, a, was)
	if err != nil {
		return e, err
	}
	m, err := milestone(h.version, e.StageID, e.Key)
	if err != nil {
		return e, err
	}
	if err := e.matches(m); err != nil {
		return e, err
	}
	if !m.Acceptance {
		e.Status = "accepted"
	}
	if e.ContactID != "" {
		if err := s.Accounts.CheckContacts(ctx, tx, a, "/contactId", []string{e.ContactID}); err != nil {
			return e, err
		}
	}
	if e.FileID != "" {
		if err := s.Files.AttachedTo(ctx, tx, a, Ref(was.ID), e.FileID); err != nil {
			return e, err
		}
	}
	return e, s.handIn(ctx, tx, a, was, h, e)
}

// Attachments is what evidence asks of files. Fault: file.unknown, also of a file of another
// record.
type Attachments interface {
	AttachedTo(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, id string) error
}

// NeedsFile implements file.Needs: evidence that was not sent back needs its file.
func (s *Service) NeedsFile(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, id string) (bool, error) {
	if on.Kind != Ref("").Kind {
		return false, nil
	}
	all, err := s.Rows.Evidence(ctx, tx, a.TenantID, on.ID)
	return slices.ContainsFunc(all, func(e Evidence) bool { return e.FileID == id && e.Status != "rejected" }), err
}

// handIn writes new evidence.
func (s *Service) handIn(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history, e Evidence) error {
	o := was
	h.evidence = append(h.evidence, e)
	if err := s.tick(ctx, tx, a, h, &o); err != nil {
		return err
	}
	payload := evidenceEvent{EvidenceID: e.ID, StageID: e.StageID, Milestone: e.Key, Status: e.Status, Date: e.Date, Number: e.Number,
		ContactID: e.ContactID, FileID: e.FileID}
	_, err := s.save(ctx, tx, a, was, &o, payload.event(o.ID, "submitted", a.Today))
	return errors.Join(err, database.Taken(s.Rows.InsertEvidence(ctx, tx, a.TenantID, o.ID, e), record.ErrIDTaken))
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
		pipeline.Link: isLink(e.Text),
	}
	if !has[m.Evidence] {
		return fault.Input("/"+string(m.Evidence), "evidence.value_required", "this milestone is shown by a %s", m.Evidence).With("evidence", string(m.Evidence)).With("milestone", m.Name)
	}
	if e.Date != "" {
		if _, err := calendar.Parse(string(e.Date)); err != nil {
			return calendar.BadDate("/date")
		}
	}
	return nil
}

// isLink tells whether a text is an address somebody can open: one that names a host.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

// DecideEvidence accepts or rejects evidence that asks for it. An accepted
// milestone counts as progress from the day it was submitted. Nobody decides on
// what they handed in themselves.
func (s *Service) DecideEvidence(ctx context.Context, a org.Actor, id, evidenceID string, accept bool, note string) error {
	if err := a.Need(org.EvidenceDecide); err != nil {
		return err
	}
	note = text.Words(note)
	if !accept && note == "" {
		return fault.Input("/note", "evidence.note_required", "say what is missing")
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		was, err := s.takeOpen(ctx, tx, a, id, 0)
		if err != nil {
			return err
		}
		h, err := s.historyOf(ctx, tx, a, was)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(h.evidence, func(e Evidence) bool { return e.ID == evidenceID })
		switch {
		case at < 0:
			return fault.New(fault.NotFound, "evidence.unknown", "no such evidence")
		case h.evidence[at].Status != "submitted":
			return fault.New(fault.Conflict, "evidence.decided", "it was decided already")
		}
		by, err := s.whoSubmitted(ctx, tx, a.TenantID, id, h.evidence[at])
		if err != nil {
			return err
		}
		if a.Is(by...) {
			return fault.New(fault.Rule, "evidence.own", "somebody else must decide on it")
		}
		status := "rejected"
		if accept {
			status = "accepted"
		}
		return s.decideOn(ctx, tx, a, was, h, at, status, note)
	})
}

// decideOn writes a decision on evidence, by its place in the history.
func (s *Service) decideOn(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, h history, at int, status, note string) error {
	e, now := &h.evidence[at], a.Now
	e.Status, e.DecidedAt, e.DecidedBy, e.DecisionNote = status, &now, a.Effective(), note
	o := was
	if err := s.tick(ctx, tx, a, h, &o); err != nil {
		return err
	}
	payload := evidenceEvent{EvidenceID: e.ID, StageID: e.StageID, Milestone: e.Key, Status: e.Status}
	if _, err := s.save(ctx, tx, a, was, &o, payload.event(o.ID, e.Status, a.Today)); err != nil {
		return err
	}
	return s.Rows.DecideEvidence(ctx, tx, a.TenantID, *e)
}

// WaitingEvidence is evidence somebody waits for a decision on.
type WaitingEvidence struct {
	Evidence
	OpportunityID, Opportunity, OwnerID string
}

// MostExceptions is up to how many exceptions of each part are counted.
const MostExceptions = 1000

// ExceptionTaken is an advance with exception nobody has looked at yet.
type ExceptionTaken struct {
	OpportunityID, Opportunity, OwnerID, MemberID, StageID, Reason string
	On                                                             calendar.Date
	Win                                                            bool // which waits to be accepted
}
