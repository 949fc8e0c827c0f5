package handover

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// The signs of who left, and of what came to the reader.
const (
	SignLeaver  = "leaver"
	SignArrived = "arrived"
)

// Signs implements desk.Source: who left, or will, and still holds something, and what was handed to the reader
// and not confirmed. Who has left is late: his customers have nobody.
func (s *Service) Signs(ctx context.Context, tx database.Tx, k *desk.Ask) (out []desk.Found, err error) {
	a := k.Actor
	arrived, err := s.Rows.Waiting(ctx, tx, a.TenantID, a.Effective())
	if err != nil {
		return nil, err
	}
	for _, h := range arrived {
		out = append(out, desk.Found{On: record.Ref{Kind: "handover", ID: h.ID}, Sign: desk.Sign{Kind: SignArrived, On: h.On, MemberID: h.FromID,
			Text: h.Reason, Count: h.Count(), Days: max(0, k.Calendar.WorkingDaysBetween(h.On, a.Today)), Facts: []string{h.ID}}})
	}
	if !a.Can(org.OppHandOver) {
		return out, nil
	}
	left, err := s.leavers(ctx, tx, a)
	for _, l := range left {
		sign := desk.Sign{Kind: SignLeaver, Late: l.LeftOn <= a.Today, On: l.LeftOn, MemberID: l.MemberID,
			Days: max(0, k.Calendar.WorkingDaysBetween(l.LeftOn, a.Today)), Facts: []string{string(l.LeftOn)}}
		for _, h := range l.Held {
			sign.Count += h.Count
		}
		out = append(out, desk.Found{On: record.Ref{Kind: "member", ID: l.MemberID}, Sign: sign})
	}
	return out, err
}
