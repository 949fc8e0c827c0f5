package apptest

import (
	"fmt"
	"math/rand/v2"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// Player plays a company through the services, as people would, and tells a reference of
// each act that was accepted. A refused act is part of the game.
type Player struct {
	*World
	Truth *truth.Company
	// Accepted counts acts by name, Refused those that were not, by name and fault.
	Accepted, Refused map[string]int
	// Sellers own records; Teams is the tree they are in.
	Sellers, Teams []string
	// Days are those on which anything was done.
	Days []calendar.Date

	rng      *rand.Rand
	day      calendar.Date
	deals    []string
	products []string
	batches  []batch
	left     map[string]bool
	imports  int
	folder   string
}

// batch is an import that may be undone.
type batch struct {
	id  string
	ids []string
}

// NewPlayer readies a world with a third team under the second, two pipelines, products,
// and rates for two of three foreign currencies.
func NewPlayer(w *World, rng *rand.Rand) *Player {
	w.T.Helper()
	p := &Player{World: w, Truth: truth.New("CNY"), Accepted: map[string]int{}, Refused: map[string]int{},
		rng: rng, day: Start, left: map[string]bool{}, folder: w.T.TempDir()}
	boss := w.As("管理员")
	third, err := w.Org.AddTeam(w.Ctx, boss, "", "三组", w.ID["二组"], "华南", org.Start)
	w.must(err)
	w.ID["三组"] = third.ID
	w.AddMember("吴敏", third.ID, true, org.Manager)
	w.AddMember("郑凯", third.ID, false, org.Rep)
	w.AddMember("孙燕", w.ID["一组"], false, org.Rep)
	p.Sellers = []string{"陈露", "小李", "周涛", "蒋跃", "何峰", "吴敏", "郑凯", "孙燕"}
	p.Teams = []string{"公司", "一组", "二组", "三组"}
	for _, name := range []string{"主轴", "导轨", "丝杠"} {
		line, err := w.Accounts.AddProductLine(w.Ctx, boss, account.ProductLine{Name: name})
		w.must(err)
		p.products = append(p.products, line.ID)
		p.Truth.Names[line.ID] = name
	}
	p.tellTheCompany()
	p.Truth.Working = func(from, to calendar.Date) int {
		return w.Org.Calendar(w.Admin.TenantID).WorkingDaysBetween(from, to)
	}
	for currency, rate := range map[string]int64{"USD": 7_123_456, "JPY": 48_765} { // KWD has none
		p.rate(currency, Start, rate)
	}
	return p
}

// tellTheCompany tells what stands at the start.
func (p *Player) tellTheCompany() {
	at := p.at()
	p.Truth.Wrote(at)
	s := p.As("管理员").Structure
	for id, t := range s.Teams {
		p.Truth.Names[id] = t.Name
	}
	for id, m := range s.Members {
		p.Truth.Names[id] = m.Name
	}
	for _, h := range s.Parents {
		p.Truth.AddTeam(at, h.TeamID, h.ParentID, "")
	}
	for _, h := range s.Holdings {
		if h.Main {
			p.Truth.Sit(at, h.MemberID, s.Seats[h.SeatID].TeamID, "")
		}
	}
	all, err := p.Pipelines.InForce(p.Ctx, p.As("管理员"))
	p.must(err)
	for _, v := range all {
		p.Truth.Publish(at, told(v, nil))
	}
}

// told is a version as the reference is told of it.
func told(v pipeline.Version, mapping map[string]string) truth.Version {
	out := truth.Version{ID: v.ID, Pipeline: v.PipelineID, Number: v.Number, Mapping: mapping}
	out.Day = v.Effective
	for _, s := range v.Stages {
		out.Stages = append(out.Stages, truth.Stage{ID: s.ID, Name: s.Name, Kind: string(s.Kind), ExpectedBP: s.SuccessBP,
			CapBP: int64(s.ConfidenceCapBP), Qualified: s.Qualified, Standard: s.StandardDays})
	}
	return out
}

// at is now: the day, and the last number of the journal.
func (p *Player) at() truth.Act {
	at := truth.Act{Day: p.day}
	p.must(p.DB.Read(p.Ctx, func(tx database.Tx) error {
		row := tx.QueryRow(p.Ctx, `SELECT COALESCE(max(seq), 0) FROM journal WHERE tenant_id = $1`, p.Admin.TenantID)
		return row.Scan(&at.Seq)
	}))
	return at
}

// did notes what became of an act. It tells whether it was accepted, and when; anything
// but a fault fails the test.
func (p *Player) did(name string, err error) (truth.Act, bool) {
	p.T.Helper()
	if err != nil {
		f := fault.As(err)
		if f == nil {
			p.T.Fatalf("%s on %s: %v", name, p.day, err)
		}
		p.Refused[name+": "+f.Code]++
		return truth.Act{}, false
	}
	p.Accepted[name]++
	at := p.at()
	p.Truth.Wrote(at)
	return at, true
}

// Play goes on for so many days of acts: two to six acts, then one to three days.
func (p *Player) Play(days int) {
	p.T.Helper()
	for range days {
		p.day = p.day.Add(1 + p.rng.IntN(3))
		p.Clock.Set(p.day)
		p.Days = append(p.Days, p.day)
		for range 2 + p.rng.IntN(5) {
			p.act()
		}
	}
}

// Today is the day it is in the game.
func (p *Player) Today() calendar.Date { return p.day }

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
		p.remove(id, true)
		return
	}
	switch n := p.rng.IntN(100); {
	case n < 50:
		p.move(r)
	case n < 57:
		p.takeBack(r)
	case n < 65:
		p.correct(r)
	case n < 75:
		p.edit(r)
	case n < 80:
		p.share(id)
	case n < 88:
		p.handOver(id)
	case n < 92:
		p.changePipeline(r)
	case n < 96:
		p.setTeam(r)
	default:
		p.remove(id, false)
	}
}

