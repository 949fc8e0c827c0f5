// Package org is the company itself: its people, teams as a tree, positions,
// seats, roles, sign-in, and the data scope that follows from them. It knows
// nothing of customers or opportunities.
package org

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/pinyin"
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
	SaveHolidayYear(ctx context.Context, tx database.Tx, tenant string, y calendar.Year, now time.Time) error
	Rates(ctx context.Context, tx database.Tx, tenant string) ([]Rate, error)
	SaveRate(ctx context.Context, tx database.Tx, tenant string, r Rate) error
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
const Start calendar.Date = "0001-01-01"

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
	c := Company{ID: journal.NewID(s.Now()), Name: pinyin.Fold(in.Company), Currency: in.Currency, TimeZone: in.Zone, Locale: in.Locale, BackdateDays: 60, OrgVersion: 1}
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
	admin := Member{ID: journal.NewID(s.Now()), Name: pinyin.Fold(in.AdminName), Login: normaliseLogin(in.Login), Version: 1}
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
		if err := s.Rows.InsertGrant(ctx, tx, c.ID, Grant{ID: journal.NewID(s.Now()), MemberID: admin.ID, Role: Admin, Interval: Interval{From: Start}}); err != nil {
			return err
		}
		root := Team{ID: journal.NewID(s.Now()), Name: c.Name, Version: 1}
		if err := s.Rows.InsertTeam(ctx, tx, c.ID, root, s.Now()); err != nil {
			return err
		}
		if err := s.Rows.InsertParent(ctx, tx, c.ID, TeamParent{ID: journal.NewID(s.Now()), TeamID: root.ID, Interval: Interval{From: Start}}); err != nil {
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
		journal.Append(tx, by, journal.Event{Subject: journal.Ref{Kind: "company", ID: c.ID}, Kind: "company.created", Payload: map[string]any{"currency": c.Currency}})
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

// NewMember is a person to add, with a place and a role. Team "" leaves the person
// without a seat; Login "" without sign-in. From "" is today.
type NewMember struct {
	ID, Name, Email, Phone, Login, Secret string
	TeamID, Position                      string
	Leads                                 bool
	Role                                  RoleKey
	ProductLines, Regions                 []string
	From                                  calendar.Date
}

// AddMember adds a person, the seat and the role in one step.
func (s *Service) AddMember(ctx context.Context, a Actor, in NewMember) (Member, error) {
	m := Member{ID: in.ID, Name: pinyin.Fold(in.Name), Email: in.Email, Phone: in.Phone, Login: normaliseLogin(in.Login), JoinedOn: in.From, Version: 1}
	if in.From == Start {
		m.JoinedOn = "" // a seat since always does not say when the person came
	}
	if m.ID == "" {
		m.ID = journal.NewID(a.Now)
	}
	if m.Name == "" {
		return Member{}, fault.Missing("/name")
	}
	if len(m.Name) > 100 {
		return Member{}, fault.Input("/name", "input.too_long", "at most 100 bytes").With("max", 100)
	}
	if in.From == "" {
		in.From = a.Today
	}
	if in.Role == "" {
		in.Role = Rep
	}
	if _, ok := Roles[in.Role]; !ok {
		return Member{}, fault.Input("/role", "org.role_unknown", "no such role")
	}
	hash := ""
	if m.Login != "" {
		if err := CheckPassword("/password", in.Secret); err != nil {
			return Member{}, err
		}
		var err error
		if hash, err = HashPassword(in.Secret); err != nil {
			return Member{}, err
		}
	}
	if in.TeamID != "" && a.Structure.Teams[in.TeamID].ID == "" {
		return Member{}, fault.Input("/teamId", "org.team_unknown", "no such team")
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "member", ID: m.ID}, Kind: "member.added", On: in.From,
			Payload: map[string]any{"teamId": in.TeamID, "role": in.Role}}
	}
	err := s.change(ctx, a, event, func(tx database.Tx) error {
		m.Pinyin, m.Initials = pinyin.Keys(m.Name)
		if err := s.Rows.InsertMember(ctx, tx, a.TenantID, m, a.Now); err != nil {
			return err
		}
		if m.Login != "" {
			if err := s.Rows.InsertLogin(ctx, tx, Login{Name: m.Login, TenantID: a.TenantID, MemberID: m.ID}); err != nil {
				return loginTaken(err)
			}
			if err := s.Rows.SetPassword(ctx, tx, a.TenantID, m.ID, hash, true); err != nil {
				return err
			}
		}
		if err := s.Rows.InsertGrant(ctx, tx, a.TenantID, Grant{ID: journal.NewID(a.Now), MemberID: m.ID, Role: in.Role,
			ProductLines: in.ProductLines, Regions: in.Regions, Interval: Interval{From: in.From}}); err != nil {
			return err
		}
		if in.TeamID == "" {
			return nil
		}
		return s.seat(ctx, tx, a, m.ID, in.TeamID, in.Position, in.Leads, in.From)
	})
	return m, err
}

