package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/safekeep"
	"yunchou/internal/server"
)

// TestWhatASenderInventsIsNoLabel: a label is kept for ever, so methods, paths, names and
// headers nobody has heard of add nothing to what is measured after the first of them.
func TestWhatASenderInventsIsNoLabel(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		whole, operators := server.Watched(w.App, "test", httpapi.Front{})
		c := client{t: t, h: whole}
		series := func() int { return strings.Count(scraped(t, operators), "yunchou_") }
		invent := func(n int) {
			for _, path := range []string{"/", "/api/x%d", "/api/session", "/api/opportunities/%d?x=%d"} {
				if strings.Contains(path, "%d") {
					path = fmt.Sprintf(strings.ReplaceAll(path, "%d", "%[1]d"), n)
				}
				c.do(fmt.Sprint("METHOD", n), path, "{}")
				c.do("GET", path, "{}")
			}
		}
		invent(0)
		before := series()
		for n := range 500 {
			invent(n)
		}
		if after := series(); after != before || before == 0 {
			t.Errorf("%d lines of measures became %d", before, after)
		}
	})
}

// scraped is what an operator's tool reads.
func scraped(t *testing.T, operators http.Handler) string {
	t.Helper()
	r := httptest.NewRecorder()
	operators.ServeHTTP(r, httptest.NewRequest("GET", "/metrics", nil))
	if r.Code != 200 {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	return r.Body.String()
}

// TestNobodyButTheOperatorReadsTheMetrics: not from loopback, where a proxy's visitors come from
// too, and not with another token; at an address of their own they need none, and nothing else is
// there.
func TestNobodyButTheOperatorReadsTheMetrics(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	ask := func(h http.Handler, path, token string) (int, string) {
		q := httptest.NewRequest("GET", path, nil)
		q.RemoteAddr = "127.0.0.1:40000"
		if token != "" {
			q.Header.Set("Authorization", token)
		}
		r := httptest.NewRecorder()
		h.ServeHTTP(r, q)
		return r.Code, r.Body.String()
	}
	whole, operators := server.Watched(w.App, "test", httpapi.Front{})
	if code, body := ask(whole, "/metrics", ""); code != 404 || strings.Contains(body, "yunchou_") {
		t.Errorf("by default: %d", code)
	}
	w.Watch.Token = "a token of the operator's"
	whole, operators = server.Watched(w.App, "test", httpapi.Front{})
	for token, want := range map[string]int{"": 401, "Bearer ": 401, "Bearer another": 401, "Basic " + w.Watch.Token: 401, "Bearer " + w.Watch.Token: 200} {
		if code, body := ask(whole, "/metrics", token); code != want || strings.Contains(body, "yunchou_") != (want == 200) {
			t.Errorf("%q: %d, want %d", token, code, want)
		}
	}
	for path, want := range map[string]int{"/metrics": 200, "/healthz": 200, "/readyz": 200, "/": 404, "/api/session": 404} {
		if code, _ := ask(operators, path, ""); code != want {
			t.Errorf("%s of their own: %d, want %d", path, code, want)
		}
	}
}

// everything is the metrics of a server that has all there is to tell.
func everything(t *testing.T, db *database.DB) (w *apptest.World, told string) {
	t.Helper()
	w = apptest.New(t, db)
	w.Backups = &safekeep.Schedule{DB: db, Dir: t.TempDir(), Every: time.Hour, Keep: 1, Erased: w.Erased, Log: w.Log, Now: w.Now}
	w.Backups.Offsite = &safekeep.Offsite{}
	w.Dir = t.TempDir()
	_, operators := server.Watched(w.App, "test", httpapi.Front{Expires: func() (time.Time, int64) { return time.Time{}, 0 }})
	return w, scraped(t, operators)
}

// TestEveryMeasureOfTheRulesAndDocumentsIsThere: an alert on a measure nobody tells never fires.
func TestEveryMeasureOfTheRulesAndDocumentsIsThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		_, told := everything(t, db)
		help := regexp.MustCompile(`(?m)^# HELP (yunchou_\w+) (.+)$`)
		there := map[string]bool{}
		for _, m := range help.FindAllStringSubmatch(told, -1) {
			there[m[1]] = true
		}
		// What needs a request of its kind to be told.
		for _, name := range []string{"yunchou_http_request_seconds", "yunchou_http_slow_requests_total", "yunchou_database_trouble_total", "yunchou_jobs_done_total", "yunchou_jobs_failed_total", "yunchou_reader_entries_total", "yunchou_reader_failures_total"} {
			there[name] = true
		}
		if len(there) < 35 {
			t.Fatalf("only %d measures", len(there))
		}
		named := regexp.MustCompile(`yunchou_[a-z_]*[a-z]`)
		documented := map[string]bool{}
		for _, path := range []string{"../../deploy/prometheus-rules.yaml", "../../docs/operation.md"} {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range named.FindAllString(string(raw), -1) {
				documented[name] = documented[name] || strings.HasSuffix(path, ".md")
				for _, part := range []string{"_count", "_sum", "_bucket"} {
					if there[strings.TrimSuffix(name, part)] {
						name = strings.TrimSuffix(name, part)
					}
				}
				if !there[name] {
					t.Errorf("%s names %s, which is not told", path, name)
				}
			}
		}
		for name := range there {
			if !documented[name] {
				t.Errorf("docs/operation.md does not name %s", name)
			}
		}
	})
}

