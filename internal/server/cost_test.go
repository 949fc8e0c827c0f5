package server_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/server"
)

// TestRequestCosts prints what a request costs with 100,000 deals (or as many as
// YUNCHOU_BENCH_DEALS says) and row rights on, at 1
// and at 16 clients: time, and CPU of this process and of PostgreSQL's, beside a handler
// that does nothing. It measures where YUNCHOU_BENCH is set (make bench).
func TestRequestCosts(t *testing.T) {
	benched(t, costs)
}

// benched runs a measurement on both databases, of as many deals as YUNCHOU_BENCH_DEALS says, or
// of several sizes, with commas between, from the smallest on.
func benched(t *testing.T, run func(t *testing.T, kind string, db *database.DB, n int)) {
	t.Helper()
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("YUNCHOU_BENCH is not set; make bench sets it")
	}
	sizes := strings.Split(cmp.Or(os.Getenv("YUNCHOU_BENCH_DEALS"), "100000"), ",")
	for _, size := range sizes {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		if len(sizes) == 1 {
			ofSize(t, n, run)
			continue
		}
		t.Run(size, func(t *testing.T) { ofSize(t, n, run) })
	}
}

// ofSize runs a measurement on both databases.
func ofSize(t *testing.T, n int, run func(t *testing.T, kind string, db *database.DB, n int)) {
	t.Helper()
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		t.Run(kind, func(t *testing.T) {
			switch folder := benchFolder(kind); {
			case kind == "PostgreSQL" && folder != "":
				run(t, kind, databasetest.PostgreSQLIn(t, folder), n)
			case kind == "PostgreSQL":
				run(t, kind, databasetest.PostgreSQL(t), n)
			case folder != "":
				run(t, kind, databasetest.SQLiteIn(t, folder), n)
			default:
				run(t, kind, databasetest.SQLite(t), n)
			}
		})
	}
}

// benchFolder is where a filled database is kept between measurements, as YUNCHOU_BENCH_FILLED
// says, and of one on PostgreSQL its name and what lies beside it; "" is nowhere.
func benchFolder(kind string) string {
	folder := os.Getenv("YUNCHOU_BENCH_FILLED")
	if kind == "PostgreSQL" && folder != "" {
		return filepath.Join(folder, "postgresql")
	}
	return folder
}

type cost struct{ median, cpu time.Duration }

