// Package upgrade carries what an older program wrote over to what this one keeps: from
// schema 5 to the facts of docs/facts.md. Dated values are rebuilt backwards from how a
// record is through what its journal says; where no old value is known the earliest known
// is carried back to the record's first day, and marked so. It knows the entries and rows
// of schema 5 and nothing of the use cases of today, so that it stays right when they
// change. docs/upgrade.md is for the operator.
package upgrade

import (
	"cmp"
	"context"
	"errors"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// Steps of a company, in their order.
const (
	stepFacts         = "facts" // the whole; its row is there from the migration on
	stepOrganisation  = "organisation"
	stepAccounts      = "accounts"
	stepOpportunities = "opportunities"
)

// Step is how far a company is.
type Step struct {
	After    string // the last record's id
	Records  int64
	Baseline int64
	Done     bool
}

// Facts is what is to be written of records.
type Facts struct {
	Values []Value
	Stays  map[string][]StayFacts // by opportunity
	Owners map[string][]OwnerFacts
	// Followed are the records whose intervals are more than there were, and Teams their team
	// of today.
	Followed []string
	Teams    map[string]string
	Credit   []credit.Line
	Lines    []CreditFacts
	// Reporting is the amount in the company's currency at today's rate, of those in another.
	Reporting map[string]int64
}

// Rows is the SQL; upgradedb implements it. Every method works inside a transaction.
type Rows interface {
	// Waiting lists the companies that are not carried over.
	Waiting(ctx context.Context, tx database.Tx) ([]string, error)
	Company(ctx context.Context, tx database.Tx, id string, now time.Time) (Company, error)
	Step(ctx context.Context, tx database.Tx, company, step string) (Step, error)
	SaveStep(ctx context.Context, tx database.Tx, company, step string, s Step, now time.Time) error
	// SetBaseline keeps the number of the upgrade's own entry.
	SetBaseline(tx database.Tx, company string, seq database.Seq)
	Count(ctx context.Context, tx database.Tx, company string) (accounts, opportunities int64, err error)

	Organisation(ctx context.Context, tx database.Tx, company string) (Organisation, error)
	SaveOrganisation(ctx context.Context, tx database.Tx, company string, f OrganisationFacts) error
	Accounts(ctx context.Context, tx database.Tx, company, after string, limit int) ([]Account, error)
	Opportunities(ctx context.Context, tx database.Tx, company, after string, limit int) ([]Opportunity, error)
	Save(ctx context.Context, tx database.Tx, company string, f Facts) error

	// Unspelt lists names of a table whose readings were not looked up yet, and Spell keeps them.
	Unspelt(ctx context.Context, tx database.Tx, table string, limit int) ([]Name, error)
	Spell(ctx context.Context, tx database.Tx, table string, n Name) error

	// What a baseline is made of: the ids of a kind, the columns of a table, its rows.
	IDs(ctx context.Context, tx database.Tx, company string, p Part, after string, limit int) ([]string, error)
	Columns(ctx context.Context, tx database.Tx, table string) ([]string, error)
	Part(ctx context.Context, tx database.Tx, company, kind string, p Part, ids []string) ([]Row, error)
}

// Progress is told after every chunk.
type Progress struct {
	Company     string
	Step        string
	Done, Total int64
}

// Service carries companies over.
type Service struct {
	DB   *database.DB
	Rows Rows
	Now  func() time.Time
	// Tell hears of every chunk; nil hears nothing.
	Tell func(Progress)
	// Chunk is how many records a transaction takes, at most 1,000; 0 is the usual.
	Chunk int

	totals map[string]int64 // records by step of the company at hand
}

// usualChunk: half a thousand deals bring some ten thousand rows, a quarter of a second.
const usualChunk = 500

// Run carries over every company that waits, and returns at once where none does. It may
// be cut short at any point: what a transaction wrote stays, and the next run goes on
// behind it. Two processes on one database take turns.
func (s *Service) Run(ctx context.Context) error {
	waiting, err := s.Waiting(ctx)
	if err != nil {
		return err
	}
	for _, id := range waiting {
		if err := s.carry(ctx, id); err != nil {
			return err
		}
	}
	if err := s.spell(ctx); err != nil {
		return err
	}
	if len(waiting) > 0 {
		return s.DB.Analyze(ctx)
	}
	return nil
}

// Waiting are the companies that are not carried over yet.
func (s *Service) Waiting(ctx context.Context) (out []string, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Waiting(ctx, tx)
		return err
	})
	return out, err
}

// step is a part of the work, done in transactions of some records each.
type step struct {
	name string
	do   func(ctx context.Context, tx database.Tx, c Company, from Step) (Step, error)
}

// carry takes one company over.
func (s *Service) carry(ctx context.Context, id string) error {
	if err := errors.Join(s.begin(ctx, id), s.count(ctx, id)); err != nil {
		return err
	}
	steps := []step{{stepOrganisation, s.organisation}, {stepAccounts, s.accounts}, {stepOpportunities, s.opportunities}}
	for _, k := range Kinds {
		steps = append(steps, step{"baseline " + k.Kind, s.baseline(k.Kind, k.Parts)})
	}
	for _, step := range steps {
		for done := false; !done; {
			var err error
			if done, err = s.chunk(ctx, id, step); err != nil {
				return err
			}
		}
	}
	return s.write(ctx, id, func(tx database.Tx) error {
		whole, err := s.Rows.Step(ctx, tx, id, stepFacts)
		if err != nil || whole.Done {
			return err
		}
		whole.Done = true
		return s.Rows.SaveStep(ctx, tx, id, stepFacts, whole, s.Now())
	})
}

