package opportunity

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// The team of an open record is its owner's main one, whichever that is on a day, unless it
// was set to another of his. What is closed or deleted stays where it was, and is in the main
// team again from the day it is open again.

// teamMoved is the payload of opportunity.team_moved: the team before and after on the day
// it changed first, and the teams that were written, from their days on. What was announced
// before does not come.
type teamMoved struct {
	TeamID Pair[string]  `json:"teamId"`
	From   calendar.Date `json:"from"`
	Set    bool          `json:"set,omitempty"` // to another than the main one

	// With is that it moved with its owner, Now the team of the day that was said.
	With  bool           `json:"with,omitempty"`
	Teams []org.TeamFrom `json:"teams,omitempty"`
	Now   string         `json:"now,omitempty"`
}

// Placed moves the team of some members' open records with them, from the day they change it or
// from the day the records became theirs: dated and journalled, so that the team that lost them
// sees it too. All records are taken before the first is written, because what is written is
// numbered on the way, and nobody waits for a record while others wait for the journal; some at
// a time, because whoever else takes several does so beside the organisation, which is changed
// alone here. Implements org.Placings.
func (s *Service) Placed(ctx context.Context, tx database.Tx, a org.Actor, of []org.Placing) error {
	const some = 400
	held := make([][]string, len(of))
	for i, p := range of {
		for after, more := "", true; more; {
			ids, err := s.Rows.Held(ctx, tx, a.TenantID, org.Scope{All: true}, p.MemberID, after, some)
			if err != nil {
				return err
			}
			if err := record.Take(ctx, tx, a.TenantID, ids...); err != nil {
				return err
			}
			if more = len(ids) == some; more {
				after = ids[some-1]
			}
			held[i] = append(held[i], ids...)
		}
	}
	for i, p := range of {
		for _, id := range held[i] {
			if err := s.placed(ctx, tx, a, id, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) placed(ctx context.Context, tx database.Tx, a org.Actor, id string, p org.Placing) error {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil || was.State != Open || was.OwnerID != p.MemberID {
		return err
	}
	owners, err := s.Records.Owners(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	from := max(p.From, owners.Since(a.Today))
	teams, changed := teamsFrom(owners, p.Then.MainTeams(p.MemberID, from), from, a.Today)
	if !changed {
		return nil
	}
	today := owners.On(a.Today)
	m := teamMoved{TeamID: Pair[string]{owners.On(from).TeamID, p.Then.MainTeams(p.MemberID, from)[0].TeamID},
		From: from, With: true, Teams: teams, Now: today.TeamID}
	for _, t := range teams {
		if today.From <= t.From && t.From <= a.Today {
			m.Now = t.TeamID
		}
	}
	return s.moveWith(ctx, tx, a, was, m)
}

// moveWith writes that a record moved with its owner.
func (s *Service) moveWith(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, m teamMoved) error {
	o := was
	o.TeamID = m.Now
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, "team_moved", m.From, m))
	if err != nil {
		return err
	}
	s.Records.EndOwnerships(tx, a.TenantID, o.ID, a.Today, seq)
	return s.own(ctx, tx, a, o.ID, o.OwnerID, m.Teams, seq)
}

// teamsFrom are the teams to write of a record so that it follows its owner's main teams from
// a day on: but on days for which another was set, and with what is announced written anew.
func teamsFrom(owners record.Owners, main []org.TeamFrom, from, today calendar.Date) (out []org.TeamFrom, changed bool) {
	days := []calendar.Date{}
	for _, t := range main {
		days = append(days, t.From)
	}
	for _, w := range owners {
		if w.From > from {
			days = append(days, w.From)
		}
	}
	slices.Sort(days)
	set := owners.On(today).Basis == record.Set
	team := "" // of the last day that was looked at, once written
	for _, day := range slices.Compact(days) {
		due := main[0].TeamID
		for _, t := range main {
			if t.From <= day {
				due = t.TeamID
			}
		}
		held := owners.On(day)
		switch {
		case day > today && set, held.Basis == record.Set, due == "":
			continue
		case day <= today && held.TeamID == due:
			team = due
			continue
		case day > today: // announced: written anew, once for a team
			changed = changed || held.TeamID != due
			if before := owners.On(today).TeamID; team == "" && due == before || team == due {
				continue
			}
		default:
			changed = true
		}
		out, team = append(out, org.TeamFrom{From: day, TeamID: due}), due
	}
	return out, changed
}

// own writes the teams of a record with its owner.
func (s *Service) own(ctx context.Context, tx database.Tx, a org.Actor, id, owner string, teams []org.TeamFrom, seq database.Seq) error {
	for _, t := range teams {
		w := record.Ownership{RecordID: id, MemberID: owner, TeamID: t.TeamID, From: t.From, Seq: seq}
		if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", w, ""); err != nil {
			return err
		}
	}
	return nil
}

// announced are the teams a record is known to get with its owner.
func announced(a org.Actor, o Opportunity, seq database.Seq) (out []record.Ownership) {
	if o.OwnerID == "" {
		return nil
	}
	for _, t := range a.Structure.MainTeams(o.OwnerID, a.Today)[1:] {
		out = append(out, record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: t.TeamID, From: t.From, Seq: seq})
	}
	return out
}

