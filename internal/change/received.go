package change

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// A hand-over is a change too, on our side: to the customer whoever receives it is a stranger.

// FirstMeetingsADay are after how many first meetings on one day the next is due on another: who receives what somebody
// held who left cannot meet forty people in two days.
const FirstMeetingsADay = 3

// knownFor is how many days back whoever receives a record must have spoken with somebody for not being new to him.
const knownFor = 30

// toMeet is a key person whom a receiver is to meet: about which records, and how soon.
type toMeet struct {
	contact string
	days    int // working days, of the latest phase
	worth   int64
	on      []record.Ref
}

// Received implements handover.Follows: the receiver has a date to meet each key person of what he received, within the
// days the company sets for the phase, those of late phases and of what is worth most in front. Whom he spoke with
// lately, whom he is to meet already, and who is to be met as a successor has no further one.
func (s *Service) Received(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string, h handover.Handover) error {
	if err := s.onceEach(ctx, tx, a, h.ToID); err != nil {
		return err
	}
	people, err := s.keyPersons(ctx, tx, a, kind, ids)
	if err != nil || len(people) == 0 {
		return err
	}
	if people, err = s.strangers(ctx, tx, a, people, h.ToID, a.Today.Add(-knownFor)); err != nil || len(people) == 0 {
		return err
	}
	return s.meetEach(ctx, tx, a, people, h.ToID)
}

// onceEach leaves a receiver one date to meet each person: what came along with a record may be to meet somebody whom he
// is to meet already. The earlier one stays.
func (s *Service) onceEach(ctx context.Context, tx database.Tx, a org.Actor, member string) error {
	has, err := s.Tasks.Meeting(ctx, tx, a, member)
	if err != nil {
		return err
	}
	slices.SortFunc(has, func(x, y task.Task) int { return cmp.Or(cmp.Compare(x.DueOn, y.DueOn), cmp.Compare(x.ID, y.ID)) })
	known := map[string]bool{}
	for _, t := range has {
		if known[t.Meets] {
			if err := s.Tasks.DropIn(ctx, tx, a.Reaching(org.Scope{All: true}), t.ID); err != nil {
				return err
			}
		}
		known[t.Meets] = true
	}
	return nil
}

// keyPersons are those of opportunities, or of the open opportunities of accounts, each once.
func (s *Service) keyPersons(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string) (out []toMeet, err error) {
	deals, of := ids, map[string]string{}
	switch kind {
	case record.Opportunity:
	case record.Account:
		deals = nil
		for _, id := range ids {
			list, err := s.Deals.OpenOfAccount(ctx, tx, a, id)
			if err != nil {
				return nil, err
			}
			for _, o := range list {
				deals, of[o.ID] = append(deals, o.ID), id
			}
		}
	default:
		return nil, nil
	}
	if len(deals) == 0 {
		return nil, nil
	}
	list, keys, err := s.Deals.KeyPersons(ctx, tx, a, deals)
	if err != nil {
		return nil, err
	}
	changed, err := s.changing(ctx, tx, a, list)
	if err != nil {
		return nil, err
	}
	gone, err := s.gone(ctx, tx, a, keys)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for _, o := range list {
		on := opportunity.Ref(o.ID)
		if customer := of[o.ID]; customer != "" {
			on = account.Ref(customer)
		}
		for _, contact := range keys[o.ID] {
			if changed[[2]string{o.ID, contact}] || gone[contact] {
				continue
			}
			i, known := at[contact]
			if !known {
				i = len(out)
				at[contact], out = i, append(out, toMeet{contact: contact, days: a.Company.MeetDays.In(string(o.Phase))})
			}
			p := &out[i]
			p.days, p.worth = min(p.days, a.Company.MeetDays.In(string(o.Phase))), p.worth+worthOf(o.Opportunity)
			if !slices.Contains(p.on, on) {
				p.on = append(p.on, on)
			}
		}
	}
	return out, nil
}

func worthOf(o opportunity.Opportunity) int64 {
	if o.ReportingMinor == nil {
		return 0
	}
	return *o.ReportingMinor
}

// changing are the persons of an opportunity who changed: who is asked about, who went and has no part in it since, and
// who follows and is not met.
func (s *Service) changing(ctx context.Context, tx database.Tx, a org.Actor, list []opportunity.Peopled) (map[[2]string]bool, error) {
	ids, out := make([]string, len(list)), map[[2]string]bool{}
	for i, o := range list {
		ids[i] = o.ID
	}
	touches, err := s.TouchesOf(ctx, tx, a, ids)
	for _, t := range touches {
		went, follows := [2]string{t.OpportunityID, t.ContactID}, [2]string{t.OpportunityID, t.SuccessorID}
		switch t.State {
		case Suspected:
			out[went], out[follows] = true, true
		case Confirmed:
			out[went], out[follows] = true, out[follows] || !t.Met
		case Met:
			out[went] = true
		}
	}
	for _, o := range list {
		for _, p := range o.Contacts {
			if key := [2]string{o.ID, p.ContactID}; out[key] && p.Back() && !s.asked(touches, key) {
				delete(out, key)
			}
		}
	}
	return out, err
}

