package engine

import (
	"context"
	"sort"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// Totals implements opportunity.TotalSource: count and amount of what a list holds, all
// its pages, by currency. Where the columns are not loaded yet they begin to be, and SQL
// answers meanwhile.
func (e *Engine) Totals(ctx context.Context, tx database.Tx, tenantID string, scope org.Scope, f opportunity.Filter) (totals []opportunity.Total, known bool, err error) {
	if bySQL(f) {
		return nil, false, nil
	}
	t := e.tenant(tenantID)
	if t.current.Load() == nil {
		e.begin(ctx, tenantID, t)
		return nil, false, nil
	}
	s, keep, err := e.rowsOf(ctx, tx, t, funnel.Query{TenantID: tenantID, Scope: scope, Filter: f})
	if err != nil {
		return nil, false, err
	}
	by := map[symbol]*opportunity.Total{}
	for _, c := range s.chunks {
		for i := range c.id {
			if c.deleted.at(i) && !f.WithDeleted || keep != nil && !keep(c, i) {
				continue
			}
			currency := c.currency.at(i)
			sum := by[currency]
			if sum == nil {
				sum = &opportunity.Total{Currency: s.text[currency]}
				by[currency] = sum
			}
			sum.Count++
			if minor := c.amount.at(i); minor == nothing {
				sum.NoAmount++
			} else {
				sum.AmountMinor += minor
			}
		}
	}
	totals = []opportunity.Total{}
	for _, sum := range by {
		totals = append(totals, *sum)
	}
	sort.Slice(totals, func(i, j int) bool { return totals[i].Currency < totals[j].Currency })
	return totals, true, nil
}

// rowsOf brings the columns up to the transaction's snapshot and compiles a filter on
// them; the lock is not held while they are read.
func (e *Engine) rowsOf(ctx context.Context, tx database.Tx, t *tenant, q funnel.Query) (*snapshot, test, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.used = time.Now()
	if err := e.advance(ctx, tx, q.TenantID, t); err != nil {
		return nil, nil, err
	}
	keep, err := filter(ctx, tx, e.Rows, t, q)
	return t.current.Load(), keep, err
}
