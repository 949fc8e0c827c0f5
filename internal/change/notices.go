package change

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/reader"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Kinds of notice.
const (
	toldAsked   = "contact_change.asked"   // an owner: is it so?
	toldChanged = "contact_change.changed" // owners and who leads them
	toldMet     = "contact_change.met"     // who leads them
)

// Notices tell owners what they are asked, and owners and who leads them next that somebody changed, and was met.
func (s *Service) Notices() notice.Source {
	tells := map[string]notice.Teller{}
	for _, kind := range Events {
		tells[kind] = s.tells
	}
	return notice.Source{Tells: tells, Kinds: map[string]bool{toldAsked: true, toldChanged: true, toldMet: false}, Shows: map[string]notice.Shower{RefKind: s.shows},
		Opens: map[string]notice.Opener{toldAsked: s.isIn(Suspected), toldChanged: s.isIn(Confirmed)}, Reads: s.reads}
}

func (s *Service) isIn(state State) notice.Opener {
	return func(ctx context.Context, tx database.Tx, tenant string, n notice.Notice) (bool, error) {
		c, err := s.Rows.Get(ctx, tx, tenant, org.Scope{All: true}, n.About.ID)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		return c.State == state, err
	}
}

func (s *Service) reads(ctx context.Context, tx database.Tx, a org.Actor, e reader.Entry) (bool, error) {
	seen, err := s.Accounts.Seen(ctx, tx, a, []string{e.Scope.ID})
	return len(seen) > 0, err
}

func (s *Service) tells(ctx context.Context, tx database.Tx, e reader.Entry) (out []notice.To, err error) {
	var p stands
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil {
		return nil, err
	}
	heads := a.Structure.HeadsOn(a.Today)
	for _, d := range p.Deals {
		o, err := s.Deals.AnyIn(ctx, tx, a, d.OpportunityID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		owner, lead := "", ""
		switch e.Kind {
		case "contact_change.told":
			owner = toldAsked
		case "contact_change.confirmed":
			owner, lead = toldChanged, toldChanged
		case "contact_change.met":
			lead = toldMet
		}
		who := holder(a, o.OwnerID)
		if who == "" {
			continue
		}
		out = append(out, notice.To{MemberID: who, Kind: owner})
		for _, m := range heads.Next(who) {
			out = append(out, notice.To{MemberID: m, Kind: lead})
		}
	}
	return out, nil
}

// shows says of a change at which account, and who went and who follows.
func (s *Service) shows(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	out := map[string]notice.Shown{}
	for _, id := range ids {
		c, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err == nil {
			c, err = s.shown(ctx, tx, a, c)
		}
		if err != nil {
			return nil, err
		}
		if c.AccountName == "" {
			continue
		}
		x := notice.Shown{On: account.Ref(c.AccountID), Name: c.AccountName, Text: c.ContactName}
		if c.SuccessorName != "" {
			x.Text += " → " + c.SuccessorName
		}
		if len(c.Deals) > 0 {
			x.On, x.Name, x.Count = opportunity.Ref(c.Deals[0].OpportunityID), c.Deals[0].Name, int64(len(c.Deals))
		}
		out[id] = x
	}
	return out, nil
}

// SignChanged is of an opportunity whose person changed, until the successor was met.
const SignChanged = "person_changed"

// SignDoubted is of an opportunity whose person may have changed, for whoever answers for it: he says whether it is so.
const SignDoubted = "person_doubted"

const mostOnDesk = 2_000 // clocks in the reader's sight that are looked at

// Signs implements desk.Source: opportunities the reader sees whose person changed and whose successor was not met.
func (s *Service) Signs(ctx context.Context, tx database.Tx, k *desk.Ask) (out []desk.Found, err error) {
	a := k.Actor
	if !a.Can(org.OppRead) {
		return nil, nil
	}
	unmet, err := s.Rows.Unmet(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), mostOnDesk)
	if err != nil {
		return nil, err
	}
	me := a.Effective()
	doubted, err := s.Rows.Doubted(ctx, tx, a.TenantID, append([]string{me}, a.Structure.LeftTo(me, a.Today)...), mostOnDesk)
	if unmet = append(unmet, doubted...); err != nil || len(unmet) == 0 {
		return nil, err
	}
	ids := map[string]bool{}
	for _, d := range unmet {
		ids[d.OpportunityID] = true
	}
	deals, err := s.Deals.SeenIn(ctx, tx, a, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return nil, err
	}
	late, err := s.Deals.LateIn(ctx, tx, a, deals)
	if err != nil {
		return nil, err
	}
	changes := map[string]Change{}
	for _, d := range unmet {
		o, sees := deals[d.OpportunityID]
		if !sees {
			continue
		}
		c, known := changes[d.ChangeID]
		if !known {
			if c, err = s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, d.ChangeID); err == nil {
				c, err = s.shown(ctx, tx, a, c)
			}
			if err != nil {
				return nil, err
			}
			changes[c.ID] = c
		}
		if c.State == Suspected {
			if holder(a, o.OwnerID) == a.Effective() {
				out = append(out, doubt(c, d, o.OwnerID))
			}
			continue
		}
		d.Late = d.Late || late[d.OpportunityID]
		lamp := d.LampAt(a.Now)
		due := d.DueAt
		out = append(out, desk.Found{On: opportunity.Ref(d.OpportunityID), Sign: desk.Sign{Kind: SignChanged, Late: lamp == Red, ID: c.ID, Name: c.ContactName,
			Text: c.SuccessorName, ToID: c.SuccessorID, MemberID: o.OwnerID, On: d.DueOn, At: &due, Days: c.over(d, lamp, k.Calendar, a.Today),
			Facts: []string{c.ID, c.SuccessorID, string(lamp)}}})
	}
	return out, nil
}

// over is how many working days an opportunity is without whom it needs: since the time was over, and where it is red from
// the first minute, since the change.
func (c Change) over(d Deal, lamp Lamp, cal calendar.Calendar, today calendar.Date) int {
	days := max(0, cal.WorkingDaysBetween(d.DueOn, today))
	if d.Late && lamp == Red {
		days = max(days, cal.WorkingDaysBetween(c.On, today), 1)
	}
	return days
}

// doubt asks whoever answers for an opportunity whether a change is so.
func doubt(c Change, d Deal, owner string) desk.Found {
	return desk.Found{On: opportunity.Ref(d.OpportunityID), Sign: desk.Sign{Kind: SignDoubted, ID: c.ID, Name: c.ContactName, Text: c.SuccessorName,
		MemberID: owner, On: c.On, Own: true, Facts: []string{c.ID, c.SuccessorID}}}
}

// Told tells the timeline of changes (timeline.Teller).
type Told struct{ *Service }

// Tell tells who changed and who follows.
func (s Told) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	for _, list := range timeline.About(RefKind, items) {
		for _, i := range list {
			var p stands
			if err := i.Said(&p); err != nil {
				return err
			}
			names, err := s.Accounts.FamilyNames(ctx, tx, a.TenantID, record.Contact, nonEmpty(p.ContactID, p.SuccessorID))
			if err != nil {
				return err
			}
			i.Name = names[p.ContactID]
			for id, name := range names {
				i.Names[id] = name
			}
			if err := i.Say(map[string]any{"contactId": p.ContactID, "successorId": p.SuccessorID, "kind": p.Kind, "state": p.State, "source": p.Source}); err != nil {
				return err
			}
		}
	}
	return nil
}
