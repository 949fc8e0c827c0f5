package desk

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/idempotency"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Source is a capability that knows what waits for a member. Scope is in its query: a sign of a record the
// member does not see never leaves it.
type Source interface {
	Signs(ctx context.Context, tx database.Tx, k *Ask) ([]Found, error)
}

// Weigher is the capability whose records have an amount and an owner: it adds its own signs to those others
// found on its records, and weighs them. Known is false while it is being loaded.
type Weigher interface {
	Kind() string
	Weigh(ctx context.Context, tx database.Tx, k *Ask, signs map[string][]Sign) (list Lines, known bool, err error)
}

// Lines are those wanted of a desk, in order, and all there are.
type Lines struct {
	Lines []Line
	Count int64
	// WorthMinor adds up all of them, in the company's currency; NoWorth are without an amount.
	WorthMinor int64
	NoWorth    int64
	// Asked are those the reader asked about, at most Open in the order of the rule, and Waiting how many: they wait for an answer.
	Asked   []Line
	Waiting int64
	// Computing: what weighs is being loaded, or by what it weighs: there may be more, in another order.
	Computing bool
}

// Rows is what the package needs of its tables; deskdb implements it.
type Rows interface {
	// Lasts are the last decisions of each member on each record, without their words, in the order of their ids.
	Lasts(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]Mark, error)
	// Last is the last decision of a member on a record, if there is one.
	Last(ctx context.Context, tx database.Tx, tenant, member string, of record.Ref) (Mark, bool, error)
	// Mark is one. Fault: desk.nothing_to_take_back.
	Mark(ctx context.Context, tx database.Tx, tenant, id string) (Mark, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, m Mark) error
	// Counts counts decisions made from a day on that were not taken back.
	Counts(ctx context.Context, tx database.Tx, tenant string, from calendar.Date) ([]Counted, error)
	// Levels are the amounts of a company, with their version; nil where it has said none.
	Levels(ctx context.Context, tx database.Tx, tenant string) (Bars, int, error)
	SetLevels(ctx context.Context, tx database.Tx, tenant string, b Bars, version int) error
}

// Service holds the use cases.
type Service struct {
	DB       *database.DB
	Rows     Rows
	Keys     *idempotency.Keys
	Calendar func(tenant string) calendar.Calendar
	// Rates are the calibrated rates of all stages, in basis points; not known are some that are being computed.
	Rates func(ctx context.Context, tx database.Tx, a org.Actor) (by map[string]int, known bool, err error)
	// Await waits, holding nothing, until what is weighed by is known.
	Await func(ctx context.Context, tenant string) error
	// Hand makes a task of what is handed over.
	Hand func(ctx context.Context, tx database.Tx, a org.Actor, m Mark, what string, due calendar.Date) (taskID string, err error)
	// Question asks a member, "" is who answers for the record, what a line is about.
	Question func(ctx context.Context, tx database.Tx, a org.Actor, m Mark, text string, mentions []string) (noteID, toID string, err error)
	// Names are the names of records a line may be of.
	Names func(ctx context.Context, tx database.Tx, a org.Actor, refs []record.Ref) (map[record.Ref]string, error)
	// Sources are asked one after the other; Weighs has the last word on its records.
	Sources []Source
	Weighs  Weigher
	// Limited are the kinds of signs that have a limit somebody sets.
	Limited []string

	memory memory
	shared shared
}

// Open is how many lines stand open on a desk; the rest is one.
const Open = 7

// Most bounds how many lines are listed at once.
const Most = 200

// Read is what waits for an actor: most lines, in the order of the rule. Others are given the same: it is not changed.
func (s *Service) Read(ctx context.Context, a org.Actor, most int) (list Lines, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return list, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		key, err := keyOf(ctx, tx, a, most)
		if err != nil {
			return err
		}
		list, err = s.shared.read(ctx, key, func() (Lines, error) {
			k, err := s.ask(ctx, tx, a, min(most, Most))
			if err != nil {
				return Lines{}, err
			}
			return s.lines(ctx, tx, k)
		})
		return err
	})
	return list, err
}