// write runs a transaction that no other process's upgrade of the company runs beside.
func (s *Service) write(ctx context.Context, company string, fn func(tx database.Tx) error) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.Alone(ctx, company+" upgrade"); err != nil {
			return err
		}
		return fn(tx)
	})
}

// begin writes the entry whose number is that of all whose entry is not known.
func (s *Service) begin(ctx context.Context, id string) error {
	return s.write(ctx, id, func(tx database.Tx) error {
		whole, err := s.Rows.Step(ctx, tx, id, stepFacts)
		if err != nil || whole.Baseline != 0 {
			return err
		}
		c, err := s.Rows.Company(ctx, tx, id, s.Now())
		if err != nil {
			return err
		}
		columns := map[string][]string{}
		for _, k := range Kinds {
			for _, p := range k.Parts {
				if columns[p.Table], err = s.Rows.Columns(ctx, tx, p.Table); err != nil {
					return err
				}
			}
		}
		seq := journal.Append(tx, journal.By{TenantID: id, Path: "job", Now: s.Now()},
			companyBaseline{Schema: 5, Columns: columns}.event(id, c.Today))
		s.Rows.SetBaseline(tx, id, seq)
		return nil
	})
}

// chunk does one transaction of a step; done tells that there is nothing left of it.
func (s *Service) chunk(ctx context.Context, id string, of step) (bool, error) {
	type answer struct {
		step Step
		did  bool
	}
	a, err := database.Write(ctx, s.DB, func(tx database.Tx) (a answer, err error) {
		if err := tx.Alone(ctx, id+" upgrade"); err != nil {
			return a, err
		}
		if a.step, err = s.Rows.Step(ctx, tx, id, of.name); err != nil || a.step.Done {
			return a, err
		}
		c, err := s.Rows.Company(ctx, tx, id, s.Now())
		if err != nil {
			return a, err
		}
		a.did = true
		if a.step, err = of.do(ctx, tx, c, a.step); err != nil {
			return a, err
		}
		return a, s.Rows.SaveStep(ctx, tx, id, of.name, a.step, s.Now())
	})
	if errors.Is(err, database.ErrTooLong) && s.size() > 1 {
		s.Chunk = s.size() / 2 // a machine that is busy with something else
		return false, nil
	}
	if err == nil && a.did && s.Tell != nil {
		s.Tell(Progress{id, of.name, a.step.Records, s.totals[of.name]})
	}
	return a.step.Done, err
}

func (s *Service) size() int { return min(cmp.Or(s.Chunk, usualChunk), 1000) }

// count finds out how much there is, once: counting a million records takes as long as
// carrying some of them over.
func (s *Service) count(ctx context.Context, id string) error {
	return s.DB.Read(ctx, func(tx database.Tx) error {
		accounts, opportunities, err := s.Rows.Count(ctx, tx, id)
		s.totals = map[string]int64{stepAccounts: accounts, stepOpportunities: opportunities, "baseline account": accounts, "baseline opportunity": opportunities}
		return err
	})
}

func (s *Service) organisation(ctx context.Context, tx database.Tx, c Company, from Step) (Step, error) {
	o, err := s.Rows.Organisation(ctx, tx, c.ID)
	if err != nil {
		return from, err
	}
	f, err := o.Facts(c)
	if err != nil {
		return from, err
	}
	from.Done = true
	return from, s.Rows.SaveOrganisation(ctx, tx, c.ID, f)
}

func (s *Service) accounts(ctx context.Context, tx database.Tx, c Company, from Step) (Step, error) {
	list, err := s.Rows.Accounts(ctx, tx, c.ID, from.After, s.size())
	if err != nil {
		return from, err
	}
	f := newFacts()
	for _, a := range list {
		if err := f.account(c, a); err != nil {
			return from, err
		}
		from.After = a.ID
	}
	from.Records, from.Done = from.Records+int64(len(list)), len(list) < s.size()
	return from, s.Rows.Save(ctx, tx, c.ID, f)
}

func (s *Service) opportunities(ctx context.Context, tx database.Tx, c Company, from Step) (Step, error) {
	list, err := s.Rows.Opportunities(ctx, tx, c.ID, from.After, s.size())
	if err != nil {
		return from, err
	}
	f := newFacts()
	for _, o := range list {
		if err := f.opportunity(c, o); err != nil {
			return from, err
		}
		from.After = o.ID
	}
	from.Records, from.Done = from.Records+int64(len(list)), len(list) < s.size()
	return from, s.Rows.Save(ctx, tx, c.ID, f)
}

func newFacts() Facts {
	return Facts{Stays: map[string][]StayFacts{}, Owners: map[string][]OwnerFacts{}, Reporting: map[string]int64{}, Teams: map[string]string{}}
}

// earliest is the first of the days that are known, "" where none is.
func earliest(days ...calendar.Date) calendar.Date {
	first := calendar.Date("")
	for _, d := range days {
		if d != "" && (first == "" || d < first) {
			first = d
		}
	}
	return first
}
