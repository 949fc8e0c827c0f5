package app

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/safekeep"
)

// What is done to keep the data whole, told in the audit trail.

// TellBackup says that a backup was made, or was not. path is "job" or "console".
func (a *App) TellBackup(ctx context.Context, path string, m safekeep.Made) error {
	if m.Failed {
		return errors.Join(a.Audit.FailedEverywhere(ctx, audit.BackupFailed), a.Audit.Write(ctx))
	}
	return a.Audit.Everywhere(ctx, path, func(_ database.Tx, at org.Actor) (journal.Event, error) {
		return audit.BackedUpEvent(at.TenantID, at.Today, audit.BackedUp{Means: m.Means, Bytes: m.Bytes, Sealed: m.Sealed}), nil
	})
}

// TellScheduled is TellBackup for what the schedule does.
func (a *App) TellScheduled(ctx context.Context, m safekeep.Made) {
	if err := a.TellBackup(ctx, "job", m); err != nil {
		a.Log.Warn("a backup is not in the audit trail", "error", err)
	}
}

// TellCheck says that the database was looked through from the command line.
func (a *App) TellCheck(ctx context.Context, p audit.Checked) error {
	return a.Audit.Everywhere(ctx, "console", func(_ database.Tx, at org.Actor) (journal.Event, error) {
		return audit.CheckedEvent(at.TenantID, at.Today, p), nil
	})
}

// TellRestore says in a backup that it is put in the database's place: when it was made (zero where
// nobody knows), and who was erased in it again.
func (a *App) TellRestore(ctx context.Context, made time.Time, erased []safekeep.Erasure) error {
	return a.Audit.Everywhere(ctx, "console", func(tx database.Tx, at org.Actor) (journal.Event, error) {
		p := audit.Restored{}
		last, err := journal.Last(ctx, tx, at.TenantID)
		if err == nil {
			p.LastEntry = database.Time(last.RecordedAt)
		} else if !errors.Is(err, sql.ErrNoRows) {
			return journal.Event{}, err
		}
		if !made.IsZero() {
			p.MadeAt = database.Time(made)
		}
		for _, e := range erased {
			if e.Company == at.TenantID {
				p.ErasedAgain++
			}
		}
		return audit.RestoredEvent(at.TenantID, at.Today, p), nil
	})
}