// ask is whose desk is read.
func (s *Service) ask(ctx context.Context, tx database.Tx, a org.Actor, most int) (*Ask, error) {
	a = a.Bounded()
	k := &Ask{Actor: a, me: memberNumber(a.Effective()), whose: a.Principal(), Calendar: s.Calendar(a.TenantID), Most: most, heads: a.Structure.HeadsOn(a.Today), places: map[string]Place{},
		days: map[calendar.Date]int{}}
	var err error
	if k.Bars, _, err = s.levels(ctx, tx, a); err != nil {
		return nil, err
	}
	if k.Rates, k.rated, err = s.Rates(ctx, tx, a); err != nil {
		return nil, err
	}
	k.known, err = s.memory.at(ctx, tx, s.Rows, a.TenantID)
	return k, err
}

// lines asks every source and puts the answers in order.
func (s *Service) lines(ctx context.Context, tx database.Tx, k *Ask) (Lines, error) {
	by := map[record.Ref][]Sign{}
	for _, source := range append(slices.Clone(s.Sources), waved{s}) {
		found, err := source.Signs(ctx, tx, k)
		if err != nil {
			return Lines{}, err
		}
		for _, f := range found {
			by[f.On] = append(by[f.On], f.Sign)
		}
	}
	weighed := map[string][]Sign{}
	for on, signs := range by {
		if on.Kind == s.Weighs.Kind() {
			weighed[on.ID] = signs
			delete(by, on)
		}
	}
	list, known, err := s.Weighs.Weigh(ctx, tx, k, weighed)
	if err != nil {
		return Lines{}, err
	}
	list.Computing = !known || !k.rated
	for on, signs := range by {
		l := Line{On: on, Signs: signs, Facts: FactsOf("", signs), Level: 1}
		switch {
		case !Asks(signs):
		case k.Stands(&l, Place{Level: 1}, 0):
			list.Lines, list.Count, list.NoWorth = append(list.Lines, l), list.Count+1, list.NoWorth+1
		case k.Waits(&l):
			list.Await(l)
		}
	}
	slices.SortFunc(list.Lines, Compare)
	if k.Needs == (record.Ref{}) {
		list.Lines = list.Lines[:min(len(list.Lines), k.Most)]
	}
	return list, s.named(ctx, tx, k.Actor, list.Lines, list.Asked)
}

// Await adds a line that waits for an answer; the first by the rule are kept.
func (l *Lines) Await(one Line) {
	l.Waiting++
	at, _ := slices.BinarySearchFunc(l.Asked, one, Compare)
	l.Asked = slices.Insert(l.Asked, at, one)
	l.Asked = l.Asked[:min(len(l.Asked), Open)]
}

// named names the records of lines that have no name yet.
func (s *Service) named(ctx context.Context, tx database.Tx, a org.Actor, lists ...[]Line) error {
	var refs []record.Ref
	each := func(do func(l *Line)) {
		for _, lines := range lists {
			for n := range lines {
				if lines[n].Name == "" {
					do(&lines[n])
				}
			}
		}
	}
	each(func(l *Line) { refs = append(refs, l.On) })
	if len(refs) == 0 {
		return nil
	}
	names, err := s.Names(ctx, tx, a, refs)
	each(func(l *Line) { l.Name = names[l.On] })
	return err
}

// GroupKind is the kind of a line that stands for several records.
const GroupKind = "group"

// Group tells whether a line stands for several records.
func (l Line) Group() bool { return l.On.Kind == GroupKind }

// levels are a company's amounts, or what is usual.
func (s *Service) levels(ctx context.Context, tx database.Tx, a org.Actor) (Bars, int, error) {
	b, version, err := s.Rows.Levels(ctx, tx, a.TenantID)
	if err != nil || b != nil {
		return b, version, err
	}
	unit := int64(1)
	for range money.Digits(a.Company.Currency) {
		unit *= 10
	}
	for _, major := range defaultBars {
		b = append(b, major*unit)
	}
	return b, 0, nil
}