func costs(t *testing.T, kind string, db *database.DB, n int) {
	w := apptest.Filled(t, db, benchFolder(kind), n, "2026-03-02")
	h := server.New(w.App, "test", false)
	c := signIn(t, w, h, "蒋跃", "manager") // leads one of two teams: half of the deals
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(l) //nolint:errcheck // closed below
	defer srv.Close()
	base := "http://" + l.Addr().String()
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	rep := signIn(t, w, h, apptest.Seller(0), "rep") // a sixtieth
	as := func(c client, method, path, body string) error { return sendAs(hc, base, c, method, path, body) }
	send := func(method, path, body string) error { return as(c, method, path, body) }
	var list struct{ ids []string }
	err = db.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT o.id FROM opportunity o WHERE o.tenant_id = $1 AND o.owner_id = $2 AND o.state = 'open' ORDER BY o.id LIMIT 200`, w.Admin.TenantID, w.ID[apptest.Seller(0)])
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			list.ids = append(list.ids, id)
		}
		return rows.Err()
	})
	if err != nil || len(list.ids) == 0 {
		t.Fatal(err)
	}
	pipeline, turn := "pipeline="+w.Bid.PipelineID, 0
	edit := func(i int) error {
		minor := new(int64)
		*minor = int64(1000 + i + 1000*turn) // another amount each time, or nothing is written
		_, err := w.Opportunities.Edit(w.Ctx, w.As(apptest.Seller(0)), list.ids[i%len(list.ids)], 0, opportunity.Patch{AmountMinor: &minor})
		return err
	}
	edited := func(path string) func(i int) error {
		return func(i int) error {
			if err := edit(i); err != nil {
				return err
			}
			return send("GET", path, "")
		}
	}
	day := func(i int) string { return string(calendar.Date("2021-03-01").Add(turn*100 + i)) }
	fmt.Printf("\n%s, %d deals, row rights on (half of them visible)\n| request | clients | median | CPU a request | of it above the bare handler | target |\n|---|---:|---:|---:|---:|---:|\n", kind, n)
	var bare [2]cost
	if err := send("GET", "/api/reports/funnel?"+pipeline, ""); err != nil { // has the columns read
		t.Fatal(err)
	}
	w.Funnel.Settle() // and what is computed ahead of them
	for _, x := range []struct {
		name, target string
		times        int
		run          func(i int) error
	}{
		{"bare handler", "", 400, func(int) error { return send("GET", "/healthz", "") }},
		{"stage sums (a whole report)", "50 ms", 40, func(int) error { return send("GET", "/api/reports/funnel?"+pipeline, "") }},
		{"whole report, first asked", "20 ms", 20, func(i int) error {
			return send("GET", "/api/reports/funnel?"+pipeline+"&from="+day(i), "")
		}},
		{"by owner, the last year, first asked", "20 ms", 20, func(i int) error {
			return send("GET", "/api/reports/funnel?"+pipeline+"&groupBy=owner&from="+string(calendar.Date("2025-03-01").Add(-i-turn*100)), "")
		}},
		{"as of a year ago, first asked", "20 ms", 20, func(i int) error {
			return send("GET", "/api/reports/funnel?"+pipeline+"&asOf="+string(calendar.Date("2025-03-01").Add(-i-turn*100)), "")
		}},
		{"trend of twelve months, first asked", "60 ms", 10, func(i int) error {
			return send("GET", "/api/reports/trend?step=month&periods=12&"+pipeline+"&asOf="+string(calendar.Date("2026-03-01").Add(-i-turn*100)), "")
		}},
		{"cohorts, first asked", "20 ms", 20, func(i int) error {
			return send("GET", "/api/reports/cohorts?"+pipeline+"&from="+day(i), "")
		}},
		{"an edit", "", 40, edit},
		{"an edit, and the whole report", "2 ms", 40, edited("/api/reports/funnel?" + pipeline)},
		{"an edit, and the report by owner", "2 ms", 40, edited("/api/reports/funnel?groupBy=owner&from=2025-03-01&" + pipeline)},
		{"an edit, and the trend", "2 ms", 20, edited("/api/reports/trend?step=month&periods=12&" + pipeline)},
		{"read a record", "3 ms", 200, func(i int) error { return send("GET", "/api/opportunities/"+list.ids[i%len(list.ids)], "") }},
		{"create", "2 ms", 200, func(i int) error {
			return send("POST", "/api/opportunities", fmt.Sprintf(`{"name":"新商机 %d","amountMinor":100}`, i))
		}},
		{"list of 50, filtered and sorted", "20 ms", 60, func(i int) error {
			return send("GET", "/api/opportunities?limit=50&state=open&sort="+[]string{"amount", "expected", "created"}[i%3]+"&desc=true&"+pipeline, "")
		}},
		{"desk", "5 ms", 100, func(int) error { return send("GET", "/api/desk", "") }},
		{"desk of a rep", "5 ms", 100, func(int) error { return as(rep, "GET", "/api/desk", "") }},
		{"accounts, and how many", "5 ms", 60, func(int) error { return send("GET", "/api/accounts?limit=50", "") }},
		{"accounts of a rep", "5 ms", 60, func(int) error { return as(rep, "GET", "/api/accounts?limit=50", "") }},
		{"search of all kinds", "20 ms", 60, func(i int) error {
			return send("GET", "/api/search?q="+[]string{"shangji", "kehu1", "sj" + strconv.Itoa(1000+i), "huaxin"}[i%4], "")
		}},
		{"search of all kinds, of a rep", "20 ms", 60, func(i int) error { return as(rep, "GET", "/api/search?q=sj"+strconv.Itoa(1000+i), "") }},
		{"list of 50 by a search", "20 ms", 40, func(i int) error { return send("GET", fmt.Sprintf("/api/opportunities?limit=50&q=sj%d", 1000+i), "") }},
	} {
		if only := os.Getenv("YUNCHOU_BENCH_ONLY"); only != "" && x.name != "bare handler" && !strings.Contains(x.name, only) {
			continue
		}
		for k, clients := range []int{1, 16} {
			turn++ // what is asked first is asked of other days each time
			got, err := measure(db, x.times, clients, x.run)
			if err != nil {
				t.Fatalf("%s: %v", x.name, err)
			}
			if x.name == "bare handler" {
				bare[k] = got
			}
			fmt.Printf("| %s | %d | %.2f ms | %.2f ms | %.2f ms | %s |\n", x.name, clients, ms(got.median), ms(got.cpu), ms(got.cpu-bare[k].cpu), x.target)
		}
	}
}

// sendAs sends a request as somebody and reads its answer; a refusal is an error.
func sendAs(hc *http.Client, base string, c client, method, path, body string) error {
	r, err := http.NewRequestWithContext(context.Background(), method, base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
	r.Header.Set("X-CSRF-Token", c.csrf)
	r.Header.Set("Content-Type", "application/json")
	res, err := hc.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = fmt.Errorf("%s: %d %.200s", path, res.StatusCode, raw)
	}
	return err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measure runs one request so many times by so many clients, who have each asked before: a
// connection to PostgreSQL plans a statement for its values five times before it knows it.
func measure(db *database.DB, times, clients int, run func(i int) error) (cost, error) {
	known := 1
	if times >= 60 {
		known = 8
	}
	if _, err := together(max(5, known*clients), clients, func(i int) error { return run(times + i) }); err != nil {
		return cost{}, err
	}
	before := databasetest.CPU(db)
	took, err := together(times, clients, run)
	if err != nil {
		return cost{}, err
	}
	spent := databasetest.CPU(db) - before
	slices.Sort(took)
	return cost{took[len(took)/2], spent / time.Duration(times)}, nil
}

// together runs one request so many times by so many clients at once, and says how long each took.
func together(times, clients int, run func(i int) error) (took []time.Duration, failed error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	for k := range clients {
		wait.Go(func() {
			for i := k; i < times; i += clients {
				start := time.Now()
				err := run(i)
				mu.Lock()
				took = append(took, time.Since(start))
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return took, failed
}
