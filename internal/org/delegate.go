package org

import (
	"context"

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
			if m.LeftOn != "" && (d.To == "" || m.LeftOn < d.To) {
				d.To = m.LeftOn
			}
		}
		e.Delegations = append(e.Delegations, Change[Delegation]{New: &d})
		return none, memberDelegated(principal, a.Today, MemberDelegated{AssistantID: assistant, Changes: e.Changes}), nil
	})
	return err
}
