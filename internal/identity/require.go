package identity

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// FactorPolicy is the roles of a company whose members need a second factor.
type FactorPolicy struct {
	Roles   []org.RoleKey
	Version int
}

// holdsFor tells whether a member has such a role on a day.
func (p FactorPolicy) holdsFor(st *org.Structure, member string, on calendar.Date) bool {
	for _, r := range p.Roles {
		if st.HasRole(member, r, on) {
			return true
		}
	}
	return false
}

// FactorPolicy returns the company's.
func (s *Service) FactorPolicy(ctx context.Context, a org.Actor) (FactorPolicy, error) {
	return org.Setting(ctx, s.DB, a, org.OrgRead, s.Rows.FactorPolicy)
}

// SaveFactorPolicy says whose roles need a second factor from now on: who has none sets one up
// before anything else. Nobody says so, or no longer, of a role beyond his own. Faults:
// org.role_unknown, org.beyond_own_powers, identity.no_key, record.stale.
func (s *Service) SaveFactorPolicy(ctx context.Context, a org.Actor, roles []org.RoleKey) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	roles = slices.Compact(slices.Sorted(slices.Values(roles)))
	if err := known(a, roles); err != nil {
		return err
	}
	if len(roles) > 0 && (s.Key == nil || s.Key.Path == "") {
		return errNoKey // without apps some could not set anything up
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.Alone(ctx, "sign-in policy "+a.TenantID); err != nil {
			return err
		}
		was, err := s.Rows.FactorPolicy(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		if err := a.HasRead(was.Version); err != nil {
			return err
		}
		for _, r := range slices.Concat(was.Roles, roles) {
			if slices.Contains(was.Roles, r) == slices.Contains(roles, r) {
				continue
			}
			if err := a.MayDecideOn(r); err != nil {
				return err
			}
		}
		if slices.Equal(was.Roles, roles) {
			return nil
		}
		journal.Append(tx, a.By(), factorRequired(a.TenantID, a.Today, FactorRequired{
			Roles: org.Was[[]org.RoleKey]{Old: was.Roles, New: roles}}))
		return s.Rows.SaveFactorPolicy(ctx, tx, a.TenantID, FactorPolicy{roles, was.Version + 1})
	})
}

func known(a org.Actor, roles []org.RoleKey) error {
	for _, r := range roles {
		if _, ok := a.Structure.Role(r); !ok {
			return fault.Input("/roles", "org.role_unknown", "no such role")
		}
	}
	return nil
}

// Affected is how many members sign in who have some roles, and how many of them would have to
// set a second factor up.
type Affected struct{ Members, Without int }

// WouldAffect counts whom a requirement would meet today. Fault: org.role_unknown.
func (s *Service) WouldAffect(ctx context.Context, a org.Actor, roles []org.RoleKey) (n Affected, err error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return n, err
	}
	if err := known(a, roles); err != nil {
		return n, err
	}
	var have map[string]bool
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		have, err = s.Rows.WithFactor(ctx, tx, a.TenantID)
		return err
	})
	for _, m := range a.Structure.Members {
		if m.Login == "" || a.Structure.Gone(m.ID, a.Today) || !(FactorPolicy{Roles: roles}).holdsFor(a.Structure, m.ID, a.Today) {
			continue
		}
		n.Members++
		if !have[m.ID] {
			n.Without++
		}
	}
	return n, err
}
