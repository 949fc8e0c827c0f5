// Package opportunityhttp is the routes of opportunities: decode, call, encode. It embeds
// the body of a contact, as what is kept about a person is the contact and the follow-ups
// it took part in.
package opportunityhttp

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/file"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/task"
)

// Deps is what the routes need.
type Deps struct {
	Opportunities *opportunity.Service
	Accounts      *account.Service
	Pipelines     *pipeline.Service
	Fields        *field.Service
	Files         *file.Store
	Tasks         *task.Service
	FollowUps     *followup.Service
	Handovers     *handover.Service
	Measures      Measures
	// Calendar returns a company's working calendar.
	Calendar func(tenant string) calendar.Calendar
}

// Measures is what the routes ask of the funnel: from when a record is stalled or
// overstayed, and what its stage has been worth.
type Measures interface {
	opportunity.LimitSource
	// Soon waits a moment, holding nothing, for limits nobody has computed yet, and tells whether
	// they are there.
	Soon(ctx context.Context, tenant string) (bool, error)
	// Await waits, holding nothing, as long as a table may that is written.
	Await(ctx context.Context, tenant string) error
	Limits(ctx context.Context, tenant string) (by map[string]opportunity.Limits, known bool, err error)
	CalibratedFor(ctx context.Context, a org.Actor, v pipeline.Version, stage string) opportunity.Rate
}

type handler struct{ Deps }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	h := &handler{d}
	h.lists(api)
	h.board(api)
	h.today(api)
	h.teams(api)
	h.cleanup(api)
	h.records(api)
	h.moves(api)
	h.evidence(api)
	h.files(api)
	h.followUps(api)
	h.nextSteps(api)
	h.people(api)
	h.roles(api)
	h.carriers(api)
	h.exports(api)
}
