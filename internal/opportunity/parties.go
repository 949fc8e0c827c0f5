package opportunity

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// The lists below are replaced whole by whoever read the record at a version: somebody
// else's entry is never lost in silence. Fault: record.stale.

// SetShares says who is credited with a closing; it freezes them.
func (s *Service) SetShares(ctx context.Context, a org.Actor, id string, version int, shares []Share) error {
	if err := errors.Join(a.Need(org.OppWrite), checkShares(shares)); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		was, err := s.takeOpen(ctx, tx, a, id, version)
		if err != nil {
			return err
		}
		before, err := s.Rows.Shares(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		for _, sh := range shares {
			had := slices.ContainsFunc(before, func(b Share) bool { return b.MemberID == sh.MemberID })
			if err := a.AtWork("/shares", sh.MemberID); err != nil && !had {
				return err
			}
		}
		return s.share(ctx, tx, a, was, before, shares)
	})
}

func (s *Service) share(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, before, shares []Share) error {
	o := was
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, "shares_set", a.Today, listed(before, shares)))
	if err != nil {
		return err
	}
	return s.writeShares(ctx, tx, a, o.ID, before, shares, seq)
}

// writeShares writes the shares of today and the values that say since when.
func (s *Service) writeShares(ctx context.Context, tx database.Tx, a org.Actor, id string, was, now []Share, seq database.Seq) error {
	values := keyed(id, fieldShare, sharesByKey(was), sharesByKey(now), a.Today, seq)
	return errors.Join(s.Rows.SetShares(ctx, tx, a.TenantID, id, now), s.Values.Insert(ctx, tx, a.TenantID, values))
}

// SetTeam replaces the deal team. Fault: opportunity.team_twice.
func (s *Service) SetTeam(ctx context.Context, a org.Actor, id string, version int, team []TeamMember) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, version, func(tx database.Tx, o *Opportunity) (journal.Event, error) {
		was, err := s.Rows.Team(ctx, tx, a.TenantID, id)
		if err != nil {
			return journal.Event{}, err
		}
		seen := map[string]bool{}
		for _, m := range team {
			had := slices.ContainsFunc(was, func(b TeamMember) bool { return b.MemberID == m.MemberID })
			if err := a.AtWork("/team", m.MemberID); err != nil && !had {
				return journal.Event{}, err
			}
			if seen[m.MemberID] {
				return journal.Event{}, fault.Input("/team", "opportunity.team_twice", "a member appears twice")
			}
			seen[m.MemberID] = true
		}
		e := event(id, "team_set", a.Today, listed(membersOf(was), membersOf(team)))
		return e, s.Rows.SetTeam(ctx, tx, a.TenantID, id, team)
	})
}

// SetContacts replaces the customer's people in the deal and their roles; the
// contact clock is computed anew. Fault: opportunity.contact_twice.
func (s *Service) SetContacts(ctx context.Context, a org.Actor, id string, version int, contacts []DealContact) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, version, func(tx database.Tx, o *Opportunity) (journal.Event, error) {
		return s.setContacts(ctx, tx, a, o, contacts)
	})
}

// SetContactsIn is SetContacts inside a transaction; an import changes with it.
func (s *Service) SetContactsIn(ctx context.Context, tx database.Tx, a org.Actor, id string, contacts []DealContact) (Opportunity, error) {
	return s.onOpenIn(ctx, tx, a, id, 0, func(tx database.Tx, o *Opportunity) (journal.Event, error) {
		return s.setContacts(ctx, tx, a, o, contacts)
	})
}

func (s *Service) setContacts(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, contacts []DealContact) (journal.Event, error) {
	was, err := s.Rows.Contacts(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return journal.Event{}, err
	}
	var more []string // who was there stays, also where he works now
	seen := map[string]bool{}
	for _, c := range contacts {
		if seen[c.ContactID] {
			return journal.Event{}, fault.Input("/contacts", "opportunity.contact_twice", "a person appears twice")
		}
		seen[c.ContactID] = true
		if !slices.ContainsFunc(was, func(b DealContact) bool { return b.ContactID == c.ContactID }) {
			more = append(more, c.ContactID)
		}
	}
	if err := s.Accounts.CheckContacts(ctx, tx, a, "/contacts", more); err != nil {
		return journal.Event{}, err
	}
	return s.writeContacts(ctx, tx, a, o, stillJudged(was, contacts), a.Today)
}

// stillJudged are people with what was thought of them before.
func stillJudged(was, now []DealContact) []DealContact {
	out := slices.Clone(now)
	for i := range out {
		if at := placeOf(was, out[i].ContactID); at >= 0 {
			out[i].Judged = was[at].Judged
		}
	}
	return out
}

// writeContacts replaces them, with their roles from a day on, and computes the contact clock anew.
func (s *Service) writeContacts(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, contacts []DealContact,
	on calendar.Date) (journal.Event, error) {
	ids := make([]string, len(contacts))
	for i, c := range contacts {
		ids[i] = c.ContactID
	}
	was, err := s.Rows.Contacts(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return journal.Event{}, err
	}
	if err := s.putContacts(ctx, tx, a, o.ID, was, contacts, on); err != nil {
		return journal.Event{}, err
	}
	o.ContactOn, err = s.Talks.LastTwoWay(ctx, tx, a, Ref(o.ID), ids)
	return event(o.ID, "contacts_set", on, listed(rolesOf(was), rolesOf(contacts))), err
}

