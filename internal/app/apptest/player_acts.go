package apptest

import (
	"cmp"
	"slices"

	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// The acts, each done through the services and, where it was accepted, told to the
// reference. They are the administrator's.

// Wrote tells the reference that it is a day, though nothing was done.
func (p *Player) Wrote() { p.Truth.Wrote(p.at()) }

// On makes it a day.
func (p *Player) On(d calendar.Date) {
	p.day = d
	p.Clock.Set(d)
}

// Create makes a record and returns its id, "" where it was refused.
func (p *Player) Create(in opportunity.New) string {
	o, err := p.Opportunities.Create(p.Ctx, p.As("管理员"), in)
	at, ok := p.did("create", err)
	if !ok {
		return ""
	}
	p.deals = append(p.deals, o.ID)
	p.Truth.Names[o.ID] = in.Name
	p.Truth.Create(at, truth.Record{ID: o.ID, Name: in.Name, Pipeline: o.PipelineID, Version: o.VersionID,
		Stage: o.StageID, Owner: o.OwnerID, Amount: in.AmountMinor, Currency: o.Currency,
		Expected: in.ExpectedOn, Confidence: in.ConfidenceBP, Lines: toldLines(in.Lines), Account: in.AccountID, Region: o.Region})
	return o.ID
}

// Step moves a record as a request says, under a name to count it by.
func (p *Player) Step(name, id string, q opportunity.MoveRequest) {
	o, err := p.Opportunities.Move(p.Ctx, p.As("管理员"), id, q)
	if at, ok := p.did(name, err); ok {
		p.Truth.Move(at, id, truth.Move{On: q.On, Pipeline: o.PipelineID, Version: o.VersionID, Stage: o.StageID,
			State: string(o.State), Reopened: q.To == "reopen",
			LossKind: q.LossKind, Competitor: q.Competitor, Contract: q.ContractMinor})
	}
}

// TakeBack says that the i-th of the stays that count never was.
func (p *Player) TakeBack(id string, i int) {
	c := opportunity.Correction{StayID: p.stays(id)[i].ID, Never: true, Reason: "拖错了"}
	_, err := p.Opportunities.Correct(p.Ctx, p.As("管理员"), id, c)
	if at, ok := p.did("take back", err); ok {
		p.Truth.TakeBack(at, id, i)
	}
}

// Correct puts the i-th of the stays that count on another day.
func (p *Player) Correct(id string, i int, on calendar.Date) {
	c := opportunity.Correction{StayID: p.stays(id)[i].ID, On: on, Reason: "日期写错"}
	_, err := p.Opportunities.Correct(p.Ctx, p.As("管理员"), id, c)
	if at, ok := p.did("correct", err); ok {
		p.Truth.Correct(at, id, i, on)
	}
}

// stays are those that count, in order.
func (p *Player) stays(id string) (out []opportunity.Stay) {
	r, err := p.Opportunities.Get(p.Ctx, p.As("管理员"), id)
	p.must(err)
	for _, s := range r.Stays {
		if s.VoidedAt == nil {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b opportunity.Stay) int { return cmp.Compare(a.Ord, b.Ord) })
	return out
}

// Edit changes amounts, expected day, confidence, lines and account.
func (p *Player) Edit(id string, patch opportunity.Patch) {
	o, err := p.Opportunities.Edit(p.Ctx, p.As("管理员"), id, 0, patch)
	at, ok := p.did("edit", err)
	if !ok {
		return
	}
	told := truth.Edit{Amount: patch.AmountMinor, Currency: patch.Currency, Expected: patch.ExpectedOn, Confidence: patch.ConfidenceBP,
		Account: patch.AccountID, Region: o.Region}
	if patch.Lines != nil {
		list := toldLines(*patch.Lines)
		told.Lines = &list
	}
	p.Truth.Edit(at, id, told)
}

// Share says who is to be credited.
func (p *Player) Share(id string, shares []opportunity.Share) {
	r, err := p.Opportunities.Get(p.Ctx, p.As("管理员"), id)
	p.must(err)
	if at, ok := p.did("share", p.Opportunities.SetShares(p.Ctx, p.As("管理员"), id, r.Version, shares)); ok {
		var told []truth.Share
		for _, s := range shares {
			told = append(told, truth.Share{Member: s.MemberID, Kind: s.Kind, BP: s.BP})
		}
		p.Truth.SetShares(at, id, told)
	}
}

// HandOver gives a record to a member; to whom it belongs already nothing happens.
func (p *Player) HandOver(id, to string) {
	ask := handover.Ask{Kind: "opportunity", IDs: []string{id}, ToID: to, Reason: "调整"}
	_, err := p.Handovers.HandOver(p.Ctx, p.As("管理员"), ask)
	if at, ok := p.did("hand over", err); ok && p.Truth.OwnerOf(at, id) != to {
		p.Truth.HandOver(at, id, to)
	}
}

// HandAllOver gives what is open of one member to another.
func (p *Player) HandAllOver(from, to string) {
	h, err := p.Handovers.HandOver(p.Ctx, p.As("管理员"), handover.Ask{FromID: from, ToID: to, Reason: "离职"})
	if at, ok := p.did("hand all over", err); ok && h.Count() > 0 {
		for _, id := range p.Truth.OpenOf(at, from) {
			p.Truth.HandOver(at, id, to)
		}
	}
}

// ChangePipeline moves a record to the first stage of another.
func (p *Player) ChangePipeline(id, pipelineID string) {
	o, err := p.Opportunities.ChangePipeline(p.Ctx, p.As("管理员"), id, pipelineID, "走错了流程")
	if at, ok := p.did("change pipeline", err); ok {
		p.Truth.ChangePipeline(at, id, o.PipelineID, o.VersionID, o.StageID)
	}
}

// Remove deletes a record, or restores it.
func (p *Player) Remove(id string, restore bool) {
	name := "delete"
	if restore {
		name = "restore"
	}
	if at, ok := p.did(name, p.Opportunities.Delete(p.Ctx, p.As("管理员"), id, !restore)); ok {
		p.Truth.Delete(at, id, restore)
	}
}

// Rate states an exchange rate from a day on.
func (p *Player) Rate(currency string, from calendar.Date, rate int64) {
	err := p.Org.SetRate(p.Ctx, p.As("管理员"), org.Rate{Currency: currency, From: from, Rate: rate})
	if at, ok := p.did("rate", err); ok {
		p.Truth.SetRate(at, currency, from, rate)
	}
}

// Transfer moves a member to a team from a day on, past or coming.
func (p *Player) Transfer(member, team string, from calendar.Date) {
	if at, ok := p.did("transfer", p.Org.Transfer(p.Ctx, p.As("管理员"), member, team, "", false, from)); ok {
		p.Truth.Transfer(at, member, team, from)
	}
}

// Belong puts an open record in another of its owner's teams.
func (p *Player) Belong(id, team string) {
	_, err := p.Opportunities.Belong(p.Ctx, p.As("管理员"), id, 0, team)
	if at, ok := p.did("team set", err); ok {
		p.Truth.SetTeam(at, id, team)
	}
}

// Lead makes another of a member's posts the main one, unless a post to come is known of.
func (p *Player) Lead(member, seat, team string) {
	if p.Truth.Announced(member, p.day) {
		return
	}
	err := p.Org.SetMainPost(p.Ctx, p.As("管理员"), member, seat, p.day)
	if at, ok := p.did("main post", err); ok {
		p.Truth.Transfer(at, member, team, p.day)
	}
}

// HangUnder hangs a team under another from a day on.
func (p *Player) HangUnder(team, parent string, from calendar.Date) {
	if at, ok := p.did("move team", p.Org.MoveTeam(p.Ctx, p.As("管理员"), team, parent, from)); ok {
		p.Truth.MoveTeam(at, team, parent, from)
	}
}

// Leave lets a member go on a day.
func (p *Player) Leave(name string, on calendar.Date) bool {
	_, err := p.Org.Leave(p.Ctx, p.As("管理员"), p.ID[name], on)
	at, ok := p.did("leave", err)
	if ok {
		p.left[name] = true
		p.Truth.Leave(at, p.ID[name], on)
	}
	return ok
}

// Publish makes a draft the version in force of the bid pipeline.
func (p *Player) Publish(name string, draft pipeline.Version, mapping map[string]string) {
	old, err := p.Pipelines.Get(p.Ctx, p.As("管理员"), p.Bid.PipelineID)
	p.must(err)
	v, err := p.Pipelines.Publish(p.Ctx, p.As("管理员"), old.PipelineID, old.ID, draft, mapping)
	if at, ok := p.did(name, err); ok {
		p.Truth.Publish(at, told(v, mapping))
	}
}
