package opportunity

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"

	"github.com/google/uuid"
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
		Limits: limits, Calendar: k.Calendar, Also: slices.Sorted(maps.Keys(signs)),
	}
	if k.Needs.Kind == record.Opportunity && signs[k.Needs.ID] == nil {
		q.Also = append(q.Also, k.Needs.ID)
	}
	found, known, err := d.Memory.Pressing(ctx, tx, q)
	if err != nil || !known {
		return list, known, err
	}
	x := newWeighing(k, limits, found.Texts, &list)
	for _, part := range found.Sheets {
		x.sheet(part)
	}
	for n := range found.Also {
		x.add(&found.Also[n], signs[found.Also[n].ID])
	}
	list.Lines = x.best()
	if group := x.group(x.without); group != nil {
		list.Lines = append(list.Lines, *group)
		x.count++
		x.sum.Merge(&x.alone) // those that have a line are in the sum already
	}
	worth := x.sum.Stated()
	list.Count, list.WorthMinor, list.NoWorth = x.count, worth.AmountMinor, worth.NoAmount
	return list, true, d.named(ctx, tx, a, list.Lines, list.Asked)
}

// holder is where the reader stands above an owner, and from when on he is told of the owner's records.
type holder struct {
	desk.Place
	known bool
	none  bool  // they do not stand on his desk
	steps bool  // those without a next step are counted
	days  int   // what asks for fewer working days is left out
	minor int64 // where it is worth less, too
}

// holderOf tells it of an owner. What anybody decided on is looked at one by one, so nothing is left out that could stand
// untouched.
func (x *weighing) holderOf(owner string) holder {
	h := holder{Place: x.PlaceOf(owner), known: true}
	_, member := x.Actor.Structure.Members[owner]
	switch {
	case h.Level < 0 || owner != "" && !member:
		h.none = true
	case h.Level <= 1:
		h.steps = true
	default:
		h.days, h.minor = desk.Untouched, x.Bars.Of(h.Level)
	}
	return h
}

// weighing keeps the best lines of many.
type weighing struct {
	*desk.Ask
	limits map[string]Limits
	list   *desk.Lines
	marks  desk.MarksOf
	texts  []string
	owners []holder // by number
	stages []stage  // by number
	count  int64
	sum    Sum
	// Of what has no next step: all, and those that have no line of their own.
	without, alone Sum
	lines          []weighed
	least          *desk.Weight // what of lines is not among the best once there are as many as are wanted
	one            desk.Case
}

// stage is what weighs a stage's records.
type stage struct {
	known        bool
	rate, capped int // in basis points; most days over its limit that count
}

type weighed struct {
	desk.Line
	desk.Weight
}

func newWeighing(k *desk.Ask, limits map[string]Limits, texts []string, list *desk.Lines) *weighing {
	return &weighing{Ask: k, limits: limits, list: list, marks: k.MarksOf(record.Opportunity), texts: texts,
		owners: make([]holder, len(texts)), stages: make([]stage, len(texts))}
}

// holder is holderOf by number.
func (x *weighing) holder(owner int32) *holder {
	h := &x.owners[owner]
	if !h.known {
		*h = x.holderOf(x.texts[owner])
	}
	return h
}

// sheet adds what memory alone tells of.
func (x *weighing) sheet(p SheetPart) {
	known := p.verdicts(x.Ask, x.marks)
	if p.At == nil {
		for n := range p.Rows {
			x.row(&p.Rows[n], known.of(n))
		}
		return
	}
	for _, n := range p.At {
		x.row(&p.Rows[n], known.of(int(n)))
	}
}

// row adds a record of which nobody found anything else. It is add without a line of each: only what is among the best
// becomes one.
func (x *weighing) row(p *Asking, known []desk.Verdict) {
	h := x.holder(p.Owner)
	if h.none {
		return
	}
	noStep := h.steps && p.NoStep
	if noStep {
		x.without.AddMinor(p.WorthMinor)
	}
	x.one = desk.Case{Verdicts: known, WorthMinor: p.WorthMinor, Place: &h.Place, Waited: p.Waited()}
	if !p.Asks() || p.Waited() < h.days && p.WorthMinor < h.minor || !x.StandsAs(&x.one) {
		if noStep {
			x.alone.AddMinor(p.WorthMinor)
		}
		return
	}
	x.count++
	x.sum.AddMinor(p.WorthMinor)
	if x.least != nil && x.least.Before(false, x.cost(p), max(p.WorthMinor, -1), x.days(p)) {
		return
	}
	whole := x.whole(p)
	l := x.lineOf(&whole)
	l.Level, l.Signs = h.Level, x.signsOf(&whole)
	x.keep(l)
}

