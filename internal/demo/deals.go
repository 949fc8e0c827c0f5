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
	on       calendar.Date
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

// talk is a contact with the customer.
type talk struct {
	on      calendar.Date
	twoWay  bool
	contact string
}

// deal walks one opportunity through the stages; every step is decided by Causes.
func (c *company) deal(s seller, v pipeline.Version, a account.Account, begun calendar.Date) deal {
	r, w := c.r, Causes
	people := c.contacts[a.ID]
	d := deal{id: record.NewID(c.at), owner: s, version: v, account: a, known: people[:1+r.IntN(len(people))], source: one(r, sources), begun: begun}
	d.amount = int64(math.Exp(12.6+r.NormFloat64()*0.8)/1000) * 1000 * 100 // around 30 万, in fen
	d.name = a.Name + " · " + one(r, projects)
	d.product = c.lines[r.IntN(3)]
	if !s.direct {
		d.amount = int64(math.Exp(10.2+r.NormFloat64()*0.6)/100) * 100 * 100
		d.name, d.product = a.Name+" · 备件"+begun.Month(), c.lines[3+r.IntN(2)]
	}
	if r.Float64() < 0.4 {
		d.rival = c.rivals[r.IntN(len(c.rivals))]
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
		x := visit{stage: st, on: day}
		if supplied {
			x.evidence = c.supply(st, day, days)
		}
		d.visits = append(d.visits, x)
		forward := r.Float64() < chance(s.skill, []cause{{cadence <= 7, w.QuickCadence}, {cadence > 14, w.SlowCadence}, {supplied, w.Evidence},
			{len(d.known) == 1, w.SingleThread}, {days > 2*st.StandardDays, w.Overstay}, {d.rival != "", w.Competitor},
			{d.source == "老客户介绍", w.Introduced}, {st.Phase == pipeline.Late, w.LateStage}, {i == 3, w.QuoteStage}})
		if leave > c.today {
			c.stillOpen(&d, s, st, cadence)
			return d
		}
		if !forward {
			c.lose(&d, leave)
			c.talk(&d, begun, leave, cadence)
			return d
		}
		day = leave
	}
	d.end = ending{state: opportunity.Won, on: day}
	d.expected = []expectation{{begun, day.Add(r.IntN(40) - 10)}}
	c.talk(&d, begun, day, cadence)
	return d
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

// lose closes a deal; one in twelve turns out not to have been one.
func (c *company) lose(d *deal, on calendar.Date) {
	if c.r.IntN(12) == 0 {
		d.end = ending{opportunity.Withdrawn, on, opportunity.Invalid, "不是真实需求"}
		return
	}
	kinds := []string{opportunity.NoDecision, opportunity.Cancelled, opportunity.WeWithdrew, opportunity.TenderVoid}
	d.end = ending{opportunity.Lost, on, kinds[c.r.IntN(4)], "客户没有继续"}
	if d.rival != "" && c.r.Float64() < 0.7 {
		d.end.kind, d.end.reason = opportunity.LostToCompetitor, "价格和交期不占优"
	}
}

// stillOpen gives an open deal its expectation, confidence and next step. A third
// of the slow sellers' deals has gone quiet.
func (c *company) stillOpen(d *deal, s seller, st pipeline.Stage, cadence float64) {
	value := d.begun.Add(50 + c.r.IntN(100))
	d.expected = []expectation{{d.begun, value}}
	for value < c.today && c.r.IntN(10) < 8 { // most dates that pass are pushed
		said := value
		value = value.Add(15 + c.r.IntN(40))
		d.expected = append(d.expected, expectation{said, value})
	}
	d.confidence = int64(min(float64(st.ConfidenceCapBP), float64(st.SuccessBP)+10000*s.optimist)/500) * 500
	until := c.today
	if cadence > 10 && c.r.IntN(3) == 0 {
		until = max(d.begun, c.today.Add(-20-c.r.IntN(30)))
	}
	c.talk(d, d.begun, until, cadence)
	if c.r.Float64() < 0.75 {
		due := max(d.begun, c.today.Add(c.r.IntN(12)-4))
		d.step = &due
	}
}

// talk plans the follow-ups between two days at the deal's cadence.
func (c *company) talk(d *deal, from, to calendar.Date, cadence float64) {
	for day := from; ; {
		day = day.Add(max(1, int(cadence*(0.5+c.r.Float64()))))
		if day > to || len(d.talks) > 12 {
			return
		}
		if c.cal.IsWorkingDay(day) {
			t := talk{on: day, twoWay: c.r.IntN(5) > 0}
			if t.twoWay {
				t.contact = d.known[c.r.IntN(len(d.known))].ID
			}
			d.talks = append(d.talks, t)
		}
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
