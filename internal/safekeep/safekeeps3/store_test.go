package safekeeps3_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"yunchou/internal/database"
	"yunchou/internal/safekeep"
	"yunchou/internal/safekeep/safekeeps3"
	"yunchou/internal/safekeep/safekeeps3/s3test"
)

func open(t *testing.T, place string) *safekeeps3.Store {
	t.Helper()
	p, err := safekeeps3.Parse(place)
	if err != nil {
		t.Fatal(err)
	}
	s, err := safekeeps3.Open(p, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func offsite(t *testing.T, s *s3test.Store) *safekeep.Offsite {
	t.Helper()
	return &safekeep.Offsite{Store: open(t, s.URL), Dir: t.TempDir(), Keep: 2, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
}

// lay puts something like an encrypted backup into a folder.
func lay(t *testing.T, dir, day string, size int) (name string) {
	t.Helper()
	raw := make([]byte, size)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	name = "yunchou-" + day + "-030000.000.db.age"
	if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func kept(t *testing.T, o *safekeep.Offsite) string {
	t.Helper()
	all, err := o.Store.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

// TestAStoreHasTheLastBackups: of a folder with many the newest first, then each that comes;
// beyond how many are kept the oldest go, and the list of erasures stays.
func TestAStoreHasTheLastBackups(t *testing.T) {
	o := offsite(t, s3test.New(t))
	lay(t, o.Dir, "20260401", 1000)
	lay(t, o.Dir, "20260402", 1000)
	lay(t, o.Dir, "20260403", 40<<20) // three parts
	steps := []struct{ day, want string }{{"", "20260403"}, {"20260404", "20260403 20260404"}, {"20260405", "20260404 20260405"}}
	for _, step := range steps {
		if step.day != "" {
			lay(t, o.Dir, step.day, 3000)
		}
		if err := o.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := safekeep.ListName
		for _, day := range strings.Fields(step.want) {
			want += " yunchou-" + day + "-030000.000.db.age"
		}
		if got := kept(t, o); got != want {
			t.Errorf("after %s: %s, want %s", step.day, got, want)
		}
	}
	if last := o.Last(); last.Good.Format("2006-01-02") != "2026-04-05" || last.Bytes != 3000 || last.Failed != 0 {
		t.Errorf("%+v", last)
	}
}

// TestAStoreThatGoesAwayInTheMiddleHasNoHalfBackup: nothing of it is seen, the failure is
// counted, and what was begun is done once the store is back.
func TestAStoreThatGoesAwayInTheMiddleHasNoHalfBackup(t *testing.T) {
	s := s3test.New(t)
	o := offsite(t, s)
	name := lay(t, o.Dir, "20260401", 40<<20)
	s.CutAfter.Store(2) // the list and one part pass
	if err := o.Once(t.Context()); !errors.Is(err, safekeeps3.ErrAway) {
		t.Fatalf("cut: %v", err)
	}
	if o.Last().Failed != 1 || !o.Last().Good.IsZero() {
		t.Errorf("%+v", o.Last())
	}
	if err := o.Once(t.Context()); !errors.Is(err, safekeeps3.ErrAway) {
		t.Fatalf("away: %v", err)
	}
	s.CutAfter.Store(-1)
	s.Away.Store(false)
	if got := kept(t, o); got != safekeep.ListName {
		t.Errorf("half a backup can be seen: %s", got)
	}
	if err := o.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := o.Store.Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	want, errThere := os.ReadFile(filepath.Join(o.Dir, name))
	if err := errors.Join(err, errThere, r.Close()); err != nil || !bytes.Equal(got, want) {
		t.Error("what is kept is another", err)
	}
	if o.Last().Failed != 2 {
		t.Errorf("%+v", o.Last())
	}
}

// TestWhatAStoreRefusesIsNamed: and never with the secret.
func TestWhatAStoreRefusesIsNamed(t *testing.T) {
	s := s3test.New(t)
	o := offsite(t, s)
	lay(t, o.Dir, "20260401", 100)
	o.Store = open(t, strings.Replace(s.URL, s3test.Bucket, "elsewhere", 1))
	if err := o.Once(t.Context()); !errors.Is(err, safekeeps3.ErrNoBucket) {
		t.Errorf("no bucket: %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "STRANGER")
	o.Store = open(t, s.URL)
	err := o.Once(t.Context())
	if !errors.Is(err, safekeeps3.ErrRefused) || strings.Contains(err.Error(), "secret that") {
		t.Errorf("a stranger's key: %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	p, err := safekeeps3.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := safekeeps3.Open(p, ""); !errors.Is(err, safekeeps3.ErrNoKey) {
		t.Errorf("no key: %v", err)
	}
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte("[default]\naws_access_key_id = "+s3test.Key+"\naws_secret_access_key = x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	byFile, err := safekeeps3.Open(p, file)
	if err != nil {
		t.Fatal(err)
	}
	if o.Store = byFile; o.Once(t.Context()) != nil {
		t.Error("a key in a file is not taken")
	}
}

// TestWhatAStoreLosesIsNoticed: at once, when it is read back; and at the latest by whoever
// restores, whose database stays as it was.
func TestWhatAStoreLosesIsNoticed(t *testing.T) {
	s := s3test.New(t)
	o := offsite(t, s)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	db, err := database.OpenSQLite(t.TempDir())
	if err == nil {
		err = db.Migrate(t.Context(), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	schedule := &safekeep.Schedule{DB: db, Dir: o.Dir, Every: time.Hour, Keep: 5, Recipients: []age.Recipient{key.Recipient()}, Log: o.Log, Now: time.Now,
		Erased: func(context.Context) ([]safekeep.Erasure, error) { return nil, nil }}
	if err := schedule.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Loses.Store(true)
	if err := o.Once(t.Context()); !errors.Is(err, safekeep.ErrNotKept) {
		t.Errorf("at once: %v", err)
	}
	s.Loses.Store(false)
	if got := kept(t, o); got != safekeep.ListName {
		t.Errorf("what is not whole stays: %s", got)
	}
	if err := o.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	identity := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(identity, []byte(key.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := database.HoldDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	for _, whole := range []bool{false, true} {
		s.Loses.Store(!whole)
		path, err := safekeep.Fetch(t.Context(), o.Store, "", h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := safekeep.ReadList(filepath.Join(filepath.Dir(path), safekeep.ListName)); err != nil {
			t.Error(err)
		}
		_, err = safekeep.Restore{From: path, Identity: identity, Now: time.Now}.Run(t.Context(), h)
		if _, there := os.Stat(filepath.Join(h.Dir(), database.FileName)); (err == nil) != whole || (there == nil) != whole {
			t.Errorf("whole %v: %v, %v", whole, err, there)
		}
	}
	if _, err := safekeep.Fetch(t.Context(), o.Store, "yunchou-20200101-000000.000.db.age", h); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("another: %v", err)
	}
}

func TestAPlaceIsReadAsItIsMeant(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"} {
		t.Setenv(name, "")
	}
	for text, want := range map[string]string{
		"https://s3.example.com/bucket":                    "https://s3.example.com/bucket/",
		"http://127.0.0.1:9000/bucket/a/b/":                "http://127.0.0.1:9000/bucket/a/b/",
		"s3://bucket/a":                                    "https://s3.amazonaws.com/bucket/a/",
		"s3://bucket/a/yunchou-20260401-030000.000.db.age": "https://s3.amazonaws.com/bucket/a/yunchou-20260401-030000.000.db.age",
		"http://s3.example.com/bucket":                     "",
		"http://8.8.8.8:9000/bucket":                       "",
		"http://10.1.2.3:9000/bucket":                      "http://10.1.2.3:9000/bucket/",
		"http://[::1]:9000/bucket":                         "http://[::1]:9000/bucket/",
		"https://s3.example.com/b/c":                       "",
		"https://s3.example.com":                           "",
		"https://key:word@s3.example.com/bucket":           "",
		"https://s3.example.com/bucket?x=1":                "",
		"ftp://s3.example.com/bucket":                      "",
		"/var/backups":                                     "",
	} {
		p, err := safekeeps3.Parse(text)
		if (err == nil) != (want != "") || err == nil && p.String() != want {
			t.Errorf("%s: %s, %v", text, p, err)
		}
		if err != nil && strings.Contains(err.Error(), "word") && strings.Contains(err.Error(), "key:word") {
			t.Errorf("a key is told: %v", err)
		}
	}
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://minio:9000")
	if p, err := safekeeps3.Parse("s3://bucket/a"); err != nil || p.String() != "http://minio:9000/bucket/a/" {
		t.Error(p, err)
	}
}

// TestAStoreThatSendsElsewhereIsNotFollowed: neither keys nor backups go where nobody named.
func TestAStoreThatSendsElsewhereIsNotFollowed(t *testing.T) {
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	t.Cleanup(elsewhere.Close)
	o := offsite(t, s3test.New(t))
	sends := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(sends.Close)
	lay(t, o.Dir, "20260401", 100)
	o.Store = open(t, sends.URL+"/bucket/there")
	if err := o.Once(t.Context()); !errors.Is(err, safekeeps3.ErrAway) || asked > 0 {
		t.Errorf("%v; asked elsewhere %d times", err, asked)
	}
}
