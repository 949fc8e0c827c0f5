package funnel

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// Steps of a waterfall, in the order they are shown. The signs make it balance:
// open_start + what comes in − what goes out = open_end, to the minor unit.
const (
	OpenStart      = "open_start"
	New            = "new"
	Reopened       = "reopened"
	MovedIn        = "moved_in"
	TransferredIn  = "transferred_in"
	Increased      = "increased"
	Decreased      = "decreased"
	MovedOut       = "moved_out"
	TransferredOut = "transferred_out"
	WonStep        = "won"
	LostStep       = "lost"
	WithdrawnStep  = "withdrawn"
	OpenEnd        = "open_end"
)

// Steps lists them with their signs.
var Steps = []struct {
	Name string
	Sign int64
}{{OpenStart, 0}, {New, 1}, {Reopened, 1}, {MovedIn, 1}, {TransferredIn, 1}, {Increased, 1}, {Decreased, -1}, {MovedOut, -1}, {TransferredOut, -1}, {WonStep, -1}, {LostStep, -1}, {WithdrawnStep, -1}, {OpenEnd, 0}}

// Step is one bar: how many acts, and their amount in the reporting currency,
// never negative.
type Step struct {
	Name        string `json:"name" enum:"open_start,new,reopened,moved_in,transferred_in,increased,decreased,moved_out,transferred_out,won,lost,withdrawn,open_end"`
	Count       int64  `json:"count" doc:"records at the ends; acts between them, of which a record may have several"`
	AmountMinor int64  `json:"amountMinor"`
	TooLarge    bool   `json:"tooLarge,omitempty" doc:"beyond 2^53-1 minor units and not stated: amountMinor is 0"`
}

// Waterfall says how the open pipeline of one moment became that of another, by
// recorded time, at the exchange rates of the later one.
type Waterfall struct {
	From     calendar.Date       `json:"from" doc:"beginning of this day"`
	To       calendar.Date       `json:"to" doc:"beginning of this day; exclusive"`
	Currency string              `json:"currency"`
	Steps    []Step              `json:"steps"`
	NoRate   []opportunity.Total `json:"noRate" doc:"currencies without a rate: counted, not summed"`
}

// LedgerDeal is an opportunity with the facts that can move it in or out of the open
// pipeline, each with the entries that wrote and ended it.
type LedgerDeal struct {
	ID     string
	Stays  []LedgerStay // by ord
	Values []LedgerValue
	Owners []LedgerOwner
}

// Written is when a fact holds and when it was known.
type Written struct {
	Day        calendar.Date
	Seq, Ended int64 // Ended 0 is never
}

// LedgerStay is a stay as far as a waterfall asks.
type LedgerStay struct {
	Written
	State, PipelineID string
}

// LedgerValue is a dated amount, expected day, deletion, region, account or product line.
type LedgerValue struct {
	Written
	Field    string // amount, expected, deleted; region, account, line where filter or scope ask
	Key      string // the product line
	Number   *int64 // nil of a line is none any more
	Text     string
	Industry string // of an account, as today
}

// LedgerOwner is an owner and team from a day on.
type LedgerOwner struct {
	Written
	MemberID, TeamID string
}

// ledgerState is what of an opportunity can move it in or out of the open pipeline.
type ledgerState struct {
	Exists, Deleted bool
	State           string
	PipelineID      string
	OwnerID, TeamID string
	ExpectedOn      calendar.Date
	AmountMinor     int64
	Stated          bool // an amount is
	Currency        string
	Region          string
	AccountID       string
	Industry        string // the account's, of today
	Lines           map[string]bool
}

