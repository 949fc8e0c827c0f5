package org

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// AllRoles lists the presets, then the company's own by name, retired ones too.
func (s *Structure) AllRoles() (out []Role) {
	for _, key := range []RoleKey{Rep, Assistant, Manager, Director, ProductManager, Operations, Partner, Admin} {
		out = append(out, Roles[key])
	}
	presets := len(out)
	for _, r := range s.Roles {
		out = append(out, r)
	}
	slices.SortFunc(out[presets:], func(a, b Role) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	return out
}

// NewRole is a role a company makes, as a copy of another that it changes.
type NewRole struct {
	Key         RoleKey // the client may make it
	From        RoleKey // what it was copied from; "" is nothing
	Name        string
	Permissions []Permission
	Reach       map[string]Reaches
}

// AddRole makes a role of the company's own; the same id and words again are answered with
// the first. Faults: record.id_taken, org.role_unknown (From),
// org.role_name_taken, and those of a role that cannot be meant.
func (s *Service) AddRole(ctx context.Context, a Actor, in NewRole) (Role, error) {
	key := string(in.Key)
	if err := record.UseID(&key, a.Now); err != nil {
		return Role{}, err
	}
	r, err := Role{Key: RoleKey(key), Version: 1}.stating(in)
	if err != nil {
		return r, err
	}
	return change(ctx, s, a, record.Ref{}, func(e *edit) (Role, journal.Event, error) {
		event := roleAdded(r.Key, RoleAdded{From: in.From, RoleStates: RoleStates{r.Permissions, r.Reach}})
		if old, taken := e.st.Role(r.Key); taken {
			if r.says(old) {
				return old, journal.Event{}, nil // sent twice
			}
			return r, event, record.ErrIDTaken
		}
		if _, known := e.st.Role(in.From); in.From != "" && !known {
			return r, event, fault.Input("/from", "org.role_unknown", "no such role")
		}
		if err := errors.Join(e.st.roleNameFree(r), e.a.mayGive(r, nil, nil)); err != nil {
			return r, event, err
		}
		return r, event, s.Rows.SaveRole(ctx, e.tx, a.TenantID, r, a.Now)
	})
}

// SaveRole changes what a role of the company's own says; who has it has that from now on.
// Faults: org.role_unknown, org.role_preset, record.stale, org.role_name_taken.
func (s *Service) SaveRole(ctx context.Context, a Actor, key RoleKey, in NewRole) (Role, error) {
	r, err := Role{Key: key}.stating(in)
	if err != nil {
		return r, err
	}
	return change(ctx, s, a, ofRole(key), func(e *edit) (Role, journal.Event, error) {
		r := r
		was := e.role
		event := roleChanged(key, RoleChanged{Renamed: was.Name != r.Name,
			States: Was[RoleStates]{RoleStates{was.Permissions, was.Reach}, RoleStates{r.Permissions, r.Reach}}})
		if was.Preset {
			return r, event, errPreset
		}
		if err := errors.Join(e.st.roleNameFree(r), e.a.mayGive(was, nil, nil), e.a.mayGive(r, nil, nil)); err != nil {
			return r, event, err
		}
		r.Version, r.Retired = was.Version, was.Retired
		e.role = r
		r.Version++ // as it is answered
		return r, event, nil
	})
}

// RetireRole takes a role of the company's own out of use. Faults: org.role_preset,
// org.role_in_use while somebody has it, or is to have it.
func (s *Service) RetireRole(ctx context.Context, a Actor, key RoleKey) error {
	_, err := change(ctx, s, a, ofRole(key), func(e *edit) (none struct{}, event journal.Event, err error) {
		if e.role.Preset {
			return none, event, errPreset
		}
		if err := e.a.mayGive(e.role, nil, nil); err != nil {
			return none, event, err
		}
		holders := 0
		for _, g := range e.st.Grants {
			if g.Role == key && !g.Empty() && (g.To == "" || g.To > a.Today) {
				holders++
			}
		}
		if holders > 0 {
			return none, event, fault.New(fault.Rule, "org.role_in_use", "members have the role").With("count", holders)
		}
		e.role.Retired = true
		return none, roleRetired(key), nil
	})
	return err
}

var errPreset = fault.New(fault.Rule, "org.role_preset", "a preset is not changed; copy it")

// says reports whether two roles are called and say the same.
func (r Role) says(o Role) bool {
	return r.Name == o.Name && slices.Equal(r.Permissions, o.Permissions) && maps.Equal(r.Reach, o.Reach)
}

// stating is a role with what was said of it, checked.
func (r Role) stating(in NewRole) (Role, error) {
	var err error
	if r.Name, err = name("/name", in.Name); err != nil {
		return r, err
	}
	r.Permissions = []Permission{SignedIn}
	for _, p := range in.Permissions {
		if !slices.Contains(r.Permissions, p) {
			r.Permissions = append(r.Permissions, p)
		}
	}
	slices.Sort(r.Permissions)
	r.Reach = map[string]Reaches{}
	for kind, reach := range in.Reach {
		r.Reach[kind] = reach
	}
	return r, r.check()
}

// roleNameFree refuses a name another role of the company has.
func (s *Structure) roleNameFree(r Role) error {
	for _, other := range s.Roles {
		if other.Key != r.Key && other.Name == r.Name && !other.Retired {
			f := fault.Input("/name", "org.role_name_taken", "another role has this name")
			f.Kind = fault.Conflict
			return f
		}
	}
	return nil
}
