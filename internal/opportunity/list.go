package opportunity

import (
	"context"
	"slices"
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
	Passed                                       bool // expected on a day that has passed
	Waiting                                      bool // for an acceptance in the stage it stands in
	Exceptions                                   bool // with exceptions the actor has to look at or accept
	Provisional                                  bool // won by an exception nobody has accepted
	IDs                                          []string
	Custom                                       map[string]string
	Lacks                                        // of a checkup (checkup.go)
	Deleted                                      bool
	WithDeleted                                  bool // reports count deleted ones as taken out

	Conditions []field.Condition // resolved from Custom
	Beyond     []Beyond          // resolved from Stalled, Overstayed and LongStalled; all must hold
	Team       string

	// PricedIn and PricedOn are the currency and the day of AmountMin and AmountMax,
	// where there are any.
	PricedIn string
	PricedOn calendar.Date
	// WithoutTax is how the company sums: totals mark what is stated otherwise.
	WithoutTax bool
}

// What a limit counts from.
const (
	clockOn = "clock_on"
	stayOn  = "stay_on"
)

// Beyond keeps what is beyond a limit, which counts from the day of a column: clockOn or stayOn.
type Beyond struct {
	On      string
	Cutoffs []Cutoff // by stage; a stage that is not among them has no such limit
}

// Cutoff is the day before which a record of a stage is beyond its limit.
type Cutoff struct {
	StageID string
	Before  calendar.Date
	After   calendar.Date // "" or the day on and before which it is so far beyond that another list has it
}

// Limits are the working days after which a stage's records are stalled and overstayed.
type Limits struct {
	Stalled    int `json:"stalledDays"`
	Overstayed int `json:"overstayedDays"`
	// LongStalled is three times the stage's maximum, or where it has none the limit.
	LongStalled int `json:"longStalledDays" doc:"standing still for longer, it should have been cleared long ago"`
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
	if f.Passed {
		f.passed(a.Today)
	}
	var err error
	if f.Conditions, err = s.Fields.Conditions(ctx, tx, a, "opportunity", f.Custom); err != nil {
		return err
	}
	if f.Exceptions {
		if err = s.withExceptions(ctx, tx, a, f); err != nil {
			return err
		}
	}
	f.among(a)
	if f.Limited() {
		byStage, err := limits.StageLimits(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		f.Beyond = f.beyond(s.Calendar(a.TenantID), a.Today, byStage)
		f.onlyOpen()
	}
	return nil
}

// passed keeps what is open and expected before a day, within what is asked for already.
func (f *Filter) passed(today calendar.Date) {
	if f.onlyOpen(); f.ExpectedTo == "" || f.ExpectedTo > today {
		f.ExpectedTo = today
	}
}

// onlyOpen narrows to what is open; where only something else was asked for, to nothing.
func (f *Filter) onlyOpen() {
	if len(f.States) > 0 && !slices.Contains(f.States, Open) {
		f.IDs = []string{noID}
	}
	f.States = []State{Open}
}

// OnlyOpen tells whether it keeps nothing that is not open.
func (f Filter) OnlyOpen() bool {
	return len(f.States) == 1 && f.States[0] == Open || f.NoNextStep || f.Waiting
}

// noID is the id of no record: an empty list of ids asks for nothing.
const noID = "00000000-0000-0000-0000-000000000000"

// withExceptions keeps the records whose exceptions the actor's desk tells of.
func (s *Service) withExceptions(ctx context.Context, tx database.Tx, a org.Actor, f *Filter) error {
	ids := []string{}
	if a.Can(org.EvidenceDecide) {
		var err error
		if ids, err = s.Rows.WithExceptions(ctx, tx, a, a.Scope(record.Opportunity, org.Write)); err != nil {
			return err
		}
	}
	if len(f.IDs) > 0 {
		ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(f.IDs, id) })
	}
	if f.IDs = ids; len(ids) == 0 {
		f.IDs = []string{noID}
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
	return listing(ctx, s, a, asking{f, p, limits, nil}, func(tx database.Tx, w Wanted, found []Found) (one Listed, err error) {
		if found == nil {
			list, err := s.meanwhile(ctx, tx, w)
			if err != nil {
				return one, err
			}
			one = list[0]
		} else if one, err = s.found(ctx, tx, w, found[0]); err != nil {
			return one, err
		}
		return one, s.complete(ctx, tx, a, one.Items)
	})
}

// Listed is a page with the totals of all pages; counting tells that these are not there yet.
type Listed struct {
	page.Result[Opportunity]
	Totals   []Total
	Counting bool
}

// asking is a list asked for, or one for each of some stages.
type asking struct {
	filter Filter
	page   page.Request
	limits LimitSource
	stages []string
}

// listing resolves what is asked for, has memory find it, and has what was found read from the same
// snapshot: nil where SQL has to find it.
func listing[T any](
	ctx context.Context, s *Service, a org.Actor, ask asking, read func(tx database.Tx, w Wanted, found []Found) (T, error),
) (out T, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return out, err
	}
	f, p := ask.filter, ask.page
	if p.Sort == "" {
		p.Sort, p.Desc = "created", true
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.Resolve(ctx, tx, a, &f, ask.limits); err != nil {
			return err
		}
		w := Wanted{a.TenantID, a.Scope(record.Opportunity, org.Read), f, p, ask.stages, a.Company.Currency, a.Today}
		var found []Found
		if s.Memory != nil {
			var known bool
			if found, known, err = s.Memory.Find(ctx, tx, w); err != nil {
				return err
			}
			if !known {
				found = nil
			}
		}
		out, err = read(tx, w, found)
		return err
	})
	return out, err
}

