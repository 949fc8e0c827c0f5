package change

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/account"
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
	if people, err = s.strangers(ctx, tx, a, people, h.ToID); err != nil || len(people) == 0 {
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
	changed, err := s.changing(ctx, tx, a, deals)
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
			if changed[[2]string{o.ID, contact}] {
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

// changing are the persons about whom a change of an opportunity is open: who is asked about, who went, and who follows.
func (s *Service) changing(ctx context.Context, tx database.Tx, a org.Actor, deals []string) (map[[2]string]bool, error) {
	touches, err := s.TouchesOf(ctx, tx, a, deals)
	out := map[[2]string]bool{}
	for _, t := range touches {
		if t.State == Suspected || t.State == Confirmed && !t.Met {
			out[[2]string{t.OpportunityID, t.ContactID}], out[[2]string{t.OpportunityID, t.SuccessorID}] = true, true
		}
	}
	return out, err
}

// strangers are those the receiver has not spoken with lately, nor is to meet already.
func (s *Service) strangers(ctx context.Context, tx database.Tx, a org.Actor, people []toMeet, member string) ([]toMeet, error) {
	ids, known := make([]string, len(people)), map[string]bool{}
	for i, p := range people {
		ids[i] = p.contact
	}
	met, err := s.Deals.MetBy(ctx, tx, a, ids, a.Today.Add(-knownFor))
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
