package apptest

import (
	"cmp"
	"slices"

	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
)

// move advances, skips, returns, wins, loses, withdraws or reopens, some days back.
func (p *Player) move(r opportunity.Record) {
	q := opportunity.MoveRequest{Reason: "按进展", Exception: "客户催得急", On: p.day.Add(-p.rng.IntN(6) * p.rng.IntN(2))}
	v := r.Pipeline
	_, at := v.Stage(r.StageID)
	name := "move"
	switch n := p.rng.IntN(100); {
	case r.State != opportunity.Open:
		if name, q.To = "reopen", "reopen"; p.rng.IntN(3) > 0 {
			return
		}
	case n < 45 && at+1 < len(v.Stages):
		q.To = v.Stages[at+1].ID
	case n < 60:
		q.To = pick(p.rng, v.Stages...).ID
	case n < 70 && at > 0:
		q.To = v.Stages[at-1].ID
	case n < 82:
		q.To = v.OfKind(pipeline.Won).ID
	case n < 94:
		q.To = v.OfKind(pipeline.Lost).ID
	default:
		name, q.To, q.LossKind = "withdraw", "withdrawn", pick(p.rng, "invalid", "duplicate")
	}
	switch st, _ := v.Stage(q.To); st.Kind {
	case pipeline.Won:
		name, q.SignedOn = "win", q.On
		if p.rng.IntN(2) == 0 || r.AmountMinor == nil {
			contract := p.amount()
			q.ContractMinor = &contract
		}
	case pipeline.Lost:
		name, q.LossKind = "lose", pick(p.rng, "competitor", "no_decision", "cancelled")
		if q.LossKind == "competitor" {
			q.Competitor = pick(p.rng, "恒力", "德马")
		}
	}
	o, err := p.Opportunities.Move(p.Ctx, p.As("管理员"), r.ID, q)
	if act, ok := p.did(name, err); ok {
		p.Truth.Move(act, r.ID, truth.Move{On: q.On, Pipeline: o.PipelineID, Version: o.VersionID, Stage: o.StageID,
			State: string(o.State), Reopened: q.To == "reopen",
			LossKind: q.LossKind, Competitor: q.Competitor, Contract: q.ContractMinor})
	}
}

// takeBack says that a move was a mistake: mostly the last.
func (p *Player) takeBack(r opportunity.Record) {
	stays := counting(r)
	i := len(stays) - 1
	if p.rng.IntN(4) == 0 {
		i = p.rng.IntN(len(stays))
	}
	if stays[i].Move == pipeline.Remap {
		return // nobody moved it
	}
	c := opportunity.Correction{StayID: stays[i].ID, Never: true, Reason: "拖错了"}
	_, err := p.Opportunities.Correct(p.Ctx, p.As("管理员"), r.ID, c)
	if at, ok := p.did("take back", err); ok {
		p.Truth.TakeBack(at, r.ID, i)
	}
}

// correct puts a stay on another day: mostly the last.
func (p *Player) correct(r opportunity.Record) {
	stays := counting(r)
	i, on := len(stays)-1, p.day.Add(-p.rng.IntN(8))
	if p.rng.IntN(3) == 0 {
		if i = p.rng.IntN(len(stays)); stays[i].EnteredOn != "" {
			on = min(p.day, stays[i].EnteredOn.Add(p.rng.IntN(7)-3))
		}
	}
	c := opportunity.Correction{StayID: stays[i].ID, On: on, Reason: "日期写错"}
	_, err := p.Opportunities.Correct(p.Ctx, p.As("管理员"), r.ID, c)
	if at, ok := p.did("correct", err); ok {
		p.Truth.Correct(at, r.ID, i, on)
	}
}

// counting are the stays that count, in order.
func counting(r opportunity.Record) (out []opportunity.Stay) {
	for _, s := range r.Stays {
		if s.VoidedAt == nil {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b opportunity.Stay) int { return cmp.Compare(a.Ord, b.Ord) })
	return out
}

