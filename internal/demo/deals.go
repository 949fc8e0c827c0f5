package demo

import (
	"math"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// deal is one opportunity as the simulation decides it; history.go plays it.
type deal struct {
	id, name, source, product, rival string
	owner                            seller
	version                          pipeline.Version
	account                          account.Account
	known                            []account.Contact
	amount                           int64
	begun                            calendar.Date
	visits                           []visit
	end                              ending
	expected                         []expectation
	confidence                       int64
	talks                            []talk
	step                             *calendar.Date // when the next step is due
}

// visit is a stage the deal stood in, and the evidence handed in there.
type visit struct {
	stage    pipeline.Stage
	on, left calendar.Date
	evidence []handed
}

type handed struct {
	milestone pipeline.Milestone
	on        calendar.Date
}

// ending is how a deal was closed; State is open where it was not.
type ending struct {
	state        opportunity.State
	on           calendar.Date
	kind, reason string
}

// expectation is a day on which somebody said when it would close.
type expectation struct{ said, value calendar.Date }

// deal walks one opportunity through the stages; every step is decided by Causes. There is none where the seller knows
// nobody who wants anything.
func (c *company) deal(s seller, v pipeline.Version, begun calendar.Date) (deal, bool) {
	r, w := c.r, Causes
	who, what, ok := c.asks(s, begun)
	if !ok {
		return deal{}, false
	}
	people := who.knownOn(begun)
	d := deal{id: record.NewID(c.at), owner: s, version: v, account: who.Account, known: people[:1+r.IntN(len(people))], source: one(r, sources), begun: begun}
	d.name, d.product = who.Name+" · "+what.name, c.lines[what.line]
	d.amount = int64(math.Exp(12.6+r.NormFloat64()*0.8)/1000) * 1000 * 100 // around 30 万, in fen
	if !s.direct {
		d.amount = int64(math.Exp(10.2+r.NormFloat64()*0.6)/100) * 100 * 100
	}
	if r.Float64() < 0.4 {
		d.rival = one(r, c.rivals)
	}
	cadence := max(2, s.cadence*(0.6+0.8*r.Float64()))
	day := begun
	for i, st := range v.Stages {
		if st.Kind != pipeline.Open {
			break
		}
		stay := float64(st.StandardDays) * (0.3 + r.ExpFloat64()*0.6)
		if cadence > 14 {
			stay *= w.SlowStayFactor
		}
		if nearFestival(day) {
			stay += w.FestivalDays
		}
		days := max(1, int(stay))
		leave := c.cal.AddWorkingDays(day, days)
		supplied := r.Float64() < s.care
		x := visit{stage: st, on: day, left: min(leave, c.today)}
		if supplied {
			x.evidence = c.supply(st, day, days)
		}
		d.visits = append(d.visits, x)
		forward := r.Float64() < chance(s.skill, []cause{{cadence <= 7, w.QuickCadence}, {cadence > 14, w.SlowCadence}, {supplied, w.Evidence},
			{len(d.known) == 1, w.SingleThread}, {days > 2*st.StandardDays, w.Overstay}, {d.rival != "", w.Competitor},
			{d.source == "老客户介绍", w.Introduced}, {st.Phase == pipeline.Late, w.LateStage}, {i == 3, w.QuoteStage}})
		if leave > c.today {
			c.stillOpen(&d, s, st, cadence)
			return d, true
		}
		if !forward {
			c.lose(&d, leave)
			c.expect(&d, leave)
			c.talk(&d, leave, cadence)
			return d, true
		}
		day = leave
	}
	d.end = ending{state: opportunity.Won, on: day}
	c.expect(&d, day)
	c.talk(&d, day, cadence)
	return d, true
}

// cause is one of Causes, and whether it holds.
type cause struct {
	holds  bool
	weight float64
}

// chance is that of leaving a stage forward, by the causes that hold.
func chance(skill float64, causes []cause) float64 {
	odds := Causes.Base + Causes.Skill*skill
	for _, c := range causes {
		if c.holds {
			odds += c.weight
		}
	}
	return 1 / (1 + math.Exp(-odds))
}

func nearFestival(d calendar.Date) bool {
	for _, f := range springFestival {
		if n := calendar.Date(f).Sub(d); n >= 0 && n <= 15 {
			return true
		}
	}
	return false
}

// lost are the reasons customers and sellers give, by the kind of loss.
var lost = map[string][]string{
	opportunity.NoDecision:       {"预算推到明年", "内部意见不一，搁置"},
	opportunity.Cancelled:        {"项目取消，投资收紧", "产线搬迁，不再改造"},
	opportunity.WeWithdrew:       {"利润太低，我们放弃", "付款条件不能接受"},
	opportunity.TenderVoid:       {"投标家数不足，流标"},
	opportunity.LostToCompetitor: {"价格高出对手", "交期比对手长", "对手是老供应商"},
}

// lose closes a deal; one in twelve turns out not to have been one. A competitor wins where there is one, a tender
// is void once there are quotations.
func (c *company) lose(d *deal, on calendar.Date) {
	if c.r.IntN(12) == 0 {
		d.end = ending{opportunity.Withdrawn, on, opportunity.Invalid, "不是真实需求"}
		return
	}
	kinds := []string{opportunity.NoDecision, opportunity.Cancelled, opportunity.WeWithdrew}
	if d.owner.direct && len(d.visits) > 3 {
		kinds = append(kinds, opportunity.TenderVoid)
	}
	kind := one(c.r, kinds)
	if d.rival != "" && c.r.Float64() < 0.7 {
		kind = opportunity.LostToCompetitor
	}
	d.end = ending{opportunity.Lost, on, kind, one(c.r, lost[kind])}
}

// expect says when the deal would close, and again when that day passes: most dates that pass are pushed.
func (c *company) expect(d *deal, until calendar.Date) {
	reach := 50 + c.r.IntN(100)
	if !d.owner.direct {
		reach = 20 + c.r.IntN(40)
	}
	value := c.workday(d.begun.Add(reach))
	d.expected = []expectation{{d.begun, value}}
	for value < until && c.r.IntN(10) < 8 {
		said := value
		value = c.workday(value.Add(15 + c.r.IntN(40)))
		d.expected = append(d.expected, expectation{said, value})
	}
}

// stillOpen gives an open deal its expectation, confidence and next step. A third
// of the slow sellers' deals has gone quiet.
func (c *company) stillOpen(d *deal, s seller, st pipeline.Stage, cadence float64) {
	c.expect(d, c.today)
	d.confidence = int64(min(float64(st.ConfidenceCapBP), float64(st.SuccessBP)+10000*s.optimist)/500) * 500
	until := c.today
	if cadence > 10 && c.r.IntN(3) == 0 {
		until = max(d.begun, c.today.Add(-20-c.r.IntN(30)))
	}
	c.talk(d, until, cadence)
	if c.r.Float64() < 0.75 {
		due := max(d.begun, c.cal.AddWorkingDays(c.today.Add(-5), c.r.IntN(9)))
		d.step = &due
	}
}

// supply plans the evidence of a stage's required milestones.
func (c *company) supply(st pipeline.Stage, from calendar.Date, days int) []handed {
	var out []handed
	for _, m := range st.Milestones {
		on := c.cal.AddWorkingDays(from, c.r.IntN(days+1))
		if m.Required && on <= c.today {
			out = append(out, handed{m, on})
		}
	}
	return out
}
