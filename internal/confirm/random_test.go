package confirm_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/confirm"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/relation"
	"yunchou/internal/worktime"
)

// firm is what a plain reader of the rules keeps of a company, beside the program: lists of what happened, and loops.
type firm struct {
	*world
	day     calendar.Date
	deals   []*firmDeal
	talks   []firmTalk
	answers []*firmAnswer
	doubts  []*firmDoubt
	away    map[string][]calendar.Date // by seller
}

type firmDeal struct {
	id, owner, phase string
	worth            int64 // 0 is not known
	gone             bool
	parts            map[string]*firmPart
}

type firmPart struct {
	role      string
	since     calendar.Date // of the role
	had       int           // roles that stood for a day
	influence int64
	judged    calendar.Date
}

type firmTalk struct {
	deal, contact string
	on            calendar.Date
}

type firmAnswer struct {
	id, deal, contact, by string
	said                  confirm.Answer
	on                    calendar.Date
	undone                bool
	doubt                 *firmDoubt
}

type firmDoubt struct {
	id, contact string
	deals       []string
	ended       calendar.Date
	never       bool // the answer was taken back: nobody ever said it
}

// The days off and on of the first months of 2026, by the notice of the State Council.
func isWorkday(d calendar.Date) bool {
	switch {
	case d == "2026-02-14" || d == "2026-02-28" || d == "2026-01-04":
		return true
	case d >= "2026-01-01" && d <= "2026-01-03", d >= "2026-02-15" && d <= "2026-02-23", d >= "2026-04-04" && d <= "2026-04-06":
		return false
	}
	n := int(d.Time().Weekday())
	return n != 0 && n != 6
}

// silent tells whether so many working days of a seller have begun after a day until today.
func (f *firm) silent(seller string, since calendar.Date, phase string) bool {
	if since == "" {
		return true
	}
	need := 15
	if phase == "late" {
		need = 5
	}
	for d := since.Add(1); d <= f.day; d = d.Add(1) {
		if isWorkday(d) && !slices.Contains(f.away[seller], d) {
			need--
		}
	}
	return need <= 0
}

