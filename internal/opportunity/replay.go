package opportunity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// An entry is played by the writing half of the use case that made it, with what it says;
// what follows from it — credit, clocks, teams — follows again.

// Replays plays what is said about opportunities and their evidence.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"opportunity.created":         playing(s.playCreated),
		"opportunity.recorded":        playing(s.playRecorded),
		"opportunity.retold":          ofOld(s, s.playRetold),
		"opportunity.unrecorded":      ofOld(s, s.playUnrecorded),
		"opportunity.moved":           ofOld(s, s.playMoved),
		"opportunity.taken_over":      ofOld(s, s.playTakenOver),
		"opportunity.stay_corrected":  ofOld(s, s.playCorrected),
		"opportunity.changed":         ofOld(s, s.playChanged),
		"opportunity.reverted":        ofOld(s, s.playReverted),
		"opportunity.deleted":         ofOld(s, s.playHidden(true)),
		"opportunity.restored":        ofOld(s, s.playHidden(false)),
		"opportunity.handed_over":     ofOld(s, s.playHandedOver),
		"opportunity.team_moved":      ofOld(s, s.playTeamMoved),
		"opportunity.shares_set":      ofOld(s, s.playShares),
		"opportunity.team_set":        ofOld(s, s.playTeam),
		"opportunity.contacts_set":    ofOld(s, s.playContacts),
		"opportunity.competitors_set": ofOld(s, s.playCompetitors),
		"opportunity.win_accepted":    ofOld(s, s.playAccepted),
		"opportunity.exception_seen":  playing(s.playSeen),
		"opportunity.exported":        func(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil },
		"evidence.submitted":          ofOld(s, s.playSubmitted),
		"evidence.accepted":           ofOld(s, s.playDecided),
		"evidence.rejected":           ofOld(s, s.playDecided),
	}
}

// played is an entry that is played, with its record's id and its payload.
type played[P any] struct {
	journal.Entry
	id string
	P  P
}

// playing reads an entry's payload for a player.
func playing[P any](play func(context.Context, database.Tx, org.Actor, played[P]) error) org.Replay {
	return func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry) error {
		p := played[P]{Entry: e, id: e.Subject.ID}
		if err := json.Unmarshal(e.Payload, &p.P); err != nil {
			return err
		}
		return play(ctx, tx, a, p)
	}
}

// ofOld reads, besides, the record as it was before the entry, with its history.
func ofOld[P any](s *Service, play func(context.Context, database.Tx, org.Actor, played[P], Opportunity, history) error) org.Replay {
	return playing(func(ctx context.Context, tx database.Tx, a org.Actor, e played[P]) error {
		was, err := s.AnyIn(ctx, tx, a, e.id)
		if err != nil {
			return err
		}
		h, err := s.historyOf(ctx, tx, a, was)
		if err != nil {
			return err
		}
		return play(ctx, tx, a, e, was, h)
	})
}

func (s *Service) playCreated(ctx context.Context, tx database.Tx, a org.Actor, e played[created]) error {
	o := e.P.record(e.id)
	o.CreatedAt, o.CreatedBy, o.EnteredOn, o.ProgressOn, o.ClockOn, o.Version = a.Now, a.Effective(), a.Today, a.Today, a.Today, 1
	o.RecordedOn, o.StayOn = a.Today, a.Today
	if err := s.begin(ctx, tx, a, o, linesFrom(e.P.Lines), e.P.Own, Stay{ID: e.P.StayID}); err != nil {
		return err
	}
	return s.writeOwn(ctx, tx, a, e.id, e.P.Own)
}

func (s *Service) playRecorded(ctx context.Context, tx database.Tx, a org.Actor, e played[created]) error {
	return s.Record(ctx, tx, a, []History{e.P.history(e.id)})
}

func (s *Service) playUnrecorded(ctx context.Context, tx database.Tx, a org.Actor, _ played[unrecorded], was Opportunity, h history) error {
	return s.unrecord(ctx, tx, a, was, h)
}

