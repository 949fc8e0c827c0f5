package opportunity

import (
	"context"
	"slices"
	"sort"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Filter narrows a list. Zero fields do not filter.
type Filter struct {
	Query                                        string
	Pipeline, Stage, Owner, Account, Region      string
	Source, ProductLine, Industry                string
	Teams                                        []string // owner's team; the service fills in the subtree
	Owners                                       []string
	States                                       []State
	CreatedFrom, CreatedTo, ClosedFrom, ClosedTo calendar.Date // half-open
	ExpectedFrom, ExpectedTo                     calendar.Date
	AmountMin, AmountMax                         *int64 // in the company's currency, of lists at today's rate
	LossKind                                     string
	NoNextStep                                   bool
	Stalled, Overstayed                          bool
	Provisional                                  bool // won by an exception nobody has accepted
	IDs                                          []string
	Custom                                       map[string]string
	Deleted                                      bool
	WithDeleted                                  bool // reports count deleted ones as taken out

	Conditions []field.Condition // resolved from Custom
	Cutoffs    []Cutoff          // resolved from Stalled and Overstayed
	CutoffOn   string            // clock_on or entered_on
	Team       string

	// PricedIn and PricedOn are the currency and the day of AmountMin and AmountMax,
	// where there are any.
	PricedIn string
	PricedOn calendar.Date
	// WithoutTax is how the company sums: totals mark what is stated otherwise.
	WithoutTax bool
}

// Cutoff is the day before which a record of a stage is beyond its limit.
type Cutoff struct {
	StageID string
	Before  calendar.Date
}

// Limits are the working days after which a stage's records are stalled and overstayed.
type Limits struct {
	Stalled    int `json:"stalledDays"`
	Overstayed int `json:"overstayedDays"`
	// Won records the limits were raised by; fewer than 20 leave the standard.
	Gaps  int `json:"gapsKnown"`
	Stays int `json:"staysKnown"`
}

// Rate is the calibrated rate of a record's stage; nil where it has none, or it is being computed.
type Rate struct {
	BP        *int
	Computing bool
}

// LimitSource tells the limits of each stage, over the whole company.
type LimitSource interface {
	StageLimits(ctx context.Context, tx database.Tx, tenant string) (map[string]Limits, error)
}

// Resolve parses company-field filters, opens a team into its members, and turns
// limits into days.
func (s *Service) Resolve(ctx context.Context, tx database.Tx, a org.Actor, f *Filter, limits LimitSource) error {
	if err := f.check(); err != nil {
		return err
	}
	f.WithoutTax = !a.Company.SumsWithTax
	if f.AmountMin != nil || f.AmountMax != nil {
		f.PricedIn, f.PricedOn = a.Company.Currency, a.Today
	}
	if f.Team != "" {
		f.Owners = a.Structure.MembersUnder([]string{f.Team}, a.Today)
	}
	var err error
	if f.Conditions, err = s.Fields.Conditions(ctx, tx, a, "opportunity", f.Custom); err != nil {
		return err
	}
	if f.Stalled || f.Overstayed {
		byStage, err := limits.StageLimits(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		cal := s.Calendar(a.TenantID)
		f.CutoffOn = "clock_on"
		if f.Overstayed {
			f.CutoffOn = "entered_on"
		}
		for stage, l := range byStage {
			days := l.Stalled
			if f.Overstayed {
				days = l.Overstayed
			}
			if days > 0 {
				f.Cutoffs = append(f.Cutoffs, Cutoff{stage, cal.Before(a.Today, days)})
			}
		}
		sort.Slice(f.Cutoffs, func(i, j int) bool { return f.Cutoffs[i].StageID < f.Cutoffs[j].StageID })
		f.States = []State{Open}
	}
	return nil
}

// List reads a page in the actor's scope with the totals of all pages by currency.
func (s *Service) List(ctx context.Context, a org.Actor, f Filter, p page.Request, limits LimitSource) (out page.Result[Opportunity], totals []Total, err error) {
	list, err := s.Page(ctx, a, f, p, limits)
	return list.Result, list.Totals, err
}

// Page is List, which says too whether totals are still being computed.
func (s *Service) Page(ctx context.Context, a org.Actor, f Filter, p page.Request, limits LimitSource) (Listed, error) {
	lists, err := s.lists(ctx, a, f, p, limits, nil)
	if err != nil {
		return Listed{}, err
	}
	return lists[0], nil
}

// Board reads the first page of each stage's open records, as List does.
func (s *Service) Board(ctx context.Context, a org.Actor, f Filter, stages []string, p page.Request, limits LimitSource) ([]Listed, error) {
	f.States, f.Stage = []State{Open}, ""
	return s.lists(ctx, a, f, p, limits, stages)
}

// Listed is a page with the totals of all pages; counting tells that these are not there yet.
type Listed struct {
	page.Result[Opportunity]
	Totals   []Total
	Counting bool
}

// lists reads the page of one list, or where there are stages, of each one's.
func (s *Service) lists(ctx context.Context, a org.Actor, f Filter, p page.Request, limits LimitSource, stages []string) (out []Listed, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, err
	}
	if p.Sort == "" {
		p.Sort, p.Desc = "created", true
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.Resolve(ctx, tx, a, &f, limits); err != nil {
			return err
		}
		scope := a.Scope(record.Opportunity, org.Read)
		known := false
		if s.Memory != nil {
			w := Wanted{a.TenantID, scope, f, p, stages, a.Company.Currency, a.Today}
			var found []Found
			if found, known, err = s.Memory.Find(ctx, tx, w); err == nil && known {
				out, err = s.found(ctx, tx, a, p, found)
			}
		}
		if err == nil && !known {
			out, err = s.meanwhile(ctx, tx, a, f, p, stages)
		}
		if err != nil {
			return err
		}
		return s.completeAll(ctx, tx, a, out)
	})
	return out, err
}

