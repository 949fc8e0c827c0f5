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
		add(w.OpportunityID, desk.Sign{Kind: SignEvidence, ID: w.ID, On: w.SubmittedOn, MemberID: w.SubmittedBy,
			Name: names.Milestone(w.StageID, w.Key), Text: w.Text, Facts: []string{w.ID}})
	}
	for _, e := range taken {
		kind := SignException
		if e.Win {
			kind = SignWin
		}
		add(e.OpportunityID, desk.Sign{Kind: kind, On: e.On, MemberID: e.MemberID, ID: e.StageID, Name: names.Stages[e.StageID],
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
	found, noStep, known, err := d.Memory.Pressing(ctx, tx, q)
	if err != nil || !known {
		return list, known, err
	}
	x := weighing{Ask: k, limits: limits, list: &list}
	for _, p := range found {
		x.add(p, signs[p.ID])
	}
	list.Lines = x.best()
	worth := x.sum.Stated()
	list.Count, list.WorthMinor, list.NoWorth = worth.Count, worth.AmountMinor, worth.NoAmount
	if group := x.group(noStep); group != nil {
		list.Lines, list.Count = append(list.Lines, *group), list.Count+1
	}
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
	sum    Sum
	lines  []desk.Line
}

// add adds a record with what others found of it.
func (x *weighing) add(p Pressing, others []desk.Sign) {
	l := desk.Line{On: Ref(p.ID), OwnerID: p.OwnerID, WorthMinor: worthOf(p.WorthMinor), RateBP: x.Rates[p.StageID]}
	l.Signs = append(x.signsOf(p), others...)
	if !desk.Asks(l.Signs) {
		return
	}
	place, waited := x.PlaceOf(p.OwnerID), p.Waited()
	for _, s := range others {
		if !s.Aside {
			waited = max(waited, s.Days)
		}
	}
	l.Level = place.Level
	// Facts are numbered where a decision may be about them, and for what is shown.
	if x.Marked(l.On) || x.Needs == l.On {
		l.Facts = desk.FactsOf(l.OwnerID, l.Signs)
	}
	if !x.Stands(l, place, waited) {
		if x.Waits(l) {
			x.list.Await(l)
		}
		return
	}
	x.sum.Add(l.WorthMinor, false)
	if x.lines = append(x.lines, l); len(x.lines) > 8*(x.Most+8) {
		x.lines = x.best()
	}
}

// best keeps what is wanted of them.
func (x *weighing) best() []desk.Line {
	slices.SortFunc(x.lines, func(a, b desk.Line) int {
		return cmp.Or(first(a.On == x.Needs, b.On == x.Needs), desk.Compare(a, b))
	})
	return x.lines[:min(len(x.lines), x.Most)]
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

func worthOf(minor int64) *int64 {
	if minor < 0 {
		return nil
	}
	return &minor
}

// signsOf are the signs memory tells.
func (x *weighing) signsOf(p Pressing) (out []desk.Sign) {
	if p.Stalled > 0 {
		l := x.limits[p.StageID]
		s := desk.Sign{Kind: SignStalled, Days: int(p.Stalled), Limit: l.Stalled, On: dateOf(p.Clock), ID: p.StageID, Count: int64(l.Gaps),
			Facts: []string{p.StageID, strconv.Itoa(int(p.Clock))}}
		if p.Long {
			s.Facts = append(s.Facts, "long")
		}
		out = append(out, s)
	}
	if p.Passed {
		out = append(out, desk.Sign{Kind: SignPassed, Days: int(p.Overdue), On: dateOf(p.Expected), Facts: []string{strconv.Itoa(int(p.Expected))}})
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
	if !x.Stands(l, desk.Place{Level: 1}, 0) {
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
