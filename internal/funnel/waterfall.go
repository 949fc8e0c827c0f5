package funnel

import (
	"context"
	"encoding/json"
	"sort"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
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

// LedgerRow is an opportunity as it is now, as far as a waterfall asks.
type LedgerRow struct {
	ID string
	ledgerState
}

// ledgerState is what of an opportunity can move it in or out of the open pipeline.
type ledgerState struct {
	Exists, Deleted     bool
	State               string
	PipelineID, OwnerID string
	ExpectedOn          calendar.Date
	AmountMinor         int64
	Currency            string
}

// NewLedgerRow makes a row of an existing opportunity.
func NewLedgerRow(id, state, pipelineID, ownerID, currency string, expected calendar.Date, amount int64, deleted bool) LedgerRow {
	return LedgerRow{id, ledgerState{true, deleted, state, pipelineID, ownerID, expected, amount, currency}}
}

// LedgerEntry is one journal entry about an opportunity.
type LedgerEntry struct {
	OpportunityID, Kind string
	RecordedAt          time.Time
	Payload             []byte
}

// LedgerKinds are the entries that can move an opportunity in or out.
var LedgerKinds = []string{"opportunity.created", "opportunity.recorded", "opportunity.changed", "opportunity.moved", "opportunity.handed_over", "opportunity.deleted", "opportunity.restored"}

// before undoes an entry: the state the record was in when it was written.
func (s ledgerState) before(e LedgerEntry) (ledgerState, error) {
	switch e.Kind {
	case "opportunity.created", "opportunity.recorded":
		return ledgerState{}, nil
	case "opportunity.deleted":
		s.Deleted = false
		return s, nil
	case "opportunity.restored":
		s.Deleted = true
		return s, nil
	}
	var p struct {
		Amount   []*int64        `json:"amountMinor"`
		Currency []string        `json:"currency"`
		Expected []calendar.Date `json:"expectedOn"`
		Owner    []string        `json:"ownerId"`
		Move     string          `json:"move"`
		Was      string          `json:"was"`
		Pipeline string          `json:"pipelineWas"`
	}
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return s, err
	}
	if e.Kind == "opportunity.moved" {
		switch {
		case p.Was != "":
			s.State = p.Was
		case p.Move == "reopen": // entries written before "was" was kept
			s.State = string(opportunity.Lost)
		default:
			s.State = string(opportunity.Open)
		}
		if p.Move == "change_pipeline" {
			s.PipelineID = p.Pipeline
		}
	}
	if len(p.Amount) == 2 {
		s.AmountMinor = 0
		if p.Amount[0] != nil {
			s.AmountMinor = *p.Amount[0]
		}
	}
	if len(p.Currency) == 2 {
		s.Currency = p.Currency[0]
	}
	if len(p.Expected) == 2 {
		s.ExpectedOn = p.Expected[0]
	}
	if len(p.Owner) == 2 {
		s.OwnerID = p.Owner[0]
	}
	return s, nil
}

// view decides whether a record is in the open pipeline that is looked at.
type view struct {
	pipeline         string
	owners           map[string]bool // nil is everybody
	expFrom, expTo   calendar.Date
	rates            map[string]int64
	currency         string
	noRate           map[string]*opportunity.Total
	steps            map[string]*Step
	opened           string // the step whose records are wanted
	openedIDs        []string
	openedIDsPresent map[string]bool
}

func (v *view) window(s ledgerState) bool {
	return (v.expFrom == "" || s.ExpectedOn >= v.expFrom) && (v.expTo == "" || s.ExpectedOn != "" && s.ExpectedOn < v.expTo)
}

func (v *view) mine(s ledgerState) bool {
	return s.PipelineID == v.pipeline && (v.owners == nil || v.owners[s.OwnerID])
}

func (v *view) holds(s ledgerState) bool {
	return s.Exists && !s.Deleted && s.State == string(opportunity.Open) && v.mine(s) && v.window(s)
}

// worth converts at the one rate; a sum of conversions of the same amount at the
// same rate telescopes, so the waterfall balances.
func (v *view) worth(s ledgerState) (int64, error) {
	if s.Currency == v.currency || s.Currency == "" {
		return s.AmountMinor, nil
	}
	rate, ok := v.rates[s.Currency]
	if !ok {
		return 0, nil
	}
	return money.Convert(s.AmountMinor, s.Currency, v.currency, rate)
}

func (v *view) add(id, step string, minor int64) {
	v.steps[step].Count++
	v.steps[step].AmountMinor += minor
	if step == v.opened && !v.openedIDsPresent[id] {
		v.openedIDsPresent[id] = true
		v.openedIDs = append(v.openedIDs, id)
	}
}

