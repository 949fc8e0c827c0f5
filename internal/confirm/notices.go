package confirm

import (
	"context"
	"encoding/json"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/reader"
	"yunchou/internal/record"
)

// told is the kind of notice for who leads: a key person was only tapped, twice in a row.
const told = "confirmation.tapped"

// Notices tell who leads an owner next that a key person was only tapped, the moment it is twice in a row.
func (s *Service) Notices() notice.Source {
	return notice.Source{Tells: map[string]notice.Teller{"confirmation.answered": s.tells}, Kinds: map[string]bool{told: false},
		Shows: map[string]notice.Shower{RefKind: s.shows}, Reads: s.reads}
}

func (s *Service) tells(ctx context.Context, tx database.Tx, e reader.Entry) (out []notice.To, err error) {
	var p answered
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	if p.Answer != Still || p.Run != InRow {
		return nil, nil
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil {
		return nil, err
	}
	for _, m := range a.Structure.HeadsOn(a.Today).Next(p.MemberID) {
		out = append(out, notice.To{MemberID: m, Kind: told})
	}
	return out, nil
}

func (s *Service) reads(ctx context.Context, tx database.Tx, a org.Actor, e reader.Entry) (bool, error) {
	seen, err := s.Deals.SeenIn(ctx, tx, a, []string{e.Scope.ID})
	return len(seen) > 0, err
}

// shows says of an answer in which opportunity, and about whom; of one that was taken back nothing.
func (s *Service) shows(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	out := map[string]notice.Shown{}
	for _, id := range ids {
		c, err := s.Rows.Get(ctx, tx, a.TenantID, id)
		if fault.Is(err, fault.NotFound) || err == nil && c.UndoneAt != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen, err := s.Deals.SeenIn(ctx, tx, a, []string{c.OpportunityID})
		if err != nil {
			return nil, err
		}
		o, sees := seen[c.OpportunityID]
		if !sees {
			continue
		}
		names, err := s.Accounts.FamilyNames(ctx, tx, a.TenantID, record.Contact, []string{c.ContactID})
		if err != nil {
			return nil, err
		}
		out[id] = notice.Shown{On: opportunity.Ref(o.ID), Name: o.Name, Text: names[c.ContactID], Count: int64(c.Run)}
	}
	return out, nil
}

// SignTapped is of an opportunity whose key person was only tapped, twice in a row or more, without any contact.
const SignTapped = "only_tapped"

const mostOnDesk = 500 // of the teams somebody leads

// Signs implements desk.Source: what those whom the reader leads next only tapped. It is news once, until somebody
// speaks with the person.
func (s *Service) Signs(ctx context.Context, tx database.Tx, k *desk.Ask) (out []desk.Found, err error) {
	a := k.Actor
	owners := led(a)
	if len(owners) == 0 || !a.Can(org.OppRead) {
		return nil, nil
	}
	list, err := s.Rows.Tapped(ctx, tx, a.TenantID, owners, mostOnDesk)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var deals []string
	for _, c := range list {
		deals = append(deals, c.OpportunityID)
	}
	slices.Sort(deals)
	seen, err := s.Deals.SeenIn(ctx, tx, a, slices.Compact(deals))
	if err != nil {
		return nil, err
	}
	open := make([]opportunity.Opportunity, 0, len(seen))
	for _, o := range seen {
		open = append(open, o)
	}
	stands, err := s.standings(ctx, tx, a, open)
	if err != nil {
		return nil, err
	}
	lists := make([][]Stand, len(stands))
	for i, p := range stands {
		lists[i] = slices.DeleteFunc(p.keys, func(k Stand) bool { return k.Last != Still || k.Run < InRow })
	}
	if err := s.seen(ctx, tx, a, lists...); err != nil {
		return nil, err
	}
	for i, p := range stands {
		for _, x := range lists[i] {
			out = append(out, desk.Found{On: opportunity.Ref(p.of.ID), Sign: desk.Sign{Kind: SignTapped, ID: x.ContactID, Name: x.Name, MemberID: p.of.OwnerID,
				Count: int64(x.Run), On: x.TalkedOn, Days: waited(k.Calendar, x.Since, a.Today), Facts: []string{x.ContactID, string(x.Since)}}})
		}
	}
	return out, nil
}

func waited(cal calendar.Calendar, from, to calendar.Date) int {
	return max(0, cal.WorkingDaysBetween(from, to))
}

// led are those whom a member leads next.
func led(a org.Actor) (out []string) {
	me := a.Effective()
	if len(a.Structure.Leads(me, a.Today)) == 0 {
		return nil
	}
	heads := a.Structure.HeadsOn(a.Today)
	for id := range a.Structure.Members {
		if slices.Contains(heads.Next(id), me) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
