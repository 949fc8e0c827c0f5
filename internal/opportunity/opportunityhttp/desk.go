package opportunityhttp

import (
	"context"

	"yunchou/internal/handover/handoverhttp"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// DeskBody is what a desk shows at first look, but for the figures.
type DeskBody struct {
	TodayBody
	Leavers []handoverhttp.LeaverBody `json:"leavers" doc:"who left, or will, and still holds something; of whoever may hand over"`
	Deals   *DeskDeals                `json:"deals" doc:"null while what tells them is being loaded"`
}

// DeskDeals is what of the deals in sight asks for something, over all pipelines.
type DeskDeals struct {
	Any        bool                `json:"any" doc:"whether there is a deal in sight at all"`
	Open       []opportunity.Total `json:"open"`
	Standing   StandingBody        `json:"standing"`
	NoNextStep []OppBody           `json:"noNextStep" doc:"the four largest"`
	Team       *teamBody           `json:"team" doc:"null of who leads nobody and does not see everybody"`
}

// Desk reads it, from one snapshot, and what else is of it; the deals only where asked for.
func (d Deps) Desk(ctx context.Context, actor org.Actor, deals bool, more func(ctx context.Context) error) (b DeskBody, err error) {
	h := &handler{d}
	read := func(ctx context.Context, v view) (err error) {
		if b.TodayBody, err = h.todayIn(ctx, actor); err != nil {
			return err
		}
		b.Leavers = []handoverhttp.LeaverBody{}
		if actor.Can(org.OppHandOver) {
			left, err := d.Handovers.Leavers(ctx, actor)
			if err != nil {
				return err
			}
			b.Leavers = handoverhttp.LeaversOf(left)
		}
		if deals && v.known {
			if b.Deals, err = h.deskDeals(ctx, actor, v); err != nil {
				return err
			}
		}
		return more(ctx)
	}
	if deals {
		err = h.atOnce(ctx, actor, read)
	} else {
		err = h.Opportunities.AtOnce(ctx, func(ctx context.Context) error { return read(ctx, view{}) })
	}
	return b, err
}

func (h *handler) deskDeals(ctx context.Context, actor org.Actor, v view) (*DeskDeals, error) {
	by, err := h.Opportunities.Standings(ctx, actor, h.Measures)
	if err != nil {
		return nil, err
	}
	whole := together(by)
	b := &DeskDeals{Any: whole.Open > 0, Open: []opportunity.Total{}, Standing: standingOf(whole), Team: h.team(actor, by)}
	b.NoNextStep = []OppBody{}
	if whole.NoNextStep > 0 {
		list, err := h.listed(ctx, actor, v, opportunity.Filter{NoNextStep: true}, page.Request{Sort: "amount", Desc: true, Limit: 4})
		if err != nil {
			return nil, err
		}
		b.NoNextStep = list.Items
	}
	list, err := h.listed(ctx, actor, v, opportunity.Filter{States: []opportunity.State{opportunity.Open}}, page.Request{Limit: 1})
	if b.Open = list.Totals; err != nil || b.Any {
		return b, err
	}
	closed, err := h.listed(ctx, actor, v, opportunity.Filter{}, page.Request{Limit: 1})
	b.Any = len(closed.Items) > 0
	return b, err
}
