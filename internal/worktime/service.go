package worktime

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Way is how a team works, as it is stated.
type Way struct {
	Pattern    calendar.Kind `json:"pattern"`
	SixDayWeek calendar.Date `json:"sixDayWeek,omitempty"` // alternate: a day of a week of six days
	Weekdays   []int         `json:"weekdays,omitempty"`   // retail: 1 is Monday, 7 Sunday
	OnHolidays bool          `json:"onHolidays,omitempty"` // the company's holidays are worked
	Hours      Hours         `json:"hours"`
	Zone       string        `json:"zone,omitempty"` // "" is the company's
}

// usualWay is that of a company that stated none.
var usualWay = Way{Pattern: calendar.FiveDay, Hours: Usual}

func (w Way) pattern() calendar.Pattern {
	p := calendar.Pattern{Kind: w.Pattern, SixDayWeek: w.SixDayWeek, OnHolidays: w.OnHolidays}
	for _, d := range w.Weekdays {
		p.Weekdays |= calendar.Week(time.Weekday(d % 7))
	}
	return p
}

// check keeps what the pattern asks for alone. Faults: those of Pattern.Check and Hours.Check,
// org.zone_unknown.
func (w *Way) check() error {
	if w.Pattern != calendar.Alternate {
		w.SixDayWeek = ""
	}
	if w.Pattern != calendar.Retail {
		w.Weekdays = nil
	}
	slices.Sort(w.Weekdays)
	w.Weekdays = slices.Compact(w.Weekdays)
	if err := w.pattern().Check(); err != nil {
		return err
	}
	if err := w.Hours.Check(); err != nil {
		return err
	}
	if _, err := calendar.Zone(w.Zone); err != nil || w.Zone == "Local" {
		return fault.Input("/zone", "org.zone_unknown", "use an IANA zone such as Asia/Shanghai")
	}
	return nil
}

// rule is the way in a company.
func (w Way) rule(c org.Company) Rule {
	zone := c.Zone()
	if z, err := calendar.Zone(w.Zone); err == nil && w.Zone != "" {
		zone = z
	}
	return Rule{Pattern: w.pattern(), Hours: w.Hours, Zone: zone}
}

// Setting is a team's way from a day on; without a Way it works as the team above it.
type Setting struct {
	TeamID string
	From   calendar.Date
	Way    *Way
	Seq    int64
}

// Rows is what the package needs of its tables; worktimedb implements it.
type Rows interface {
	// Settings are all there are, by team and day, the later entry after the earlier.
	Settings(ctx context.Context, tx database.Tx, tenant string) ([]Setting, error)
	SaveSetting(ctx context.Context, tx database.Tx, tenant string, s Setting, seq database.Seq) error

	Absence(ctx context.Context, tx database.Tx, tenant, id string) (Absence, error)
	// Absences are a member's that end after an instant and are not withdrawn, the first to end first.
	Absences(ctx context.Context, tx database.Tx, tenant, member string, after time.Time) ([]Absence, error)
	// AbsencesOfMany are Absences of several members.
	AbsencesOfMany(ctx context.Context, tx database.Tx, tenant string, members []string, after time.Time) ([]Absence, error)
	InsertAbsence(ctx context.Context, tx database.Tx, tenant string, a Absence) error
	SaveAbsence(ctx context.Context, tx database.Tx, tenant string, a Absence) error
}

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB       *database.DB
	Rows     Rows
	Keys     *idempotency.Keys
	Calendar func(tenant string) calendar.Calendar
}

// SetTeam states how a team works from a day on ("" is today), nil: as the team above it. What was
// decided by what held before stays. Faults: org.team_unknown, org.team_closed, calendar.bad_date and
// those of Way.
func (s *Service) SetTeam(ctx context.Context, a org.Actor, team string, from calendar.Date, way *Way) error {
	if err := a.Need(org.OrgEdit); err != nil {
		return err
	}
	if from == "" {
		from = a.Today
	} else if _, err := calendar.Parse(string(from)); err != nil {
		return calendar.BadDate("/from")
	}
	if way != nil {
		if err := way.check(); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		t, known := a.Structure.Teams[team]
		if !known {
			return fault.New(fault.NotFound, "org.team_unknown", "no such team")
		}
		if t.ClosedOn != "" && t.ClosedOn <= from {
			return org.ErrTeamClosed(t)
		}
		if err := tx.Alone(ctx, "working time "+a.TenantID); err != nil {
			return err
		}
		all, err := s.Rows.Settings(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		set := Setting{TeamID: team, From: from, Way: way}
		seq := journal.Append(tx, a.By(), teamSet(set, bookOf(all).of(team, from)))
		return s.Rows.SaveSetting(ctx, tx, a.TenantID, set, seq)
	})
}

// Teams is what was stated of teams.
func (s *Service) Teams(ctx context.Context, a org.Actor) (Book, error) {
	return org.Setting(ctx, s.DB, a, org.OrgRead, func(ctx context.Context, tx database.Tx, tenant string) (Book, error) {
		all, err := s.Rows.Settings(ctx, tx, tenant)
		return bookOf(all), err
	})
}

// Of is when a member works: by the teams of his main post over time, less his absences.
func (s *Service) Of(ctx context.Context, tx database.Tx, a org.Actor, member string) (Schedule, error) {
	return s.Each(ctx, tx, a)(member)
}

// Each is Of for several members within a transaction: what the company set is read once, and a member's absences once.
func (s *Service) Each(ctx context.Context, tx database.Tx, a org.Actor) func(member string) (Schedule, error) {
	var set Book
	known := map[string]Schedule{}
	return func(member string) (Schedule, error) {
		if x, ok := known[member]; ok {
			return x, nil
		}
		if set == nil {
			all, err := s.Rows.Settings(ctx, tx, a.TenantID)
			if err != nil {
				return Schedule{}, err
			}
			set = bookOf(all)
		}
		gone, err := s.Rows.Absences(ctx, tx, a.TenantID, member, time.Time{})
		if err != nil {
			return Schedule{}, err
		}
		var away []Away
		for _, g := range gone {
			away = append(away, g.Away)
		}
		known[member] = New(s.Calendar(a.TenantID), set.rulesOf(a, member), away...)
		return known[member], nil
	}
}

// OfTeam is when a team works, whoever of it is away.
func (s *Service) OfTeam(ctx context.Context, tx database.Tx, a org.Actor, team string) (Schedule, error) {
	all, err := s.Rows.Settings(ctx, tx, a.TenantID)
	return New(s.Calendar(a.TenantID), bookOf(all).rulesOfTeam(a, team)), err
}
