package opportunity

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// OnDesk is what of opportunities waits for a member (desk.Source), and how they are weighed (desk.Weigher).
type OnDesk struct {
	*Service
	// Limits are those of each stage, as they are known now.
	Limits func(ctx context.Context, tx database.Tx, tenant string) (by map[string]Limits, known bool, err error)
}

// The signs of an opportunity.
const (
	SignStalled   = "stalled"   // stands still beyond the limit of its stage
	SignPassed    = "passed"    // expected on a day that has passed
	SignEvidence  = "evidence"  // a milestone waits to be accepted
	SignException = "exception" // went on without what the stage asks for
	SignWin       = "win"       // a win by exception waits to be accepted
	SignNoStep    = "no_step"   // of a group: nothing comes next
)

// Kind implements desk.Weigher.
func (OnDesk) Kind() string { return record.Opportunity }

// Signs implements desk.Source: what waits for a decision.
func (d OnDesk) Signs(ctx context.Context, tx database.Tx, k *desk.Ask) (out []desk.Found, err error) {
	a := k.Actor
	if !a.Can(org.EvidenceDecide) {
		return nil, nil
	}
	scope := a.Scope(record.Opportunity, org.Write)
	waiting, err := d.Rows.Waiting(ctx, tx, a.TenantID, scope, MostExceptions)
	if err != nil {
		return nil, err
	}
	taken, _, err := d.Rows.Exceptions(ctx, tx, a, scope, MostExceptions)
	if err != nil || len(waiting)+len(taken) == 0 {
		return nil, err
	}
	names, err := d.Pipelines.Names(ctx, tx, a.TenantID)
	if err != nil {
		return nil, err
	}
	add := func(id string, s desk.Sign) {
		s.Days = max(0, k.Calendar.WorkingDaysBetween(s.On, a.Today))
		out = append(out, desk.Found{On: Ref(id), Sign: s})
	}
	for _, w := range waiting {
		add(w.OpportunityID, desk.Sign{Kind: SignEvidence, ID: w.ID, On: w.SubmittedOn, MemberID: w.SubmittedBy, Accept: true,
			Name: names.Milestone(w.StageID, w.Key), Text: w.Text, Facts: []string{w.ID}})
	}
	for _, e := range taken {
		kind := SignException
		if e.Win {
			kind = SignWin
		}
		add(e.OpportunityID, desk.Sign{Kind: kind, On: e.On, MemberID: e.MemberID, ID: e.StageID, Accept: true, Name: names.Stages[e.StageID],
			Text: e.Reason, Facts: []string{e.StageID, string(e.On)}})
	}
	return out, nil
}

// Weigh implements desk.Weigher.
func (d OnDesk) Weigh(ctx context.Context, tx database.Tx, k *desk.Ask, signs map[string][]desk.Sign) (list desk.Lines, known bool, err error) {
	a := k.Actor
	if d.Memory == nil {
		return list, false, nil
	}
	limits, known, err := d.Limits(ctx, tx, a.TenantID)
	if err != nil || !known {
		return list, false, err
	}
	q := Pressed{
		Wanted: Wanted{TenantID: a.TenantID, Scope: a.Scope(record.Opportunity, org.Read), Currency: a.Company.Currency, Today: a.Today},
		Limits: limits, Calendar: k.Calendar, Bars: barsOf(k), Also: slices.Sorted(maps.Keys(signs)),
	}
	if k.Needs.Kind == record.Opportunity && signs[k.Needs.ID] == nil {
		q.Also = append(q.Also, k.Needs.ID)
	}
	found, without, known, err := d.Memory.Pressing(ctx, tx, q)
	if err != nil || !known {
		return list, known, err
	}
	x := weighing{Ask: k, limits: limits, list: &list, alone: without.Only}
	for n := range found {
		x.add(&found[n], signs[found[n].ID])
	}
	list.Lines = x.best()
	if group := x.group(without.All); group != nil {
		list.Lines = append(list.Lines, *group)
		x.count++
		x.sum.Merge(&x.alone) // those that have a line are in the sum already
	}
	worth := x.sum.Stated()
	list.Count, list.WorthMinor, list.NoWorth = x.count, worth.AmountMinor, worth.NoAmount
	return list, true, d.named(ctx, tx, a, list.Lines, list.Asked)
}

// barsOf are the bars of the owners whose records stand on the reader's desk, or come to it. What anybody
// decided on is looked at one by one, so a bar is no higher than what stands untouched.
func barsOf(k *desk.Ask) map[string]Bar {
	a, bars := k.Actor, map[string]Bar{}
	scope := a.Scope(record.Opportunity, org.Read)
	owners := scope.Owners
	if scope.All || len(scope.DealTeams)+len(scope.ProductLines)+len(scope.Regions) > 0 {
		owners = append(slices.Collect(maps.Keys(a.Structure.Members)), "")
	}
	for _, owner := range owners {
		switch p := k.PlaceOf(owner); {
		case p.Level < 0:
		case p.Level <= 1:
			bars[owner] = Bar{Steps: true}
		default:
			bars[owner] = Bar{Days: desk.Untouched, Minor: k.Bars.Of(p.Level)}
		}
	}
	return bars
}