// days and cost are desk.Line's of a row.
func (x *weighing) days(p *Asking) (days int) {
	if p.Stalled > 0 {
		days = min(int(p.Stalled), x.stage(p.Stage).capped)
	}
	if p.Passed {
		days = max(days, min(int(p.Overdue), desk.MostDays))
	}
	return days
}

func (x *weighing) cost(p *Asking) int64 {
	if p.WorthMinor < 0 {
		return 0
	}
	return money.Weighted(p.WorthMinor, x.stage(p.Stage).rate) * int64(x.days(p))
}

func (x *weighing) stage(n int32) *stage {
	s := &x.stages[n]
	if !s.known {
		id := x.texts[n]
		*s = stage{true, x.Rates[id], desk.Capped(x.limits[id].Stalled)}
	}
	return s
}

// whole is a row by its texts.
func (x *weighing) whole(p *Asking) Pressing {
	return Pressing{
		ID: uuid.UUID(p.ID).String(), OwnerID: x.texts[p.Owner], StageID: x.texts[p.Stage], Clock: p.Clock, Expected: p.Expected,
		WorthMinor: p.WorthMinor, Stalled: p.Stalled, Overdue: p.Overdue, Passed: p.Passed, Long: p.Long, Open: true, NoStep: p.NoStep,
	}
}

// lineOf is a line without its signs.
func (x *weighing) lineOf(p *Pressing) desk.Line {
	l := desk.Line{On: Ref(p.ID), OwnerID: p.OwnerID, RateBP: x.Rates[p.StageID]}
	if p.WorthMinor >= 0 {
		l.WorthMinor = new(p.WorthMinor)
	}
	return l
}

// keep has a line be among the best.
func (x *weighing) keep(l desk.Line) {
	w := l.Weight()
	if x.least != nil && x.least.Compare(w) < 0 && l.On != x.Needs {
		return
	}
	if x.lines = append(x.lines, weighed{l, w}); len(x.lines) > 8*(x.Most+8) {
		x.cut()
	}
}

// add adds a record with what others found of it.
func (x *weighing) add(p *Pressing, others []desk.Sign) {
	h := x.holderOf(p.OwnerID)
	noStep := p.NoStep && h.steps && !h.none
	if noStep {
		x.without.AddMinor(p.WorthMinor)
	}
	l := x.lineOf(p)
	l.Level, l.Signs = h.Level, append(x.signsOf(p), others...)
	if !x.stands(&l, p, others) {
		if noStep {
			x.alone.AddMinor(p.WorthMinor)
		}
		return
	}
	x.count++
	x.sum.AddMinor(p.WorthMinor)
	x.keep(l)
}

// stands tells whether it stands on the reader's desk, and keeps what he asked about.
func (x *weighing) stands(l *desk.Line, p *Pressing, others []desk.Sign) bool {
	if !desk.Asks(l.Signs) {
		return false
	}
	waited := p.Waited()
	for _, s := range others {
		if !s.Aside {
			waited = max(waited, s.Days)
		}
	}
	if x.Marked(l) || x.Needs == l.On { // facts are numbered where a decision may be about them, and for what is shown
		l.Facts = desk.FactsOf(l.OwnerID, l.Signs)
	}
	if x.Stands(l, x.PlaceOf(p.OwnerID), waited) {
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

// signsOf are the signs memory tells.
func (x *weighing) signsOf(p *Pressing) (out []desk.Sign) {
	if p.Stalled > 0 {
		l := x.limits[p.StageID]
		out = append(out, desk.Sign{Kind: SignStalled, Days: int(p.Stalled), Limit: l.Stalled, On: dateOf(p.Clock), ID: p.StageID,
			Count: int64(l.Gaps), Facts: stalledFacts(p.StageID, p.Clock, p.Long)})
	}
	if p.Passed {
		out = append(out, desk.Sign{Kind: SignPassed, Days: int(p.Overdue), On: dateOf(p.Expected), Facts: passedFacts(p.Expected)})
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
