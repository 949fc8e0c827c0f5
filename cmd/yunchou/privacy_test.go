package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/safekeep"
	"yunchou/internal/safekeep/safekeeps3/s3test"
)

// inGBK is the person's name as tables of older programs write it.
const inGBK = "\xc5\xb7\xd1\xf4\xd0\xde\xd4\xb6"

// traces are how a person can be read in a file.
var traces = []string{"欧阳修远", inGBK, "ouyang", "13987654321", "xiuyuan@example.com"}

// found are the files under a directory that hold a trace of the person.
func found(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, trace := range traces {
			if bytes.Contains(raw, []byte(trace)) {
				paths = append(paths, filepath.Base(path)+": "+trace)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestWhoIsErasedIsInNoFile: database, log, uploads, columns, the backups made after. A backup
// made before is put back without the person, and without the list it is not.
func TestWhoIsErasedIsInNoFile(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	db, err := database.OpenSQLite(dir)
	if err == nil {
		err = db.Migrate(t.Context(), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := apptest.New(t, db)
	w.App = app.New(db, dir, w.Log, w.Now)
	w.Lists = []string{filepath.Join(dir, safekeep.ListName)}
	boss := w.As("管理员")
	c, err := w.Accounts.CreateContact(t.Context(), boss, account.Contact{Name: "欧阳修远", AccountID: w.Account, Mobile: "13987654321", Email: "xiuyuan@example.com"})
	for _, name := range []string{"欧阳修远", inGBK} {
		if err == nil {
			_, err = w.Intake.Upload(t.Context(), boss, "", strings.NewReader("name,mobile\n"+name+",13987654321\n"))
		}
	}
	if err := errors.Join(err, w.Engine.Ready(t.Context(), w.Admin.TenantID), w.Engine.Keep()); err != nil {
		t.Fatal(err)
	}
	before, after := filepath.Join(away, "before", "backup.db"), filepath.Join(away, "after", "backup.db")
	for _, path := range []string{before, after} {
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	ran(t, nil, "backup", "--data", dir, "--to", before)
	if len(found(t, dir)) < 4 || len(found(t, away)) == 0 {
		t.Fatalf("found before: %v, %v", found(t, dir), found(t, away))
	}
	for _, trace := range traces { // nothing is looked for that could not be found
		if there := strings.Join(found(t, dir), "\n") + "\n"; !strings.Contains(there, ": "+trace+"\n") {
			t.Errorf("%q was nowhere before", trace)
		}
	}
	if err := w.Accounts.EraseContact(t.Context(), boss, c.ID); err != nil {
		t.Fatal(err)
	}
	worked(t, w, func() bool { return len(found(t, dir)) == 0 })
	if left := found(t, dir); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	ran(t, nil, "backup", "--data", dir, "--to", after)
	if left := found(t, filepath.Dir(after)); len(left) > 0 {
		t.Errorf("in a later backup: %v", left)
	}
	if err := os.Remove(filepath.Join(filepath.Dir(before), safekeep.ListName)); err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	ran(t, safekeep.ErrNoList, "restore", "--data", elsewhere, "--from", before)
	for _, list := range w.Lists {
		ran(t, nil, "restore", "--data", elsewhere, "--from", before, "--erasures", list)
	}
	if left := found(t, elsewhere); len(left) > 0 {
		t.Errorf("brought back: %v", left)
	}
	// Whoever says that there is none takes it upon himself, until a list says otherwise.
	ran(t, nil, "restore", "--data", elsewhere, "--from", before, "--no-erasures")
	if len(found(t, elsewhere)) == 0 {
		t.Error("the backup held nobody")
	}
}

// ran runs a command and expects an error, or none.
func ran(t *testing.T, want error, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := dispatch(t.Context(), args, &out); !errors.Is(err, want) {
		t.Fatalf("%v: %v\n%s", args, err, &out)
	}
	return out.String()
}

// worked works the timetable off until something is so.
func worked(t *testing.T, w *apptest.World, so func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	rested := make(chan struct{})
	go func() {
		defer close(rested)
		w.Work(ctx)
	}()
	for patience := time.Now().Add(time.Minute); !so() && time.Now().Before(patience); {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-rested
}

// TestScheduledBackupsAreKeptSealedAndReadBack: the last few stay, nobody reads them without
// the key, and with it one is put back.
func TestScheduledBackupsAreKeptSealedAndReadBack(t *testing.T) {
	w, args := lived(t, false)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	folder, identity := filepath.Join(t.TempDir(), "backups"), filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(identity, []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	recipients, err := safekeep.Recipients(key.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	s := &safekeep.Schedule{DB: w.DB, Dir: folder, Every: time.Hour, Keep: 2, Recipients: recipients, Erased: w.Erased, Log: w.Log, Now: w.Now}
	for _, day := range []string{"2026-04-01", "2026-04-02", "2026-04-03"} {
		w.Clock.Set(apptest.Start)
		for w.Clock.Now().Format("2006-01-02") != day {
			w.Clock.Set(w.As("管理员").Today.Add(1))
		}
		if err := s.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	there, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(there) != 3 || filepath.Base(there[0]) != safekeep.ListName {
		t.Fatal(there, err)
	}
	if last := s.Last(); !last.Good.Equal(w.Now()) || last.Bytes == 0 || last.Failed != 0 {
		t.Errorf("%+v", last)
	}
	raw, err := os.ReadFile(there[2])
	if about, _ := os.Stat(there[2]); err != nil || bytes.Contains(raw, []byte("SQLite format")) || about.Mode().Perm() != 0o600 {
		t.Error("the backup can be read", err)
	}
	if left, _ := filepath.Glob(filepath.Join(args[1], "backing-up*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	elsewhere := t.TempDir()
	ran(t, safekeep.ErrNoKey, "restore", "--data", elsewhere, "--from", there[2])
	ran(t, nil, "restore", "--data", elsewhere, "--from", there[2], "--identity", identity)
	if out, err := walked(t, []string{"--data", elsewhere}); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestABackupInAStoreIsPutBackWithoutWhoWasErased: the list of erasures reaches the store after the
// backup did, and a machine that has nothing else erases by it.
func TestABackupInAStoreIsPutBackWithoutWhoWasErased(t *testing.T) {
	store := s3test.New(t)
	w, args := lived(t, false)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	identity, folder := filepath.Join(t.TempDir(), "key.txt"), filepath.Join(t.TempDir(), "backups")
	if err := os.WriteFile(identity, []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := app.New(w.DB, args[1], w.Log, w.Now)
	k := &keeper{every: time.Hour, keep: 2, dir: folder, s3: store.URL, s3Keep: 2, uploadDays: 1, keptDays: 1, companyGiB: 1, memberGiB: 1}
	if err := k.apply(a); err == nil || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("without a key: %v", err)
	}
	k.recipients = key.Recipient().String()
	if err := k.apply(a); err != nil {
		t.Fatal(err)
	}
	boss := w.As("管理员")
	c, err := a.Accounts.CreateContact(t.Context(), boss, account.Contact{Name: "欧阳修远", AccountID: w.Account, Mobile: "13987654321"})
	if err == nil {
		err = errors.Join(a.Backups.Once(t.Context()), a.Backups.Offsite.Once(t.Context()))
	}
	if err == nil {
		err = errors.Join(a.Accounts.EraseContact(t.Context(), boss, c.ID), a.TellLists(t.Context()), a.Backups.Offsite.Once(t.Context()))
	}
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	out := ran(t, nil, "restore", "--data", elsewhere, "--from", store.URL, "--identity", identity)
	if !strings.Contains(out, "1 people or companies that were erased") {
		t.Error(out)
	}
	if left := found(t, elsewhere); len(left) > 0 {
		t.Errorf("brought back: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(elsewhere, "fetched-*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	ran(t, os.ErrNotExist, "restore", "--data", elsewhere, "--from", store.URL+"/nowhere", "--identity", identity)
}
