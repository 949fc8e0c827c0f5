package server_test

import (
	"fmt"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// companies are how many share one program in TestManyCompanies.
const companies = 20

// TestManyCompanies prints what requests cost where twenty companies have as many deals together
// as one has in TestRequestCosts, each request another company's, and what memory the program
// takes then. It measures where YUNCHOU_BENCH is set (make bench).
func TestManyCompanies(t *testing.T) {
	benched(t, manyCompanies)
}

func manyCompanies(t *testing.T, kind string, db *database.DB, n int) {
	w := apptest.New(t, db)
	w.Clock.Set("2026-03-02")
	h := server.New(w.App, "test", false)
	var all []client
	var deals []string
	for k, x := 0, w; k < companies; k, x = k+1, x.Another() {
		x.Fill(n / companies)
		all = append(all, signIn(t, x, h, "蒋跃", fmt.Sprint("manager", k)))
		deals = append(deals, "pipeline="+x.Bid.PipelineID)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(l) //nolint:errcheck // closed below
	defer srv.Close()
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	ask := func(company int, path string) error {
		return sendAs(hc, "http://"+l.Addr().String(), all[company], "GET", path, "")
	}
	fmt.Printf("\n%s, %d companies of %d deals\n", kind, companies, n/companies)
	fmt.Print("| request, of each company in turn | clients | median | CPU a request |\n|---|---:|---:|---:|\n")
	for _, x := range []struct{ name, path string }{
		{"bare handler", "/healthz"},
		{"read a record", "/api/opportunities/00000000-0000-7000-8000-000000000010"},
		{"list of 50, filtered and sorted", "/api/opportunities?limit=50&state=open&sort=amount&desc=true&"},
		{"list of 50 by a search", "/api/opportunities?limit=50&q=sj10"},
		{"accounts, and how many", "/api/accounts?limit=50"},
		{"desk", "/api/desk"},
		{"whole report", "/api/reports/funnel?"},
	} {
		for _, clients := range []int{1, 16} {
			got, err := measure(db, 10*companies, clients, func(i int) error {
				path := x.path
				if path[len(path)-1] == '?' || path[len(path)-1] == '&' {
					path += deals[i%companies]
				}
				return ask(i%companies, path)
			})
			if err != nil {
				t.Fatalf("%s: %v", x.name, err)
			}
			fmt.Printf("| %s | %d | %.2f ms | %.2f ms |\n", x.name, clients, ms(got.median), ms(got.cpu))
		}
	}
	start, before := time.Now(), databasetest.CPU(db)
	for k := range companies {
		if err := ask(k, "/api/reports/funnel?from=2021-06-01&"+deals[k]); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("| whole report, first asked by each | 1 | %.2f ms | %.2f ms |\n",
		ms(time.Since(start)/companies), ms((databasetest.CPU(db)-before)/companies))
	runtime.GC()
	debug.FreeOSMemory()
	fmt.Printf("resident with all columns: %d MB\n", resident())
}
