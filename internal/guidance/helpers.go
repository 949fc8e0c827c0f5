package guidance

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// HelperWhy is why somebody is thought of.
type HelperWhy string

// The reasons.
const (
	Superior HelperWhy = "superior"
	HasWon   HelperWhy = "won" // deals like this one
)

// Helper is somebody who can be called for help, and who would answer for him now.
type Helper struct {
	MemberID   string
	Why        HelperWhy
	Won        int64
	AnswererID string
}

// mostHelpers is how many who won something alike are thought of.
const mostHelpers = 3

// Helpers are those who can be called for help about a record the actor reads: the superior, then who won most
// records like it. Fault: record.unknown.
func (s *Service) Helpers(ctx context.Context, a org.Actor, on record.Ref) (out []Helper, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.Talks.MayTalk(ctx, tx, a, on); err != nil {
			return err
		}
		seen := map[string]bool{a.Effective(): true}
		add := func(h Helper) error {
			if seen[h.MemberID] || a.Structure.Gone(h.MemberID, a.Today) {
				return nil
			}
			seen[h.MemberID] = true
			who, err := s.Times.Answerer(ctx, tx, a, h.MemberID, a.Now)
			if h.AnswererID = who.MemberID; who.MemberID == "" || who.MemberID == a.Effective() {
				h.AnswererID = h.MemberID
			}
			out = append(out, h)
			return err
		}
		for _, m := range a.Structure.Superiors(a.Effective(), a.Today) {
			if len(out) == 0 {
				if err := add(Helper{MemberID: m, Why: Superior}); err != nil {
					return err
				}
			}
		}
		members, won, err := s.Winners.Winners(ctx, tx, a, on, mostHelpers+1)
		for i, m := range members {
			if err == nil && len(out) <= mostHelpers {
				err = add(Helper{MemberID: m, Why: HasWon, Won: won[i]})
			}
		}
		return err
	})
	return out, err
}