// found reads the records of pages that memory found.
func (s *Service) found(ctx context.Context, tx database.Tx, a org.Actor, p page.Request, found []Found) ([]Listed, error) {
	var ids []string
	for n := range found {
		for _, row := range p.Shown(found[n].Page) {
			ids = append(ids, row.ID)
		}
	}
	byID, err := s.Rows.ByID(ctx, tx, a.TenantID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(found))
	for n, f := range found {
		out[n] = Listed{page.Of(p, f.Page, byID), f.Totals, false}
	}
	return out, nil
}

// whileLoading is how long SQL has for pages while memory is being read: what lies along an index is
// there by then, and of the rest it is told how far the reading is.
const whileLoading = 200 * time.Millisecond

// meanwhile reads the pages from the tables, where memory cannot tell or is not there. Fault: that of
// Finder.Behind.
func (s *Service) meanwhile(ctx context.Context, tx database.Tx, a org.Actor, f Filter, p page.Request, stages []string) ([]Listed, error) {
	if s.Memory == nil || !s.Memory.Loading(a.TenantID) {
		return s.bySQL(ctx, tx, a, f, p, stages)
	}
	reading, cancel := context.WithTimeout(ctx, whileLoading)
	defer cancel()
	out, err := s.bySQL(reading, tx, a, f, p, stages)
	if err != nil && reading.Err() != nil && ctx.Err() == nil {
		return nil, s.Memory.Behind(a.TenantID)
	}
	return out, err
}

