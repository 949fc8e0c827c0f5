package opportunity

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Today is what waits for a manager's decision: evidence, and exceptions to look at.
type Today struct {
	Waiting    []WaitingEvidence
	Exceptions []ExceptionTaken
	// AllExceptions counts them, those too that the list leaves out.
	AllExceptions int64
	// ExceptionDeals counts the records they are of.
	ExceptionDeals int64
	Names          pipeline.Names // of the stages and milestones it tells of
}

// most is where its lists are cut.
const most = 50

// TodayOf reads it.
func (s *Service) TodayOf(ctx context.Context, a org.Actor) (t Today, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return t, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if !a.Can(org.EvidenceDecide) {
			return nil
		}
		if t.Names, err = s.Pipelines.Names(ctx, tx, a.TenantID); err != nil {
			return err
		}
		if t.Waiting, err = s.Rows.Waiting(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), most); err != nil {
			return err
		}
		t.Exceptions, t.AllExceptions, err = s.Rows.Exceptions(ctx, tx, a, a.Scope(record.Opportunity, org.Write), most)
		if err != nil {
			return err
		}
		t.ExceptionDeals, err = s.exceptionDeals(ctx, tx, a, t.Exceptions)
		return err
	})
	return t, err
}

// exceptionDeals counts the records of exceptions, of which some are known: all, where there are not many.
func (s *Service) exceptionDeals(ctx context.Context, tx database.Tx, a org.Actor, some []ExceptionTaken) (int64, error) {
	if len(some) == most {
		all, err := s.Rows.WithExceptions(ctx, tx, a, a.Scope(record.Opportunity, org.Write))
		return int64(len(all)), err
	}
	deals := map[string]bool{}
	for _, e := range some {
		deals[e.OpportunityID] = true
	}
	return int64(len(deals)), nil
}

// SeeExceptions marks a record's exceptions as seen by a manager, who made none of them. Fault:
// opportunity.own_exception.
func (s *Service) SeeExceptions(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.EvidenceDecide); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if _, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), id); err != nil {
			return err
		}
		stays, err := s.Rows.Stays(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		unseen := slices.DeleteFunc(slices.Clone(stays), func(st Stay) bool { return !st.Exception || st.ExceptionSeenAt != nil })
		by, err := s.whoEntered(ctx, tx, a.TenantID, id, stays, unseen...)
		if err != nil {
			return err
		}
		if a.Is(by...) {
			return fault.New(fault.Rule, "opportunity.own_exception", "somebody else must look at it")
		}
		journal.Append(tx, a.By(), exceptionSeen{}.event(id, a.Today))
		return s.Rows.SeeExceptions(ctx, tx, a, id)
	})
}

// MayWrite refuses where the record is out of the actor's write scope.
func (s *Service) MayWrite(ctx context.Context, a org.Actor, id string) error {
	return s.DB.Read(ctx, func(tx database.Tx) error {
		_, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), id)
		return err
	})
}
