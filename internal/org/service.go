// Package org is the company itself: its people, teams as a tree, positions,
// seats, roles, and the data scope that follows from them. It knows
// nothing of customers or opportunities.
package org

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Rows is what the package needs of its tables; orgdb implements it.
type Rows interface {
	Companies(ctx context.Context, tx database.Tx) ([]Company, error)
	Company(ctx context.Context, tx database.Tx, tenant string) (Company, error)
	InsertCompany(ctx context.Context, tx database.Tx, c Company, now time.Time) error
	// GoOn has the company's entries numbered from one that is there.
	GoOn(ctx context.Context, tx database.Tx, tenant string, last journal.Entry) error
	SaveCompany(ctx context.Context, tx database.Tx, c Company) error
	Structure(ctx context.Context, tx database.Tx, tenant string) (*Structure, error)
	BumpVersion(ctx context.Context, tx database.Tx, tenant string) error

	InsertMember(ctx context.Context, tx database.Tx, tenant string, m Member, now time.Time) error
	SaveMember(ctx context.Context, tx database.Tx, tenant string, m Member) error
	InsertTeam(ctx context.Context, tx database.Tx, tenant string, t Team, now time.Time, seq database.Seq) error
	SaveTeam(ctx context.Context, tx database.Tx, tenant string, t Team) error
	// Apply writes what one entry changes, with the entry's number where a row keeps it.
	Apply(ctx context.Context, tx database.Tx, tenant string, c Changes, seq database.Seq) error
	SaveRole(ctx context.Context, tx database.Tx, tenant string, r Role, now time.Time) error

	// HolidayTexts are HolidayYears as they are written, of which a calendar is made.
	HolidayTexts(ctx context.Context, tx database.Tx, tenant string, known int64) ([]string, error)
	HolidayYears(ctx context.Context, tx database.Tx, tenant string, known int64) ([]HolidayYear, error)
	SaveHolidayYear(ctx context.Context, tx database.Tx, tenant string, y HolidayYear, now time.Time, seq database.Seq) error
	Rates(ctx context.Context, tx database.Tx, tenant string) ([]Rate, error)
	SaveRate(ctx context.Context, tx database.Tx, tenant string, r Rate, seq database.Seq) error
}

// Rate is a dated exchange rate into the reporting currency, per money.RateScale.
type Rate struct {
	Currency string        `json:"currency"`
	From     calendar.Date `json:"from"`
	Rate     int64         `json:"rate"`
}

// ProductLines knows which product lines there are. Fault: product.unknown, at a place in the
// body.
type ProductLines interface {
	AreThere(ctx context.Context, tx database.Tx, a Actor, pointer string, ids []string) error
}

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB   *database.DB
	Rows Rows
	// Values keeps the company's choices by day.
	Values record.Values
	Keys   *idempotency.Keys
	// Now is the clock; tests own it.
	Now func() time.Time
	// SignIns keeps what members sign in with.
	SignIns SignIns
	// What others know of members and teams; each may be nil.
	Leavings    Leavings
	TeamRecords TeamRecords
	Placings    Placings
	Pricings    Pricings
	Lines       ProductLines

	mu        sync.Mutex
	cache     map[string]cached
	calendars map[string]calendar.Calendar
	choices   map[string]choicesMade
}

type cached struct {
	company   Company
	structure *Structure
}

// Start is the day an interval begins when the source does not know it: always.
const Start = record.Start

// Setup is what a new company tells about itself.
type Setup struct {
	// First refuses where the installation has a company already.
	First bool
	// MustChange has the administrator choose another password at the first sign-in.
	MustChange               bool
	Company                  string
	Currency, Zone, Locale   string
	AdminName, Login, Secret string
	// Path is how the journal says it came about; "" is the form. Address is from where, where it
	// came by a network.
	Path, Address string
}