// announce writes them in place of what was announced before.
func (s *Service) announce(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, seq database.Seq) error {
	s.Records.EndOwnerships(tx, a.TenantID, o.ID, a.Today, seq)
	if o.OwnerID == "" {
		return nil
	}
	return s.own(ctx, tx, a, o.ID, o.OwnerID, a.Structure.MainTeams(o.OwnerID, a.Today)[1:], seq)
}

// still comes first where a record may become open, somebody's or of another version: until it
// is written nobody's posts and no version in force are others than it sees.
func (s *Service) still(ctx context.Context, tx database.Tx, a org.Actor) (org.Actor, error) {
	a, err := s.Still(ctx, tx, a)
	if err != nil {
		return a, err
	}
	return a, s.Pipelines.Still(ctx, tx, a.TenantID)
}

// teamOf is the team of a record that is open from a day on: the one it was set to, else its
// owner's main one; where he sits nowhere, the one it had. Nothing open belongs to a closed
// team, or to one whose closing is announced: then it is the first above that is not.
func teamOf(st *org.Structure, held record.Ownership, owner string, on calendar.Date) string {
	main, _ := st.TeamOf(owner, on)
	switch {
	case held.Basis == record.Set && st.Teams[held.TeamID].ClosedOn == "":
		return held.TeamID
	case main != "":
		return main
	}
	return st.OpenAbove(held.TeamID, on)
}

// following is where an act leaves the team of a record: of what it closed or deleted
// nothing announced comes, and what it opened again is in its owner's main team of today.
type following struct {
	held          record.Ownership
	opens, closes bool
}

// follow finds it and puts o in its team; was is the record before the act. Nothing open hangs
// on a deleted account. Fault: opportunity.account_deleted.
func (s *Service) follow(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, o *Opportunity) (f following, err error) {
	before, after := was.State == Open && was.DeletedAt == nil, o.State == Open && o.DeletedAt == nil
	f.opens, f.closes = after && !before, before && !after
	if !f.opens {
		return f, nil
	}
	if o.AccountID != "" {
		if gone, err := s.Accounts.Deleted(ctx, tx, a, o.AccountID); err != nil || gone {
			return f, cmp.Or(err, error(errAccountDeleted))
		}
	}
	if f.held, err = s.Records.OwnerOn(ctx, tx, a.TenantID, o.ID, a.Today); err != nil {
		return f, err
	}
	o.TeamID = teamOf(a.Structure, f.held, o.OwnerID, a.Today)
	return f, nil
}

// followed writes what follow found, by the act's entry. A reopening that never was moved
// nothing.
func (s *Service) followed(ctx context.Context, tx database.Tx, a org.Actor, f following, o Opportunity, seq database.Seq) (Opportunity, error) {
	if f.closes {
		s.Records.EndOwnerships(tx, a.TenantID, o.ID, a.Today, seq)
		held, err := s.Records.OwnerOn(ctx, tx, a.TenantID, o.ID, a.Today)
		if held.MemberID == o.OwnerID {
			o.TeamID = held.TeamID
		}
		return o, err
	}
	if !f.opens || o.OwnerID == "" {
		return o, nil
	}
	moves := o.TeamID != f.held.TeamID
	if err := s.shareAgain(ctx, tx, a, o, seq); err != nil || f.held.Basis == record.Set && !moves {
		return o, err
	}
	if moves {
		owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today, Seq: seq}
		if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, ""); err != nil {
			return o, err
		}
	}
	return o, s.announce(ctx, tx, a, o, seq)
}

