package upgrade

import (
	"context"

	"yunchou/internal/database"
)

// Named are the tables whose records are found by their names.
var Named = []string{"member", "account", "contact", "opportunity"}

// Name is a record's.
type Name struct{ TenantID, ID, Name string }

// spell looks up the readings of names that an older program wrote down. What a transaction wrote stays,
// and the next run goes on with the others.
func (s *Service) spell(ctx context.Context) error {
	for _, table := range Named {
		for done := int64(0); ; {
			n, err := database.Write(ctx, s.DB, func(tx database.Tx) (int, error) {
				if err := tx.Alone(ctx, "readings of names"); err != nil {
					return 0, err
				}
				list, err := s.Rows.Unspelt(ctx, tx, table, s.size())
				for _, name := range list {
					if err == nil {
						err = s.Rows.Spell(ctx, tx, table, name)
					}
				}
				return len(list), err
			})
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
			if done += int64(n); s.Tell != nil {
				s.Tell(Progress{Step: "names of " + table, Done: done})
			}
		}
	}
	return nil
}