// NewLedgerDeal makes a deal nothing was written about in the period: it is as its own
// columns say.
func NewLedgerDeal(id, state, pipelineID, ownerID, teamID, currency string, expected calendar.Date, amount *int64) LedgerDeal {
	d := LedgerDeal{ID: id, Stays: []LedgerStay{{State: state, PipelineID: pipelineID}}, Owners: []LedgerOwner{{MemberID: ownerID, TeamID: teamID}}}
	d.Values = append(d.Values, LedgerValue{Field: "amount", Number: amount, Text: currency}, LedgerValue{Field: "expected", Text: string(expected)})
	return d
}

// counts tells whether a fact holds on a day as known at an entry.
func (w Written) counts(day calendar.Date, known int64) bool {
	return w.Day <= day && w.Seq <= known && (w.Ended == 0 || w.Ended > known)
}

// at is the state on a day as known at an entry.
func (d LedgerDeal) at(day calendar.Date, known int64) ledgerState {
	var s ledgerState
	for _, st := range d.Stays {
		if st.counts(day, known) {
			s.Exists, s.State, s.PipelineID = true, st.State, st.PipelineID
		}
	}
	latest := map[string]Written{}
	later := func(kind string, w Written) bool {
		was, some := latest[kind]
		if !w.counts(day, known) || some && (w.Day < was.Day || w.Day == was.Day && w.Seq < was.Seq) {
			return false
		}
		latest[kind] = w
		return true
	}
	for _, v := range d.Values {
		if !later(v.Field+v.Key, v.Written) {
			continue
		}
		switch v.Field {
		case "amount":
			s.AmountMinor, s.Stated, s.Currency = 0, v.Number != nil, v.Text
			if s.Stated {
				s.AmountMinor = *v.Number
			}
		case "expected":
			s.ExpectedOn = calendar.Date(v.Text)
		case "deleted":
			s.Deleted = v.Number != nil && *v.Number == 1
		case "region":
			s.Region = v.Text
		case "account":
			s.AccountID, s.Industry = v.Text, v.Industry
		case "line":
			if s.Lines == nil {
				s.Lines = map[string]bool{}
			}
			s.Lines[v.Key] = v.Number != nil
		}
	}
	for _, o := range d.Owners {
		if later("owner", o.Written) {
			s.OwnerID, s.TeamID = o.MemberID, o.TeamID
		}
	}
	return s
}

