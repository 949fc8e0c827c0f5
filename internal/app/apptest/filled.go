package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// keptWorld is what a filled world's database does not say by itself: who is who in it.
type keptWorld struct {
	Deals                  int
	Tenant, Admin, Account string
	ID                     map[string]string
}

// Filled is a world with n deals on a day. A million take a quarter of an hour to write: where folder is
// not "", the world lies there, is filled by the first who asks and found by the next, with whatever
// those before did to it.
func Filled(t testing.TB, db *database.DB, folder string, n int, day calendar.Date) *World {
	t.Helper()
	path := filepath.Join(folder, "world.json")
	if raw, err := os.ReadFile(path); folder != "" && err == nil {
		var k keptWorld
		if err := json.Unmarshal(raw, &k); err != nil {
			t.Fatal(err)
		}
		if k.Deals != n {
			t.Fatalf("%s holds %d deals, not %d", folder, k.Deals, n)
		}
		return found(t, db, folder, k, day)
	} else if folder != "" && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	w := New(t, db)
	w.Clock.Set(day)
	w.Fill(n)
	if folder == "" {
		return w
	}
	raw, err := json.Marshal(keptWorld{n, w.Admin.TenantID, w.Admin.MemberID, w.Account, w.ID})
	w.must(err)
	w.must(os.WriteFile(path, raw, 0o600))
	return found(t, db, folder, keptWorld{n, w.Admin.TenantID, w.Admin.MemberID, w.Account, w.ID}, day)
}

// found is the program on a filled world; what it keeps beside the database lies in the folder too.
func found(t testing.TB, db *database.DB, folder string, k keptWorld, day calendar.Date) *World {
	t.Helper()
	w := &World{T: t, Ctx: context.Background(), Clock: &Clock{}, ID: k.ID, Account: k.Account}
	w.Clock.Set(day)
	w.must(db.Write(w.Ctx, func(tx database.Tx) error { // whoever signed in before did so on this very day, and often
		_, err := tx.Exec(w.Ctx, `DELETE FROM sign_in_budget`)
		return err
	}))
	w.App = app.New(db, folder, slog.New(slog.NewTextHandler(io.Discard, nil)), w.Clock.Now)
	var err error
	w.Admin, err = w.Org.Actor(w.Ctx, k.Tenant, k.Admin, "form")
	w.must(err)
	w.Bid, err = w.Pipelines.Get(w.Ctx, w.Admin, "投标流程")
	w.must(err)
	return w
}
