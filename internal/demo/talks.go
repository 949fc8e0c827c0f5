package demo

import (
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"
)

// talk is a contact with the customer: by which channel, and what was said. Nobody stands in it who did not
// answer.
type talk struct {
	on             calendar.Date
	contact        string
	channel, words string
	step           *promise // what was promised in it
}

func (t talk) twoWay() bool { return t.contact != "" }

// promise is a next step that was kept.
type promise struct {
	what      string
	due, done calendar.Date
}

// saying is something said by a channel.
type saying struct{ channel, words string }

// conversations are what customers say, by how far the deal is.
var conversations = map[pipeline.Phase][]saying{
	pipeline.Early: {{"phone", "预算要走一遍流程，让我们先给方案。"}, {"visit", "带我们看了现场，瓶颈在来料和换型。"}, {"wechat", "说今年一定要上，时间表已经发来。"},
		{"meeting", "开了需求会，各部门的要求都记下来了。"}, {"phone", "还没有定下来，让下个月再联系。"}},
	pipeline.Middle: {{"visit", "希望现场打样，看过再定。"}, {"meeting", "评审会上技术没有异议，领导还在看另一家。"}, {"phone", "对交期有顾虑，问能不能提前两周。"},
		{"wechat", "资料转给领导了，等回话。"}, {"email", "发来书面意见，三处要改。"}},
	pipeline.Late: {{"phone", "价格要再谈，范围基本定了。"}, {"meeting", "开会过了一遍条款，付款方式还没谈拢。"}, {"visit", "他们内部对选型意见不一致，当面解释了一遍。"},
		{"wechat", "说合同在走审批。"}},
}

// unanswered are what a seller writes where nobody answered.
var unanswered = []saying{{"phone", "打了电话没接。"}, {"email", "邮件发了新版资料，还没回。"}, {"wechat", "发微信约拜访，还没回。"}}

// shown is what is said where a milestone is shown, by its key.
var shown = map[string]saying{
	"budget": {"phone", "预算和时间表说了个大概，年内要上。"}, "requirement": {"meeting", "一起过了需求，逐条确认。"},
	"decision_maker": {"meeting", "见到了拍板的人，他看重交期和案例。"}, "solution": {"meeting", "讲了方案，让补一份计算书。"},
	"quotation": {"wechat", "报价收到，转给采购比价。"}, "response": {"email", "书面回了报价，付款和质保两条要谈。"},
	"agreement": {"meeting", "技术协议逐条过完，可以盖章。"}, "terms": {"meeting", "条款谈定，按这个走合同。"},
	"visit": {"visit", "第一次上门，主要做本地工厂的备件。"},
}

// fresh is within how many days before a move somebody has talked with the customer.
const fresh = 5

// talk plans the follow-ups until a day: the first of all, at the deal's cadence, where evidence was shown, and
// before each move.
func (c *company) talk(d *deal, until calendar.Date, cadence float64) {
	by := map[calendar.Date]talk{d.begun: c.said(d, d.begun, conversations[pipeline.Early][c.r.IntN(5)])}
	for _, x := range d.visits {
		for _, e := range x.evidence {
			if by[e.on].words != shown["decision_maker"].words { // whom one met stays met
				by[e.on] = c.said(d, e.on, shown[e.milestone.Key])
			}
		}
	}
	moves := d.visits[1:]
	if d.end.on != "" {
		moves = append(append([]visit{}, moves...), visit{on: d.end.on})
	}
	for _, x := range moves {
		if !talkedSince(by, x.on.Add(-fresh), x.on) {
			by[x.on] = c.said(d, x.on, one(c.r, conversations[d.phaseOn(x.on)]))
		}
	}
	for day := d.begun; ; {
		day = c.cal.AddWorkingDays(day.Add(int(cadence*(0.5+c.r.Float64()))), 1)
		if day > until {
			break
		}
		if talkedSince(by, day.Add(-1), day) {
			continue
		}
		if c.r.IntN(5) == 0 {
			s := one(c.r, unanswered)
			by[day] = talk{on: day, channel: s.channel, words: s.words}
		} else {
			by[day] = c.said(d, day, one(c.r, conversations[d.phaseOn(day)]))
		}
	}
	for _, t := range by {
		d.talks = append(d.talks, t)
	}
	sort.Slice(d.talks, func(i, j int) bool { return d.talks[i].on < d.talks[j].on })
	c.promise(d)
}

// said is a contact with one of the deal's people; who decides is met where that is what was shown.
func (c *company) said(d *deal, on calendar.Date, s saying) talk {
	who := d.known[c.r.IntN(len(d.known))]
	if s == shown["decision_maker"] {
		who = d.known[0]
	}
	return talk{on: on, contact: who.ID, channel: s.channel, words: s.words}
}

func talkedSince(by map[calendar.Date]talk, from, to calendar.Date) bool {
	for day := from; day <= to; day = day.Add(1) {
		if t, ok := by[day]; ok && t.twoWay() {
			return true
		}
	}
	return false
}

// phaseOn is how far the deal was on a day.
func (d *deal) phaseOn(day calendar.Date) pipeline.Phase {
	phase := pipeline.Early
	for _, x := range d.visits {
		if x.on <= day {
			phase = x.stage.Phase
		}
	}
	return phase
}

// promise makes one in six conversations end with a next step, which is kept, sometimes late.
func (c *company) promise(d *deal) {
	last := c.today
	if d.end.on != "" {
		last = d.end.on.Add(-1)
	}
	for i := range d.talks {
		t := &d.talks[i]
		if !t.twoWay() || c.r.IntN(6) > 0 {
			continue
		}
		due := c.cal.AddWorkingDays(t.on, 2+c.r.IntN(6))
		done := c.cal.AddWorkingDays(due, max(0, c.r.IntN(6)-3))
		if done <= last {
			t.step = &promise{c.nextStep(d), due, done}
		}
	}
}

// nextStep names one of the deal's people where it names anybody.
func (c *company) nextStep(d *deal) string {
	return fmtStep(one(c.r, nextSteps), d.known[c.r.IntN(len(d.known))].Name)
}