// CreateCompany makes a company with its root team and, where a login is given,
// its first administrator. It returns the company and the administrator's id.
func (s *Service) CreateCompany(ctx context.Context, in Setup) (Company, string, error) {
	now := s.Now()
	c := newCompany(record.NewID(now), in.Currency, in.Zone, in.Locale)
	c.Name = text.Fold(in.Company)
	if err := c.check(); err != nil {
		return Company{}, "", err
	}
	hash := ""
	if in.Login != "" {
		if err := checkLogin(LoginName(in.Login)); err != nil {
			return Company{}, "", err
		}
		var err error
		if hash, err = s.SignIns.Hash(ctx, Secret{"/password", in.Secret, LoginName(in.Login), in.AdminName, in.Company}); err != nil {
			return Company{}, "", err
		}
	}
	admin := Member{ID: record.NewID(now), Name: cmp.Or(text.Fold(in.AdminName), c.Name), Login: LoginName(in.Login), Version: 1}
	_, err := database.Write(ctx, s.DB, func(tx database.Tx) (none struct{}, err error) {
		if in.First {
			if err := s.mustBeFirst(ctx, tx); err != nil {
				return none, err
			}
		}
		if err := s.nameFree(ctx, tx, c); err != nil {
			return none, err
		}
		return none, s.insertCompany(ctx, tx, founding{company: c, admin: admin}, in, hash)
	})
	return c, admin.ID, err
}

// newCompany is a company that has chosen nothing yet.
func newCompany(id, currency, zone, locale string) Company {
	c := Company{ID: id, Currency: cmp.Or(currency, "CNY"), TimeZone: cmp.Or(zone, "Asia/Shanghai"),
		Locale: cmp.Or(locale, "zh-CN"), BackdateDays: 60, OrgVersion: 1, SumsWithTax: true, WorkCalendar: Weekends, MeetDays: usualMeetDays, Version: 1}
	if chinaZones[c.TimeZone] {
		c.WorkCalendar = ChinaCalendar
	}
	return c
}

// mustBeFirst refuses where the installation has a company already.
func (s *Service) mustBeFirst(ctx context.Context, tx database.Tx) error {
	if err := tx.Alone(ctx, "first company"); err != nil {
		return err
	}
	if all, err := s.Rows.Companies(ctx, tx); err != nil {
		return err
	} else if len(all) > 0 {
		return fault.New(fault.Conflict, "org.set_up_already", "the installation is set up; ask its administrator for a sign-in")
	}
	return nil
}

func (s *Service) insertCompany(ctx context.Context, tx database.Tx, f founding, in Setup, hash string) error {
	now, c, admin := s.Now(), f.company, f.admin
	always := Interval{From: Start}
	root := Team{ID: record.NewID(now), Name: c.Name, Version: 1}
	grant := Grant{ID: record.NewID(now), MemberID: admin.ID, Role: Admin, Interval: always}
	place := TeamParent{ID: record.NewID(now), TeamID: root.ID, Interval: always}
	changes := Changes{Grants: []Change[Grant]{{New: &grant}}, Parents: []Change[TeamParent]{{New: &place}}}
	by := journal.By{TenantID: c.ID, MemberID: admin.ID, Path: cmp.Or(in.Path, "form"), Now: now, Address: in.Address}
	seq := journal.Append(tx, by, companyCreated(c.ID, calendar.DateOf(now, c.Zone()),
		CompanyCreated{Currency: c.Currency, TimeZone: c.TimeZone, Locale: c.Locale, BackdateDays: c.BackdateDays,
			WorkCalendar: c.WorkCalendar, SumsWithTax: c.SumsWithTax, AdminID: admin.ID, RootID: root.ID, Changes: changes}))
	f.root, f.changes = root, changes
	if err := s.writeCompany(ctx, tx, f, now, seq); err != nil {
		return err
	}
	return s.giveLogin(ctx, tx, c.ID, admin, hash, in.MustChange)
}

// founding is what a company begins with.
type founding struct {
	company Company
	admin   Member
	root    Team
	changes Changes
}

func (s *Service) writeCompany(ctx context.Context, tx database.Tx, f founding, now time.Time, seq database.Seq) error {
	if err := s.Rows.InsertCompany(ctx, tx, f.company, now); err != nil {
		return err
	}
	if err := s.Values.Insert(ctx, tx, f.company.ID, chosen(Company{}, f.company, Start, seq)); err != nil {
		return err
	}
	if err := s.Rows.InsertMember(ctx, tx, f.company.ID, f.admin, now); err != nil {
		return err
	}
	if err := s.Rows.InsertTeam(ctx, tx, f.company.ID, f.root, now, seq); err != nil {
		return err
	}
	return s.Rows.Apply(ctx, tx, f.company.ID, f.changes, seq)
}