// seat gives a member a new seat in a team, making the position where it is new.
func (s *Service) seat(ctx context.Context, tx database.Tx, a Actor, member, team, position string, leads bool, from calendar.Date) error {
	st, err := s.Rows.Structure(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	if position == "" {
		position = "销售"
		if leads {
			position = "主管"
		}
	}
	pos := Position{}
	for _, p := range st.Positions {
		if p.Name == position && p.Leads == leads {
			pos = p
		}
	}
	if pos.ID == "" {
		for _, p := range st.Positions {
			if p.Name == position { // the name is taken by the other kind
				position += "(负责人)"
			}
		}
		pos = Position{ID: journal.NewID(a.Now), Name: position, Leads: leads}
		if err := s.Rows.InsertPosition(ctx, tx, a.TenantID, pos); err != nil {
			return err
		}
	}
	seat := Seat{ID: journal.NewID(a.Now), TeamID: team, PositionID: pos.ID, Interval: Interval{From: from}}
	if err := s.Rows.InsertSeat(ctx, tx, a.TenantID, seat); err != nil {
		return err
	}
	return s.Rows.InsertHolding(ctx, tx, a.TenantID, Holding{ID: journal.NewID(a.Now), SeatID: seat.ID, MemberID: member, Main: true, Interval: Interval{From: from}})
}

// Transfer moves a member's main seat to another team from a day on. What was won
// before stays with the team of that day; permissions follow at once.
func (s *Service) Transfer(ctx context.Context, a Actor, member, team, position string, leads bool, from calendar.Date) error {
	if a.Structure.Members[member].ID == "" {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if a.Structure.Teams[team].ID == "" {
		return fault.Input("/teamId", "org.team_unknown", "no such team")
	}
	if from == "" {
		from = a.Today
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "member", ID: member}, Kind: "member.transferred", On: from, Payload: map[string]any{"teamId": team}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, h := range a.Structure.holdingsOf[member] {
			if h.Main && h.To == "" {
				if h.From >= from {
					return fault.Input("/from", "org.interval_empty", "the member took the present seat on or after that day").With("from", string(h.From))
				}
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "seat_holder", h.ID, from); err != nil {
					return err
				}
			}
		}
		return s.seat(ctx, tx, a, member, team, position, leads, from)
	})
}

// Leave ends a member's seats, roles and sessions from a day on. Records are
// handed over first or afterwards with opportunity.HandOver.
func (s *Service) Leave(ctx context.Context, a Actor, member string, on calendar.Date) error {
	m, ok := a.Structure.Members[member]
	if !ok {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if member == a.MemberID {
		return fault.New(fault.Rule, "org.cannot_leave_self", "another administrator must do this")
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "member", ID: member}, Kind: "member.left", On: on, Payload: map[string]any{}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, h := range a.Structure.holdingsOf[member] {
			if h.To == "" {
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "seat_holder", h.ID, on); err != nil {
					return err
				}
			}
		}
		for _, g := range a.Structure.grantsOf[member] {
			if g.To == "" {
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "member_role", g.ID, on); err != nil {
					return err
				}
			}
		}
		if m.Login != "" {
			if err := s.Rows.DeleteLogin(ctx, tx, m.Login); err != nil {
				return err
			}
		}
		if _, err := s.Rows.RevokeSessions(ctx, tx, a.TenantID, member, "", a.Now); err != nil {
			return err
		}
		m.LeftOn, m.Login = on, ""
		m.Version++
		return s.Rows.SaveMember(ctx, tx, a.TenantID, m)
	})
}

