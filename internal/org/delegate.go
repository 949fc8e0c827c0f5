package org

import (
	"context"
	"errors"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// Delegate lets an assistant act for a principal from today. Faults: org.member_unknown,
// org.member_left, org.delegated_already.
func (s *Service) Delegate(ctx context.Context, a Actor, principal, assistant string) error {
	_, err := change(ctx, s, a, ofMember(principal), func(e *edit) (none struct{}, event journal.Event, err error) {
		helper, ok := e.st.Members[assistant]
		if !ok || principal == assistant {
			return none, event, fault.Input("/assistantId", "org.member_unknown", "another member is needed")
		}
		if err := errors.Join(e.a.MayActOn(principal), e.a.MayActOn(assistant)); err != nil {
			return none, event, err
		}
		for _, m := range []Member{e.member, helper} {
			if e.st.Gone(m.ID, a.Today) {
				return none, event, errLeft(m)
			}
		}
		for _, d := range e.st.Delegations {
			if d.PrincipalID == principal && d.AssistantID == assistant && d.On(a.Today) {
				return none, event, fault.New(fault.Conflict, "org.delegated_already", "the assistant acts for this member already")
			}
		}
		d := Delegation{ID: e.newID(), PrincipalID: principal, AssistantID: assistant, Interval: Interval{From: a.Today}}
		for _, m := range []Member{e.member, helper} {
			if there := m.present(a.Today)[0]; d.To == "" || there.To != "" && there.To < d.To {
				d.To = there.To
			}
		}
		e.Delegations = append(e.Delegations, Change[Delegation]{New: &d})
		return none, memberDelegated(principal, a.Today, MemberDelegated{AssistantID: assistant, Changes: e.Changes}), nil
	})
	return err
}

// EndDelegation ends what lets an assistant act for a principal, on a day ("" is today): on
// the day itself it is over. Faults: org.member_unknown, org.delegation_unknown,
// org.interval_empty.
func (s *Service) EndDelegation(ctx context.Context, a Actor, principal, assistant string, on calendar.Date) error {
	_, err := change(ctx, s, a, ofMember(principal), func(e *edit) (none struct{}, event journal.Event, err error) {
		on, err := a.day("/on", on)
		if err != nil {
			return none, event, err
		}
		if err := e.a.MayActOn(principal); err != nil {
			return none, event, err
		}
		var running []Delegation
		for _, d := range e.st.Delegations {
			if d.PrincipalID == principal && d.AssistantID == assistant && !d.Empty() && (d.To == "" || d.To > on) {
				running = append(running, d)
			}
		}
		if len(running) == 0 {
			return none, event, fault.New(fault.NotFound, "org.delegation_unknown", "no such delegation on that day")
		}
		e.Delegations = ended(running, on, func(d *Delegation) *Interval { return &d.Interval })
		return none, memberDelegationEnded(principal, on, MemberDelegated{AssistantID: assistant, Changes: e.Changes}), nil
	})
	return err
}
