package task

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Offer asks a colleague to take the task over; no manager is in the way. Until he accepts it stays whose it is.
// Faults: task.done, task.not_accountable, task.offered, task.offer_self, org.member_unknown, org.member_left.
func (s *Service) Offer(ctx context.Context, a org.Actor, id, to, words string) (Task, error) {
	words = text.Words(words)
	if text.Longer(words, 1000) {
		return Task{}, errTooLong("/words")
	}
	return s.asOwner(ctx, a, id, func(t *Task) (step, error) {
		if err := a.AtWork("/toId", to); err != nil {
			return step{}, err
		}
		switch {
		case t.OfferedTo != "":
			return step{}, fault.New(fault.Conflict, "task.offered", "somebody was asked already and has not said")
		case to == t.MemberID:
			return step{}, fault.Input("/toId", "task.offer_self", "choose a colleague")
		}
		t.OfferedTo = to
		return step{"task.offered", offered{to}, Fact{Kind: FactOffered, MemberID: to, Words: words}}, nil
	})
}

// Answer accepts or, with a reason, declines what one was asked to take over. Faults: task.done, task.no_offer,
// task.reason_required, input.too_long.
func (s *Service) Answer(ctx context.Context, a org.Actor, id string, accepted bool, reason string) (Task, error) {
	reason = text.Words(reason)
	return s.write1(ctx, a, id, true, func(tx database.Tx, t *Task, _ bool) (step, error) {
		switch {
		case t.OfferedTo != a.Effective() || t.DoneOn != "" || t.DroppedAt != nil:
			return step{}, fault.New(fault.Conflict, "task.no_offer", "you are not asked to take it over")
		case !accepted && text.Blank(reason):
			return step{}, fault.Input("/reason", "task.reason_required", "say why you do not take it")
		case text.Longer(reason, 1000):
			return step{}, errTooLong("/reason")
		}
		said := answered{MemberID: [2]string{t.MemberID, a.Effective()}, Accepted: accepted}
		if accepted {
			if err := s.passOn(ctx, tx, a.TenantID, *t, a.Effective()); err != nil {
				return step{}, err
			}
			t.becomes(a.Effective())
			return step{"task.offer_answered", said, Fact{Kind: FactHanded, MemberID: t.MemberID, Words: reason}}, nil
		}
		t.endOffer()
		return step{"task.offer_answered", said, Fact{Kind: FactDeclined, MemberID: a.Effective(), Words: reason}}, nil
	})
}

// Withdraw takes back that somebody was asked. Faults: task.done, task.no_offer.
func (s *Service) Withdraw(ctx context.Context, a org.Actor, id string) (Task, error) {
	return s.changeBy(ctx, a, id, false, func(t *Task) (step, error) {
		if t.OfferedTo == "" {
			return step{}, fault.New(fault.Conflict, "task.no_offer", "nobody is asked to take it over")
		}
		to := t.OfferedTo
		t.endOffer()
		return step{"task.offer_withdrawn", offered{to}, Fact{Kind: FactWithdrawn, MemberID: to}}, nil
	})
}

// endOffer ends the asking of somebody, who goes on seeing the task.
func (t *Task) endOffer() {
	t.goesOnSeeing(t.OfferedTo)
	t.OfferedTo = ""
}