func (s *Service) playMoved(ctx context.Context, tx database.Tx, a org.Actor, e played[moved], was Opportunity, h history) error {
	o, p := was, e.P
	p.changes.apply(&o)
	if p.VersionID != "" {
		o.VersionID, o.PipelineID = p.VersionID, p.PipelineID
	}
	next := Stay{Ord: p.Ord, ID: p.StayID, PipelineID: o.PipelineID, VersionID: o.VersionID, StageID: p.To, State: p.State, Move: p.Move,
		EnteredOn: e.HappenedOn, RecordedAt: a.Now, RecordedOn: a.Today, MemberID: a.Effective(), Exception: p.Exception}
	if e.HappenedOn == a.Today || p.Move == pipeline.Change || p.Move == pipeline.Remap {
		next.EnteredAt = &a.Now
	}
	o.ClosedOn, o.SignedOn, o.ContractMinor, o.LossKind, o.CompetitorID = "", p.SignedOn, p.ContractMinor, p.LossKind, p.CompetitorID
	if p.State != Open {
		o.ClosedOn = e.HappenedOn
		next = o.closing(next)
	}
	_, err := s.enter(ctx, tx, a, h, entering{was: was, o: o, next: next, stated: p.Stated, lines: p.lines()})
	return err
}

func (s *Service) playTakenOver(ctx context.Context, tx database.Tx, a org.Actor, e played[takenOver], was Opportunity, _ history) error {
	o := was
	o.VersionID = e.P.VersionID[1]
	return s.takeOver(ctx, tx, a, was, &o)
}

func (s *Service) playCorrected(ctx context.Context, tx database.Tx, a org.Actor, e played[corrected], was Opportunity, h history) error {
	at := slices.IndexFunc(h.counted, func(st Stay) bool { return st.ID == e.P.Voided })
	if at < 0 {
		return fmt.Errorf("opportunity: no stay %s that counts", e.P.Voided)
	}
	f := fix{at: at, wrong: h.counted[at], version: e.P.VersionID}
	if e.P.StayID != "" {
		f.again(a, h, e.P.StayID, e.HappenedOn)
	} else {
		f.h, f.behind = h.replayed(at, e.P.After)
	}
	_, err := s.fix(ctx, tx, a, was, f)
	return err
}

// replayed is the history once a stay never was, and what is told to have become of the one
// behind it.
func (h history) replayed(at int, after *replaced) (history, *replacement) {
	out := h.without(h.counted[at].Ord)
	if after == nil {
		return out, nil
	}
	next := out.counted[at]
	if after.StayID == "" {
		return out.without(next.Ord), &replacement{voided: next}
	}
	by := next
	by.Ord, by.ID, by.Move = h.roomAfter(next.Ord), after.StayID, after.Move
	out.counted[at] = by
	return out, &replacement{next, &by}
}

func (s *Service) playChanged(ctx context.Context, tx database.Tx, a org.Actor, e played[changes], was Opportunity, _ history) error {
	if err := s.writeOwn(ctx, tx, a, e.id, e.P.Own); err != nil {
		return err
	}
	o := was
	e.P.apply(&o)
	_, err := s.change(ctx, tx, a, was, o, e.P, e.P.lines())
	return err
}

// lines are the lines that were asked for, nil for none.
func (c changes) lines() *[]Line {
	if c.Lines == nil {
		return nil
	}
	now := linesFrom(c.Lines[1])
	return &now
}

func (s *Service) playReverted(ctx context.Context, tx database.Tx, a org.Actor, e played[reverted], was Opportunity, _ history) error {
	if err := s.writeOwn(ctx, tx, a, e.id, e.P.Own); err != nil {
		return err
	}
	values, err := s.Values.Of(ctx, tx, a.TenantID, e.id)
	if err != nil {
		return err
	}
	o := was
	e.P.changes.apply(&o)
	setNow(&o.Pushes, e.P.Pushes)
	var lines []Line
	if now := e.P.changes.lines(); now != nil {
		lines = *now
	}
	return s.revert(ctx, tx, a, was, o, e.P, lines, values)
}

func (s *Service) playHidden(deleted bool) func(context.Context, database.Tx, org.Actor, played[hidden], Opportunity, history) error {
	return func(ctx context.Context, tx database.Tx, a org.Actor, e played[hidden], was Opportunity, h history) error {
		if e.P.Never != 0 {
			return s.neverRestored(ctx, tx, a, was, h, e.P.Never)
		}
		return s.hide(ctx, tx, a, was, h, deleted)
	}
}

func (s *Service) playHandedOver(ctx context.Context, tx database.Tx, a org.Actor, e played[handedOver], was Opportunity, _ history) error {
	o := was
	o.OwnerID, o.TeamID = e.P.OwnerID[1], e.P.TeamID[1]
	return s.transfer(ctx, tx, a, was, o, e.P.HandoverID)
}