// shareAgain gives the share of somebody who had the record before, and all of it, to whom it
// was handed on to while it was closed or deleted.
func (s *Service) shareAgain(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, seq database.Seq) error {
	shares, err := s.Rows.Shares(ctx, tx, a.TenantID, o.ID)
	if err != nil || len(shares) != 1 || shares[0].MemberID == o.OwnerID {
		return err
	}
	owners, err := s.Records.Owners(ctx, tx, a.TenantID, o.ID)
	had := func(w record.Ownership) bool { return w.MemberID == shares[0].MemberID && w.From <= a.Today }
	if err != nil || !slices.ContainsFunc(owners, had) {
		return err
	}
	return s.writeShares(ctx, tx, a, o.ID, shares, []Share{{MemberID: o.OwnerID, Kind: shares[0].Kind, BP: shares[0].BP}}, seq)
}

// unshare gives a share back where the entry that gave it to another never was; values are the
// record's with that entry's.
func (s *Service) unshare(ctx context.Context, tx database.Tx, a org.Actor, id string, values []record.Value, never database.Seq) error {
	gave := func(v record.Value) bool { return v.Seq == never && v.Field == fieldShare }
	if !slices.ContainsFunc(values, gave) {
		return nil
	}
	left := slices.DeleteFunc(slices.Clone(values), gave)
	return s.Rows.SetShares(ctx, tx, a.TenantID, id, sharesOn(left, lastDay))
}

// Belong says in which of its owner's teams an open record is from today on; in his main
// one it follows him again. version is the one it was read at; 0 does not check. Faults:
// record.stale, opportunity.closed, opportunity.team_not_owners, org.team_closed.
func (s *Service) Belong(ctx context.Context, a org.Actor, id string, version int, team string) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Opportunity, error) {
		a, err := s.still(ctx, tx, a)
		if err != nil {
			return Opportunity{}, err
		}
		was, err := s.takeOpen(ctx, tx, a, id, version)
		if err != nil {
			return was, err
		}
		held, err := s.Records.OwnerOn(ctx, tx, a.TenantID, id, a.Today)
		if err != nil || was.TeamID == team && held.Basis != record.Set {
			return was, err
		}
		main, _ := a.Structure.TeamOf(was.OwnerID, a.Today)
		if !slices.Contains(a.Structure.TeamsOf(was.OwnerID, a.Today), team) {
			return was, fault.Input("/teamId", "opportunity.team_not_owners", "its owner has no post in this team")
		}
		if t := a.Structure.Teams[team]; t.ClosedOn != "" && team != main {
			return was, org.ErrTeamClosed(t)
		}
		return s.belong(ctx, tx, a, was, teamMoved{TeamID: Pair[string]{was.TeamID, team}, From: a.Today, Set: team != main})
	})
}

// belong writes that a record was put in a team.
func (s *Service) belong(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, m teamMoved) (Opportunity, error) {
	o := was
	o.TeamID = m.TeamID[1]
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, "team_moved", a.Today, m))
	if err != nil {
		return was, err
	}
	s.Records.EndOwnerships(tx, a.TenantID, o.ID, a.Today, seq)
	owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today, Seq: seq}
	if m.Set {
		owner.Basis = record.Set
	}
	if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, ""); err != nil || m.Set {
		return o, err
	}
	return o, s.announce(ctx, tx, a, o, seq)
}

// Follow notes the teams of today of records whose owner's main team is another since one of
// some days, the last of which is today: what was announced for them has come.
func (s *Service) Follow(ctx context.Context, a org.Actor, from calendar.Date) error {
	var ids []string
	err := s.DB.Read(ctx, func(tx database.Tx) error {
		for _, p := range a.Structure.Joined(from, a.Today) {
			begun, err := s.Records.BegunOn(ctx, tx, a.TenantID, "opportunity", p.MemberID, p.From)
			if err != nil {
				return err
			}
			for _, id := range begun {
				if _, moved, err := s.moved(ctx, tx, a, id); err != nil {
					return err
				} else if moved {
					ids = append(ids, id)
				}
			}
		}
		return nil
	})
	for _, id := range ids {
		if err != nil {
			return err
		}
		err = s.DB.Write(ctx, func(tx database.Tx) error {
			if _, err := s.take(ctx, tx, a, org.Scope{All: true}, id); err != nil {
				return err
			}
			team, moved, err := s.moved(ctx, tx, a, id)
			if err != nil || !moved {
				return err
			}
			return s.Rows.SetOwningTeam(ctx, tx, a.TenantID, id, team)
		})
	}
	return err
}

// moved tells whether a record is in another team today than is noted, and in which.
func (s *Service) moved(ctx context.Context, tx database.Tx, a org.Actor, id string) (team string, moved bool, err error) {
	held, err := s.Records.OwnerOn(ctx, tx, a.TenantID, id, a.Today)
	if err != nil {
		return "", false, err
	}
	o, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	return held.TeamID, held.MemberID == o.OwnerID && held.TeamID != o.TeamID, err
}
