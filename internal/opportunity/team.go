package opportunity

import (
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

// teamMoved is the payload of opportunity.team_moved.
type teamMoved struct {
	TeamID Pair[string]  `json:"teamId"`
	From   calendar.Date `json:"from"`
	Set    bool          `json:"set,omitempty"` // to another than the main one

	// With is that it moved with its owner; then he goes on to a team on a day.
	With  bool          `json:"with,omitempty"`
	Until calendar.Date `json:"until,omitempty"`
	Then  string        `json:"then,omitempty"`
}

// Placed moves the team of a member's open records with him, from the day he changes it or
// from the day they became his: dated and journalled, so that the team that lost them sees
// it too. Implements org.Placings.
func (s *Service) Placed(ctx context.Context, tx database.Tx, a org.Actor, p org.Placing) error {
	if p.After == "" {
		return nil // a leaver's records keep their team until they are handed over
	}
	const some = 400
	after := ""
	for {
		ids, err := s.Rows.Held(ctx, tx, a.TenantID, org.Scope{All: true}, p.MemberID, after, some)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.placed(ctx, tx, a, id, p); err != nil {
				return err
			}
			after = id
		}
		if len(ids) < some {
			return nil
		}
	}
}

func (s *Service) placed(ctx context.Context, tx database.Tx, a org.Actor, id string, p org.Placing) error {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil || was.State != Open || was.OwnerID != p.MemberID {
		return err
	}
	held, err := s.Records.OwnerOn(ctx, tx, a.TenantID, id, a.Today)
	if err != nil || held.Basis == record.Set {
		return err
	}
	since, err := s.Records.OwnedSince(ctx, tx, a.TenantID, id, p.MemberID, a.Today)
	if err != nil {
		return err
	}
	from := max(p.From, since)
	if p.Until != "" && from >= p.Until {
		return nil // it was not his in that time
	}
	return s.moveWith(ctx, tx, a, was, teamMoved{TeamID: Pair[string]{p.Before, p.After}, From: from, With: true, Until: p.Until, Then: p.Then})
}

// moveWith writes that a record moved with its owner.
func (s *Service) moveWith(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, m teamMoved) error {
	o := was
	if m.From <= a.Today && (m.Until == "" || a.Today < m.Until) {
		o.TeamID = m.TeamID[1]
	}
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, "team_moved", m.From, m))
	if err != nil {
		return err
	}
	owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: m.TeamID[1], From: m.From, Seq: seq}
	if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, ""); err != nil || m.Then == "" {
		return err
	}
	owner.TeamID, owner.From = m.Then, m.Until
	return s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, "")
}

// announced are the teams a record is known to get with its owner.
func announced(a org.Actor, o Opportunity, seq database.Seq) (out []record.Ownership) {
	for _, p := range a.Structure.Announced(o.OwnerID, a.Today) {
		out = append(out, record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: p.After, From: p.From, Seq: seq})
	}
	return out
}

// announce writes them in place of what was announced before.
func (s *Service) announce(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, seq database.Seq) error {
	s.Records.EndOwnerships(tx, a.TenantID, o.ID, a.Today, seq)
	for _, owner := range announced(a, o, seq) {
		if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, ""); err != nil {
			return err
		}
	}
	return nil
}

// following is where an act leaves the team of a record: of what it closed or deleted
// nothing announced comes, and what it opened again is in its owner's main team of today.
type following struct {
	held          record.Ownership
	opens, closes bool
}

// follow finds it and puts o in its team; was is the record before the act.
func (s *Service) follow(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, o *Opportunity) (f following, err error) {
	before, after := was.State == Open && was.DeletedAt == nil, o.State == Open && o.DeletedAt == nil
	f.opens, f.closes = after && !before, before && !after
	if !f.opens {
		return f, nil
	}
	if f.held, err = s.Records.OwnerOn(ctx, tx, a.TenantID, o.ID, a.Today); err != nil {
		return f, err
	}
	o.TeamID = f.held.TeamID
	if team, _ := a.Structure.TeamOf(o.OwnerID, a.Today); f.held.Basis != record.Set && team != "" {
		o.TeamID = team
	}
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
	if !f.opens || f.held.Basis == record.Set || o.OwnerID == "" {
		return o, nil
	}
	if o.TeamID != f.held.TeamID {
		owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today, Seq: seq}
		if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, ""); err != nil {
			return o, err
		}
	}
	return o, s.announce(ctx, tx, a, o, seq)
}

// Belong says in which of its owner's teams an open record is from today on; in his main
// one it follows him again. version is the one it was read at; 0 does not check. Faults:
// record.stale, opportunity.closed, opportunity.team_not_owners.
func (s *Service) Belong(ctx context.Context, a org.Actor, id string, version int, team string) (Opportunity, error) {
	if err := a.Need(org.OppWrite); err != nil {
		return Opportunity{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Opportunity, error) {
		was, err := s.takeOpen(ctx, tx, a, id, version)
		if err != nil || was.TeamID == team {
			return was, err
		}
		main, _ := a.Structure.TeamOf(was.OwnerID, a.Today)
		if !slices.Contains(a.Structure.TeamsOf(was.OwnerID, a.Today), team) {
			return was, fault.Input("/teamId", "opportunity.team_not_owners", "its owner has no post in this team")
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
	for _, p := range a.Structure.Joined(from, a.Today) {
		err := s.DB.Write(ctx, func(tx database.Tx) error {
			ids, err := s.Records.BegunOn(ctx, tx, a.TenantID, "opportunity", p.MemberID, p.From)
			if err != nil {
				return err
			}
			if err := s.alone(ctx, tx, a, ids); err != nil {
				return err
			}
			for _, id := range ids {
				held, err := s.Records.OwnerOn(ctx, tx, a.TenantID, id, a.Today)
				if err != nil {
					return err
				}
				o, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
				if err != nil {
					return err
				}
				if o.TeamID == held.TeamID {
					continue
				}
				if err := s.Rows.SetOwningTeam(ctx, tx, a.TenantID, id, held.TeamID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