// changes are the entries after one and up to another that changed a deal, in order.
func (d LedgerDeal) changes(after, until int64) []int64 {
	var out []int64
	add := func(w Written) {
		for _, seq := range []int64{w.Seq, w.Ended} {
			if seq > after && seq <= until {
				out = append(out, seq)
			}
		}
	}
	for _, x := range d.Stays {
		add(x.Written)
	}
	for _, x := range d.Values {
		add(x.Written)
	}
	for _, x := range d.Owners {
		add(x.Written)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// view decides whether a record is in the open pipeline that is looked at.
type view struct {
	q                Query
	pipeline         string
	on               calendar.Date // the day of the tree of teams
	tree             []org.Span    // of the team that is asked for, as known at an end
	expFrom, expTo   calendar.Date
	rates            map[string]int64
	currency         string
	left             *adder // what has no rate
	steps            map[string]*Step
	opened           string // the step whose records are wanted
	openedIDs        []string
	openedIDsPresent map[string]bool
}

// window tells whether expected day and amount lie where they are asked for.
func (v *view) window(s ledgerState) bool {
	return (v.expFrom == "" || s.ExpectedOn >= v.expFrom) && (v.expTo == "" || s.ExpectedOn != "" && s.ExpectedOn < v.expTo) &&
		(!v.q.Priced() || v.priced(s))
}

// priced tells whether the amount lies within the filter's bounds; one that is not stated,
// or has no rate, does not.
func (v *view) priced(s ledgerState) bool {
	_, rated := v.rates[s.Currency]
	if !s.Stated || !rated && s.Currency != "" && s.Currency != v.currency {
		return false
	}
	minor := v.worth(s)
	f := v.q.Filter
	return (f.AmountMin == nil || minor >= *f.AmountMin) && (f.AmountMax == nil || minor <= *f.AmountMax)
}

// mine tells whether it is whose, where and of which account it is asked for.
func (v *view) mine(s ledgerState) bool {
	q := v.q
	is := func(asked, it string) bool { return asked == "" || asked == it }
	return s.PipelineID == v.pipeline && is(q.Filter.Owner, s.OwnerID) && is(q.Filter.Region, s.Region) &&
		is(q.Filter.Account, s.AccountID) && is(q.Filter.Industry, s.Industry) &&
		(q.Filter.Team == "" || org.TeamIn(v.tree, s.TeamID, v.on)) &&
		(q.Figures.All || slices.Contains(q.Figures.Members, s.OwnerID) || slices.Contains(q.Figures.Teams, s.TeamID) ||
			slices.Contains(q.Figures.Regions, s.Region) ||
			slices.ContainsFunc(q.Figures.ProductLines, func(l string) bool { return s.Lines[l] }))
}

func (v *view) holds(s ledgerState) bool {
	return s.Exists && !s.Deleted && s.State == string(opportunity.Open) && v.mine(s) && v.window(s)
}

// worth converts at the one rate; a sum of conversions of the same amount at the
// same rate telescopes, so the waterfall balances.
func (v *view) worth(s ledgerState) int64 {
	if s.Currency == v.currency || s.Currency == "" {
		return s.AmountMinor
	}
	rate, ok := v.rates[s.Currency]
	if !ok {
		return 0
	}
	minor, err := money.Convert(s.AmountMinor, s.Currency, v.currency, rate)
	if err != nil { // beyond what can be held: the step is not stated
		return 1 << 53
	}
	return minor
}

func (v *view) add(id, step string, minor int64) {
	v.steps[step].Count++
	if s := v.steps[step]; !s.TooLarge {
		s.AmountMinor += minor
		bound(&s.AmountMinor, &s.TooLarge)
	}
	if step == v.opened && !v.openedIDsPresent[id] {
		v.openedIDsPresent[id] = true
		v.openedIDs = append(v.openedIDs, id)
	}
}

// pass books the passage of a record from one state to the next; wasIn and isIn
// are whether each is in view.
func (v *view) pass(id string, a, b ledgerState, wasIn, isIn bool) {
	from, to := v.worth(a), v.worth(b)
	switch {
	case wasIn && isIn && to > from:
		v.add(id, Increased, to-from)
	case wasIn && isIn && to < from:
		v.add(id, Decreased, from-to)
	case !wasIn && isIn:
		switch {
		case !a.Exists:
			v.add(id, New, to)
		case a.Deleted || a.State != string(opportunity.Open):
			v.add(id, Reopened, to)
		case !v.window(a):
			v.add(id, MovedIn, to)
		default:
			v.add(id, TransferredIn, to)
		}
	case wasIn && !isIn:
		switch {
		case b.State == string(opportunity.Won) && !b.Deleted:
			if to > from { // what was signed is an increase or decrease first
				v.add(id, Increased, to-from)
			} else if to < from {
				v.add(id, Decreased, from-to)
			}
			v.add(id, WonStep, to)
		case b.State == string(opportunity.Lost):
			v.add(id, LostStep, from)
		case b.Deleted || b.State != string(opportunity.Open):
			v.add(id, WithdrawnStep, from)
		case !v.window(b):
			v.add(id, MovedOut, from)
		default:
			v.add(id, TransferredOut, from)
		}
	}
}

// Waterfall compares the open pipeline at the beginnings of two days. The ask's
// window are the days, its filter's expected dates the window of closing, its team
// or owner whose pipeline it is.
func (s *Service) Waterfall(ctx context.Context, a org.Actor, in Ask) (Waterfall, error) {
	w, _, err := s.waterfall(ctx, a, in, "")
	return w, err
}

// WaterfallRecords opens one step: the ids of its records, newest act first.
func (s *Service) WaterfallRecords(ctx context.Context, a org.Actor, in Ask, step string) ([]string, error) {
	_, ids, err := s.waterfall(ctx, a, in, step)
	return ids, err
}

func (s *Service) waterfall(ctx context.Context, a org.Actor, in Ask, opened string) (w Waterfall, ids []string, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return w, nil, err
	}
	if in.From == "" {
		return w, nil, fault.Missing("/from")
	}
	if in.To == "" || in.To > a.Today.Add(1) {
		in.To = a.Today.Add(1)
	}
	f := in.Filter
	if f.ProductLine != "" || len(f.Custom) > 0 || f.Limited() || f.Lacks.Any() || f.NoNextStep || f.Stage != "" || len(f.States) > 0 ||
		f.LossKind != "" || f.ClosedFrom != "" || f.ClosedTo != "" || f.Provisional ||
		f.Passed || f.Waiting || f.Exceptions {
		return w, nil, fault.Input("/filter", "report.waterfall_filter",
			"a waterfall takes pipeline, team, owner, account, region, source, industry, amount, expected day and day of creation")
	}
	w = Waterfall{From: in.From, To: in.To, Currency: a.Company.Currency}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		v := &view{q: q, pipeline: q.Pipeline.PipelineID, expFrom: f.ExpectedFrom, expTo: f.ExpectedTo, currency: w.Currency, left: newAdder(), steps: map[string]*Step{}, opened: opened, openedIDsPresent: map[string]bool{}}
		for _, st := range Steps {
			v.steps[st.Name] = &Step{Name: st.Name}
		}
		if err := s.replay(ctx, tx, a, q, v); err != nil {
			return err
		}
		for _, st := range Steps {
			w.Steps = append(w.Steps, *v.steps[st.Name])
		}
		w.NoRate = v.left.list()
		ids = v.openedIDs
		return nil
	})
	return w, ids, err
}

