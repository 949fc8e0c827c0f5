package followup

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell tells what was said (timeline.Teller).
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	at := timeline.About(Kind, items)
	if len(at) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(at))
	list, err := s.Rows.List(ctx, tx, a.TenantID, org.Scope{All: true}, About{IDs: ids}, len(ids))
	if err != nil {
		return err
	}
	var people []record.Ref
	for _, f := range list {
		for _, id := range f.ContactIDs {
			people = append(people, record.Ref{Kind: record.Contact, ID: id})
		}
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, people)
	if err != nil {
		return err
	}
	for _, f := range list {
		for _, i := range at[f.ID] {
			i.Text, i.Reason = f.Words, f.Reason
			for _, id := range f.ContactIDs {
				if name, seen := names[record.Ref{Kind: record.Contact, ID: id}]; seen {
					i.Names[id] = name
				}
			}
			if err := i.Say(said{f.Channel, f.TwoWay, f.MemberID, f.MemberIDs, f.ContactIDs}); err != nil {
				return err
			}
		}
	}
	return nil
}

// said is what a timeline says of a follow-up beside its words.
type said struct {
	Channel  string   `json:"channel"`
	TwoWay   bool     `json:"twoWay"`
	MemberID string   `json:"memberId"`
	Members  []string `json:"members"`
	Contacts []string `json:"contacts"`
}
