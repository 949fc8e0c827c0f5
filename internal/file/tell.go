package file

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Tell names attached files; of one that was removed nothing is left to name (timeline.Teller).
func (s *Store) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	at := timeline.About("file", items)
	for _, i := range items {
		if i.FileID != "" { // evidence that is a file
			at[i.FileID] = append(at[i.FileID], i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	list, err := s.Rows.ByID(ctx, tx, a.TenantID, slices.Sorted(maps.Keys(at)))
	for _, f := range list {
		for _, i := range at[f.ID] {
			i.FileID, i.File, i.Gone = f.ID, f.Name, f.Hash == ""
			if i.Gone {
				i.FileID = ""
			}
			if i.Subject.Kind == "file" {
				i.Payload = nil
			}
		}
	}
	return err
}
