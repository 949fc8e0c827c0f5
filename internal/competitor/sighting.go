package competitor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Kinds of sighting.
var Kinds = []string{
	"visit",   // 到访
	"quote",   // 报价
	"demo",    // 演示或样机
	"bid",     // 投标
	"contact", // 接触决策人
	"person",  // 挖角或换人
	"other",
}

// Sighting (对手动向) is that a competitor was seen at a customer, about an opportunity or none.
type Sighting struct {
	ID, CompetitorID, AccountID, OpportunityID string
	Kind                                       string
	On                                         calendar.Date
	SeenBy                                     string
	Source                                     string
	PriceMinor                                 *int64
	Currency                                   string // of the price
	Words                                      string
	Joined                                     bool // the competitor was put into the opportunity with it
	MadeAt                                     time.Time
	MadeBy                                     string
	WithdrawnAt                                *time.Time
	WithdrawnBy                                string
	Version                                    int

	// Read along. CompetitorID is then the competitor that stays. OurMinor is what the opportunity is worth where it is in
	// the currency of the price, and AgainstBP how the price compares with it.
	CompetitorName, AccountName, OpportunityName string
	OurMinor                                     *int64
	AgainstBP                                    *int
	Mine                                         bool // the reader may put it right
	// CompetitorAs is what is sent instead of CompetitorID: a name, new or not.
	CompetitorAs string
}

// SightingKind names a sighting in the journal.
const SightingKind = "sighting"

// Asked narrows sightings: of competitors (by the ids they were written under), an account, with or without one of its
// opportunities, an opportunity, since a day, with a price.
type Asked struct {
	Competitors          []string
	Account, Opportunity string
	Since                calendar.Date
	Priced               bool
	Before               *Sighting // the last of the page before
	Limit                int
}

const (
	mostPrices    = 50
	mostSightings = 200
)

// Sees is whose sightings somebody reads: those about opportunities he sees, and about an account alone where he sees
// that. What is deleted is seen by nobody.
type Sees struct{ Deals, Accounts org.Scope }

func sees(a org.Actor) Sees {
	none := org.Scope{}
	out := Sees{none, none}
	if a.Can(org.OppRead) {
		out.Deals = a.Scope(record.Opportunity, org.Read)
	}
	if a.Can(org.AccountRead) {
		out.Accounts = a.Scope(record.Account, org.Read)
	}
	return out
}

// Standing is how often a competitor was seen, and on what it is now, as far as the reader sees it.
type Standing struct {
	Seen      int64
	LastOn    calendar.Date
	Open      int64 // open opportunities it is on
	Customers int64 // where it was seen
}

type sightings interface {
	// Sightings are those in sight that stand, the last day in front.
	Sightings(ctx context.Context, tx database.Tx, tenant string, v Sees, q Asked) ([]Sighting, error)
	// Sighting is one in sight. Fault: sighting.unknown.
	Sighting(ctx context.Context, tx database.Tx, tenant string, v Sees, id string) (Sighting, error)
	// SaveSighting writes one whole; was is the version it was read at, 0 of a new one. Fault: record.stale.
	SaveSighting(ctx context.Context, tx database.Tx, tenant string, x Sighting, was int) error
	// Standing is how competitors stand.
	Standing(ctx context.Context, tx database.Tx, tenant string, v Sees) (map[string]Standing, error)
	// Latest are the sightings that stand of opportunities since a day: theirs, and those of their account alone.
	Latest(ctx context.Context, tx database.Tx, tenant string, opportunities []string, since calendar.Date) (map[string][]Sighting, error)
}

// ErrNoSighting is that there is none of an id in sight.
var ErrNoSighting = fault.New(fault.NotFound, "sighting.unknown", "no such sighting")

