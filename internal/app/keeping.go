package app

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay/replaydb"
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

// Restored is what the trail of each company in a backup will say of its being put in the database's
// place: when it was made (zero where nobody knows), and who is erased in it again. It reads backups
// of older programs, too.
func Restored(ctx context.Context, db *database.DB, made time.Time, erased []safekeep.Erasure) (out map[string]audit.Restored, err error) {
	out = map[string]audit.Restored{}
	err = db.Read(ctx, func(tx database.Tx) error {
		ids, err := replaydb.Companies(ctx, tx)
		for _, id := range ids {
			last, err := journal.Last(ctx, tx, id)
			if err != nil {
				return err
			}
			p := audit.Restored{LastEntry: database.Time(last.RecordedAt)}
			if !made.IsZero() {
				p.MadeAt = database.Time(made)
			}
			for _, e := range erased {
				if e.Company == id {
					p.ErasedAgain++
				}
			}
			out[id] = p
		}
		return err
	})
	return out, err
}

// TellRestore says it.
func (a *App) TellRestore(ctx context.Context, said map[string]audit.Restored) error {
	return a.Audit.Everywhere(ctx, "console", func(_ database.Tx, at org.Actor) (journal.Event, error) {
		return audit.RestoredEvent(at.TenantID, at.Today, said[at.TenantID]), nil
	})
}
