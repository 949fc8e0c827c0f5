package opportunitytable

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// NamesIn reads what the records are called that deals name.
func NamesIn(ctx context.Context, tx database.Tx, s *opportunity.Service, a org.Actor) (n Names, err error) {
	if n.Names, err = s.Pipelines.Names(ctx, tx, a.TenantID); err != nil {
		return n, err
	}
	n.Org, n.Products, n.Competitors = a.Structure, map[string]string{}, map[string]string{}
	products, err := s.Accounts.ProductLinesIn(ctx, tx, a)
	if err != nil {
		return n, err
	}
	for _, p := range products {
		n.Products[p.ID] = p.Name
	}
	competitors, err := s.Accounts.CompetitorsIn(ctx, tx, a)
	for _, c := range competitors {
		n.Competitors[c.ID] = c.Name
	}
	return n, err
}