// TestTheRulesAreWhatPrometheusReads: groups of rules, each with what an operator is told.
func TestTheRulesAreWhatPrometheusReads(t *testing.T) {
	raw, err := os.ReadFile("../../deploy/prometheus-rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil || len(file.Groups) != 1 {
		t.Fatal(err, len(file.Groups))
	}
	docs, err := os.ReadFile("../../docs/operation.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range file.Groups[0].Rules {
		if r.Alert == "" || r.Expr == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" ||
			strings.Count(r.Expr, "(") != strings.Count(r.Expr, ")") {
			t.Errorf("%+v", r)
		}
		if !strings.Contains(string(docs), "`"+r.Alert+"`") {
			t.Errorf("docs/operation.md does not say what %s means", r.Alert)
		}
	}
}

// TestWhatHappensIsCounted: sign-ins by how they end, jobs by kind, imports by outcome, columns.
func TestWhatHappensIsCounted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		_, operators := server.Watched(w.App, "test", httpapi.Front{})
		_, err := w.Identity.SignIn(t.Context(), identity.Attempt{Login: "nobody", Secret: "no password at all", Address: "10.0.0.1"})
		if err == nil {
			t.Fatal("nobody signed in")
		}
		w.Opportunity("陈露", "一号线")
		if err := w.Engine.Ready(t.Context(), w.Admin.TenantID); err != nil {
			t.Fatal(err)
		}
		told := scraped(t, operators)
		for _, line := range []string{`yunchou_sign_ins_total{outcome="wrong"} 1`, `yunchou_sign_ins_total{outcome="ok"} 0`, `yunchou_database_up 1`,
			`yunchou_columns_companies 1`, `yunchou_columns_opportunities 1`, `yunchou_columns_total{what="loaded"} 1`, `yunchou_columns_behind_entries 0`,
			`yunchou_imports_total{outcome="done"} 0`, `yunchou_imports_running 0`} {
			if !strings.Contains(told, line+"\n") {
				t.Errorf("no line %s", line)
			}
		}
		if strings.Contains(told, "yunchou_columns_bytes 0\n") {
			t.Error("the columns take nothing")
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, operators = server.Watched(w.App, "test", httpapi.Front{})
		if told := scraped(t, operators); !strings.Contains(told, "yunchou_database_up 0\n") {
			t.Error("a database that is away is told to be up")
		}
	})
}
