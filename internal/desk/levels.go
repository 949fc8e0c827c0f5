package desk

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Levels are the amounts from which the levels above the lowest manager see a line at once, and their version:
// 1 are the usual ones.
func (s *Service) Levels(ctx context.Context, a org.Actor) (b Bars, version int, err error) {
	if err := a.Need(org.SignedIn); err != nil {
		return nil, 0, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		b, version, err = s.levels(ctx, tx, a)
		return err
	})
	return b, version + 1, err
}

// SetLevels says them for the company. Faults: record.stale, input.out_of_range, desk.levels_fall.
func (s *Service) SetLevels(ctx context.Context, a org.Actor, b Bars) (Bars, int, error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return nil, 0, err
	}
	if len(b) != len(defaultBars) {
		return nil, 0, fault.Missing("/amounts")
	}
	for n := range b {
		if !money.Fits(&b[n]) {
			return nil, 0, money.OutOfRange("/amounts")
		}
		if n > 0 && b[n] < b[n-1] {
			return nil, 0, fault.Input("/amounts", "desk.levels_fall", "a higher level sees no smaller amounts than the one below it")
		}
	}
	version, err := database.Write(ctx, s.DB, func(tx database.Tx) (int, error) {
		if err := record.Take(ctx, tx, a.TenantID, "desk levels"); err != nil {
			return 0, err
		}
		was, version, err := s.levels(ctx, tx, a)
		if err != nil {
			return 0, err
		}
		if err := a.HasRead(version + 1); err != nil { // what nobody has said yet has the first version
			return 0, err
		}
		journal.Append(tx, a.By(), levelsSet(was, b, a.Today))
		return version + 2, s.Rows.SetLevels(ctx, tx, a.TenantID, b, version+1)
	})
	return b, version, err
}