func (p *Player) edit(r opportunity.Record) {
	var patch opportunity.Patch
	var told truth.Edit
	if p.rng.IntN(2) == 0 && r.State == opportunity.Open {
		amount := p.amount()
		ptr := &amount
		if p.rng.IntN(8) == 0 && len(r.Lines) == 0 {
			ptr = nil
		}
		patch.AmountMinor, told.Amount = &ptr, &ptr
		if p.rng.IntN(3) == 0 && ptr != nil {
			lines := p.lines(amount)
			list := toldLines(lines)
			patch.Lines, told.Lines = &lines, &list
		}
		if p.rng.IntN(4) == 0 {
			currency := pick(p.rng, "CNY", "USD", "JPY", "KWD")
			patch.Currency, told.Currency = &currency, &currency
		}
	}
	if p.rng.IntN(2) == 0 {
		expected := p.day.Add(p.rng.IntN(120) - 10)
		patch.ExpectedOn, told.Expected = &expected, &expected
	}
	if p.rng.IntN(2) == 0 {
		confidence := p.rng.Int64N(1000)
		ptr := &confidence
		patch.ConfidenceBP, told.Confidence = &ptr, &ptr
	}
	_, err := p.Opportunities.Edit(p.Ctx, p.As("管理员"), r.ID, r.Version, patch)
	if at, ok := p.did("edit", err); ok {
		p.Truth.Edit(at, r.ID, told)
	}
}

// share splits what is to be credited over two or three members, often of several teams.
func (p *Player) share(id string) {
	people := p.rng.Perm(len(p.Sellers))
	who := func(i int) string { return p.ID[p.Sellers[people[i]]] }
	first, second, third := who(0), who(1), who(2)
	bp := 1 + p.rng.Int64N(9998)
	shares := []opportunity.Share{{MemberID: first, Kind: "direct", BP: bp}, {MemberID: second, Kind: "direct", BP: 10000 - bp}}
	switch p.rng.IntN(3) {
	case 0:
		shares = append(shares, opportunity.Share{MemberID: third, Kind: "overlay", BP: 1 + p.rng.Int64N(10000)})
	case 1:
		part := 1 + p.rng.Int64N(10000-bp)
		if part < 10000-bp {
			shares[1].BP -= part
			shares = append(shares, opportunity.Share{MemberID: third, Kind: "direct", BP: part})
		}
	}
	if at, ok := p.did("share", p.Opportunities.SetShares(p.Ctx, p.As("管理员"), id, 0, shares)); ok {
		var told []truth.Share
		for _, s := range shares {
			told = append(told, truth.Share{Member: s.MemberID, Kind: s.Kind, BP: s.BP})
		}
		p.Truth.SetShares(at, id, told)
	}
}

func (p *Player) handOver(id string) {
	to := p.ID[p.seller()]
	h, err := p.Handovers.HandOver(p.Ctx, p.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{id}, ToID: to, Reason: "调整"})
	if at, ok := p.did("hand over", err); ok && h.Count() > 0 {
		p.handed(at, id, to)
	}
}

// handed tells of a record that changed hands; to whom it belongs already nothing happens.
func (p *Player) handed(at truth.Act, id, to string) {
	if p.Truth.OwnerOf(at, id) != to {
		p.Truth.HandOver(at, id, to)
	}
}

func (p *Player) changePipeline(r opportunity.Record) {
	all, err := p.Pipelines.InForce(p.Ctx, p.As("管理员"))
	p.must(err)
	o, err := p.Opportunities.ChangePipeline(p.Ctx, p.As("管理员"), r.ID, pick(p.rng, all...).PipelineID, "走错了流程")
	if at, ok := p.did("change pipeline", err); ok {
		p.Truth.ChangePipeline(at, r.ID, o.PipelineID, o.VersionID, o.StageID)
	}
}

// setTeam puts a record into another of its owner's teams.
func (p *Player) setTeam(opportunity.Record) {}

func (p *Player) remove(id string, restore bool) {
	name := "delete"
	if restore {
		name = "restore"
	}
	if at, ok := p.did(name, p.Opportunities.Delete(p.Ctx, p.As("管理员"), id, !restore)); ok {
		p.Truth.Delete(at, id, restore)
	}
}
