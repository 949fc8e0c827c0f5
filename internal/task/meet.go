package task

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Meeting are the open tasks of a member that are to meet somebody.
func (s *Service) Meeting(ctx context.Context, tx database.Tx, a org.Actor, member string) ([]Task, error) {
	return s.Rows.Meeting(ctx, tx, a.TenantID, nil, []string{member})
}

// MetIn has those done that were to meet some people, of whoever met them on a day: not before the task was set.
func (s *Service) MetIn(ctx context.Context, tx database.Tx, a org.Actor, contacts, members []string, on calendar.Date) (int, error) {
	list, err := s.Rows.Meeting(ctx, tx, a.TenantID, contacts, members)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(t Task) bool { return on < calendar.DateOf(t.CreatedAt, a.Company.Zone()) })
	for _, t := range list {
		a.MemberID = t.MemberID // it is he who did it
		if err := s.FinishIn(ctx, tx, a.Reaching(org.Scope{All: true}), t.ID, on); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// NotMeetIn drops those that were to meet somebody, all or with records those about them alone: he is no key person there
// any more.
func (s *Service) NotMeetIn(ctx context.Context, tx database.Tx, a org.Actor, contact string, about []record.Ref) error {
	list, err := s.Rows.Meeting(ctx, tx, a.TenantID, []string{contact}, nil)
	if err == nil && about != nil {
		ids := make([]string, len(list))
		for i, t := range list {
			ids[i] = t.ID
		}
		var on map[string][]record.Ref
		on, err = s.Records.Links(ctx, tx, a.TenantID, Kind, ids)
		list = slices.DeleteFunc(list, func(t Task) bool {
			return slices.ContainsFunc(on[t.ID], func(r record.Ref) bool { return !slices.Contains(about, r) })
		})
	}
	for _, t := range list {
		if err == nil {
			err = s.DropIn(ctx, tx, a.Reaching(org.Scope{All: true}), t.ID)
		}
	}
	return err
}