func (x *Sighting) check(a org.Actor) error {
	x.On, x.SeenBy, x.Source, x.Words = cmp.Or(x.On, a.Today), cmp.Or(x.SeenBy, a.Effective()), cmp.Or(x.Source, "customer"), text.Words(x.Words)
	if x.PriceMinor == nil {
		x.Currency = ""
	} else {
		x.Currency = cmp.Or(x.Currency, a.Company.Currency)
	}
	var err error
	if !slices.Contains(Kinds, x.Kind) {
		err = errors.Join(err, fault.Input("/kind", "sighting.kind_unknown", "visit, quote, demo, bid, contact, person or other"))
	}
	if !slices.Contains(Sources, x.Source) {
		err = errors.Join(err, fault.Input("/source", "sighting.source_unknown", "customer, onsite, colleague, public or tender"))
	}
	if x.Currency != "" && !money.ValidCurrency(x.Currency) {
		err = errors.Join(err, fault.Input("/currency", "money.currency_unknown", "use a three-letter ISO 4217 code"))
	}
	if !money.Fits(x.PriceMinor) {
		err = errors.Join(err, money.OutOfRange("/priceMinor"))
	}
	if _, there := a.Structure.Members[x.SeenBy]; !there {
		err = errors.Join(err, fault.Input("/seenBy", "org.member_unknown", "no such member"))
	}
	return errors.Join(err, past("/on", x.On, a), atMost("/words", x.Words, 1000))
}

// Note writes down that a competitor was seen, where the actor sees the opportunity, or the account. The competitor is
// from then on among those of the opportunity. Faults: competitor.unknown, account.unknown, opportunity.unknown,
// org.date_in_future.
func (s *Service) Note(ctx context.Context, a org.Actor, x Sighting) (Sighting, error) {
	if err := cmp.Or(a.Need(org.AccountWrite), x.check(a)); err != nil {
		return x, err
	}
	said := x
	return idempotency.Made(ctx, s.Keys, a.By(), x.ID, said, func(tx database.Tx) (Sighting, error) {
		x := x
		x.MadeAt, x.MadeBy, x.Version = a.Now, a.Effective(), 1
		if err := record.UseID(&x.ID, a.Now); err != nil {
			return x, err
		}
		if err := s.at(ctx, tx, a, &x); err != nil {
			return x, err
		}
		if err := s.which(ctx, tx, a, &x); err != nil {
			return x, err
		}
		if x.OpportunityID != "" {
			joined, err := s.Deals.Meets(ctx, tx, a, x.OpportunityID, x.CompetitorID, true)
			if err != nil {
				return x, err
			}
			x.Joined = joined
		}
		if err := s.save(ctx, tx, a, x, 0, "noted"); err != nil {
			return x, err
		}
		return s.one(ctx, tx, a, x.ID)
	})
}

// at finds where it was seen: an opportunity the actor sees, at its account, or an account.
func (s *Service) at(ctx context.Context, tx database.Tx, a org.Actor, x *Sighting) error {
	if x.OpportunityID != "" {
		if err := record.Take(ctx, tx, a.TenantID, x.OpportunityID); err != nil {
			return err
		}
		there, err := s.Deals.SeenIn(ctx, tx, a, []string{x.OpportunityID})
		o, seen := there[x.OpportunityID]
		if err == nil && (!seen || o.DeletedAt != nil) {
			err = fault.Input("/opportunityId", "opportunity.unknown", "no such opportunity")
		}
		x.AccountID = o.AccountID
		return err
	}
	if x.AccountID == "" {
		return fault.Missing("/accountId")
	}
	there, err := s.Accounts.SeenLive(ctx, tx, a, []string{x.AccountID})
	if err == nil && len(there) == 0 {
		err = fault.Input("/accountId", "account.unknown", "no such account")
	}
	return err
}

// which finds the competitor, by id or by what it is called; a new name is a new competitor.
func (s *Service) which(ctx context.Context, tx database.Tx, a org.Actor, x *Sighting) error {
	if x.CompetitorID == "" {
		id, err := s.Accounts.CompetitorIn(ctx, tx, a, x.CompetitorAs)
		if err == nil && id == "" {
			err = fault.Missing("/competitor")
		}
		x.CompetitorID = id
		return err
	}
	c, err := s.Accounts.OneCompetitor(ctx, tx, a, x.CompetitorID)
	if fault.Is(err, fault.NotFound) {
		return fault.Input("/competitorId", "competitor.unknown", "no such competitor")
	}
	x.CompetitorID = c.ID
	return err
}