// bySQL reads the pages from the tables.
func (s *Service) bySQL(ctx context.Context, tx database.Tx, a org.Actor, f Filter, p page.Request, stages []string) ([]Listed, error) {
	if stages == nil {
		one, err := s.oneBySQL(ctx, tx, a, f, p)
		return []Listed{one}, err
	}
	out := make([]Listed, len(stages))
	for n, stage := range stages {
		f.Stage = stage
		var err error
		if out[n], err = s.oneBySQL(ctx, tx, a, f, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) oneBySQL(ctx context.Context, tx database.Tx, a org.Actor, f Filter, p page.Request) (out Listed, err error) {
	scope := a.Scope(record.Opportunity, org.Read)
	if out.Result, err = s.Rows.List(ctx, tx, a.TenantID, scope, f, p); err != nil {
		return out, err
	}
	if p.Cursor == "" && out.Next == "" { // the only page
		out.Totals = TotalsOf(out.Items, f.WithoutTax)
		return out, nil
	}
	if s.Memory != nil && s.Memory.Loading(a.TenantID) { // there is much to add up, and it will be by memory
		return Listed{out.Result, []Total{}, true}, nil
	}
	out.Totals, err = s.Rows.Totals(ctx, tx, a.TenantID, scope, f)
	return out, err
}

// completeAll completes the records of several pages at once.
func (s *Service) completeAll(ctx context.Context, tx database.Tx, a org.Actor, lists []Listed) error {
	if len(lists) == 1 {
		return s.complete(ctx, tx, a, lists[0].Items)
	}
	var all []Opportunity
	for _, l := range lists {
		all = append(all, l.Items...)
	}
	if err := s.complete(ctx, tx, a, all); err != nil {
		return err
	}
	for _, l := range lists {
		all = all[copy(l.Items, all):]
	}
	return nil
}

// Finder finds, orders and sums in memory what a filter holds; known is false where it cannot,
// and SQL does. It finds one list, or where stages are wanted one for each. Faults are those
// of the page.
type Finder interface {
	Find(ctx context.Context, tx database.Tx, w Wanted) (found []Found, known bool, err error)
	// Loading tells that it does not know yet, because it is reading a company that is large.
	Loading(tenant string) bool
	// Behind is the fault that says how far the reading is.
	Behind(tenant string) error
}

// Wanted is a list asked of memory.
type Wanted struct {
	TenantID string
	Scope    org.Scope
	Filter   Filter
	Page     page.Request
	Stages   []string      // a list for each; nil is one list of all
	Currency string        // the company's, that amounts are ordered in
	Today    calendar.Date // at the rates of this day
}

// Found is the page asked for, with one record more where there is one, and the sums of all
// pages by currency.
type Found struct {
	Totals []Total
	Page   []page.Placed
}

// check refuses what can never match: a slip of the pen should not look like an
// empty list. Faults: calendar.bad_date, opportunity.state_unknown.
func (f Filter) check() error {
	for pointer, d := range map[string]calendar.Date{"/createdFrom": f.CreatedFrom, "/createdTo": f.CreatedTo, "/closedFrom": f.ClosedFrom, "/closedTo": f.ClosedTo, "/expectedFrom": f.ExpectedFrom, "/expectedTo": f.ExpectedTo} {
		if d == "" {
			continue
		}
		if _, err := calendar.Parse(string(d)); err != nil {
			return fault.Input(pointer, "calendar.bad_date", "dates are written 2026-02-28")
		}
	}
	for _, s := range f.States {
		switch s {
		case Open, Won, Lost, Withdrawn:
		default:
			return fault.Input("/state", "opportunity.state_unknown", "open, won, lost or withdrawn")
		}
	}
	return nil
}

// Export walks every record of a list in the actor's scope, in its order, and notes
// in the journal that so many were taken out. Each is called once per record.
func (s *Service) Export(ctx context.Context, a org.Actor, f Filter, p page.Request, limits LimitSource, format string, each func(Opportunity) error) (err error) {
	if err := a.Need(org.OppRead); err != nil {
		return err
	}
	if p.Sort == "" {
		p.Sort, p.Desc = "created", true
	}
	n := 0
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.Resolve(ctx, tx, a, &f, limits); err != nil {
			return err
		}
		ids, err := s.Rows.Order(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), f, p)
		if err != nil {
			return err
		}
		n = len(ids)
		return s.each(ctx, tx, a, ids, each)
	})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), exported{int64(n), format}.event(record.NewID(a.Now), a.Today))
		return nil
	})
}

// each reads records by their ids, some at a time, and calls a function once per record.
func (s *Service) each(ctx context.Context, tx database.Tx, a org.Actor, ids []string, each func(Opportunity) error) error {
	for some := range slices.Chunk(ids, page.Most) {
		byID, err := s.Rows.ByID(ctx, tx, a.TenantID, some)
		if err != nil {
			return err
		}
		list := make([]Opportunity, len(some))
		for i, id := range some {
			list[i] = byID[id]
		}
		if err := s.complete(ctx, tx, a, list); err != nil {
			return err
		}
		for _, o := range list {
			if err := each(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// complete reads the company fields of a page of records, and which wins are provisional.
func (s *Service) complete(ctx context.Context, tx database.Tx, a org.Actor, list []Opportunity) error {
	ids := make([]string, len(list))
	var won []string
	for i, o := range list {
		ids[i] = o.ID
		if o.State == Won {
			won = append(won, o.ID)
		}
	}
	if len(won) > 0 {
		waits, err := s.Rows.Provisional(ctx, tx, a.TenantID, won)
		if err != nil {
			return err
		}
		for i := range list {
			list[i].Provisional = waits[list[i].ID]
		}
	}
	values, err := s.Fields.Load(ctx, tx, a.TenantID, "opportunity", a.Company.Currency, ids)
	for i := range list {
		list[i].Custom = values[list[i].ID]
	}
	return err
}
