package opportunity_test

import (
	"context"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// reading is a memory that is being read.
type reading struct{ opportunity.Finder }

func (reading) Find(context.Context, database.Tx, opportunity.Wanted) ([]opportunity.Found, bool, error) {
	return nil, false, nil
}
func (reading) Loading(string) bool { return true }
func (reading) Behind(string) error {
	return fault.New(fault.Busy, "funnel.loading", "3 of 7").With("read", 3).With("total", 7)
}

// walking is a list that walks the whole table.
type walking struct{ opportunity.Rows }

func (walking) List(
	ctx context.Context, _ database.Tx, _ string, _ org.Scope, _ opportunity.Filter, _ page.Request,
) (page.Result[opportunity.Opportunity], error) {
	<-ctx.Done()
	return page.Result[opportunity.Opportunity]{}, ctx.Err()
}

// TestAListIsThereWhileMemoryIsRead: what SQL finds at once is shown, its totals to come; what would
// walk the table is told how far the reading is.
func TestAListIsThereWhileMemoryIsRead(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for range 3 {
			w.Opportunity("陈露", "二期改造")
		}
		s := *w.Opportunities
		s.Memory = reading{}
		ask := func() (opportunity.Listed, error) {
			return s.Page(t.Context(), w.As("陈露"), opportunity.Filter{}, page.Request{Limit: 2}, w.Funnel)
		}
		list, err := ask()
		if err != nil || len(list.Items) != 2 || !list.Counting || list.Next == "" {
			t.Errorf("%d deals, counting %v: %v", len(list.Items), list.Counting, err)
		}
		s.Rows = walking{s.Rows}
		if _, err := ask(); fault.CodeOf(err) != "funnel.loading" || fault.As(err).Params["total"] != 7 {
			t.Errorf("a list that walks the table: %v", err)
		}
		if _, err := w.Opportunities.Get(t.Context(), w.As("陈露"), list.Items[0].ID); err != nil {
			t.Error(err)
		}
	})
}