func (x Sighting) seenWith() record.Ref {
	if x.OpportunityID != "" {
		return opportunity.Ref(x.OpportunityID)
	}
	return account.Ref(x.AccountID)
}

func (s *Service) save(ctx context.Context, tx database.Tx, a org.Actor, x Sighting, was int, event string) error {
	journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: SightingKind, ID: x.ID}, Scope: x.seenWith(),
		Kind: SightingKind + "." + event, On: a.Today, Payload: standsOf(x)})
	return database.Taken(s.Rows.SaveSighting(ctx, tx, a.TenantID, x, was), record.ErrIDTaken)
}

// Change puts one right; where it was and whom it is of stays. Faults: sighting.unknown, sighting.not_yours,
// record.stale, org.date_in_future.
func (s *Service) Change(ctx context.Context, a org.Actor, x Sighting) (Sighting, error) {
	return s.on(ctx, a, x.ID, "changed", func(_ database.Tx, was *Sighting) error {
		was.Kind, was.On, was.SeenBy, was.Source = x.Kind, x.On, cmp.Or(x.SeenBy, was.SeenBy), x.Source
		was.PriceMinor, was.Currency, was.Words = x.PriceMinor, x.Currency, x.Words
		return was.check(a)
	})
}

// Withdraw takes one back: it counts nowhere. Was the competitor put into the opportunity with it, and seen there in no
// other, it goes from there. Faults: as of Change.
func (s *Service) Withdraw(ctx context.Context, a org.Actor, id string) (Sighting, error) {
	return s.on(ctx, a, id, "withdrawn", func(tx database.Tx, x *Sighting) error {
		now := a.Now
		x.WithdrawnAt, x.WithdrawnBy = &now, a.Effective()
		if !x.Joined || x.OpportunityID == "" {
			return nil
		}
		all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		c, err := s.Accounts.OneCompetitor(ctx, tx, a, x.CompetitorID)
		if err != nil {
			return err
		}
		every := org.Scope{All: true}
		rest, err := s.Rows.Sightings(ctx, tx, a.TenantID, Sees{every, every}, Asked{Competitors: spellings(all, c.ID), Opportunity: x.OpportunityID, Limit: 2})
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(rest, func(o Sighting) bool { return o.ID != x.ID }); i >= 0 { // it is on by that one now
			next := rest[i]
			next.Joined, next.Version = true, next.Version+1
			return s.save(ctx, tx, a, next, next.Version-1, "changed")
		}
		_, err = s.Deals.Meets(ctx, tx, a, x.OpportunityID, c.ID, false)
		return err
	})
}

func (s *Service) on(ctx context.Context, a org.Actor, id, event string, fn func(database.Tx, *Sighting) error) (Sighting, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return Sighting{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Sighting, error) {
		x, err := s.Rows.Sighting(ctx, tx, a.TenantID, sees(a), id)
		if err == nil && x.WithdrawnAt != nil {
			err = ErrNoSighting
		}
		if err == nil {
			err = cmp.Or(mayCorrect(a, x.MadeBy, x.SeenBy), a.HasRead(x.Version))
		}
		if err == nil && x.OpportunityID != "" {
			if err = record.Take(ctx, tx, a.TenantID, x.OpportunityID); err == nil { // who was before is seen
				x, err = s.Rows.Sighting(ctx, tx, a.TenantID, sees(a), id)
			}
			if err == nil && x.WithdrawnAt != nil {
				err = ErrNoSighting
			}
			err = cmp.Or(err, a.HasRead(x.Version))
		}
		if err != nil {
			return x, err
		}
		was := x.Version
		x.Version++
		if err := fn(tx, &x); err != nil {
			return x, err
		}
		if err := s.save(ctx, tx, a, x, was, event); err != nil {
			return x, err
		}
		return s.one(ctx, tx, a, id)
	})
}