// knownLocales are the languages there are texts in.
var knownLocales = map[string]bool{"zh-CN": true, "en-US": true}

func (c Company) check() error {
	switch {
	case c.Name == "":
		return fault.Missing("/company")
	case len(c.Name) > 200:
		return fault.Input("/company", "input.too_long", "at most 200 bytes").With("max", 200)
	case !money.ValidCurrency(c.Currency):
		return fault.Input("/currency", "money.currency_unknown", "use a three-letter ISO 4217 code such as CNY")
	}
	if _, err := calendar.Zone(c.TimeZone); err != nil || c.TimeZone == "Local" {
		return fault.Input("/timeZone", "org.zone_unknown", "use an IANA zone such as Asia/Shanghai")
	}
	if !knownLocales[c.Locale] {
		return fault.Input("/locale", "org.locale_unknown", "zh-CN or en-US")
	}
	return nil
}

// Companies lists every company of the installation.
func (s *Service) Companies(ctx context.Context) (out []Company, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Companies(ctx, tx)
		return err
	})
	return out, err
}

// Load returns the company and its structure, cached until the organisation changes.
func (s *Service) Load(ctx context.Context, tx database.Tx, tenant string) (Company, *Structure, error) {
	c, err := s.Rows.Company(ctx, tx, tenant)
	if err == nil && c.Closing {
		err = database.ErrClosing
	}
	if err != nil {
		return Company{}, nil, err
	}
	if st, known := s.Known(c); known {
		return c, st, nil
	}
	st, err := s.Rows.Structure(ctx, tx, tenant)
	if err != nil {
		return Company{}, nil, err
	}
	st.Version = c.OrgVersion
	st.Index()
	cal, err := s.calendarOf(ctx, tx, c, allKnown)
	if err != nil {
		return Company{}, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cache == nil {
		s.cache, s.calendars = map[string]cached{}, map[string]calendar.Calendar{}
	}
	s.cache[tenant], s.calendars[tenant] = cached{c, st}, cal
	return c, st, nil
}

// Known is the structure of a company as it was just read, where that is in memory.
func (s *Service) Known(c Company) (*Structure, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hit, ok := s.cache[c.ID]
	if !ok || hit.structure.Version != c.OrgVersion {
		return nil, false
	}
	return hit.structure, true
}

// Calendar returns the company's working calendar; clocks, stays and limits count on it.
func (s *Service) Calendar(tenant string) calendar.Calendar {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.calendars[tenant]; ok {
		return c
	}
	return calendar.China
}

// Actor builds the actor of a member now.
func (s *Service) Actor(ctx context.Context, tenant, member, path string) (a Actor, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		c, st, err := s.Load(ctx, tx, tenant)
		if err == nil {
			a = NewActor(c, st, member, path, s.Now())
		}
		return err
	})
	return a, err
}

// System builds an actor with every permission, acting as the member named or as
// the company's first administrator of today.
func (s *Service) System(ctx context.Context, tenant, member, path string) (a Actor, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		c, st, err := s.Load(ctx, tx, tenant)
		if err != nil {
			return err
		}
		a = s.system(c, st, member, path)
		return nil
	})
	return a, err
}

func (s *Service) system(c Company, st *Structure, member, path string) Actor {
	a := SystemActor(c, st, member, path, s.Now())
	if member == "" {
		a = SystemActor(c, st, st.firstAdmin(a.Today), path, s.Now())
	}
	return a
}

// Job is System inside a transaction, of what the program does by itself.
func (s *Service) Job(ctx context.Context, tx database.Tx, tenant string) (Actor, error) {
	c, st, err := s.Load(ctx, tx, tenant)
	return s.system(c, st, "", "job"), err
}

// firstAdmin is an administrator of a day, the same whenever it is asked.
func (s *Structure) firstAdmin(on calendar.Date) (member string) {
	for _, g := range s.Grants {
		if g.Role == Admin && g.On(on) && (member == "" || g.MemberID < member) {
			member = g.MemberID
		}
	}
	return member
}

// LoginName is a sign-in name as it is kept: one form, however it is typed.
func LoginName(s string) string { return strings.ToLower(text.Fold(s)) }
