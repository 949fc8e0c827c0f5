package savedview

import (
	"context"
	"net/url"
	"strings"

	"yunchou/internal/database"
)

// Naming counts the views of anybody that filter by an own field of a record kind or show it as a column, and those
// that split a report by it.
func (s *Service) Naming(ctx context.Context, tx database.Tx, tenant, record, key string) (views, groupings int, err error) {
	list, err := s.Rows.Holding(ctx, tx, tenant, key)
	for _, v := range list {
		if (v.Screen == "accounts") != (record == "account") || record == "contact" {
			continue
		}
		asks, err := url.ParseQuery(v.Query)
		if err != nil {
			continue // of a version that wrote otherwise: it asks nothing of a field
		}
		shows, splits := names(asks, key)
		if shows {
			views++
		}
		if splits {
			groupings++
		}
	}
	return views, groupings, err
}

// names tells whether an address filters by an own field or shows it, and whether it splits by it.
func names(asks url.Values, key string) (shows, splits bool) {
	for param, values := range asks {
		for _, v := range values {
			shows = shows || param == "custom" && strings.HasPrefix(v, key+":")
			for _, part := range strings.Split(v, ",") {
				shows = shows || part == "custom."+key
				splits = splits || part == "own:"+key
			}
		}
	}
	return shows, splits
}
