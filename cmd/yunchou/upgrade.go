package main

import (
	"context"
	"log/slog"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/upgrade"
	"yunchou/internal/upgrade/upgradedb"
)

// carryOver takes the histories an older program wrote over to what this one keeps, before
// anybody is served, and says how far it is.
func carryOver(ctx context.Context, db *database.DB, log *slog.Logger) error {
	began, last := time.Now(), time.Time{}
	s := upgrade.Service{DB: db, Rows: upgradedb.Rows{}, Now: time.Now}
	s.Tell = func(p upgrade.Progress) {
		if time.Since(last) < 5*time.Second && (p.Total == 0 || p.Done < p.Total) {
			return
		}
		last = time.Now()
		log.Info("carrying histories over", "company", p.Company, "step", p.Step, "done", p.Done, "of", p.Total)
	}
	if err := s.Run(ctx); err != nil {
		return err
	}
	if !last.IsZero() {
		log.Info("histories are carried over", "seconds", int(time.Since(began).Seconds()))
	}
	return nil
}