// weighing keeps the best lines of many.
type weighing struct {
	*desk.Ask
	limits map[string]Limits
	list   *desk.Lines
	count  int64
	sum    Sum
	alone  Sum // of what has no next step, and no line of its own
	lines  []weighed
	least  *desk.Weight // what of lines is not among the best once there are as many as are wanted
	room   []desk.Sign
}

type weighed struct {
	desk.Line
	desk.Weight
}

// add adds a record with what others found of it. Of most it is only counted: nothing is made for them.
func (x *weighing) add(p *Pressing, others []desk.Sign) {
	worth := p.WorthMinor
	l := desk.Line{On: Ref(p.ID), OwnerID: p.OwnerID, RateBP: x.Rates[p.StageID]}
	if worth >= 0 {
		l.WorthMinor = &worth
	}
	x.room = append(x.signsOf(x.room[:0], p, false), others...)
	if l.Signs = x.room; !x.stands(&l, p, others) {
		if p.NoStep {
			x.alone.AddMinor(worth)
		}
		return
	}
	x.count++
	x.sum.AddMinor(worth)
	w := l.Weight()
	if x.least != nil && x.least.Compare(w) < 0 && l.On != x.Needs {
		return
	}
	l.Signs = append(x.signsOf(nil, p, true), others...)
	if x.lines = append(x.lines, weighed{l, w}); len(x.lines) > 8*(x.Most+8) {
		x.cut()
	}
}

// stands tells whether it stands on the reader's desk, and keeps what he asked about.
func (x *weighing) stands(l *desk.Line, p *Pressing, others []desk.Sign) bool {
	if !desk.Asks(l.Signs) {
		return false
	}
	place, waited := x.PlaceOf(p.OwnerID), p.Waited()
	for _, s := range others {
		if !s.Aside {
			waited = max(waited, s.Days)
		}
	}
	l.Level = place.Level
	// Facts are numbered where a decision may be about them, and for what is shown.
	if x.Marked(l) || x.Needs == l.On {
		l.Signs = append(x.signsOf(nil, p, true), others...)
		l.Facts = desk.FactsOf(l.OwnerID, l.Signs)
	}
	if x.Stands(l, place, waited) {
		return true
	}
	if x.Waits(l) {
		x.list.Await(*l)
	}
	return false
}

// cut leaves those that are wanted of the lines.
func (x *weighing) cut() {
	slices.SortFunc(x.lines, func(a, b weighed) int {
		return cmp.Or(first(a.On == x.Needs, b.On == x.Needs), a.Weight.Compare(b.Weight))
	})
	if x.Most > 0 && len(x.lines) >= x.Most {
		clear(x.lines[x.Most:])
		x.lines = x.lines[:x.Most]
		x.least = new(x.lines[x.Most-1].Weight)
	}
}

// best are those that are wanted of them.
func (x *weighing) best() (lines []desk.Line) {
	x.cut()
	for n := range x.lines {
		lines = append(lines, x.lines[n].Line)
	}
	return lines
}

// first orders what holds before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// signsOf adds the signs memory tells; whole ones are for who shows them, or compares what they say.
func (x *weighing) signsOf(out []desk.Sign, p *Pressing, whole bool) []desk.Sign {
	if p.Stalled > 0 {
		l := x.limits[p.StageID]
		s := desk.Sign{Kind: SignStalled, Days: int(p.Stalled), Limit: l.Stalled}
		if whole {
			s.On, s.ID, s.Count, s.Facts = dateOf(p.Clock), p.StageID, int64(l.Gaps), []string{p.StageID, strconv.Itoa(int(p.Clock))}
			if p.Long {
				s.Facts = append(s.Facts, "long")
			}
		}
		out = append(out, s)
	}
	if p.Passed {
		s := desk.Sign{Kind: SignPassed, Days: int(p.Overdue)}
		if whole {
			s.On, s.Facts = dateOf(p.Expected), []string{strconv.Itoa(int(p.Expected))}
		}
		out = append(out, s)
	}
	return out
}

func dateOf(days int32) calendar.Date { return calendar.Date("1970-01-01").Add(int(days)) }

// group is the line of those that have no next step.
func (x *weighing) group(of Sum) *desk.Line {
	worth := of.Stated()
	if worth.Count == 0 {
		return nil
	}
	l := desk.Line{On: record.Ref{Kind: desk.GroupKind, ID: SignNoStep}, Level: 1, WorthMinor: &worth.AmountMinor,
		Signs: []desk.Sign{{Kind: SignNoStep, Count: worth.Count}}}
	l.Facts = desk.FactsOf("", l.Signs)
	if !x.Stands(&l, desk.Place{Level: 1}, 0) {
		return nil
	}
	return &l
}

// named completes the lines that are shown.
func (d OnDesk) named(ctx context.Context, tx database.Tx, a org.Actor, lines, asked []desk.Line) error {
	var ids []string
	for _, l := range slices.Concat(lines, asked) {
		if l.On.Kind == record.Opportunity {
			ids = append(ids, l.On.ID)
		}
	}
	byID, err := d.Rows.ByID(ctx, tx, a.TenantID, ids)
	for _, part := range [][]desk.Line{lines, asked} {
		for n := range part {
			l := &part[n]
			l.Facts = desk.FactsOf(l.OwnerID, l.Signs)
			l.Name = byID[l.On.ID].Name
		}
	}
	return err
}
