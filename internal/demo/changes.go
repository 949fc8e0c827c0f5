package demo

import (
	"context"
	"math/rand/v2"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// changed is how many of the past deals had a person who changed while they went.
const changed = 24

// changer plans who changes at customers, after the deals were decided: it follows what became of them and decides
// nothing. Successors were met at once where a deal was won, and not at all where it was lost. It draws by chance of
// its own.
type changer struct {
	*history
	r    *rand.Rand
	last map[string]calendar.Date // by account, the day its last deal begun
	ends map[string]calendar.Date // by account, the day its last but one that is over ended
	now  []calendar.Date          // the last working days, today at the end
}

func (h *history) changes(seed uint64, deals []deal) {
	c := &changer{history: h, r: rand.New(rand.NewPCG(seed, 14)), last: map[string]calendar.Date{}, ends: map[string]calendar.Date{}}
	for day := h.today; len(c.now) < 12; day = h.workday(day.Add(-1)) {
		c.now = append(c.now, day)
	}
	slices.Reverse(c.now)
	open := map[string]int{}
	for _, d := range deals {
		c.last[d.account.ID] = max(c.last[d.account.ID], d.begun)
		if d.open() {
			c.judge(d)
			open[d.account.ID]++
		}
	}
	for _, d := range deals {
		if c.last[d.account.ID] != d.begun {
			c.ends[d.account.ID] = max(c.ends[d.account.ID], d.end.on)
		}
	}
	n := 0
	for _, d := range deals {
		if n < changed && !d.open() && len(d.visits) > 2 && c.last[d.account.ID] == d.begun && open[d.account.ID] == 0 && c.past(d) {
			n++
		}
	}
	var mine, others []deal
	for _, d := range deals {
		switch {
		case !d.open() || open[d.account.ID] != 1:
		case c.head(d) == h.tries:
			mine = append(mine, d)
		default:
			others = append(others, d)
		}
	}
	slices.SortStableFunc(mine, func(x, y deal) int { return int(c.far(y) - c.far(x)) })
	c.present(mine, others, deals)
	c.knows(deals)
}

// head is who the owner of a deal reports to.
func (c *changer) head(d deal) string { return c.actor.Structure.Superiors(d.owner.id, c.today)[0] }

func (d deal) open() bool { return d.end.state == "" || d.end.state == opportunity.Open }

// far orders deals by how far they are, then by what they are worth; those of the seller one tries it out as are farther.
func (c *changer) far(d deal) float64 {
	n := float64(len(d.visits)) + float64(d.amount)/1e12
	if d.owner.id == c.sellers[0].id {
		n += 0.5
	}
	return n * 1000
}

// judge has the owner of an open deal say what he thinks of its people, when he talked with them last.
func (c *changer) judge(d deal) {
	for i, p := range d.known {
		last, n := calendar.Date(""), int64(0)
		for _, t := range d.talks {
			if t.contact == p.ID {
				last, n = t.on, n+1
			}
		}
		if last == "" {
			continue
		}
		influence, coverage, attitude := int64(2+c.r.IntN(2)), min(4, 1+n/3), int64(c.r.IntN(4)-1)
		if i == 0 {
			influence = int64(4 + c.r.IntN(2))
		}
		j := relation.Judged{Influence: &influence, Coverage: &coverage, Attitude: &attitude}
		c.on(last, 90+i, d.owner.id, func(ctx context.Context, a org.Actor) error {
			return c.Opportunities.Judge(ctx, a, d.id, 0, opportunity.DealContact{ContactID: p.ID, Role: roles[p.Title], Judged: j})
		})
	}
}

// heard is the last day on which a person is spoken of in a deal.
func (d deal) heard(contact string) calendar.Date {
	last := d.begun
	for _, t := range d.talks {
		if t.contact == contact {
			last = max(last, t.on)
		}
	}
	for _, x := range d.visits {
		for _, e := range x.evidence {
			if e.milestone.Evidence == pipeline.Contact && contact == d.known[0].ID {
				last = max(last, e.on)
			}
		}
	}
	return last
}

// past has somebody of a deal that is over change while it went; false where nobody could.
func (c *changer) past(d deal) bool {
	who := slices.IndexFunc(d.known, func(p account.Contact) bool {
		on := c.cal.AddWorkingDays(d.heard(p.ID), 1)
		return d.heard(p.ID) > d.begun && c.ends[d.account.ID] < on && c.cal.AddWorkingDays(on, 3) < d.end.on
	})
	if who < 0 {
		return false
	}
	p := d.known[who]
	in := c.goes(p)
	in.On, in.SuccessorName = c.cal.AddWorkingDays(d.heard(p.ID), 1), person(c.r)
	told := c.tell(d, in, in.On, 440)
	if d.end.state == opportunity.Won {
		c.meets(d, told, c.cal.AddWorkingDays(in.On, 1+c.r.IntN(2)))
	}
	return true
}

// goes is where somebody goes: to another part of his customer, or away.
func (c *changer) goes(p account.Contact) change.New {
	in := change.New{ID: record.NewID(c.at), ContactID: p.ID, Kind: change.Left, Source: "colleague"}
	if c.r.IntN(2) == 0 {
		in.Kind, in.Department, in.Source = change.Moved, one(c.r, []string{"供应链部", "质量部", "二厂", "集团总部"}), "self"
	}
	return in
}

// tell has the owner tell of a change; told is filled in then.
func (c *changer) tell(d deal, in change.New, day calendar.Date, minute int) *change.Change {
	told := &change.Change{}
	c.on(day, minute, d.owner.id, func(ctx context.Context, a org.Actor) (err error) {
		*told, err = c.Changes.Tell(ctx, a, in)
		return err
	})
	return told
}

// meets has the owner meet who follows, about every deal it touched.
func (c *changer) meets(d deal, told *change.Change, day calendar.Date) {
	words := one(c.r, []string{"刚接手，前任交代过我们的方案，让把计算书再讲一遍。", "认可前面谈的范围，付款节点要重新过一遍。", "第一次见，问得很细，要了两个同行案例。"})
	c.on(day, 120, d.owner.id, func(ctx context.Context, a org.Actor) error {
		f := followup.FollowUp{ID: record.NewID(c.at), Channel: "visit", TwoWay: true, Words: words, ContactIDs: []string{told.SuccessorID},
			On: []record.Ref{account.Ref(d.account.ID)}}
		for _, t := range told.Deals {
			f.On = append(f.On, opportunity.Ref(t.OpportunityID))
		}
		_, err := c.FollowUps.Log(ctx, a, f, "")
		return err
	})
}

// present are those of these days: one with a successor who comes from another customer, for the head one tries it out
// as; then, with his deals in front, one nobody knows who follows, one met, one suspected, and one of another title.
func (c *changer) present(mine, others, all []deal) {
	stories := []func(d deal) bool{func(d deal) bool { return c.moved(d, all) }, c.unknown, c.metLately, c.suspected, c.retitled}
	used := map[string]bool{}
	for _, tell := range stories {
		for _, d := range slices.Concat(mine, others) {
			if !used[d.id] && tell(d) {
				used[d.id] = true
				break
			}
		}
	}
}

// quiet is one of a deal's people nobody spoke with on or after a day, who decides in front; "" is nobody.
func (d deal) quiet(day calendar.Date) string {
	for _, p := range d.known {
		if d.heard(p.ID) < day {
			return p.ID
		}
	}
	return ""
}

// goneSince is a change of one of a deal's people on the nth last working day, where one is quiet since.
func (c *changer) goneSince(d deal, n int) (in change.New, ok bool) {
	in = change.New{ID: record.NewID(c.at), Kind: change.Left, On: c.now[len(c.now)-n], Source: "public"}
	in.ContactID = d.quiet(in.On)
	return in, in.ContactID != ""
}

// moved is the story the product is for.
func (c *changer) moved(d deal, all []deal) bool {
	in, ok := c.goneSince(d, 2)
	if !ok || in.ContactID != d.known[0].ID {
		return false
	}
	in.Kind, in.Department, in.Source = change.Moved, "供应链部", "colleague"
	for _, o := range all { // who follows is known to a colleague, from a customer where nothing goes on
		if o.open() || o.owner.id == d.owner.id || c.last[o.account.ID] != o.begun || o.account.ID == d.account.ID || c.head(o) != c.tries || o.end.on > c.today.Add(-60) {
			continue
		}
		if p := o.known[len(o.known)-1]; o.heard(p.ID) > o.begun {
			in.SuccessorID = p.ID
			break
		}
	}
	if in.SuccessorID == "" {
		in.SuccessorName = person(c.r)
	}
	c.classmates(d, c.tell(d, in, in.On, 440), in.On)
	return true
}

func (c *changer) unknown(d deal) bool {
	in, ok := c.goneSince(d, 4)
	if ok {
		c.tell(d, in, in.On, 300)
	}
	return ok
}

func (c *changer) metLately(d deal) bool {
	in, ok := c.goneSince(d, 8)
	if ok {
		in.SuccessorName, in.Source = person(c.r), "self"
		c.meets(d, c.tell(d, in, in.On, 200), c.now[len(c.now)-7])
	}
	return ok
}

func (c *changer) suspected(d deal) bool {
	in, ok := c.goneSince(d, 2)
	if ok {
		in.Source, in.Suspect = "other", true
		c.tell(d, in, in.On, 250)
	}
	return ok
}

func (c *changer) retitled(d deal) bool {
	p := d.known[len(d.known)-1]
	c.tell(d, change.New{ID: record.NewID(c.at), ContactID: p.ID, Kind: change.Retitled, On: c.now[0], Title: "高级" + p.Title, Source: "self"}, c.now[0], 350)
	return true
}