// found reads the records of a page that memory found.
func (s *Service) found(ctx context.Context, tx database.Tx, w Wanted, found Found) (Listed, error) {
	byID, err := s.Rows.ByID(ctx, tx, w.TenantID, found.shown(w.Page, nil))
	return Listed{page.Of(w.Page, found.Page, byID), found.Totals, false}, err
}

// whileLoading is how long SQL has for pages while memory is being read: what lies along an index is
// there by then, and of the rest it is told how far the reading is.
const whileLoading = 200 * time.Millisecond

// meanwhile reads the pages from the tables, where memory cannot tell or is not there. Fault: that of
// Finder.Behind.
func (s *Service) meanwhile(ctx context.Context, tx database.Tx, w Wanted) ([]Listed, error) {
	if s.Memory == nil || !s.Memory.Loading(w.TenantID) {
		return s.bySQL(ctx, tx, w)
	}
	reading, cancel := context.WithTimeout(ctx, whileLoading)
	defer cancel()
	out, err := s.bySQL(reading, tx, w)
	if err != nil && reading.Err() != nil && ctx.Err() == nil {
		return nil, s.Memory.Behind(w.TenantID)
	}
	return out, err
}

// bySQL reads the pages from the tables.
func (s *Service) bySQL(ctx context.Context, tx database.Tx, w Wanted) ([]Listed, error) {
	if w.Stages == nil {
		one, err := s.oneBySQL(ctx, tx, w)
		return []Listed{one}, err
	}
	out := make([]Listed, len(w.Stages))
	for n, stage := range w.Stages {
		w.Filter.Stage = stage
		var err error
		if out[n], err = s.oneBySQL(ctx, tx, w); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) oneBySQL(ctx context.Context, tx database.Tx, w Wanted) (out Listed, err error) {
	if out.Result, err = s.Rows.List(ctx, tx, w.TenantID, w.Scope, w.Filter, w.Page); err != nil {
		return out, err
	}
	if w.Page.Cursor == "" && out.Next == "" { // the only page
		out.Totals = TotalsOf(out.Items, w.Filter.WithoutTax)
		return out, nil
	}
	if s.Memory != nil && s.Memory.Loading(w.TenantID) { // there is much to add up, and it will be by memory
		return Listed{out.Result, []Total{}, true}, nil
	}
	out.Totals, err = s.Rows.Totals(ctx, tx, w.TenantID, w.Scope, w.Filter)
	return out, err
}

// Finder finds, orders and sums in memory what a filter holds; known is false where it cannot,
// and SQL does. It finds one list, or where stages are wanted one for each. Faults are those
// of the page.
type Finder interface {
	// BestOpportunities are the ids of the best a text finds, and how many there are.
	BestOpportunities(ctx context.Context, tx database.Tx, w Searched) (ids []string, count int64, known bool, err error)
	Find(ctx context.Context, tx database.Tx, w Wanted) (found []Found, known bool, err error)
	// Standings counts what some filters hold, in the scope wanted, by owner; known is false where it cannot.
	Standings(ctx context.Context, tx database.Tx, w Wanted, matters []Filter) (by map[string]Standing, known bool, err error)
	// Pressing tells every open record that asks for something or has no next step, once; known is false where it cannot.
	Pressing(ctx context.Context, tx database.Tx, q Pressed) (p Pressings, known bool, err error)
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

// shown adds the ids of those that are on the page.
func (f Found) shown(p page.Request, ids []string) []string {
	for _, row := range p.Shown(f.Page) {
		ids = append(ids, row.ID)
	}
	return ids
}

// check refuses what can never match: a slip of the pen should not look like an
// empty list. Faults: calendar.bad_date, opportunity.state_unknown.
func (f Filter) check() error {
	for pointer, d := range map[string]calendar.Date{"/createdFrom": f.CreatedFrom, "/createdTo": f.CreatedTo, "/closedFrom": f.ClosedFrom, "/closedTo": f.ClosedTo, "/expectedFrom": f.ExpectedFrom, "/expectedTo": f.ExpectedTo} {
		if d == "" {
			continue
		}
		if _, err := calendar.Parse(string(d)); err != nil {
			return calendar.BadDate(pointer)
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
// in the journal that so many were taken out. Each is called once per record, with the number of
// the newest entry that the records hold.
func (s *Service) Export(ctx context.Context, a org.Actor, f Filter, p page.Request, limits LimitSource, format string,
	each func(Whole, database.Seq) error) (err error) {
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
		asOf, err := s.AsOf(ctx, tx, a)
		if err != nil {
			return err
		}
		return s.each(ctx, tx, a, ids, func(w Whole) error { return each(w, asOf) })
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
func (s *Service) each(ctx context.Context, tx database.Tx, a org.Actor, ids []string, each func(Whole) error) error {
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
		parts, err := s.Rows.Parts(ctx, tx, a.TenantID, some)
		if err != nil {
			return err
		}
		for _, o := range list {
			if err := each(Whole{o, parts[o.ID]}); err != nil {
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