// left are the people of a deal who are still in it.
func (d *firmDeal) left() (ids []string) {
	for id, p := range d.parts {
		if p.role != "unknown" || p.had == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (f *firm) keys(d *firmDeal) (ids []string) {
	people := d.left()
	for _, id := range people {
		p := d.parts[id]
		if p.role == "economic" || p.role == "approver" || p.role == "coach" || p.influence >= 4 {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	who, when := "", calendar.Date("")
	for _, id := range people { // the first of those met on one day
		for _, t := range f.talks {
			if t.deal == d.id && t.contact == id && t.on > when {
				who, when = id, t.on
			}
		}
	}
	if who != "" {
		return []string{who}
	}
	return nil
}

func (f *firm) doubted(deal string) (list []*firmDoubt) {
	for _, x := range f.doubts {
		if x.ended == "" && slices.Contains(x.deals, deal) {
			list = append(list, x)
		}
	}
	return list
}

func (f *firm) said(deal, contact string) (list []*firmAnswer) {
	for _, x := range f.answers {
		if !x.undone && x.deal == deal && x.contact == contact {
			list = append(list, x)
		}
	}
	return list
}

func (f *firm) talked(contact string) (on calendar.Date) {
	for _, t := range f.talks {
		if t.contact == contact {
			on = max(on, t.on)
		}
	}
	return on
}

// since is the day from which on somebody is silent in a deal.
func (f *firm) since(d *firmDeal, contact string) calendar.Date {
	p := d.parts[contact]
	last := p.judged
	if p.role != "unknown" {
		last = p.since
	}
	last = max(last, f.talked(contact))
	for _, x := range f.said(d.id, contact) {
		last = max(last, x.on)
	}
	for _, x := range f.doubts {
		if x.contact == contact && !x.never && slices.Contains(x.deals, d.id) {
			last = max(last, x.ended)
		}
	}
	return last
}

// asks are the questions to a seller today: "deal contact".
func (f *firm) asks(seller string) (out []string) {
	deals := slices.Clone(f.deals)
	slices.SortFunc(deals, func(a, b *firmDeal) int { return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.id, b.id)) })
	for _, d := range deals {
		if d.gone || d.owner != seller {
			continue
		}
		keys, doubts := f.keys(d), f.doubted(d.id)
		if len(keys) == 0 {
			for _, x := range f.answers {
				if !x.undone && x.deal == d.id && x.said == confirm.Named && slices.Contains(d.left(), x.contact) {
					keys = []string{x.contact}
				}
			}
		}
		slices.SortFunc(keys, func(a, b string) int {
			return cmp.Or(cmp.Compare(d.parts[b].influence, d.parts[a].influence), cmp.Compare(a, b))
		})
		if len(keys) == 0 && len(doubts) == 0 && d.phase != "early" {
			last := calendar.Date("")
			for _, x := range f.said(d.id, "") {
				last = max(last, x.on)
			}
			if f.silent(seller, last, d.phase) {
				out = append(out, d.id+" ")
			}
		}
		for _, k := range keys {
			if !slices.ContainsFunc(doubts, func(x *firmDoubt) bool { return x.contact == k }) && f.silent(seller, f.since(d, k), d.phase) {
				out = append(out, d.id+" "+k)
			}
		}
	}
	most := 3
	for _, x := range f.answers {
		if !x.undone && x.by == seller && x.on == f.day {
			most--
		}
	}
	return out[:max(0, min(most, len(out)))]
}

// run is how often the last answer about somebody was given in a row after the day of the last contact.
func (f *firm) run(deal, contact string) (said confirm.Answer, n int) {
	talked := f.talked(contact)
	for _, x := range f.said(deal, contact) {
		switch {
		case x.on <= talked:
			continue
		case x.said == said:
			n++
		default:
			said, n = x.said, 1
		}
	}
	return said, n
}

// doubt is what is suspected now, nil where it is suspected already.
func (f *firm) doubt(contact string) *firmDoubt {
	x := &firmDoubt{contact: contact}
	for _, y := range f.doubts {
		if y.contact == contact && y.ended == "" {
			return nil
		}
	}
	for _, d := range f.deals {
		if d.gone {
			continue
		}
		p, keys := d.parts[contact], f.keys(d)
		in := p != nil && slices.Contains(d.left(), contact)
		if len(d.parts) == 0 || in && (p.role != "unknown" || len(keys) == 0 || slices.Contains(keys, contact)) {
			x.deals = append(x.deals, d.id)
		}
	}
	return x
}

// answer taps one of what a seller is asked, or says who decides.
func (f *firm) answer(rnd *rand.Rand, seller, contact string, d *firmDeal, everybody []string) {
	in := confirm.New{OpportunityID: d.id, ContactID: contact, Answer: []confirm.Answer{confirm.Still, confirm.Still, confirm.Unreachable, confirm.Unreachable, confirm.Changed}[rnd.IntN(5)]}
	if contact == "" {
		if in.Answer = confirm.Skipped; rnd.IntN(2) == 0 {
			in.Answer, in.ContactID = confirm.Named, everybody[rnd.IntN(len(everybody))]
		}
	}
	was, n := f.run(d.id, in.ContactID)
	if n++; was != in.Answer {
		n = 1
	}
	want := &firmAnswer{deal: d.id, contact: in.ContactID, by: seller, said: in.Answer, on: f.day}
	if in.Answer == confirm.Changed || in.Answer == confirm.Unreachable && n >= 2 {
		want.doubt = f.doubt(in.ContactID)
	}
	c, err := f.Confirms.Answer(f.Ctx, f.As(seller), in)
	f.ok(err)
	if contact != "" && c.Run != n || c.Proposed != (want.doubt != nil) {
		f.t.Errorf("%s: %s %+v: %d in a row, not %d; proposed %v", f.day, seller, in, c.Run, n, c.Proposed)
	}
	want.id = c.ID
	if want.doubt != nil {
		want.doubt.id = c.ChangeID
		f.doubts = append(f.doubts, want.doubt)
	}
	f.answers = append(f.answers, want)
	if in.Answer == confirm.Named && d.parts[in.ContactID] == nil {
		d.parts[in.ContactID] = &firmPart{role: "unknown"}
	}
}

func (f *firm) judge(rnd *rand.Rand, d *firmDeal, contact string) {
	p := d.parts[contact]
	if p == nil {
		p = &firmPart{role: "unknown"}
		d.parts[contact] = p
	}
	role := []string{"economic", "approver", "coach", "user", "technical", "unknown", "unknown"}[rnd.IntN(7)]
	j := relation.Judged{}
	if p.influence = int64(rnd.IntN(6)); p.influence > 0 {
		j.Influence = new(p.influence)
	}
	f.ok(f.Opportunities.Judge(f.Ctx, f.As("管理员"), d.id, 0, opportunity.DealContact{ContactID: contact, Role: role, Judged: j}))
	if p.judged = f.day; role == p.role {
		return
	}
	if p.role != "unknown" && p.since == f.day {
		p.had-- // it stood for no day
	}
	if p.role, p.since = role, f.day; role != "unknown" {
		p.had++
	}
}

func (f *firm) act(rnd *rand.Rand, sellers, everybody []string) {
	open := slices.DeleteFunc(slices.Clone(f.deals), func(d *firmDeal) bool { return d.gone })
	kind := rnd.IntN(100)
	if len(open) < 4 {
		kind = 0
	}
	one := func() *firmDeal { return open[rnd.IntN(len(open))] }
	switch {
	case kind < 10:
		stages := map[string]string{"early": "", "middle": "报价", "late": "商务确认"}
		phase := []string{"early", "middle", "late", "late"}[rnd.IntN(4)]
		d := &firmDeal{owner: sellers[rnd.IntN(len(sellers))], phase: phase, worth: int64(1 + rnd.IntN(6)), parts: map[string]*firmPart{}}
		d.id = f.sells(d.owner, fmt.Sprintf("第 %d 单", len(f.deals)), stages[phase], d.worth)
		f.deals = append(f.deals, d)
	case kind < 28:
		f.judge(rnd, one(), everybody[rnd.IntN(len(everybody))])
	case kind < 38:
		d := one()
		left, on, about := d.left(), []record.Ref{opportunity.Ref(d.id)}, d.id
		who := everybody[rnd.IntN(len(everybody))]
		if len(left) == 0 || rnd.IntN(4) == 0 {
			on, about = []record.Ref{{Kind: record.Account, ID: f.Account}}, ""
		} else {
			who = left[rnd.IntN(len(left))]
		}
		two := rnd.IntN(3) > 0
		_, err := f.FollowUps.Log(f.Ctx, f.As("管理员"), followup.FollowUp{On: on, Channel: []string{"phone", "wechat", "visit"}[rnd.IntN(3)], TwoWay: two, Words: "谈价",
			ContactIDs: []string{who}}, "")
		if f.ok(err); two {
			f.talks = append(f.talks, firmTalk{about, who, f.day})
		}
	case kind < 78:
		seller := sellers[rnd.IntN(len(sellers))]
		asked := f.compare(seller)
		if len(asked) == 0 || f.t.Failed() {
			return
		}
		q := asked[rnd.IntN(len(asked))]
		i := slices.IndexFunc(f.deals, func(d *firmDeal) bool { return d.id == q[:len(d.id)] })
		f.answer(rnd, seller, q[len(f.deals[i].id)+1:], f.deals[i], everybody)
	case kind < 84:
		for _, x := range f.answers {
			if x.on != f.day || x.undone || x.said == confirm.Named || x.doubt != nil && x.doubt.ended != "" {
				continue
			}
			f.ok(f.Confirms.Undo(f.Ctx, f.As(x.by), x.id))
			if x.undone = true; x.doubt != nil {
				x.doubt.ended, x.doubt.never = f.day, true
			}
			return
		}
	case kind < 87:
		for _, x := range f.doubts {
			if x.ended == "" {
				_, err := f.Changes.Refute(f.Ctx, f.As("管理员"), x.id)
				f.ok(err)
				x.ended = f.day
				return
			}
		}
	case kind < 90:
		d := one()
		d.gone = true
		if rnd.IntN(2) == 0 {
			f.ok(f.Opportunities.Delete(f.Ctx, f.As("管理员"), d.id, true))
			return
		}
		f.Move("管理员", d.id, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
	case kind < 94:
		d := one()
		d.owner = sellers[rnd.IntN(len(sellers))]
		f.ok(f.DB.Write(f.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(f.Ctx, `UPDATE opportunity SET owner_id = $2 WHERE id = $1`, d.id, f.ID[d.owner])
			return err
		}))
	case kind < 97:
		seller, from := sellers[rnd.IntN(len(sellers))], f.day.Add(1+rnd.IntN(3))
		to := from.Add(rnd.IntN(4))
		if slices.ContainsFunc(f.away[seller], func(d calendar.Date) bool { return d >= from }) {
			return
		}
		_, err := f.Times.Enter(f.Ctx, f.As(seller), f.ID[seller], worktime.Asked{From: worktime.Moment{On: from}, To: worktime.Moment{On: to}, Kind: "annual"})
		f.ok(err)
		for d := from; d <= to; d = d.Add(1) {
			f.away[seller] = append(f.away[seller], d)
		}
	default:
		d := one()
		if d.phase == "late" {
			return
		}
		f.Move("管理员", d.id, "方案确认", func(r *opportunity.MoveRequest) { r.Exception = "客户催" })
		d.phase = "late"
	}
}

// compare holds who a seller is asked after now to the reference.
func (f *firm) compare(seller string) []string {
	got, err := f.Confirms.Asked(f.Ctx, f.As(seller))
	f.ok(err)
	var is []string
	for _, q := range got.Questions {
		is = append(is, q.ID+" "+q.ContactID)
	}
	want := f.asks(seller)
	if !slices.Equal(is, want) {
		f.t.Errorf("%s: %s is asked %q, not %q", f.day, seller, is, want)
	}
	return want
}

// TestWhoIsAskedInRandomCompanies holds who is asked on each day of a quarter with Spring Festival in it to the plain
// reference: random deals, people, roles, contacts, answers, doubts, absences and owners.
func TestWhoIsAskedInRandomCompanies(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		asked, said, doubts, never := 0, map[confirm.Answer]int{}, 0, 0
		for seed := range uint64(3) {
			if t.Failed() {
				return
			}
			f := &firm{world: begin(t, db), away: map[string][]calendar.Date{}}
			rnd := rand.New(rand.NewPCG(seed, 14)) //nolint:gosec // a test that is the same each time
			f.Clock.Set("2026-01-19")
			sellers := []string{"小李", "陈露", "周涛"}
			var everybody []string
			for i := range 7 {
				everybody = append(everybody, f.person(fmt.Sprintf("客户%d", i), ""))
			}
			for f.day = "2026-01-19"; f.day < "2026-04-11" && !t.Failed(); f.day = f.day.Add(1) {
				f.Clock.Set(f.day)
				for range 2 + rnd.IntN(6) {
					f.act(rnd, sellers, everybody)
				}
				for _, seller := range sellers {
					asked += len(f.compare(seller))
				}
				for _, x := range f.doubts {
					c, err := f.Changes.Get(f.Ctx, f.As("管理员"), x.id)
					f.ok(err)
					if (c.State == change.Suspected) != (x.ended == "") {
						t.Errorf("%s: %s is %s", f.day, x.id, c.State)
					}
				}
			}
			for _, x := range f.answers {
				said[x.said]++
			}
			for _, x := range f.doubts {
				if doubts++; x.never {
					never++
				}
			}
		}
		if t.Logf("asked %d times, answered %v, %d doubts, %d taken back", asked, said, doubts, never); asked < 300 || len(said) < 5 || never == 0 {
			t.Error("too little is compared")
		}
	})
}
