package record

import (
	"context"

	"yunchou/internal/database"
)

// Take takes records that are about to change, of whatever kinds: two changes of one follow one
// another. Whoever changes several in one transaction takes them all at once, and after what
// stands above records (the organisation, the versions in force: docs/architecture.md), so that
// two who need the same ones do not wait for each other.
func Take(ctx context.Context, tx database.Tx, tenant string, ids ...string) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = tenant + " " + id
	}
	if len(keys) == 1 {
		return tx.Alone(ctx, keys[0])
	}
	return tx.AloneAll(ctx, keys)
}
