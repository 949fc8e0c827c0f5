package guidance

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// HelperWhy is why somebody is thought of first.
type HelperWhy string

// The reasons.
const (
	Superior HelperWhy = "superior"
	Knows    HelperWhy = "expert" // of what the record is about
	HasWon   HelperWhy = "won"    // deals like this one
)

// Helper is somebody who can be called for help, why first, and whatever else speaks for him; and who would answer for
// him now.
type Helper struct {
	MemberID   string
	Why        HelperWhy
	Products   []string // of the record that he is an expert of
	Won        int64
	AnswererID string
}

// Experts tells who knows what a record is about, by the products in it, in the order they are to be thought of.
type Experts interface {
	Experts(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (members []string, products [][]string, err error)
}

// How many are thought of for each reason beside the superior.
const (
	mostExperts = 5
	mostHelpers = 3
)

// Helpers are those who can be called for help about a record the actor reads: the superior, the experts of its
// products, then who won most records like it. Each is there once, for all that speaks for him. Fault: record.unknown.
func (s *Service) Helpers(ctx context.Context, a org.Actor, on record.Ref) (out []Helper, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.Talks.MayTalk(ctx, tx, a, on); err != nil {
			return err
		}
		if out, err = s.thoughtOf(ctx, tx, a, on); err != nil {
			return err
		}
		for i, h := range out {
			who, err := s.Times.Answerer(ctx, tx, a, h.MemberID, a.Now)
			if err != nil {
				return err
			}
			if out[i].AnswererID = who.MemberID; who.MemberID == "" || who.MemberID == a.Effective() {
				out[i].AnswererID = h.MemberID
			}
		}
		return nil
	})
	return out, err
}

func (s *Service) thoughtOf(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (out []Helper, err error) {
	left := 0
	of := func(member string, why HelperWhy, tell func(*Helper)) {
		at := slices.IndexFunc(out, func(h Helper) bool { return h.MemberID == member })
		switch {
		case at < 0 && (left == 0 || a.Is(member) || a.Structure.Gone(member, a.Today)):
			return
		case at < 0:
			out, at, left = append(out, Helper{MemberID: member, Why: why}), len(out), left-1
		}
		tell(&out[at])
	}
	left = 1
	for _, m := range a.Structure.Superiors(a.Effective(), a.Today) {
		of(m, Superior, func(*Helper) {})
	}
	members, products, err := s.Experts.Experts(ctx, tx, a, on)
	if err != nil {
		return nil, err
	}
	left = mostExperts
	for i, m := range members {
		of(m, Knows, func(h *Helper) { h.Products = products[i] })
	}
	members, won, err := s.Winners.Winners(ctx, tx, a, on, mostHelpers+len(out)+1)
	left = mostHelpers
	for i, m := range members {
		of(m, HasWon, func(h *Helper) { h.Won = won[i] })
	}
	return out, err
}
