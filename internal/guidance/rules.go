package guidance

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Rules are what a company says of its guidance. What has a clock already keeps the limit it began with.
type Rules struct {
	LimitHours int       `json:"limitHours"` // of work, to answer in
	Cadences   []Cadence `json:"cadences,omitempty"`
	Version    int       `json:"-"` // 0 where nothing was said yet
}

// Cadence is how often a week the deals of a team are looked at; teams below it that say nothing else are as it.
type Cadence struct {
	TeamID  string `json:"teamId"`
	PerWeek int    `json:"perWeek"`
}

// Bounds of what a company may say.
const (
	MostHours = 40
	leastWeek = 1 // look at each team's deals
)

// PerWeek are the cadences there are: once, twice, each working day.
var PerWeek = []int{leastWeek, 2, 5}

// Limit is in minutes of work.
func (r Rules) Limit() int { return r.LimitHours * 60 }

// CadenceOf is how often a week the deals of a team are looked at on the actor's day.
func (r Rules) CadenceOf(a org.Actor, team string) int {
	for depth := 0; team != "" && depth < 64; depth++ {
		if i := slices.IndexFunc(r.Cadences, func(c Cadence) bool { return c.TeamID == team }); i >= 0 {
			return r.Cadences[i].PerWeek
		}
		team = a.Structure.ParentOf(team, a.Today)
	}
	return leastWeek
}

// Rules are the company's; Version is the one a change of them names.
func (s *Service) Rules(ctx context.Context, a org.Actor) (r Rules, err error) {
	return org.Setting(ctx, s.DB, a, org.SignedIn, func(ctx context.Context, tx database.Tx, tenant string) (Rules, error) {
		r, err := s.rules(ctx, tx, tenant)
		r.Version++ // what nobody has said yet has the first version
		return r, err
	})
}

func (s *Service) rules(ctx context.Context, tx database.Tx, tenant string) (Rules, error) {
	r, err := s.Rows.Rules(ctx, tx, tenant)
	if err == nil && r.Version == 0 {
		r.LimitHours = Usual / 60
	}
	return r, err
}

// SetRules says them. Faults: record.stale, guidance.limit_hours, guidance.cadence, org.team_unknown.
func (s *Service) SetRules(ctx context.Context, a org.Actor, r Rules) (Rules, error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return r, err
	}
	if err := r.check(a); err != nil {
		return r, err
	}
	slices.SortFunc(r.Cadences, func(a, b Cadence) int { return strings.Compare(a.TeamID, b.TeamID) })
	return database.Write(ctx, s.DB, func(tx database.Tx) (Rules, error) {
		if err := record.Take(ctx, tx, a.TenantID, "guidance rules"); err != nil {
			return r, err
		}
		was, err := s.rules(ctx, tx, a.TenantID)
		if err != nil {
			return r, err
		}
		if err := a.HasRead(was.Version + 1); err != nil {
			return r, err
		}
		is := r
		is.Version = was.Version + 1
		journal.Append(tx, a.By(), rulesSet(a, was, is))
		if err := s.Rows.SetRules(ctx, tx, a.TenantID, is); err != nil {
			return r, err
		}
		is.Version++
		return is, nil
	})
}

func (r Rules) check(a org.Actor) error {
	if r.LimitHours < Least/60 || r.LimitHours > MostHours {
		return fault.Input("/limitHours", "guidance.limit_hours", "from 1 to %d hours of work", MostHours).With("max", MostHours)
	}
	seen := map[string]bool{}
	for _, c := range r.Cadences {
		switch _, known := a.Structure.Teams[c.TeamID]; {
		case !known || seen[c.TeamID]:
			return fault.Input("/cadences", "org.team_unknown", "each line names another team there is")
		case !slices.Contains(PerWeek, c.PerWeek):
			return fault.Input("/cadences", "guidance.cadence", "once or twice a week, or each working day")
		}
		seen[c.TeamID] = true
	}
	return nil
}

// RulesSet is what a company says of its guidance, and what it said before.
type RulesSet struct {
	Was Rules `json:"was"`
	Is  Rules `json:"is"`
}

func rulesSet(a org.Actor, was, is Rules) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "guidance_rules", ID: "rules"}, Kind: "guidance.rules_set", On: a.Today, Payload: RulesSet{was, is}}
}

func (s *Service) playRules(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p RulesSet) error {
	was, err := s.Rows.Rules(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	p.Is.Version = was.Version + 1
	return s.Rows.SetRules(ctx, tx, a.TenantID, p.Is)
}
