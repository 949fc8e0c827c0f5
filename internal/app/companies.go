package app

import (
	"context"
	"errors"

	"yunchou/internal/database"
)

// forget has what lies of a company in memory and beside the database gone.
func (a *App) forget(tenant string) error {
	a.Org.Forget(tenant)
	return errors.Join(a.Engine.Forget(tenant), a.Intake.ForgetUploads(tenant))
}

// Warm loads what the first pages of the largest companies ask for, so that nobody waits for it.
func (a *App) Warm(ctx context.Context) {
	err := a.Engine.Warm(ctx, func(tenant string) {
		if _, _, err := a.Funnel.Limits(ctx, tenant); err != nil && ctx.Err() == nil {
			a.Log.Warn("limits of a large company not computed ahead", "error", err)
		}
	})
	if err != nil && ctx.Err() == nil {
		a.Log.Warn("funnel columns not loaded ahead", "error", err)
	}
}

// ClearDeleted has what was deleted of companies gone from the pages of the database's file. A
// large one under a server waits for the night, because writes wait meanwhile; then it is false.
func (a *App) ClearDeleted(ctx context.Context) (bool, error) {
	if a.Serving && a.DB.Dialect() == database.SQLite && a.DB.Size() > nightly && a.Now().UTC().Hour() != nightHour {
		some, err := a.Companies.Uncleared(ctx)
		return !some, err
	}
	return true, a.Companies.Clear(ctx)
}

// FinishDeleted ends the deletion of companies that was cut short, and has nothing of those that
// are gone lie beside this process; a server asks every hour, because another may have deleted one.
func (a *App) FinishDeleted(ctx context.Context) error {
	err := a.Companies.Finish(ctx)
	if err == nil {
		_, err = a.ClearDeleted(ctx)
	}
	return errors.Join(err, a.TellLists(ctx))
}