// SetRole replaces a member's role from today.
func (s *Service) SetRole(ctx context.Context, a Actor, member string, role RoleKey, lines, regions []string) error {
	if a.Structure.Members[member].ID == "" {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if _, ok := Roles[role]; !ok {
		return fault.Input("/role", "org.role_unknown", "no such role")
	}
	if member == a.MemberID && role != Admin && a.Structure.lastAdmin(member, a.Today) {
		return fault.New(fault.Rule, "org.last_admin", "a company needs an administrator: give the role to somebody else first")
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "member", ID: member}, Kind: "member.role_set", Payload: map[string]any{"role": role}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, g := range a.Structure.grantsOf[member] {
			if g.To == "" {
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "member_role", g.ID, a.Today); err != nil {
					return err
				}
			}
		}
		return s.Rows.InsertGrant(ctx, tx, a.TenantID, Grant{ID: journal.NewID(a.Now), MemberID: member, Role: role, ProductLines: lines, Regions: regions, Interval: Interval{From: a.Today}})
	})
}

func (s *Structure) lastAdmin(member string, on calendar.Date) bool {
	for _, g := range s.Grants {
		if g.Role == Admin && g.On(on) && g.MemberID != member {
			return false
		}
	}
	return true
}

// Delegate lets an assistant act for a principal from today.
func (s *Service) Delegate(ctx context.Context, a Actor, principal, assistant string) error {
	if a.Structure.Members[principal].ID == "" || a.Structure.Members[assistant].ID == "" || principal == assistant {
		return fault.New(fault.Invalid, "org.member_unknown", "two different members are needed")
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "member", ID: principal}, Kind: "member.delegated", Payload: map[string]any{"assistantId": assistant}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		return s.Rows.InsertDelegation(ctx, tx, a.TenantID, Delegation{ID: journal.NewID(a.Now), PrincipalID: principal, AssistantID: assistant, Interval: Interval{From: a.Today}})
	})
}

// AddTeam adds a team under a parent from a day on ("" is today; the root has no parent).
func (s *Service) AddTeam(ctx context.Context, a Actor, id, name, parent, region string, from calendar.Date) (Team, error) {
	t := Team{ID: id, Name: pinyin.Fold(name), Region: pinyin.Fold(region), Version: 1}
	if t.ID == "" {
		t.ID = journal.NewID(a.Now)
	}
	if t.Name == "" {
		return Team{}, fault.Missing("/name")
	}
	if len(t.Name) > 100 {
		return Team{}, fault.Input("/name", "input.too_long", "at most 100 bytes").With("max", 100)
	}
	if from == "" {
		from = a.Today
	}
	if a.Structure.Teams[parent].ID == "" {
		return Team{}, fault.Input("/parentId", "org.team_unknown", "no such team")
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "team", ID: t.ID}, Kind: "team.added", On: from, Payload: map[string]any{"parentId": parent}}
	}
	err := s.change(ctx, a, event, func(tx database.Tx) error {
		if err := s.Rows.InsertTeam(ctx, tx, a.TenantID, t, a.Now); err != nil {
			return err
		}
		return s.Rows.InsertParent(ctx, tx, a.TenantID, TeamParent{ID: journal.NewID(a.Now), TeamID: t.ID, ParentID: parent, Interval: Interval{From: from}})
	})
	return t, err
}

