package demo

import (
	"fmt"
	"math/rand/v2"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// told is the deal the manager's first screen tells of: of the seller one tries it out as, at the last stage before it
// is won, with five people of a customer of its own. Who changes in it is the changer's.
func (h *history) told(s seller, v pipeline.Version) deal {
	stay := []int{12, 10, 14, 9, 8, 5} // working days in each stage
	open := []pipeline.Stage{}
	for _, st := range v.Stages {
		if st.Kind == pipeline.Open {
			open = append(open, st)
		}
	}
	days, back := 0, h.today
	for i := range open {
		days += stay[i%len(stay)]
	}
	for n := 0; n < days; back = h.workday(back.Add(-1)) {
		n++
	}
	who := h.customer(s, back)
	who.people = who.people[:1]
	for i, title := range []string{"生产副总", "技术总监", "工艺工程师", "设备部长"} {
		h.gets(&who, back, -20+i, account.Contact{ID: record.NewID(h.at), Name: person(h.r), AccountID: who.ID, Title: title, Mobile: fmt.Sprintf("199%08d", h.r.IntN(1e8))})
	}
	d := deal{id: record.NewID(h.at), owner: s, version: v, account: who.Account, name: who.Name + " · 产线视觉检测", product: h.lines[0], source: "展会",
		known: who.knownOn(back), amount: 186_000_000, begun: back, rival: h.rivals[0], confidence: 9000}
	for i, day := 0, back; i < len(open); i++ {
		leave := min(h.cal.AddWorkingDays(day, stay[i%len(stay)]), h.today)
		d.visits = append(d.visits, visit{stage: open[i], on: day, left: leave, evidence: h.supply(open[i], day, stay[i%len(stay)]-1)})
		day = leave
	}
	d.expected = []expectation{{back, h.workday(h.today.Add(-9))}, {h.workday(h.today.Add(-9)), h.cal.AddWorkingDays(h.today, 6)}}
	h.company.talk(&d, h.today, 5)
	step := h.cal.AddWorkingDays(h.today, 3)
	d.step = &step
	d.without(d.known[0].ID, h.workday(h.today.Add(-3)))
	return d
}

// without has nobody talk with a person from a day on: with the next of the deal's people instead.
func (d *deal) without(contact string, from calendar.Date) {
	for i := range d.talks {
		if d.talks[i].contact == contact && d.talks[i].on >= from {
			d.talks[i].contact = d.known[1+i%(len(d.known)-1)].ID
		}
	}
}

// telling makes it by chance of its own, so that the other deals are what they are without it.
func (h *history) telling(seed uint64, v pipeline.Version) deal {
	was := h.r
	h.r = rand.New(rand.NewPCG(seed, 15))
	defer func() { h.r = was }()
	d := h.told(h.sellers[0], v)
	d.end.state = opportunity.Open
	h.add(d)
	return d
}
