package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/safekeep"
)

// acted are the acts of a kind in a company's trail: how often, by which way, and what it says.
func acted(t *testing.T, a *app.App, boss org.Actor, kind string) (out []string) {
	t.Helper()
	list, err := a.Audit.List(t.Context(), boss, audit.Query{Kind: kind}, page.Request{})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list.Items {
		line := i.Path + " " + i.Outcome
		for _, d := range i.Details {
			if d.Of != "bytes" && d.Of != "instant" {
				line += " " + d.Key + "=" + d.New
			}
		}
		out = append(out, line)
	}
	return out
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestBackupsAndRestoresAreInTheTrail: of every company that is in the database, whoever made them,
// and of the restore in the database that was put in place.
func TestBackupsAndRestoresAreInTheTrail(t *testing.T) {
	w, _ := lived(t, false)
	other, err := w.NewCompany(t.Context(), org.Setup{Company: "另一家", AdminName: "某人"})
	if err != nil {
		t.Fatal(err)
	}
	boss := w.As("管理员")
	folder := filepath.Join(t.TempDir(), "backups")
	s := &safekeep.Schedule{DB: w.DB, Dir: folder, Every: time.Hour, Keep: 2, Erased: w.Erased, Tell: w.TellScheduled, Log: w.Log, Now: w.Now}
	if err := s.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, a := range []org.Actor{boss, other} {
		same(t, "a scheduled backup", acted(t, w.App, a, "company.backed_up"), "job done means=schedule")
	}
	made := w.Now()
	w.Clock.Move(time.Hour)
	away := errors.New("the folder is away")
	s.Erased = func(context.Context) ([]safekeep.Erasure, error) { return nil, away }
	if err := s.Once(t.Context()); !errors.Is(err, away) {
		t.Fatal(err)
	}
	same(t, "one that failed", acted(t, w.App, other, audit.BackupFailed), " failed")
	whole, err := filepath.Glob(filepath.Join(folder, "yunchou-*.db"))
	if err != nil || len(whole) == 0 {
		t.Fatal(whole, err)
	}
	elsewhere := t.TempDir()
	ran(t, nil, "restore", "--data", elsewhere, "--from", whole[0])
	back, err := database.OpenSQLite(elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	restored := app.New(back, elsewhere, w.Log, time.Now)
	for _, a := range []org.Actor{boss, other} {
		list, err := restored.Audit.List(t.Context(), a, audit.Query{Kind: "company.restored"}, page.Request{})
		if err != nil || len(list.Items) != 1 || list.Items[0].Path != "console" {
			t.Fatalf("a restore: %+v %v", list.Items, err)
		}
		told := map[string]string{}
		for _, d := range list.Items[0].Details {
			told[d.Key] = d.New
		}
		if at, err := time.Parse(time.RFC3339, told["madeAt"]); err != nil || !at.Equal(made) || told["lastEntry"] == "" || told["erasedAgain"] != "0" {
			t.Errorf("it says %v, the backup is of %s", told, made)
		}
	}
	if err := back.Close(); err != nil {
		t.Fatal(err)
	}
	// By a command, where nobody serves and where somebody does.
	ran(t, nil, "backup", "--data", elsewhere, "--to", filepath.Join(t.TempDir(), "one.db"))
	ran(t, nil, "check", "--data", elsewhere)
	if back, err = database.OpenSQLite(elsewhere); err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	restored = app.New(back, elsewhere, w.Log, time.Now)
	same(t, "by a command", acted(t, restored, boss, "company.backed_up"), "console done means=command")
	same(t, "a check of what nobody serves", acted(t, restored, boss, "company.checked"))
}

// TestABackupOfAnOlderProgramIsPutBackAsItIs: whoever goes back to that program needs it so, and the
// trail has the restore once the database is brought up to date.
func TestABackupOfAnOlderProgramIsPutBackAsItIs(t *testing.T) {
	old := filepath.Join(t.TempDir(), "yunchou-20260501-020000.000.db")
	if err := os.WriteFile(old, schema5(t, "v5.sqlite.gz"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	ran(t, nil, "restore", "--data", dir, "--from", old, "--no-erasures")
	in, err := database.Inspect(t.Context(), filepath.Join(dir, database.FileName))
	if err != nil || in.Schema != 5 {
		t.Fatalf("schema %d %v", in.Schema, err)
	}
	_, at := flags("serve")
	at.dir = dir
	for range 2 { // told once
		a, err := at.open(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		all, err := a.Org.Companies(t.Context())
		if err != nil || len(all) == 0 {
			t.Fatal(all, err)
		}
		boss, err := a.Org.System(t.Context(), all[0].ID, "", "console")
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Audit.List(t.Context(), boss, audit.Query{Kind: "company.restored"}, page.Request{})
		if err != nil || len(list.Items) != 1 {
			t.Errorf("%+v %v", list.Items, err)
		}
		if err := a.DB.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAServerWritesDownWhatIsDoneBesideIt: it alone writes its database.
func TestAServerWritesDownWhatIsDoneBesideIt(t *testing.T) {
	for _, name := range []string{"audit.backed_up", "audit.checked"} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			in := map[string]string{"audit.backed_up": `{"Means":"command","Bytes":1}`, "audit.checked": `{"checked":"journal","broken":true}`}[name]
			if err := acts[name](t.Context(), w.App, []byte(in), nil); err != nil {
				t.Fatal(err)
			}
			kind, want := "company.backed_up", "console done means=command"
			if name == "audit.checked" {
				kind, want = "company.checked", "console done checked=journal broken=true"
			}
			same(t, name, acted(t, w.App, w.As("管理员"), kind), want)
		})
	}
}