// around changes what stands around the records.
func (p *Player) around() {
	switch n := p.rng.IntN(100); {
	case n < 25:
		from := p.day.Add(-p.rng.IntN(20))
		p.rate(pick(p.rng, "USD", "JPY"), from, 1+p.rng.Int64N(9_000_000))
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
	for i, at := range p.rng.Perm(len(p.products))[:n] {
		part := rest
		if i < n-1 {
			part = p.rng.Int64N(rest + 1)
		}
		rest -= part
		out = append(out, opportunity.Line{ProductLineID: p.products[at], AmountMinor: part})
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
		in.ExpectedOn = p.day.Add(p.rng.IntN(120) - 5)
	}
	if p.rng.IntN(2) > 0 {
		confidence := p.rng.Int64N(1000)
		in.ConfidenceBP = &confidence
	}
	o, err := p.Opportunities.Create(p.Ctx, p.As("管理员"), in)
	if at, ok := p.did("create", err); ok {
		p.deals = append(p.deals, o.ID)
		p.Truth.Names[o.ID] = in.Name
		p.Truth.Create(at, truth.Record{ID: o.ID, Name: in.Name, Pipeline: o.PipelineID, Version: o.VersionID,
			Stage: o.StageID, Owner: in.OwnerID, Amount: in.AmountMinor, Currency: in.Currency,
			Expected: in.ExpectedOn, Confidence: in.ConfidenceBP, Lines: toldLines(in.Lines)})
	}
}

// Credit adds the program's lines of credit up, whoever wrote them: what does not cancel
// as of a moment, as truth.CreditLine writes it. Records closed on an unknown day are left
// out.
func (p *Player) Credit(m truth.Moment) (out []string) {
	p.must(p.DB.Read(p.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(p.Ctx, `SELECT fact_id, member_id, COALESCE(team_id, ''), kind, COALESCE(product_line_id, ''),
			CAST(sum(share_bp) AS bigint), CAST(COALESCE(sum(amount_minor), 0) AS bigint)
			FROM credit_line WHERE tenant_id = $1 AND credited_on <= $2 AND seq <= $3
			AND fact_id NOT IN (SELECT u.fact_id FROM credit_line u WHERE u.tenant_id = $1 AND u.credited_on IS NULL)
			GROUP BY 1, 2, 3, 4, 5 HAVING sum(share_bp) <> 0 OR sum(amount_minor) <> 0`, p.Admin.TenantID, m.Day, m.K)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var deal, member, team, kind, product string
			var bp, minor int64
			if err := rows.Scan(&deal, &member, &team, &kind, &product, &bp, &minor); err != nil {
				return err
			}
			out = append(out, truth.CreditLine(deal, member, team, kind, product, bp, &minor))
		}
		return rows.Err()
	}))
	return out
}
