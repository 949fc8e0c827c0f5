package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// SetShares says who is credited with a win; a win freezes them.
func (s *Service) SetShares(ctx context.Context, a org.Actor, id string, shares []Share) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	if err := checkShares(shares); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.shares_set", map[string]any{"shares": shares}, func(tx database.Tx, o *Opportunity) error {
		for _, sh := range shares {
			if _, ok := a.Structure.Members[sh.MemberID]; !ok {
				return fault.Input("/shares", "org.member_unknown", "no such member")
			}
		}
		return s.Rows.SetShares(ctx, tx, a.TenantID, id, shares)
	})
}

// SetTeam replaces the deal team.
func (s *Service) SetTeam(ctx context.Context, a org.Actor, id string, team []TeamMember) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.team_set", map[string]any{"size": len(team)}, func(tx database.Tx, o *Opportunity) error {
		for _, m := range team {
			if _, ok := a.Structure.Members[m.MemberID]; !ok {
				return fault.Input("/team", "org.member_unknown", "no such member")
			}
		}
		return s.Rows.SetTeam(ctx, tx, a.TenantID, id, team)
	})
}

// SetContacts replaces the customer's people in the deal and their roles; the
// contact clock is computed anew.
func (s *Service) SetContacts(ctx context.Context, a org.Actor, id string, contacts []DealContact) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.contacts_set", map[string]any{"size": len(contacts)}, func(tx database.Tx, o *Opportunity) error {
		for _, c := range contacts {
			if _, err := s.Accounts.Rows.Contact(ctx, tx, a.TenantID, a.Read, c.ContactID); err != nil {
				return fault.Input("/contacts", "contact.unknown", "no such contact")
			}
		}
		if err := s.Rows.SetContacts(ctx, tx, a.TenantID, id, contacts); err != nil {
			return err
		}
		var err error
		o.ContactOn, err = s.Rows.LastTwoWay(ctx, tx, a.TenantID, id)
		return err
	})
}

// SetCompetitors replaces the competitors by name; new names are added to the company's list.
func (s *Service) SetCompetitors(ctx context.Context, a org.Actor, id string, names []string) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.competitors_set", map[string]any{"size": len(names)}, func(tx database.Tx, o *Opportunity) error {
		var ids []string
		for _, n := range names {
			c, err := s.Accounts.CompetitorIn(ctx, tx, a, n)
			if err != nil {
				return err
			}
			if c != "" {
				ids = append(ids, c)
			}
		}
		return s.Rows.SetCompetitors(ctx, tx, a.TenantID, id, ids)
	})
}
