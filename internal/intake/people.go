package intake

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// membersOf reads people, their managers and regions, and makes the team tree:
// root, region, the manager's team.
func (r *run) membersOf(t *table) error {
	teams := map[string]string{}
	for id, tm := range r.a.Structure.Teams {
		teams[text.Match(tm.Name)] = id
	}
	team := func(name, parent, region string) (string, error) {
		if id, ok := teams[text.Match(name)]; ok {
			return id, nil
		}
		r.sum.Created["team"]++
		if r.opt.DryRun {
			teams[text.Match(name)] = "new-" + name
			return "new-" + name, nil
		}
		id, added, err := r.once(func(st *org.Structure) string { return teamNamed(st, name) }, func(ctx context.Context) (string, error) {
			tm, err := r.Org.AddTeam(ctx, r.a, "", name, parent, region, org.Start)
			return tm.ID, err
		})
		if err != nil {
			return "", err
		}
		if !added {
			r.sum.Created["team"]--
		}
		teams[text.Match(name)] = id
		return id, nil
	}
	return r.rows(t, func(x *row) error {
		name, manager, region := x.text("name"), x.text("manager"), x.text("region")
		joined, _ := x.date("joinedOn")
		if name == "" {
			x.issue("error", "name", "input.required", "a person needs a name")
		}
		if x.failed {
			return nil
		}
		parent := r.root()
		var err error
		if region != "" {
			if parent, err = team(region, parent, region); err != nil {
				return err
			}
		}
		own := parent
		teamName := x.text("team")
		if teamName == "" {
			teamName = manager
		}
		if teamName != "" {
			if own, err = team(teamName, parent, region); err != nil {
				return err
			}
		}
		if manager != "" {
			if err := r.person(manager, own, true, org.Manager, ""); err != nil {
				return err
			}
		}
		if _, known := r.members[text.Match(name)]; known {
			r.sum.Unchanged["member"]++
			return nil
		}
		return r.person(name, own, false, org.Rep, joined)
	})
}

// person adds a member who cannot sign in yet, unless one of the name is there.
func (r *run) person(name, team string, leads bool, role org.RoleKey, joined calendar.Date) error {
	key := text.Match(name)
	if _, ok := r.members[key]; ok {
		return nil
	}
	kind := "member"
	if leads {
		kind = "manager"
	}
	r.sum.Created[kind]++
	if r.opt.DryRun {
		r.members[key] = "new-" + name
		return nil
	}
	if joined == "" {
		joined = org.Start
	}
	id, added, err := r.once(func(st *org.Structure) string { return memberNames(st)[key] }, func(ctx context.Context) (string, error) {
		m, err := r.Org.AddMember(ctx, r.a, org.NewMember{Name: name, TeamID: team, Leads: leads, Role: role, From: joined})
		return m.ID, err
	})
	if err != nil {
		return err
	}
	if !added {
		r.sum.Created[kind]--
	}
	r.members[key] = id
	return nil
}

// memberNames are the members by match key; of several of a name the first made.
func memberNames(st *org.Structure) map[string]string {
	out := map[string]string{}
	for id, m := range st.Members {
		key := text.Match(m.Name)
		if old, taken := out[key]; !taken || id < old {
			out[key] = id
		}
	}
	return out
}

func teamNamed(st *org.Structure, name string) (first string) {
	for id, tm := range st.Teams {
		if text.Match(tm.Name) == text.Match(name) && (first == "" || id < first) {
			first = id
		}
	}
	return first
}

// reload takes the organisation as it is now into the actor.
func (r *run) reload() error {
	return r.DB.Read(r.ctx, func(tx database.Tx) error {
		_, st, err := r.Org.Load(r.ctx, tx, r.a.TenantID)
		r.a.Structure = st
		return err
	})
}

func (r *run) root() string {
	for id := range r.a.Structure.Teams {
		if r.a.Structure.ParentOf(id, r.a.Today) == "" {
			return id
		}
	}
	return ""
}

// owner finds a member by name; an unknown one is made or refused, as the mapping says.
func (r *run) owner(x *row, name string) string {
	if id, ok := r.members[text.Match(name)]; ok {
		return id
	}
	if x.t.spec.Unknown == "refuse" {
		x.issue("error", "owner", "org.member_unknown", "no member of this name")
		return ""
	}
	x.note("owner", "member_created", name, "")
	if err := r.person(name, r.root(), false, org.Rep, ""); err != nil {
		x.refuse("owner", err, "the member could not be added")
		return ""
	}
	return r.members[text.Match(name)]
}
