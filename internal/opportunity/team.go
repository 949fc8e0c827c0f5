package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// teamMoved is the payload of opportunity.team_moved.
type teamMoved struct {
	TeamID Pair[string]  `json:"teamId"`
	From   calendar.Date `json:"from"`
}

// Placed moves the team of a member's open records with him, from the day he changes it or
// from the day they became his: dated and journalled, so that the team that lost them sees
// it too. What was closed stays credited to the team of its day, and a record in another of
// his teams stays there. Implements org.Placings.
func (s *Service) Placed(ctx context.Context, tx database.Tx, a org.Actor, p org.Placing) error {
	if p.After == "" {
		return nil // a leaver's records keep their team until they are handed over
	}
	const some = 400
	after := ""
	for {
		ids, err := s.Rows.OwnedInTeam(ctx, tx, a.TenantID, p.MemberID, p.Was, after, some)
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
	since, err := s.Records.OwnedSince(ctx, tx, a.TenantID, id, p.MemberID, a.Today)
	if err != nil {
		return err
	}
	from := max(p.From, since)
	if p.Until != "" && from >= p.Until {
		return nil // it was not his in that time
	}
	o := was
	o.TeamID = p.Is
	seq, err := s.save(ctx, tx, a, was, &o, event(id, "team_moved", from, teamMoved{Pair[string]{p.Before, p.After}, from}))
	if err != nil {
		return err
	}
	return s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", record.Ownership{RecordID: id, MemberID: o.OwnerID, TeamID: p.After,
		From: from, Seq: seq}, "")
}

// announce writes the teams a record is known to get with its owner.
func (s *Service) announce(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, seq database.Seq) error {
	for _, p := range a.Structure.Announced(o.OwnerID, a.Today) {
		owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: p.After, From: p.From, Seq: seq}
		if err := s.Records.OpenOwnership(ctx, tx, a.TenantID, "opportunity", owner, ""); err != nil {
			return err
		}
	}
	return nil
}