// SetCompetitors replaces the competitors by name; new names are added to the company's
// list. Two spellings of one name are one competitor.
func (s *Service) SetCompetitors(ctx context.Context, a org.Actor, id string, version int, names []string) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, version, func(tx database.Tx, o *Opportunity) (journal.Event, error) {
		return s.setCompetitors(ctx, tx, a, o, names)
	})
}

// SetCompetitorsIn is SetCompetitors inside a transaction; an import changes with it.
func (s *Service) SetCompetitorsIn(ctx context.Context, tx database.Tx, a org.Actor, id string, names []string) (Opportunity, error) {
	return s.onOpenIn(ctx, tx, a, id, 0, func(tx database.Tx, o *Opportunity) (journal.Event, error) {
		return s.setCompetitors(ctx, tx, a, o, names)
	})
}

func (s *Service) setCompetitors(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, names []string) (journal.Event, error) {
	ids, err := s.competitors(ctx, tx, a, names)
	if err != nil {
		return journal.Event{}, err
	}
	return s.writeCompetitors(ctx, tx, a, o.ID, ids)
}

func (s *Service) writeCompetitors(ctx context.Context, tx database.Tx, a org.Actor, id string, ids []string) (journal.Event, error) {
	was, err := s.Rows.Competitors(ctx, tx, a.TenantID, id)
	if err != nil {
		return journal.Event{}, err
	}
	return event(id, "competitors_set", a.Today, listed(competitorIDs(was), ids)), s.Rows.SetCompetitors(ctx, tx, a.TenantID, id, ids)
}

// Meets puts a competitor into a record, or takes it out: what was seen of it says so, whoever told it and whatever the
// record's state, since which competitors were there is as today in every answer. It tells whether that changed
// anything; the one a loss names stays. Fault: opportunity.deleted.
func (s *Service) Meets(ctx context.Context, tx database.Tx, a org.Actor, id, competitor string, present bool) (bool, error) {
	a = a.Reaching(org.Scope{All: true})
	o, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err == nil && o.DeletedAt != nil {
		err = errDeleted
	}
	if err != nil {
		return false, err
	}
	list, err := s.Rows.Competitors(ctx, tx, a.TenantID, id)
	ids := competitorIDs(list)
	if err != nil || slices.Contains(ids, competitor) == present || !present && o.CompetitorID == competitor {
		return false, err
	}
	if present {
		ids = append(ids, competitor)
	} else {
		ids = slices.DeleteFunc(ids, func(c string) bool { return c == competitor })
	}
	was := o
	e, err := s.writeCompetitors(ctx, tx, a, id, ids)
	if err == nil {
		_, err = s.save(ctx, tx, a, was, &o, e)
	}
	return err == nil, err
}

func competitorIDs(list []account.Competitor) []string {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids
}

// competitors are those of some names, each once, in the order of their names: new ones are
// made in that order, so that two who name the same new ones do not wait for each other.
func (s *Service) competitors(ctx context.Context, tx database.Tx, a org.Actor, names []string) (ids []string, err error) {
	sorted := slices.Clone(names)
	slices.SortFunc(sorted, func(x, y string) int { return cmp.Compare(text.Match(x), text.Match(y)) })
	for _, n := range sorted {
		c, err := s.Accounts.CompetitorIn(ctx, tx, a, n)
		if err != nil {
			return nil, err
		}
		if c != "" && !slices.Contains(ids, c) {
			ids = append(ids, c)
		}
	}
	return ids, nil
}

// AcceptWin is a superior's word that a win by exception is one: until then it is
// provisional. Nobody accepts his own. Faults: opportunity.not_provisional,
// opportunity.own_win.
func (s *Service) AcceptWin(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.EvidenceDecide); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		was, err := s.takeThere(ctx, tx, a, id)
		if err != nil {
			return err
		}
		stays, err := s.Rows.Stays(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		counted := live(stays)
		last := counted[len(counted)-1]
		if !last.Provisional() {
			return fault.New(fault.Conflict, "opportunity.not_provisional", "there is no win by exception to accept")
		}
		by, err := s.whoEntered(ctx, tx, a.TenantID, id, stays, last)
		if err != nil {
			return err
		}
		if a.Is(append(by, was.OwnerID)...) {
			return fault.New(fault.Rule, "opportunity.own_win", "somebody else must accept it")
		}
		return s.accept(ctx, tx, a, was, last)
	})
}

// winAccepted is the payload of opportunity.win_accepted.
type winAccepted struct {
	StayID string `json:"stayId"`
}

func (s *Service) accept(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, win Stay) error {
	o := was
	seq, err := s.save(ctx, tx, a, was, &o, event(o.ID, "win_accepted", a.Today, winAccepted{win.ID}))
	if err != nil {
		return err
	}
	s.Rows.AcceptWin(tx, a.TenantID, o.ID, win.Ord, seq)
	return nil
}
