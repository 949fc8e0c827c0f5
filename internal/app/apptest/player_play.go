package apptest

import (
	"fmt"

	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
)

// act does one thing, often to a record.
func (p *Player) act() {
	if len(p.deals) < 5 || p.rng.IntN(10) == 0 {
		p.create()
		return
	}
	if p.rng.IntN(5) == 0 {
		p.around()
		return
	}
	id := pick(p.rng, p.deals...)
	r, err := p.Opportunities.Get(p.Ctx, p.As("管理员"), id)
	if err != nil {
		p.did("read", err)
		return
	}
	if r.DeletedAt != nil {
		p.Remove(id, true)
		return
	}
	switch n := p.rng.IntN(100); {
	case n < 50:
		p.move(r)
	case n < 57:
		p.mistaken(r)
	case n < 65:
		p.misdated(r)
	case n < 75:
		p.edit(r)
	case n < 80:
		p.share(id)
	case n < 88:
		p.HandOver(id, p.ID[p.seller()])
	case n < 95:
		pipelines, err := p.Pipelines.InForce(p.Ctx, p.As("管理员"))
		p.must(err)
		p.ChangePipeline(id, pick(p.rng, pipelines...).PipelineID)
	default:
		p.Remove(id, false)
	}
}

// around changes what stands around the records.
func (p *Player) around() {
	switch n := p.rng.IntN(100); {
	case n < 12:
		p.customer()
	case n < 30:
		from := p.day.Add(-p.rng.IntN(20))
		p.Rate(pick(p.rng, "USD", "JPY"), from, 1+p.rng.Int64N(9_000_000))
	case n < 50:
		p.transfer()
	case n < 58:
		p.moveTeam()
	case n < 64:
		p.leave()
	case n < 70:
		p.secondPost()
	case n < 80:
		p.publish()
	case n < 92:
		p.importSome()
	default:
		p.undoImport()
	}
}

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
	p.Step(name, r.ID, q)
}

// mistaken takes a move back: mostly the last.
func (p *Player) mistaken(r opportunity.Record) {
	stays := p.stays(r.ID)
	i := len(stays) - 1
	if p.rng.IntN(4) == 0 {
		i = p.rng.IntN(len(stays))
	}
	if stays[i].Move != pipeline.Remap { // a remap nobody moved
		p.TakeBack(r.ID, i)
	}
}

// misdated puts a stay on another day: mostly the last.
func (p *Player) misdated(r opportunity.Record) {
	stays := p.stays(r.ID)
	i, on := len(stays)-1, p.day.Add(-p.rng.IntN(8))
	if p.rng.IntN(3) == 0 {
		if i = p.rng.IntN(len(stays)); stays[i].EnteredOn != "" {
			on = min(p.day, stays[i].EnteredOn.Add(p.rng.IntN(7)-3))
		}
	}
	p.Correct(r.ID, i, on)
}

func (p *Player) edit(r opportunity.Record) {
	var patch opportunity.Patch
	if p.rng.IntN(3) > 0 && r.State == opportunity.Open {
		amount := p.amount()
		ptr := &amount
		if p.rng.IntN(8) == 0 && len(r.Lines) == 0 {
			ptr = nil
		}
		patch.AmountMinor = &ptr
		if p.rng.IntN(2) == 0 && ptr != nil {
			lines := p.lines(amount)
			patch.Lines = &lines
		}
		if p.rng.IntN(4) == 0 {
			currency := pick(p.rng, "CNY", "USD", "JPY", "KWD")
			patch.Currency = &currency
		}
	}
	if p.rng.IntN(2) == 0 {
		expected := p.day.Add(p.rng.IntN(120) - 10)
		patch.ExpectedOn = &expected
	}
	if p.rng.IntN(2) == 0 {
		confidence := p.rng.Int64N(1000)
		ptr := &confidence
		patch.ConfidenceBP = &ptr
	}
	if p.rng.IntN(3) == 0 {
		account := pick(p.rng, append([]string{""}, p.Customers...)...)
		patch.AccountID = &account
	}
	p.Edit(r.ID, patch)
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
	p.Share(id, shares)
}

// create makes a record of anybody's, mostly in the bid pipeline.
func (p *Player) create() {
	in := opportunity.New{Name: fmt.Sprintf("商机%d", len(p.deals)+1), OwnerID: p.ID[p.seller()],
		Currency: pick(p.rng, "CNY", "CNY", "CNY", "USD", "JPY", "KWD")}
	pipelines, err := p.Pipelines.InForce(p.Ctx, p.As("管理员"))
	p.must(err)
	in.PipelineID = p.Bid.PipelineID
	if p.rng.IntN(4) == 0 {
		in.PipelineID = pick(p.rng, pipelines...).PipelineID
	}
	if p.rng.IntN(6) > 0 {
		amount := p.amount()
		in.AmountMinor, in.Lines = &amount, p.lines(amount)
	}
	if p.rng.IntN(3) > 0 {
		in.AccountID = pick(p.rng, p.Customers...)
	}
	if p.rng.IntN(3) > 0 {
		in.ExpectedOn = p.day.Add(p.rng.IntN(120) - 5)
	}
	if p.rng.IntN(2) > 0 {
		confidence := p.rng.Int64N(1000)
		in.ConfidenceBP = &confidence
	}
	p.Create(in)
}

func (p *Player) seller() string {
	for {
		if s := pick(p.rng, p.Sellers...); !p.left[s] {
			return s
		}
	}
}

func (p *Player) amount() int64 { return p.rng.Int64N(3_000_000) }

// lines splits an amount over one to three products, or leaves it whole.
func (p *Player) lines(amount int64) []opportunity.Line {
	n := p.rng.IntN(4)
	if n == 0 {
		return nil
	}
	var out []opportunity.Line
	rest := amount
	for i, at := range p.rng.Perm(len(p.Products))[:n] {
		part := rest
		if i < n-1 {
			part = p.rng.Int64N(rest + 1)
		}
		rest -= part
		out = append(out, opportunity.Line{ProductLineID: p.Products[at], AmountMinor: part})
	}
	return out
}

func toldLines(lines []opportunity.Line) []truth.Line {
	var out []truth.Line
	for _, l := range lines {
		out = append(out, truth.Line{Product: l.ProductLineID, Minor: l.AmountMinor})
	}
	return out
}