// MoveTeam hangs a team under another parent from a day on.
func (s *Service) MoveTeam(ctx context.Context, a Actor, team, parent string, from calendar.Date) error {
	if a.Structure.Teams[team].ID == "" || a.Structure.Teams[parent].ID == "" {
		return fault.New(fault.NotFound, "org.team_unknown", "no such team")
	}
	if from == "" {
		from = a.Today
	}
	if a.Structure.Within(parent, []string{team}, from) {
		return fault.New(fault.Rule, "org.team_cycle", "a team cannot hang under itself")
	}
	event := func() journal.Event {
		return journal.Event{Subject: journal.Ref{Kind: "team", ID: team}, Kind: "team.moved", On: from, Payload: map[string]any{"parentId": parent}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, p := range a.Structure.parentsOf[team] {
			if p.To == "" {
				if p.From >= from {
					return fault.Input("/from", "org.interval_empty", "the team took its present place on or after that day").With("from", string(p.From))
				}
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "team_parent", p.ID, from); err != nil {
					return err
				}
			}
		}
		return s.Rows.InsertParent(ctx, tx, a.TenantID, TeamParent{ID: journal.NewID(a.Now), TeamID: team, ParentID: parent, Interval: Interval{From: from}})
	})
}

// SaveSettings changes the company's own settings.
func (s *Service) SaveSettings(ctx context.Context, a Actor, name string, backdateDays int) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	c := a.Company
	c.Name, c.BackdateDays = pinyin.Fold(name), backdateDays
	if backdateDays < 0 || backdateDays > 3660 {
		return fault.Input("/backdateDays", "input.out_of_range", "0 to 3660 days").With("min", 0).With("max", 3660)
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: journal.Ref{Kind: "company", ID: c.ID}, Kind: "company.settings_saved", On: a.Today, Payload: map[string]any{"backdateDays": []int{a.Company.BackdateDays, backdateDays}}})
		return s.Rows.SaveCompany(ctx, tx, c)
	})
}

// LoadHolidays takes a holiday-cn year file.
func (s *Service) LoadHolidays(ctx context.Context, a Actor, raw []byte) (calendar.Year, error) {
	if err := a.Need(SettingsEdit); err != nil {
		return calendar.Year{}, err
	}
	y, err := calendar.ParseYear(raw)
	if err != nil {
		return calendar.Year{}, err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.Rows.SaveHolidayYear(ctx, tx, a.TenantID, y, a.Now); err != nil {
			return err
		}
		journal.Append(tx, a.By(), journal.Event{Subject: journal.Ref{Kind: "company", ID: a.TenantID}, Kind: "company.holidays_loaded", On: a.Today, Payload: map[string]any{"year": y.Year, "days": len(y.Days)}})
		return s.Rows.BumpVersion(ctx, tx, a.TenantID)
	})
	return y, err
}

// Rates lists the exchange rates stated so far, newest first by currency.
func (s *Service) Rates(ctx context.Context, a Actor) (out []Rate, err error) {
	if err := a.Need(OrgRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Rates(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}

// SetRate states an exchange rate from a day on.
func (s *Service) SetRate(ctx context.Context, a Actor, r Rate) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	if !money.ValidCurrency(r.Currency) || r.Currency == a.Company.Currency {
		return fault.Input("/currency", "money.currency_unknown", "a currency other than the company's own")
	}
	if r.Rate <= 0 || r.Rate > money.MaxRate {
		return fault.Input("/rate", "input.out_of_range", "a positive rate")
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: journal.Ref{Kind: "company", ID: a.TenantID}, Kind: "company.rate_set", On: r.From, Payload: r})
		return s.Rows.SaveRate(ctx, tx, a.TenantID, r)
	})
}

var loginForm = regexp.MustCompile(`^[\p{L}\p{N}._@+-]{2,80}$`)

func normaliseLogin(s string) string { return strings.ToLower(pinyin.Fold(s)) }

func loginTaken(err error) error {
	if errors.Is(err, database.ErrUnique) {
		f := fault.Input("/login", "org.login_taken", "another member signs in with this name")
		f.Kind = fault.Conflict
		return f
	}
	return err
}
