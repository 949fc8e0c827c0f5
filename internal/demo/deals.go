package demo

import (
	"math"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

type deal struct {
	history  opportunity.History
	contacts []opportunity.DealContact
	follow   []followup.FollowUp
	evidence []opportunity.Evidence
	steps    []task.Task
	rival    string
}

// sell simulates every deal of the years and writes them in chunks.
func (c *company) deal(s seller, v pipeline.Version, a account.Account, begun calendar.Date) deal {
	r, w := c.r, Causes
	people := c.contacts[a.ID]
	known := people[:1+r.IntN(len(people))]
	source := one(r, sources)
	d := deal{history: opportunity.History{}}
	h := &d.history
	amount := int64(math.Exp(12.6+r.NormFloat64()*0.8)/1000) * 1000 * 100 // around 30 万, in fen
	name := a.Name + " · " + one(r, projects)
	if !s.direct {
		amount = int64(math.Exp(10.2+r.NormFloat64()*0.6)/100) * 100 * 100
		name = a.Name + " · 备件" + begun.Month()
	}
	h.Opportunity = opportunity.Opportunity{ID: record.NewID(c.actor.Now), Name: name, AccountID: a.ID, PipelineID: v.PipelineID, VersionID: v.ID, OwnerID: s.id, Region: s.region, AmountMinor: &amount, Currency: "CNY", TaxIncluded: true, Source: source, CreatedOn: begun, CreatedBy: s.id}
	h.TeamID, _ = c.actor.Structure.TeamOf(s.id, c.today)
	product := c.lines[r.IntN(3)]
	if !s.direct {
		product = c.lines[3+r.IntN(2)]
	}
	h.Lines = []opportunity.Line{{ProductLineID: product, AmountMinor: amount}}
	if r.Float64() < 0.4 {
		d.rival = c.rivals[r.IntN(len(c.rivals))]
	}
	for _, p := range known {
		d.contacts = append(d.contacts, opportunity.DealContact{ContactID: p.ID, Role: []string{"technical", "economic", "user", "unknown"}[r.IntN(4)]})
	}
	cadence := max(2, s.cadence*(0.6+0.8*r.Float64()))
	day := begun
	for i, st := range v.Stages {
		if st.Kind != pipeline.Open {
			break
		}
		h.Visits = append(h.Visits, opportunity.Visit{StageID: st.ID, State: opportunity.Open, On: day})
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
		if supplied {
			d.evidence = append(d.evidence, c.supply(s, st, known, day, days)...)
		}
		forward := r.Float64() < chance(s.skill, []cause{{cadence <= 7, w.QuickCadence}, {cadence > 14, w.SlowCadence}, {supplied, w.Evidence}, {len(known) == 1, w.SingleThread}, {days > 2*st.StandardDays, w.Overstay},
			{d.rival != "", w.Competitor}, {source == "老客户介绍", w.Introduced}, {st.Phase == pipeline.Late, w.LateStage}, {i == 3, w.QuoteStage}})
		if leave > c.today {
			c.stillOpen(&d, s, st, day, cadence)
			return d
		}
		if !forward {
			c.lose(&d, v, leave, day)
			c.talk(&d, s, begun, leave, cadence)
			return d
		}
		day = leave
	}
	h.Visits = append(h.Visits, opportunity.Visit{StageID: v.OfKind(pipeline.Won).ID, State: opportunity.Won, On: day})
	h.SignedOn = day
	c.talk(&d, s, begun, day, cadence)
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
func (c *company) lose(d *deal, v pipeline.Version, on, entered calendar.Date) {
	h := &d.history
	if c.r.IntN(12) == 0 {
		h.Visits = append(h.Visits, opportunity.Visit{State: opportunity.Withdrawn, On: on})
		h.LossKind = opportunity.Invalid
		return
	}
	h.Visits = append(h.Visits, opportunity.Visit{StageID: v.OfKind(pipeline.Lost).ID, State: opportunity.Lost, On: on})
	h.LossKind, h.LossReason = []string{opportunity.NoDecision, opportunity.Cancelled, opportunity.WeWithdrew, opportunity.TenderVoid}[c.r.IntN(4)], "客户没有继续"
	if d.rival != "" && c.r.Float64() < 0.7 {
		h.LossKind, h.CompetitorID, h.LossReason = opportunity.LostToCompetitor, d.rival, "价格和交期不占优"
	}
}

// stillOpen gives an open deal its expectation, confidence and next step. A third
// of the slow sellers' deals has gone quiet.
func (c *company) stillOpen(d *deal, s seller, st pipeline.Stage, entered calendar.Date, cadence float64) {
	h := &d.history
	h.ExpectedOn = h.CreatedOn.Add(50 + c.r.IntN(100))
	for h.ExpectedOn < c.today && c.r.IntN(10) < 8 { // most dates that pass are pushed
		h.ExpectedOn, h.Pushes = h.ExpectedOn.Add(15+c.r.IntN(40)), h.Pushes+1
	}
	conf := int64(min(float64(st.ConfidenceCapBP), float64(st.SuccessBP)+10000*s.optimist)/500) * 500
	h.ConfidenceBP = &conf
	until := c.today
	if cadence > 10 && c.r.IntN(3) == 0 {
		until = max(h.CreatedOn, c.today.Add(-20-c.r.IntN(30)))
	}
	c.talk(d, s, h.CreatedOn, until, cadence)
	if c.r.Float64() < 0.75 {
		due := c.today.Add(c.r.IntN(12) - 4)
		d.steps = append(d.steps, task.Task{ID: record.NewID(c.actor.Now), On: []record.Ref{opportunity.Ref(h.ID)}, What: one(c.r, nextSteps), MemberID: s.id, DueOn: due,
			CustomerAgreed: c.r.IntN(2) == 0, CreatedAt: c.actor.Now, CreatedBy: s.id, Version: 1})
	}
}

// talk writes the follow-ups between two days at the deal's cadence.
func (c *company) talk(d *deal, s seller, from, to calendar.Date, cadence float64) {
	h := &d.history
	for day := from; ; {
		day = day.Add(max(1, int(cadence*(0.5+c.r.Float64()))))
		if day > to || len(d.follow) > 25 {
			return
		}
		if !c.cal.IsWorkingDay(day) {
			continue
		}
		f := followup.FollowUp{ID: record.NewID(c.actor.Now), On: []record.Ref{opportunity.Ref(h.ID), account.Ref(h.AccountID)}, Channel: []string{"visit", "phone", "wechat", "meeting"}[c.r.IntN(4)], HappenedOn: day, TwoWay: c.r.IntN(5) > 0, MemberID: s.id, RecordedAt: day.Time().Add(10 * time.Hour), RecordedBy: s.id, Version: 1, Words: one(c.r, said)}
		if f.TwoWay {
			f.ContactIDs, h.LastContact = []string{d.contacts[c.r.IntN(len(d.contacts))].ContactID}, day
		} else {
			f.Words = one(c.r, oneWay)
		}
		d.follow = append(d.follow, f)
	}
}

// supply hands in the evidence of a stage's required milestones.
func (c *company) supply(s seller, st pipeline.Stage, known []account.Contact, from calendar.Date, days int) []opportunity.Evidence {
	var out []opportunity.Evidence
	for _, m := range st.Milestones {
		on := c.cal.AddWorkingDays(from, c.r.IntN(days+1))
		if !m.Required || on > c.today {
			continue
		}
		e := opportunity.Evidence{ID: record.NewID(c.actor.Now), StageID: st.ID, Key: m.Key, Status: "accepted", SubmittedOn: on, SubmittedAt: c.actor.Now, SubmittedBy: s.id, Text: m.Name + ",已与客户确认"}
		if m.Evidence == pipeline.Contact {
			e.Text, e.ContactID = "", known[0].ID
		}
		out = append(out, e)
	}
	return out
}
