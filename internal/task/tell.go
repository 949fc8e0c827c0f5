package task

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell tells what was promised, and what came of it (timeline.Teller).
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	at := timeline.About(Kind, items)
	if len(at) == 0 {
		return nil
	}
	list, err := s.Rows.ByID(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(at)))
	if err != nil {
		return err
	}
	for _, t := range list {
		for _, i := range at[t.ID] {
			i.Name = t.What
			if i.Kind == "task.done" {
				i.Text = t.Result
			}
		}
	}
	for _, of := range at {
		for _, i := range of {
			said := map[string]any{}
			if err := i.Said(&said); err != nil {
				return err
			}
			delete(said, "on") // other records it hangs on
			if err := i.Say(said); err != nil {
				return err
			}
		}
	}
	return nil
}