// asked tells whether somebody is asked about, or to be met as who follows.
func (s *Service) asked(touches []Touch, key [2]string) bool {
	return slices.ContainsFunc(touches, func(t Touch) bool {
		return t.OpportunityID == key[0] && (t.State == Suspected && t.ContactID == key[1] || t.State == Confirmed && !t.Met && t.SuccessorID == key[1])
	})
}

// gone are those who have left.
func (s *Service) gone(ctx context.Context, tx database.Tx, a org.Actor, keys map[string][]string) (map[string]bool, error) {
	var ids []string
	for _, list := range keys {
		ids = append(ids, list...)
	}
	slices.Sort(ids)
	people, err := s.Accounts.PeopleIn(ctx, tx, a, slices.Compact(ids))
	out := map[string]bool{}
	for id, c := range people {
		out[id] = c.GoneOn != ""
	}
	return out, err
}

// toMeetAgain gives whoever received opportunities a date with somebody of whom it was thought that he goes, unless
// they have spoken since.
func (s *Service) toMeetAgain(ctx context.Context, tx database.Tx, a org.Actor, c Change) error {
	if c.Kind == Retitled {
		return nil
	}
	since, of := calendar.DateOf(c.ToldAt, a.Company.Zone()).Add(-knownFor), map[string][]string{}
	first := map[string]calendar.Date{}
	for _, d := range c.Deals {
		on, err := s.Deals.ReceivedOn(ctx, tx, a, d.OpportunityID)
		if err != nil {
			return err
		}
		if on < since || on == "" {
			continue
		}
		o, err := s.Deals.AnyIn(ctx, tx, a, d.OpportunityID)
		if err != nil {
			return err
		}
		if who := holder(a, o.OwnerID); who != "" {
			of[who] = append(of[who], o.ID)
			if first[who] == "" || on < first[who] {
				first[who] = on
			}
		}
	}
	for _, who := range slices.Sorted(maps.Keys(of)) {
		people, err := s.keyPersons(ctx, tx, a, record.Opportunity, of[who])
		people = slices.DeleteFunc(people, func(p toMeet) bool { return p.contact != c.ContactID })
		if err != nil || len(people) == 0 {
			return err
		}
		if people, err = s.strangers(ctx, tx, a, people, who, min(first[who], a.Today.Add(-knownFor))); err != nil || len(people) == 0 {
			return err
		}
		if err := s.meetEach(ctx, tx, a, people, who); err != nil {
			return err
		}
	}
	return nil
}

// strangers are those the receiver has not spoken with since a day.
func (s *Service) strangers(ctx context.Context, tx database.Tx, a org.Actor, people []toMeet, member string, since calendar.Date) ([]toMeet, error) {
	ids, known := make([]string, len(people)), map[string]bool{}
	for i, p := range people {
		ids[i] = p.contact
	}
	met, err := s.Deals.MetBy(ctx, tx, a, ids, since)
	if err != nil {
		return nil, err
	}
	for _, m := range met {
		if m.MemberID == member && Meets(m.Channel) {
			known[m.ContactID] = true
		}
	}
	return slices.DeleteFunc(people, func(p toMeet) bool { return known[p.contact] }), nil
}

// meetEach sets the tasks.
func (s *Service) meetEach(ctx context.Context, tx database.Tx, a org.Actor, people []toMeet, member string) error {
	slices.SortFunc(people, func(x, y toMeet) int {
		return cmp.Or(cmp.Compare(x.days, y.days), cmp.Compare(y.worth, x.worth), cmp.Compare(x.contact, y.contact))
	})
	has, err := s.Tasks.Meeting(ctx, tx, a, member)
	if err != nil {
		return err
	}
	due, already := map[string]int{}, map[string]bool{}
	for _, t := range has {
		due[string(t.DueOn)]++
		already[t.Meets] = true
	}
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.contact
	}
	names, err := s.Accounts.FamilyNames(ctx, tx, a.TenantID, record.Contact, ids)
	if err != nil {
		return err
	}
	var tasks []task.Task
	for _, p := range people {
		if already[p.contact] {
			continue
		}
		day := s.Calendar(a.TenantID).AddWorkingDays(a.Today, p.days)
		for due[string(day)] >= FirstMeetingsADay {
			day = s.Calendar(a.TenantID).AddWorkingDays(day, 1)
		}
		due[string(day)]++
		tasks = append(tasks, task.Task{What: words(a).receive(names[p.contact]), MemberID: member, DueOn: day, On: p.on[:min(len(p.on), mostOn)], Meets: p.contact})
	}
	// Whoever hands over need not see every person of it: the task is the receiver's.
	_, err = s.Tasks.AddAllIn(ctx, tx, a.Reaching(org.Scope{All: true}), tasks)
	return err
}

// mostOn are the records such a task hangs on at most.
const mostOn = 20