// List are the sightings the actor sees, the last in front. Faults: competitor.unknown; of what is out of sight there
// are none.
func (s *Service) List(ctx context.Context, a org.Actor, q Asked, after string) (out []Sighting, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	q.Limit = cmp.Or(q.Limit, mostSightings)
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		q := q
		if len(q.Competitors) == 1 {
			c, err := s.Accounts.OneCompetitor(ctx, tx, a, q.Competitors[0])
			if err != nil {
				return err
			}
			q.Competitors = spellings(all, c.ID)
		}
		if after != "" {
			x, err := s.Rows.Sighting(ctx, tx, a.TenantID, sees(a), after)
			if err != nil {
				return err
			}
			q.Before = &x
		}
		out, err = s.list(ctx, tx, a, all, q)
		return err
	})
	return out, err
}

// list are those in sight with what they are called.
func (s *Service) list(ctx context.Context, tx database.Tx, a org.Actor, all []account.Competitor, q Asked) ([]Sighting, error) {
	list, err := s.Rows.Sightings(ctx, tx, a.TenantID, sees(a), q)
	if err != nil {
		return nil, err
	}
	return list, s.shown(ctx, tx, a, all, list)
}

func (s *Service) one(ctx context.Context, tx database.Tx, a org.Actor, id string) (Sighting, error) {
	all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
	if err != nil {
		return Sighting{}, err
	}
	x, err := s.Rows.Sighting(ctx, tx, a.TenantID, sees(a), id)
	if err != nil {
		return x, err
	}
	list := []Sighting{x}
	err = s.shown(ctx, tx, a, all, list)
	return list[0], err
}

// shown names what sightings are about, and compares prices with what the opportunity is worth.
func (s *Service) shown(ctx context.Context, tx database.Tx, a org.Actor, all []account.Competitor, list []Sighting) error {
	called, as := map[string]string{}, map[string]string{}
	for _, c := range all {
		called[c.ID], as[c.ID] = c.Name, cmp.Or(c.SameAs, c.ID)
	}
	var deals, accounts []string
	for _, x := range list {
		accounts = append(accounts, x.AccountID)
		if x.OpportunityID != "" {
			deals = append(deals, x.OpportunityID)
		}
	}
	seen, err := s.Deals.SeenIn(ctx, tx, a, deals)
	if err != nil {
		return err
	}
	names, err := s.Accounts.Seen(ctx, tx, a, accounts)
	if err != nil {
		return err
	}
	for i := range list {
		x := &list[i]
		x.CompetitorID = cmp.Or(as[x.CompetitorID], x.CompetitorID)
		x.CompetitorName, x.AccountName = called[x.CompetitorID], names[x.AccountID]
		x.Mine = mayCorrect(a, x.MadeBy, x.SeenBy) == nil && a.Can(org.AccountWrite)
		o, there := seen[x.OpportunityID]
		if !there {
			continue
		}
		x.OpportunityName = o.Name
		if x.PriceMinor != nil && o.AmountMinor != nil && *o.AmountMinor > 0 && o.Currency == x.Currency {
			x.OurMinor = o.AmountMinor
			if bp, ok := money.BP(*x.PriceMinor, *o.AmountMinor); ok {
				x.AgainstBP = &bp
			}
		}
	}
	return nil
}

// Latest are, of opportunities, the competitors seen since a day, the last seen in front and each with its last
// sighting: those about the opportunity, and those about its account alone. Whoever asks sees the opportunities. It is
// what a diagnosis asks: who was on site, and since when.
func (s *Service) Latest(ctx context.Context, tx database.Tx, a org.Actor, opportunities []string, since calendar.Date) (map[string][]Sighting, error) {
	if len(opportunities) == 0 {
		return nil, nil
	}
	all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	called, as := map[string]string{}, map[string]string{}
	for _, c := range all {
		called[c.ID], as[c.ID] = c.Name, cmp.Or(c.SameAs, c.ID)
	}
	rows, err := s.Rows.Latest(ctx, tx, a.TenantID, opportunities, since)
	out := map[string][]Sighting{}
	for id, list := range rows {
		told := map[string]bool{}
		for _, x := range list {
			if x.CompetitorID = as[x.CompetitorID]; told[x.CompetitorID] {
				continue
			}
			told[x.CompetitorID], x.CompetitorName = true, called[x.CompetitorID]
			out[id] = append(out[id], x)
		}
	}
	return out, err
}
