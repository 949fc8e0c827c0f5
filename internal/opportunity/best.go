package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Searched is what the search that crosses kinds asks of one: the best so many of a scope.
type Searched struct {
	TenantID, Query string
	Mine            string // whose records come first of those found as well
	Scope           org.Scope
	Most            int
}

// Best are the opportunities in the actor's scope a text finds, the best first, and how many there are.
func (s *Service) Best(ctx context.Context, a org.Actor, query string, most int) (out []Opportunity, count int64, err error) {
	if err := a.Need(org.OppRead); err != nil {
		return nil, 0, err
	}
	w := Searched{a.TenantID, query, a.Effective(), a.Scope(record.Opportunity, org.Read), most}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if s.Memory != nil {
			ids, n, known, err := s.Memory.BestOpportunities(ctx, tx, w)
			if err != nil {
				return err
			}
			if known {
				count = n
				byID, err := s.Rows.ByID(ctx, tx, a.TenantID, ids)
				out = record.InOrder(ids, byID)
				return err
			}
		}
		f := Filter{Query: query}
		list, err := s.Rows.List(ctx, tx, a.TenantID, w.Scope, f, page.Request{Sort: "created", Desc: true, Limit: most})
		if out = list.Items; err != nil || list.Next == "" {
			count = int64(len(out))
			return err
		}
		totals, err := s.Rows.Totals(ctx, tx, a.TenantID, w.Scope, f)
		for _, t := range totals {
			count += t.Count
		}
		return err
	})
	return out, count, err
}
