package handover

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell tells why a record changed hands (timeline.Teller).
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	at := map[string][]*timeline.Item{}
	for _, i := range items {
		var of struct{ HandoverID string }
		if len(i.Payload) > 0 && i.Said(&of) == nil && of.HandoverID != "" {
			at[of.HandoverID] = append(at[of.HandoverID], i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	reasons, err := s.Rows.Reasons(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(at)))
	for id, why := range reasons {
		for _, i := range at[id] {
			i.Reason = why
		}
	}
	return err
}
