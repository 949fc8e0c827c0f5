package opportunityhttp

import (
	"context"
	"sort"

	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

type listBody struct {
	Items  []OppBody           `json:"items"`
	Next   string              `json:"next"`
	Totals []opportunity.Total `json:"totals"`
	// Counting is a large company's first list after a start.
	Counting bool `json:"counting" doc:"the totals are being computed: ask again"`
}

// page answers with a page of a list.
func (h *handler) page(ctx context.Context, actor org.Actor, f opportunity.Filter, p page.Request) (b listBody, err error) {
	err = h.atOnce(ctx, actor, func(ctx context.Context, v view) (err error) {
		b, err = h.listed(ctx, actor, v, f, p)
		return err
	})
	return b, err
}

// listed is a page of a list, within a snapshot.
func (h *handler) listed(ctx context.Context, actor org.Actor, v view, f opportunity.Filter, p page.Request) (b listBody, err error) {
	res, err := h.Opportunities.Page(ctx, actor, f, p, h.Measures)
	if err != nil {
		return b, err
	}
	items, err := h.bodies(ctx, actor, v, res.Items)
	return listBody{items, res.Next, res.Totals, res.Counting}, err
}

// bodies shows records as lists do.
func (h *handler) bodies(ctx context.Context, actor org.Actor, v view, list []opportunity.Opportunity) ([]OppBody, error) {
	names, err := h.Opportunities.PipelineNames(ctx, actor)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for n, o := range list {
		ids[n] = o.ID
	}
	next, err := h.nextOf(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	out := []OppBody{}
	for _, o := range list {
		b := v.bodyOf(o)
		b.NextStep = next[o.ID]
		b.Stage = names.Stages[o.StageID]
		out = append(out, b)
	}
	return out, nil
}

// Bodies answers with records by id, in that order; those out of scope are left out.
func (d Deps) Bodies(ctx context.Context, actor org.Actor, ids []string) ([]OppBody, error) {
	if len(ids) == 0 {
		return []OppBody{}, nil
	}
	h := &handler{d}
	b, err := h.page(ctx, actor, opportunity.Filter{IDs: ids, WithDeleted: true}, page.Request{Limit: len(ids)})
	place := map[string]int{}
	for i, id := range ids {
		place[id] = i
	}
	sort.Slice(b.Items, func(i, j int) bool { return place[b.Items[i].ID] < place[b.Items[j].ID] })
	return b.Items, err
}

func (h *handler) lists(api *httpapi.API) {
	type listIn struct {
		httpapi.Paging
		Filters
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities", ID: "listOpportunities",
		Summary:    "List opportunities; by amount means in the company's currency at today's rate, without a rate last",
		Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[listBody], error) {
		return httpapi.Answer(h.page(ctx, actor, in.Filter(), in.Request()))
	})
}