// pass books the passage of a record from one state to the next; wasIn and isIn
// are whether each is in view.
func (v *view) pass(id string, a, b ledgerState, wasIn, isIn bool) error {
	from, err := v.worth(a)
	if err != nil {
		return err
	}
	to, err := v.worth(b)
	if err != nil {
		return err
	}
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
		case b.State == string(opportunity.Won):
			v.add(id, WonStep, from)
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
	return nil
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
	if f.ProductLine != "" || len(f.Custom) > 0 || f.Stalled || f.Overstayed || f.NoNextStep || f.Stage != "" || len(f.States) > 0 {
		return w, nil, fault.Input("/filter", "report.waterfall_filter", "a waterfall takes pipeline, team, owner, account, region, source and industry")
	}
	w = Waterfall{From: in.From, To: in.To, Currency: a.Company.Currency}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		v := &view{pipeline: q.Pipeline.PipelineID, expFrom: f.ExpectedFrom, expTo: f.ExpectedTo, currency: w.Currency, noRate: map[string]*opportunity.Total{}, steps: map[string]*Step{}, opened: opened, openedIDsPresent: map[string]bool{}}
		for _, st := range Steps {
			v.steps[st.Name] = &Step{Name: st.Name}
		}
		if v.rates, err = q.source.Rates(ctx, tx, q.TenantID, min(in.To.Add(-1), a.Today), 0); err != nil {
			return err
		}
		if err := s.replay(ctx, tx, a, q, v); err != nil {
			return err
		}
		for _, st := range Steps {
			w.Steps = append(w.Steps, *v.steps[st.Name])
		}
		w.NoRate = []opportunity.Total{}
		for _, t := range v.noRate {
			w.NoRate = append(w.NoRate, *t)
		}
		sort.Slice(w.NoRate, func(i, j int) bool { return w.NoRate[i].Currency < w.NoRate[j].Currency })
		ids = v.openedIDs
		return nil
	})
	return w, ids, err
}

// replay takes every record back from now to the end and on to the start of the
// period, and books each passage on the way forth. Members who changed teams change
// the view itself: that passage is booked last.
func (s *Service) replay(ctx context.Context, tx database.Tx, a org.Actor, q Query, v *view) error {
	zone := a.Company.Zone()
	start, end := q.From.In(zone), q.To.In(zone)
	owners := func(on calendar.Date) map[string]bool {
		set := map[string]bool{}
		switch {
		case q.Filter.Owner != "":
			set[q.Filter.Owner] = true
		case q.Filter.Team != "":
			for _, m := range a.Structure.MembersUnder([]string{q.Filter.Team}, on) {
				set[m] = true
			}
		default:
			return nil
		}
		return set
	}
	before, after := owners(q.From), owners(min(q.To.Add(-1), a.Today))
	rows, entries, err := q.source.Ledger(ctx, tx, q, start)
	if err != nil {
		return err
	}
	byID := map[string][]LedgerEntry{} // newest first
	for _, e := range entries {
		byID[e.OpportunityID] = append(byID[e.OpportunityID], e)
	}
	for _, r := range rows {
		states := []ledgerState{} // newest first, within the period
		now := r.ledgerState
		i := 0
		for list := byID[r.ID]; i < len(list) && !list[i].RecordedAt.Before(end); i++ {
			if now, err = now.before(list[i]); err != nil {
				return err
			}
		}
		states = append(states, now)
		for list := byID[r.ID]; i < len(list); i++ {
			if now, err = now.before(list[i]); err != nil {
				return err
			}
			states = append(states, now)
		}
		if err := v.book(r.ID, states, before, after); err != nil {
			return err
		}
	}
	return nil
}

// book adds one record's states, newest first, to the steps.
func (v *view) book(id string, states []ledgerState, before, after map[string]bool) error {
	v.owners = before
	was := states[len(states)-1]
	in := v.holds(was)
	if in {
		if err := v.end(id, OpenStart, was); err != nil {
			return err
		}
	}
	for i := len(states) - 2; i >= 0; i-- {
		is := v.holds(states[i])
		if err := v.pass(id, states[i+1], states[i], in, is); err != nil {
			return err
		}
		in = is
	}
	last := states[0]
	v.owners = after
	is := v.holds(last)
	if err := v.pass(id, last, last, in, is); err != nil {
		return err
	}
	if is {
		return v.end(id, OpenEnd, last)
	}
	return nil
}

func (v *view) end(id, step string, s ledgerState) error {
	minor, err := v.worth(s)
	if err != nil {
		return err
	}
	if _, ok := v.rates[s.Currency]; !ok && s.Currency != v.currency && step == OpenEnd {
		t := v.noRate[s.Currency]
		if t == nil {
			t = &opportunity.Total{Currency: s.Currency}
			v.noRate[s.Currency] = t
		}
		t.Count++
		t.AmountMinor += s.AmountMinor
	}
	v.add(id, step, minor)
	return nil
}
