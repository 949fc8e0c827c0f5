package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"yunchou/internal/app"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/safekeep"
)

// What an operator's command did beside a running server is told in the audit trail by whoever has
// the database.

func tellBackup(ctx context.Context, a *app.App, in safekeep.Made, _ io.Writer) error {
	return a.TellBackup(ctx, "console", in)
}

func tellCheck(ctx context.Context, a *app.App, in audit.Checked, _ io.Writer) error {
	return a.TellCheck(ctx, in)
}

// backedUp tells of a backup. The backup is there, so what goes wrong here is said and no more. A
// database of an older program is left as it is: it is what a backup is made of before an upgrade.
func (t *target) backedUp(ctx context.Context, db *database.DB, m safekeep.Made, out io.Writer) error {
	err := db.Current(ctx)
	if err := db.Close(); err != nil {
		return err
	}
	if err == nil {
		err = t.act(ctx, "audit.backed_up", m, false, out)
	}
	if err != nil {
		fmt.Fprintln(out, "The audit trail does not have it:", err)
	}
	return nil
}

// checked tells of a check that came to its end. A check changes nothing, so on SQLite only a server
// that runs anyway writes it down.
func (t *target) checked(ctx context.Context, what string, broken bool, out io.Writer) {
	in := audit.Checked{Checked: what, Broken: broken}
	var err error
	if t.url != "" {
		err = t.act(ctx, "audit.checked", in, false, out)
	} else if err = t.ask(ctx, "audit.checked", in, out); errors.Is(err, errNoConsole) {
		return
	}
	if err != nil {
		fmt.Fprintln(out, "The audit trail does not have it:", err)
	}
}

// laterName is what a restore of an older program's backup leaves in the data directory for the
// trail.
const laterName = "restored.json"

func tellLater(dir string, said map[string]audit.Restored) error {
	path := filepath.Join(dir, laterName)
	if len(said) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // of a restore before this one
			return err
		}
		return nil
	}
	raw, err := json.Marshal(said)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

// tellNow tells what a restore has left, of a database that is up to date. It is told once: what
// cannot be read is said and goes.
func tellNow(ctx context.Context, a *app.App) error {
	path := filepath.Join(a.Dir, laterName)
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || a.Dir == "" {
		return nil
	}
	var said map[string]audit.Restored
	if err == nil {
		err = json.Unmarshal(raw, &said)
	}
	if err == nil {
		err = a.TellRestore(ctx, said)
	}
	if err != nil {
		a.Log.Warn("a restore is not in the audit trail", "error", err)
	}
	return os.Remove(path)
}
