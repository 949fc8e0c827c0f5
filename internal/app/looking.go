package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/guidance"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// looked are the opportunities managers look at, and what people said of them.
type looked struct{ *opportunity.Service }

func (l looked) Looked(ctx context.Context, tx database.Tx, tenant string, owners []string, since calendar.Date) ([]guidance.Deal, error) {
	list, err := l.QualifiedOf(ctx, tx, tenant, owners, since)
	out := make([]guidance.Deal, len(list))
	for i, q := range list {
		out[i] = guidance.Deal{ID: q.ID, OwnerID: q.OwnerID, TeamID: q.TeamID, QualifiedOn: q.QualifiedOn, ClosedOn: q.ClosedOn, Owners: q.Owners}
	}
	return out, err
}

// newsOf is what each kind of entry is news of.
var newsOf = map[string]guidance.What{
	"opportunity.created": guidance.OfStage, "opportunity.moved": guidance.OfStage, "opportunity.reverted": guidance.OfStage,
	"opportunity.stay_corrected": guidance.OfStage,
	"opportunity.changed":        guidance.OfFigures,
	"opportunity.contacts_set":   guidance.OfPeople, "opportunity.competitors_set": guidance.OfPeople,
	"follow_up.logged":   guidance.OfTalk,
	"evidence.submitted": guidance.OfEvidence,
	"task.added":         guidance.OfStep, "task.done": guidance.OfStep, "task.redated": guidance.OfStep,
}

func (l looked) Facts(ctx context.Context, tx database.Tx, tenant string, deals []string, from time.Time) ([]guidance.Fact, error) {
	list, err := journal.Said(ctx, tx, tenant, record.Opportunity, deals, slices.Sorted(maps.Keys(newsOf)), from)
	out := make([]guidance.Fact, len(list))
	for i, e := range list {
		out[i] = guidance.Fact{DealID: e.Scope.ID, ByID: e.ActorID, What: newsOf[e.Kind], At: e.RecordedAt}
		if e.OnBehalfOf != "" {
			out[i].ByID = e.OnBehalfOf
		}
	}
	return out, err
}

func (l looked) Endings(ctx context.Context, tx database.Tx, tenant string, deals []string) (map[string]guidance.Ending, error) {
	list, err := l.StatesOf(ctx, tx, tenant, deals)
	out := make(map[string]guidance.Ending, len(list))
	for _, x := range list {
		out[x.ID] = guidance.Ending{State: x.State, On: x.ClosedOn}
	}
	return out, err
}
