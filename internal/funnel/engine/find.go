package engine

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"

	"github.com/google/uuid"
)

// few is how many records of a search are read by id; more lie so close that SQL meets a
// page of them soon in any order.
const few = 256

// Find implements opportunity.Finder: count and amount of what a list holds, all its pages,
// by currency, and which records a search finds. Where the columns are not loaded yet they
// begin to be, and SQL answers meanwhile.
func (e *Engine) Find(
	ctx context.Context, tx database.Tx, tenantID string, scope org.Scope, f opportunity.Filter,
) (found opportunity.Found, known bool, err error) {
	if bySQL(f) {
		return found, false, nil
	}
	t := e.tenant(tenantID)
	if t.current.Load() == nil {
		e.begin(ctx, tenantID, t)
		return found, false, nil
	}
	s, keep, err := e.rowsOf(ctx, tx, t, funnel.Query{TenantID: tenantID, Scope: scope, Filter: f})
	if err != nil {
		return found, false, err
	}
	other := unlike(f.WithoutTax)
	by, ids := map[symbol]*opportunity.Sum{}, make([]uuid.UUID, 0, few)
	for _, c := range s.chunks {
		for i := range c.id {
			if c.deleted.at(i) && !f.WithDeleted || keep != nil && !keep(c, i) {
				continue
			}
			if len(ids) < few {
				ids = append(ids, c.id[i])
			}
			currency := c.currency.at(i)
			sum := by[currency]
			if sum == nil {
				sum = &opportunity.Sum{Total: opportunity.Total{Currency: s.text[currency]}}
				by[currency] = sum
			}
			sum.Add(statedOf(c.amount.at(i)), c.tax.at(i) == other)
		}
	}
	found.Totals = opportunity.TotalsBy(by)
	if f.Query != "" && len(ids) < few {
		found.IDs = texts(ids)
	}
	return found, true, nil
}

// texts writes ids. Some more than there are repeat the last: lists of few lengths make
// few statements for the database to keep plans of.
func texts(ids []uuid.UUID) []string {
	out := make([]string, 0, few)
	for _, id := range ids {
		out = append(out, id.String())
	}
	for n := len(out); n > 0 && !slices.Contains([]int{1, 16, few - 1}, len(out)); {
		out = append(out, out[n-1])
	}
	return out
}

// rowsOf brings the columns up to the transaction's snapshot and compiles a list on them;
// the lock is not held while they are read.
func (e *Engine) rowsOf(ctx context.Context, tx database.Tx, t *tenant, q funnel.Query) (*snapshot, test, error) {
	s, err := e.upTo(ctx, tx, q.TenantID, t)
	if err != nil {
		return nil, nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return s, list(s.index.numbering, s.around.rates, q), nil
}
