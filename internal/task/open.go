package task

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// OpenOn is a page of the open tasks of a record, those due first in front. A record out of sight has none.
// Fault: page.cursor_malformed.
func (s *Service) OpenOn(ctx context.Context, a org.Actor, on record.Ref, r page.Request) (page.Result[Task], error) {
	r.Sort, r.Desc = "due", false
	list, err := s.read(ctx, a, func(tx database.Tx) ([]Task, error) {
		seen, err := s.Kinds.Names(ctx, tx, a, false, []record.Ref{on})
		if err != nil || len(seen) == 0 {
			return nil, err
		}
		return s.Rows.OpenOn(ctx, tx, a.TenantID, on, r)
	})
	return page.Cut(r, list, func(t Task) (any, string) { return string(t.DueOn), t.ID }), err
}
