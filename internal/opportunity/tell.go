package opportunity

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell tells what evidence shows, which stay was corrected and what own fields are called (timeline.Teller).
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref, items []*timeline.Item) error {
	if of.Kind != record.Opportunity {
		return nil
	}
	if err := s.tellEvidence(ctx, tx, a, of.ID, items); err != nil {
		return err
	}
	return s.tellCorrections(ctx, tx, a, of.ID, items)
}

func (s *Service) tellEvidence(ctx context.Context, tx database.Tx, a org.Actor, id string, items []*timeline.Item) error {
	var names pipeline.Names
	var list []Evidence
	var err error
	for _, i := range items {
		if !strings.HasPrefix(i.Kind, "evidence.") {
			continue
		}
		if list == nil {
			if names, err = s.Pipelines.Names(ctx, tx, a.TenantID); err != nil {
				return err
			}
			if list, err = s.Rows.Evidence(ctx, tx, a.TenantID, id); err != nil {
				return err
			}
		}
		var p evidenceEvent
		if err := i.Said(&p); err != nil {
			return err
		}
		for _, e := range list {
			if e.ID == p.EvidenceID {
				i.Name, i.Stage = names.Milestone(e.StageID, e.Key), names.Stages[e.StageID]
				if err := s.show(ctx, tx, a, e, i); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// show tells what evidence shows where it was handed in, and what was noted where it was decided.
func (s *Service) show(ctx context.Context, tx database.Tx, a org.Actor, e Evidence, i *timeline.Item) error {
	if i.Kind != "evidence.submitted" {
		i.Text = e.DecisionNote
		return nil
	}
	i.Text, i.FileID = cmp.Or(e.Text, string(e.Date)), e.FileID
	if i.Text == "" && e.Number != nil {
		i.Text = strconv.FormatFloat(float64(*e.Number)/1000, 'f', -1, 64)
	}
	if e.ContactID == "" {
		return nil
	}
	names, err := s.Accounts.ContactsCalled(ctx, tx, a, []string{e.ContactID})
	i.Text = cmp.Or(i.Text, names[e.ContactID])
	return err
}

func (s *Service) tellCorrections(ctx context.Context, tx database.Tx, a org.Actor, id string, items []*timeline.Item) error {
	var stays []Stay
	var names map[string]string
	var err error
	for _, i := range items {
		if i.Kind != "opportunity.stay_corrected" {
			continue
		}
		if stays == nil {
			if stays, err = s.Rows.Stays(ctx, tx, a.TenantID, id); err != nil {
				return err
			}
			if names, err = s.stageNames(ctx, tx, a.TenantID, stays); err != nil {
				return err
			}
		}
		var p struct{ Voided, StayID string }
		if err := i.Said(&p); err != nil {
			return err
		}
		var wrong, right Stay
		for _, st := range stays {
			switch st.ID {
			case p.Voided:
				wrong = st
			case p.StayID:
				right = st
			}
		}
		i.Stage, i.Reason = names[wrong.StageID], wrong.VoidReason
		if i.Reason == "" && right.Reason != wrong.Reason { // before it had a place of its own
			i.Reason = right.Reason
		}
		i.Move = &timeline.Move{Kind: string(wrong.Move), State: string(wrong.State)}
	}
	return nil
}

// MovesOf are the steps of some deals in the actor's sight; of an account's or a person's, the opening and
// the ends that stand (timeline.Moves).
func (s *Service) MovesOf(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string) ([]timeline.Item, error) {
	if !a.Can(org.OppRead) {
		return nil, nil
	}
	all, err := s.Rows.StaysWith(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), kind, ids)
	if err != nil {
		return nil, err
	}
	var out []timeline.Item
	for i, deal := 0, 0; i < len(all); i++ {
		if all[i].Deal != all[deal].Deal {
			deal = i
		}
		st := all[i]
		if kind != record.Opportunity && (st.VoidedAt != nil || st.State == Open && st.Move != pipeline.Create && st.Move != pipeline.Reopen) {
			continue
		}
		item, err := s.step(ctx, tx, a, before(all[deal:i]), st)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

// before is the last stay that stands, nil where there is none.
func before(stays []DealStay) *Stay {
	for i := len(stays) - 1; i >= 0; i-- {
		if stays[i].VoidedAt == nil {
			return &stays[i].Stay
		}
	}
	return nil
}

func (s *Service) step(ctx context.Context, tx database.Tx, a org.Actor, from *Stay, st DealStay) (timeline.Item, error) {
	i := timeline.Moved(st.EnteredOn, st.EnteredAt, st.RecordedAt, int64(st.Seq), st.Ord)
	i.ActorID, i.Subject, i.Scope = st.MemberID, Ref(st.Deal), Ref(st.Deal)
	i.Reason = cmp.Or(st.Reason, st.LossReason)
	i.Move = &timeline.Move{Kind: string(st.Move), State: string(st.State), Exception: st.Exception, Voided: st.VoidedAt != nil}
	stays := []Stay{st.Stay}
	if from != nil {
		stays = append(stays, *from)
	}
	names, err := s.stageNames(ctx, tx, a.TenantID, stays)
	i.Move.To = names[st.StageID]
	if from != nil && st.Move != pipeline.Create {
		i.Move.From, i.Move.FromState = names[from.StageID], string(from.State)
	}
	return i, err
}

// DealStay is a stay of a deal that is not at hand.
type DealStay struct {
	Deal string
	Stay
}
