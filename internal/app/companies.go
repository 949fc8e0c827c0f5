package app

import (
	"errors"
)

// forget has what lies of a company in memory and beside the database gone.
func (a *App) forget(tenant string) error {
	a.Org.Forget(tenant)
	return errors.Join(a.Engine.Forget(tenant), a.Intake.ForgetUploads(tenant))
}
