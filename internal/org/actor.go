package org

import (
	"maps"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Actor is who acts, with what they may do and on which data, at one instant. It
// is built anew for each request from today's relations, and passed as a
// parameter so that a test or a nightly job can say who acts and when.
type Actor struct {
	TenantID   string
	MemberID   string
	OnBehalfOf string // the principal an assistant types for, or ""
	Path       string
	Now        time.Time
	Today      calendar.Date
	Figures    Figures // what reports add up
	Structure  *Structure
	Company    Company
	Address    string // from where the request came, where it came by a network
	// IfMatch is the version the actor has read of what is written; 0 does not ask.
	IfMatch int

	permissions map[Permission]bool
	fixed       *Scope
	bound       *Actor // whose reach bounds it too
	system      bool   // the program itself: nobody's powers bound it
}

// HasRead refuses a write based on another version than is stored. Fault: record.stale.
func (a Actor) HasRead(stored int) error {
	if a.IfMatch != 0 && a.IfMatch != stored {
		return record.ErrStale
	}
	return nil
}

// Company is the tenant: its reporting currency, zone and language.
type Company struct {
	ID           string
	Name         string
	Currency     string
	TimeZone     string
	Locale       string
	BackdateDays int    // how far back a fact may be dated without a reason
	WorkCalendar string // ChinaCalendar or Weekends
	SumsWithTax  bool
	MeetDays     MeetDays
	Version      int   // of the settings
	OrgVersion   int64 // of people, teams and seats
	Closing      bool  // nobody signs in, and nothing is written any more
}

// What a company works by: China's working days, or weekends off and nothing else.
const (
	ChinaCalendar = "CN"
	Weekends      = "weekends"
)

// chinaZones are the mainland's zones, by which a new company's calendar is guessed.
var chinaZones = map[string]bool{"Asia/Shanghai": true, "Asia/Urumqi": true, "Asia/Chongqing": true,
	"Asia/Harbin": true, "Asia/Kashgar": true, "PRC": true}

// Zone returns the company's time zone, UTC where it is unknown to this system.
func (c Company) Zone() *time.Location {
	if z, err := calendar.Zone(c.TimeZone); err == nil {
		return z
	}
	return time.UTC
}

// NewActor derives permissions and scopes of a member on the day of now.
func NewActor(c Company, s *Structure, memberID, path string, now time.Time) Actor {
	a := Actor{TenantID: c.ID, MemberID: memberID, Path: path, Now: now.UTC().Truncate(time.Millisecond), Today: calendar.DateOf(now, c.Zone()),
		Structure: s, Company: c, permissions: map[Permission]bool{SignedIn: true}}
	for _, g := range s.grantsOf[memberID] {
		if g.On(a.Today) {
			role, _ := s.Role(g.Role)
			for _, p := range role.Permissions {
				a.permissions[p] = true
			}
		}
	}
	a.Figures = s.figures(memberID, a.Today)
	return a
}

// SystemActor acts for the program itself (demo, first import): everything, by path.
func SystemActor(c Company, s *Structure, memberID, path string, now time.Time) Actor {
	a := NewActor(c, s, memberID, path, now)
	a.Figures, a.system = Figures{All: true}, true
	a = a.Reaching(Scope{All: true})
	for _, p := range Roles[Admin].Permissions {
		a.permissions[p] = true
	}
	return a
}

// At returns the actor at another instant; the demo and imports replay history with it.
func (a Actor) At(now time.Time) Actor {
	a.Now, a.Today = now.UTC().Truncate(time.Millisecond), calendar.DateOf(now, a.Company.Zone())
	return a
}

// Can reports whether the actor holds the permission.
func (a Actor) Can(p Permission) bool { return a.permissions[p] }

// Need returns a Forbidden fault where the actor lacks the permission.
func (a Actor) Need(p Permission) error {
	if a.Can(p) {
		return nil
	}
	return errMissing(p)
}

func errMissing(p Permission) error {
	return fault.New(fault.Forbidden, "org.permission_missing", "this needs the permission %s", p).With("permission", string(p))
}

// Permissions lists what the actor may do.
func (a Actor) Permissions() []Permission {
	var out []Permission
	for p := range a.permissions {
		out = append(out, p)
	}
	return out
}

// Principals are the members the actor may act for today.
func (a Actor) Principals() []string {
	return append([]string{}, a.Structure.principals(a.MemberID, a.Today)...)
}

// For lets an assistant act for a principal. Fault: org.not_principal.
func (a Actor) For(principal string) (Actor, error) {
	if principal == "" || principal == a.MemberID {
		return a, nil
	}
	if !contains(a.Structure.principals(a.MemberID, a.Today), principal) {
		return a, fault.New(fault.Forbidden, "org.not_principal", "no delegation from this member today")
	}
	a.OnBehalfOf = principal
	return a, nil
}

// Effective is the member a record made now belongs to: the principal, or the actor.
func (a Actor) Effective() string {
	if a.OnBehalfOf != "" {
		return a.OnBehalfOf
	}
	return a.MemberID
}

// Principal is the member a record made now belongs to, as he would act himself.
func (a Actor) Principal() Actor {
	if a.OnBehalfOf == "" {
		return a
	}
	return NewActor(a.Company, a.Structure, a.OnBehalfOf, a.Path, a.Now)
}

// Bounded is the actor bounded by what his principal may do and reaches too: whoever acts for several reads for one of
// them nothing that is another's.
func (a Actor) Bounded() Actor {
	if a.OnBehalfOf == "" {
		return a
	}
	p := a.Principal()
	a.bound, a.permissions = &p, maps.Clone(a.permissions)
	maps.DeleteFunc(a.permissions, func(may Permission, _ bool) bool { return !p.Can(may) })
	return a
}

// Is tells whether one of some members is the person who acts, or whom he acts for. Where a
// second person must look, it is for neither of whoever acted first: whose name stands on it
// does not make one human two.
func (a Actor) Is(members ...string) bool {
	return contains(members, a.MemberID) || contains(members, a.OnBehalfOf)
}

// By is the actor as the journal writes it.
func (a Actor) By() journal.By {
	return journal.By{TenantID: a.TenantID, MemberID: a.MemberID, OnBehalfOf: a.OnBehalfOf, Path: a.Path, Now: a.Now, Address: a.Address}
}

// CheckDate refuses days in the future, and days further back than the company
// allows unless a reason is given. An import carries the source's dates and is
// not held to the limit. Faults: org.date_in_future, org.backdated.
func (a Actor) CheckDate(pointer string, d calendar.Date, reason string) error {
	if d > a.Today {
		f := fault.Input(pointer, "org.date_in_future", "the day has not come yet")
		return f.With("today", string(a.Today))
	}
	if text.Blank(reason) && a.Path != "import" && a.Path != "job" && a.Today.Sub(d) > a.Company.BackdateDays {
		f := fault.Input(pointer, "org.backdated", "more than %d days back: give a reason", a.Company.BackdateDays)
		return f.With("days", a.Company.BackdateDays)
	}
	return nil
}