// replay walks every record from what was known before the first day to what was known at
// the end of the last, entry by entry, and books each passage; what came by a day alone,
// such as a transfer announced before, is booked last.
func (s *Service) replay(ctx context.Context, tx database.Tx, a org.Actor, q Query, v *view) (err error) {
	zone := a.Company.Zone()
	first, last := q.From.Add(-1), min(q.To.Add(-1), a.Today)
	before, err := journal.KnownBefore(ctx, tx, q.TenantID, q.From.In(zone))
	if err != nil {
		return err
	}
	after, err := journal.KnownBefore(ctx, tx, q.TenantID, q.To.In(zone))
	if err != nil {
		return err
	}
	if v.rates, err = q.source.Rates(ctx, tx, q.TenantID, last, after); err != nil {
		return err
	}
	deals, err := q.source.Ledger(ctx, tx, q, before)
	if err != nil {
		return err
	}
	var began, ended []org.Span
	if team := q.Filter.Team; team != "" {
		began, ended = a.Structure.AsKnown(before).Subtree(team), a.Structure.AsKnown(after).Subtree(team)
	}
	for _, d := range deals {
		v.on, v.tree = first, began
		was := d.at(first, before)
		in := v.holds(was)
		if in {
			v.end(d.ID, OpenStart, was)
		}
		v.on, v.tree = last, ended
		for _, seq := range append(d.changes(before, after), after) {
			is := d.at(last, seq)
			holds := v.holds(is)
			v.pass(d.ID, was, is, in, holds)
			was, in = is, holds
		}
		if in {
			v.end(d.ID, OpenEnd, was)
		}
	}
	return nil
}

func (v *view) end(id, step string, s ledgerState) {
	// Where no amount is stated there is none that could lack a rate.
	if _, ok := v.rates[s.Currency]; !ok && s.Stated && s.Currency != v.currency && step == OpenEnd {
		v.left.take(Sum{NoRate: s.Currency, Raw: s.AmountMinor}, 1)
	}
	v.add(id, step, v.worth(s))
}