func (s *Service) playTeamMoved(ctx context.Context, tx database.Tx, a org.Actor, e played[teamMoved], was Opportunity, _ history) error {
	if e.P.With {
		return s.moveWith(ctx, tx, a, was, e.P)
	}
	_, err := s.belong(ctx, tx, a, was, e.P)
	return err
}

func (s *Service) playShares(ctx context.Context, tx database.Tx, a org.Actor, e played[list[Share]], was Opportunity, _ history) error {
	return s.share(ctx, tx, a, was, e.P.Was, e.P.Now)
}

// playList plays a list that is replaced: write writes it.
func (s *Service) playList(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, was Opportunity, write func(*Opportunity) error) error {
	o := was
	if err := write(&o); err != nil {
		return err
	}
	_, err := s.save(ctx, tx, a, was, &o, journal.Event{Kind: e.Kind, On: e.HappenedOn})
	return err
}

func (s *Service) playTeam(ctx context.Context, tx database.Tx, a org.Actor, e played[list[memberOf]], was Opportunity, _ history) error {
	return s.playList(ctx, tx, a, e.Entry, was, func(*Opportunity) error {
		team := make([]TeamMember, len(e.P.Now))
		for i, m := range e.P.Now {
			team[i].MemberID = m.MemberID
		}
		return s.Rows.SetTeam(ctx, tx, a.TenantID, e.id, team)
	})
}

func (s *Service) playContacts(ctx context.Context, tx database.Tx, a org.Actor, e played[list[roleOf]], was Opportunity, _ history) error {
	return s.playList(ctx, tx, a, e.Entry, was, func(o *Opportunity) (err error) {
		contacts, ids := make([]DealContact, len(e.P.Now)), make([]string, len(e.P.Now))
		for i, c := range e.P.Now {
			contacts[i], ids[i] = DealContact{ContactID: c.ContactID, Role: c.Role}, c.ContactID
			if c.Judged != nil {
				contacts[i].Judged = *c.Judged
			}
		}
		was, err := s.Rows.Contacts(ctx, tx, a.TenantID, e.id)
		if err != nil {
			return err
		}
		if err := s.putContacts(ctx, tx, a, e.id, was, contacts, e.HappenedOn); err != nil {
			return err
		}
		o.ContactOn, err = s.Talks.LastTwoWay(ctx, tx, a, Ref(e.id), ids)
		return err
	})
}

func (s *Service) playCompetitors(ctx context.Context, tx database.Tx, a org.Actor, e played[list[string]], was Opportunity, _ history) error {
	return s.playList(ctx, tx, a, e.Entry, was, func(*Opportunity) error {
		return s.Rows.SetCompetitors(ctx, tx, a.TenantID, e.id, e.P.Now)
	})
}

func (s *Service) playAccepted(ctx context.Context, tx database.Tx, a org.Actor, e played[winAccepted], was Opportunity, h history) error {
	at := slices.IndexFunc(h.counted, func(st Stay) bool { return st.ID == e.P.StayID })
	if at < 0 {
		return fmt.Errorf("opportunity: no stay %s that counts", e.P.StayID)
	}
	return s.accept(ctx, tx, a, was, h.counted[at])
}

func (s *Service) playSeen(ctx context.Context, tx database.Tx, a org.Actor, e played[struct{}]) error {
	return s.Rows.SeeExceptions(ctx, tx, a, e.id)
}

func (s *Service) playSubmitted(ctx context.Context, tx database.Tx, a org.Actor, e played[evidenceEvent], was Opportunity, h history) error {
	return s.handIn(ctx, tx, a, was, h, Evidence{ID: e.P.EvidenceID, StageID: e.P.StageID, Key: e.P.Milestone, Status: e.P.Status,
		Date: e.P.Date, Number: e.P.Number, ContactID: e.P.ContactID, FileID: e.P.FileID,
		SubmittedOn: a.Today, SubmittedAt: a.Now, SubmittedBy: a.Effective()})
}

func (s *Service) playDecided(ctx context.Context, tx database.Tx, a org.Actor, e played[evidenceEvent], was Opportunity, h history) error {
	at := slices.IndexFunc(h.evidence, func(v Evidence) bool { return v.ID == e.P.EvidenceID })
	if at < 0 {
		return fmt.Errorf("opportunity: no evidence %s", e.P.EvidenceID)
	}
	return s.decideOn(ctx, tx, a, was, h, at, e.P.Status, "")
}
