// Package org is the company itself: its people, teams as a tree, positions,
// seats, roles, sign-in, and the data scope that follows from them. It knows
// nothing of customers or opportunities.
package org

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
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
	SaveCompany(ctx context.Context, tx database.Tx, c Company) error
	Structure(ctx context.Context, tx database.Tx, tenant string) (*Structure, error)
	BumpVersion(ctx context.Context, tx database.Tx, tenant string) error

	InsertMember(ctx context.Context, tx database.Tx, tenant string, m Member, now time.Time) error
	SaveMember(ctx context.Context, tx database.Tx, tenant string, m Member) error
	InsertTeam(ctx context.Context, tx database.Tx, tenant string, t Team, now time.Time) error
	SaveTeam(ctx context.Context, tx database.Tx, tenant string, t Team) error
	InsertParent(ctx context.Context, tx database.Tx, tenant string, p TeamParent) error
	InsertPosition(ctx context.Context, tx database.Tx, tenant string, p Position) error
	InsertSeat(ctx context.Context, tx database.Tx, tenant string, s Seat) error
	InsertHolding(ctx context.Context, tx database.Tx, tenant string, h Holding) error
	InsertGrant(ctx context.Context, tx database.Tx, tenant string, g Grant) error
	InsertDelegation(ctx context.Context, tx database.Tx, tenant string, d Delegation) error
	EndInterval(ctx context.Context, tx database.Tx, tenant, table, id string, on calendar.Date) error

	Login(ctx context.Context, tx database.Tx, name string) (Login, error)
	InsertLogin(ctx context.Context, tx database.Tx, l Login) error
	DeleteLogin(ctx context.Context, tx database.Tx, name string) error
	SaveLoginFailures(ctx context.Context, tx database.Tx, l Login) error
	PasswordHash(ctx context.Context, tx database.Tx, tenant, member string) (hash string, mustChange bool, err error)
	SetPassword(ctx context.Context, tx database.Tx, tenant, member, hash string, mustChange bool) error
	InsertSession(ctx context.Context, tx database.Tx, s Session, tokenHash string) error
	SessionByToken(ctx context.Context, tx database.Tx, tokenHash string) (Session, error)
	Sessions(ctx context.Context, tx database.Tx, tenant, member string) ([]Session, error)
	TouchSession(ctx context.Context, tx database.Tx, tenant, id string, seen time.Time) error
	RevokeSessions(ctx context.Context, tx database.Tx, tenant, member, id string, now time.Time) (int64, error)

	HolidayYears(ctx context.Context, tx database.Tx, tenant string) ([]calendar.Year, error)
	SaveHolidayYear(ctx context.Context, tx database.Tx, tenant string, y calendar.Year, now time.Time, seq database.Seq) error
	Rates(ctx context.Context, tx database.Tx, tenant string) ([]Rate, error)
	SaveRate(ctx context.Context, tx database.Tx, tenant string, r Rate, seq database.Seq) error
}

// Rate is a dated exchange rate into the reporting currency, per money.RateScale.
type Rate struct {
	Currency string        `json:"currency"`
	From     calendar.Date `json:"from"`
	Rate     int64         `json:"rate"`
}

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB   *database.DB
	Rows Rows
	// Now is the clock; tests own it.
	Now func() time.Time

	mu        sync.Mutex
	cache     map[string]cached
	calendars map[string]calendar.Calendar
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
	First                    bool
	Company                  string
	Currency, Zone, Locale   string
	AdminName, Login, Secret string
}

