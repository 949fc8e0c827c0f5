package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// Card is what a board shows of an open opportunity: a board has two hundred of them, and what it
// does not show is not read.
type Card struct {
	ID, Name                                        string
	AccountID, PipelineID, StageID, OwnerID, TeamID string
	AmountMinor                                     *int64
	Currency                                        string
	ConfidenceBP                                    *int64
	ExpectedOn, CreatedOn                           calendar.Date
	EnteredOn, ClockOn, ContactOn, WaitingOn        calendar.Date
	RecordedOn, StayOn                              calendar.Date
	ClockAtLeast                                    bool
	Pushes                                          int64
	Version                                         int
}

// cardOf is the card of an opportunity that was read whole.
func cardOf(o Opportunity) Card {
	return Card{
		ID: o.ID, Name: o.Name, AccountID: o.AccountID, PipelineID: o.PipelineID, StageID: o.StageID,
		OwnerID: o.OwnerID, TeamID: o.TeamID, AmountMinor: o.AmountMinor, Currency: o.Currency,
		ConfidenceBP: o.ConfidenceBP, ExpectedOn: o.ExpectedOn, CreatedOn: o.CreatedOn, EnteredOn: o.EnteredOn,
		ClockOn: o.ClockOn, ContactOn: o.ContactOn, WaitingOn: o.WaitingOn, Pushes: o.Pushes, Version: o.Version,
		RecordedOn: o.RecordedOn, StayOn: o.StayOn, ClockAtLeast: o.ClockAtLeast,
	}
}

// ClocksOn are Opportunity.ClocksOn.
func (c Card) ClocksOn(today calendar.Date, cal calendar.Calendar) Clocks {
	return Opportunity{
		State: Open, EnteredOn: c.EnteredOn, ClockOn: c.ClockOn, ContactOn: c.ContactOn, WaitingOn: c.WaitingOn,
		RecordedOn: c.RecordedOn, StayOn: c.StayOn, ClockAtLeast: c.ClockAtLeast,
	}.ClocksOn(today, cal)
}

// Column is the first page of a stage, with the totals of all its pages; counting tells that these
// are not there yet.
type Column struct {
	StageID string
	page.Result[Card]
	Totals   []Total
	Counting bool
}

// Board reads the first page of each stage's open opportunities, as List does.
func (s *Service) Board(ctx context.Context, a org.Actor, f Filter, stages []string, p page.Request, limits LimitSource) ([]Column, error) {
	f.States, f.Stage = []State{Open}, ""
	return listing(ctx, s, a, asking{f, p, limits, stages}, func(tx database.Tx, w Wanted, found []Found) ([]Column, error) {
		if found != nil {
			return s.cards(ctx, tx, w, found)
		}
		lists, err := s.meanwhile(ctx, tx, w)
		out := make([]Column, len(lists))
		for n, l := range lists {
			out[n] = Column{stages[n], page.Result[Card]{Items: make([]Card, len(l.Items)), Next: l.Next}, l.Totals, l.Counting}
			for i, o := range l.Items {
				out[n].Items[i] = cardOf(o)
			}
		}
		return out, err
	})
}

// cards reads the cards of columns that memory found.
func (s *Service) cards(ctx context.Context, tx database.Tx, w Wanted, found []Found) ([]Column, error) {
	var ids []string
	for _, f := range found {
		ids = f.shown(w.Page, ids)
	}
	byID, err := s.Rows.Cards(ctx, tx, w.TenantID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Column, len(found))
	for n, f := range found {
		out[n] = Column{w.Stages[n], page.Of(w.Page, f.Page, byID), f.Totals, false}
	}
	return out, nil
}
