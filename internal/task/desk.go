package task

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// SignPromise is a day that was agreed with the customer, and has passed.
const SignPromise = "promise"

// mostPromised bounds the late promises a desk looks at, the longest late first.
const mostPromised = 1000

// Signs implements desk.Source: what customers were promised in opportunities the reader sees, by others than
// him, and is late. His own stands in his day.
func (s *Service) Signs(ctx context.Context, tx database.Tx, k *desk.Ask) ([]desk.Found, error) {
	a := k.Actor
	list, err := s.Rows.Promised(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), a.Today, mostPromised)
	var out []desk.Found
	for _, p := range list {
		if p.MemberID == a.Effective() {
			continue
		}
		out = append(out, desk.Found{On: p.On[0], Sign: desk.Sign{Kind: SignPromise, Late: true, On: p.DueOn, MemberID: p.MemberID, ID: p.ID, Name: p.What,
			Days: max(0, k.Calendar.WorkingDaysBetween(p.DueOn, a.Today)), Facts: []string{p.ID, string(p.DueOn)}}})
	}
	return out, err
}