// CreateCompany makes a company with its root team and, where a login is given,
// its first administrator. It returns the company and the administrator's id.
func (s *Service) CreateCompany(ctx context.Context, in Setup) (Company, string, error) {
	c := Company{ID: record.NewID(s.Now()), Name: text.Fold(in.Company), Currency: in.Currency, TimeZone: in.Zone, Locale: in.Locale, BackdateDays: 60, OrgVersion: 1}
	if c.Currency == "" {
		c.Currency = "CNY"
	}
	if c.TimeZone == "" {
		c.TimeZone = "Asia/Shanghai"
	}
	if c.Locale == "" {
		c.Locale = "zh-CN"
	}
	if err := c.check(); err != nil {
		return Company{}, "", err
	}
	hash := ""
	if in.Login != "" {
		if err := CheckPassword("/password", in.Secret); err != nil {
			return Company{}, "", err
		}
		var err error
		if hash, err = HashPassword(in.Secret); err != nil {
			return Company{}, "", err
		}
	}
	admin := Member{ID: record.NewID(s.Now()), Name: text.Fold(in.AdminName), Login: normaliseLogin(in.Login), Version: 1}
	if admin.Name == "" {
		admin.Name = c.Name
	}
	err := s.DB.Write(ctx, func(tx database.Tx) error {
		if in.First {
			if err := tx.Alone(ctx, "first company"); err != nil {
				return err
			}
			if all, err := s.Rows.Companies(ctx, tx); err != nil {
				return err
			} else if len(all) > 0 {
				return fault.New(fault.Conflict, "org.set_up_already", "the installation is set up; ask its administrator for a sign-in")
			}
		}
		if err := s.Rows.InsertCompany(ctx, tx, c, s.Now()); err != nil {
			return err
		}
		if err := s.Rows.InsertMember(ctx, tx, c.ID, admin, s.Now()); err != nil {
			return err
		}
		if err := s.Rows.InsertGrant(ctx, tx, c.ID, Grant{ID: record.NewID(s.Now()), MemberID: admin.ID, Role: Admin, Interval: Interval{From: Start}}); err != nil {
			return err
		}
		root := Team{ID: record.NewID(s.Now()), Name: c.Name, Version: 1}
		if err := s.Rows.InsertTeam(ctx, tx, c.ID, root, s.Now()); err != nil {
			return err
		}
		if err := s.Rows.InsertParent(ctx, tx, c.ID, TeamParent{ID: record.NewID(s.Now()), TeamID: root.ID, Interval: Interval{From: Start}}); err != nil {
			return err
		}
		if in.Login != "" {
			if err := s.Rows.InsertLogin(ctx, tx, Login{Name: admin.Login, TenantID: c.ID, MemberID: admin.ID}); err != nil {
				return loginTaken(err)
			}
			if err := s.Rows.SetPassword(ctx, tx, c.ID, admin.ID, hash, false); err != nil {
				return err
			}
		}
		by := journal.By{TenantID: c.ID, MemberID: admin.ID, Path: "form", Now: s.Now()}
		journal.Append(tx, by, journal.Event{Subject: record.Ref{Kind: "company", ID: c.ID}, Kind: "company.created", Payload: map[string]any{"currency": c.Currency}})
		return nil
	})
	return c, admin.ID, err
}

func (c Company) check() error {
	switch {
	case c.Name == "":
		return fault.Missing("/company")
	case len(c.Name) > 200:
		return fault.Input("/company", "input.too_long", "at most 200 bytes").With("max", 200)
	case !money.ValidCurrency(c.Currency):
		return fault.Input("/currency", "money.currency_unknown", "use a three-letter ISO 4217 code such as CNY")
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		return fault.Input("/timeZone", "org.zone_unknown", "use an IANA zone such as Asia/Shanghai")
	}
	if c.Locale != "zh-CN" && c.Locale != "en-US" {
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
	if err != nil {
		return Company{}, nil, err
	}
	s.mu.Lock()
	hit, ok := s.cache[tenant]
	s.mu.Unlock()
	if ok && hit.structure.Version == c.OrgVersion {
		return c, hit.structure, nil
	}
	st, err := s.Rows.Structure(ctx, tx, tenant)
	if err != nil {
		return Company{}, nil, err
	}
	st.Version = c.OrgVersion
	st.Index()
	years, err := s.Rows.HolidayYears(ctx, tx, tenant)
	if err != nil {
		return Company{}, nil, err
	}
	cal := calendar.China
	if len(years) > 0 {
		cal = calendar.New(append(calendar.ShippedYears(), years...)...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cache == nil {
		s.cache, s.calendars = map[string]cached{}, map[string]calendar.Calendar{}
	}
	s.cache[tenant], s.calendars[tenant] = cached{c, st}, cal
	return c, st, nil
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
// the company's first administrator.
func (s *Service) System(ctx context.Context, tenant, member, path string) (a Actor, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		c, st, err := s.Load(ctx, tx, tenant)
		if err != nil {
			return err
		}
		if member == "" {
			for _, g := range st.Grants {
				if g.Role == Admin && (member == "" || g.MemberID < member) {
					member = g.MemberID
				}
			}
		}
		a = SystemActor(c, st, member, path, s.Now())
		return nil
	})
	return a, err
}

// change runs an organisation write: it bumps the version every reader compares
// with, and appends the event.
func (s *Service) change(ctx context.Context, a Actor, e func() journal.Event, fn func(tx database.Tx) error) error {
	if err := a.Need(OrgEdit); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		if err := s.Rows.BumpVersion(ctx, tx, a.TenantID); err != nil {
			return err
		}
		event := e()
		if event.On == "" {
			event.On = a.Today
		}
		journal.Append(tx, a.By(), event)
		return nil
	})
}

func normaliseLogin(s string) string { return strings.ToLower(text.Fold(s)) }

func loginTaken(err error) error {
	if errors.Is(err, database.ErrUnique) {
		f := fault.Input("/login", "org.login_taken", "another member signs in with this name")
		f.Kind = fault.Conflict
		return f
	}
	return err
}
