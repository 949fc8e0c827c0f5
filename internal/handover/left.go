package handover

import (
	"context"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Leaver is a member who has left, or will on an announced day, and still holds something.
type Leaver struct {
	MemberID string
	LeftOn   calendar.Date
	Held     []org.Held
}

// Left tells what a member still holds, for the organisation (org.Leavings): records of
// each kind, and delegations that end with the leaving.
func (s *Service) Left(ctx context.Context, tx database.Tx, a org.Actor, member string) ([]org.Held, error) {
	held, err := s.held(ctx, tx, a, []string{member})
	return held[member], err
}

func (s *Service) held(ctx context.Context, tx database.Tx, a org.Actor, members []string) (map[string][]org.Held, error) {
	out := map[string][]org.Held{}
	for _, k := range s.Kinds {
		counts, err := k.CountHeld(ctx, tx, a.TenantID, members)
		if err != nil {
			return nil, err
		}
		for member, n := range counts {
			out[member] = append(out[member], org.Held{Kind: k.Name, Count: n})
		}
	}
	for _, member := range members {
		n := int64(0)
		for _, d := range a.Structure.Delegations {
			if d.On(a.Today) && (d.PrincipalID == member || d.AssistantID == member) {
				n++
			}
		}
		if n > 0 {
			out[member] = append(out[member], org.Held{Kind: "delegation", Count: n})
		}
	}
	return out, nil
}

// Held tells the superiors of a member, and whoever may act for all, what he still holds.
// Fault: org.member_unknown.
func (s *Service) Held(ctx context.Context, a org.Actor, member string) (out []org.Held, err error) {
	if err := a.Need(org.OppHandOver); err != nil {
		return nil, err
	}
	if a.Structure.Members[member].ID == "" || !a.Scope(record.Opportunity, org.Read).Allows(member, nil, nil, "") {
		return nil, fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Left(ctx, tx, a, member)
		return err
	})
	return out, err
}

// Leavers lists those of the actor's people who have left, or will, and still hold
// something: nothing of a leaver is forgotten because nobody looks there any more.
func (s *Service) Leavers(ctx context.Context, a org.Actor) (out []Leaver, err error) {
	if err := a.Need(org.OppHandOver); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.leavers(ctx, tx, a)
		return err
	})
	return out, err
}

func (s *Service) leavers(ctx context.Context, tx database.Tx, a org.Actor) (out []Leaver, err error) {
	var members []string
	scope := a.Scope(record.Opportunity, org.Read)
	for id, m := range a.Structure.Members {
		if m.Leaving(a.Today) != "" && scope.Allows(id, nil, nil, "") {
			members = append(members, id)
		}
	}
	if len(members) == 0 {
		return nil, nil
	}
	held, err := s.held(ctx, tx, a, members)
	for id, list := range held {
		out = append(out, Leaver{id, a.Structure.Members[id].LeftOn, list})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].LeftOn != out[j].LeftOn {
			return out[i].LeftOn < out[j].LeftOn
		}
		return out[i].MemberID < out[j].MemberID
	})
	return out, err
}
