package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestSlowestLists asks for the list of opportunities by every filter alone and every pair of
// two, in every order and direction, as a rep, a manager and the administrator, for some by
// three and more, for the board by every filter, and for the lists of every other kind of
// record in the same way. It prints the ten of each that took most CPU, how they grew from the
// size before, and marks what grew faster than its answer. It measures where YUNCHOU_BENCH is
// set (make bench); YUNCHOU_BENCH_SAMPLE bounds how many of a kind are asked for.
func TestSlowestLists(t *testing.T) {
	benched(t, slowestLists)
}

func slowestLists(t *testing.T, kind string, db *database.DB, n int) {
	w := apptest.Filled(t, db, benchFolder(kind), n, "2026-03-02")
	if err := fillPeople(w); err != nil {
		t.Fatal(err)
	}
	s := &slowest{t: t, db: db, h: server.New(w.App, "test", false), as: map[string]client{}, kind: kind, deals: n,
		plain: plainOf(w), before: maps.Clone(earlier)}
	for name, login := range map[string]string{apptest.Seller(0): "rep", "蒋跃": "manager", "总监": "director"} {
		s.as[login] = signIn(t, w, s.h, name, login)
	}
	if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
		t.Fatal(err)
	}
	w.Engine.Wait = time.Minute // the first list of people waits until they are there
	s.ask(asked{who: "director", path: "/api/contacts"})
	filters := filtersOf(w)
	deals := append(listsOf(filters), several("/api/opportunities", filters, ordersOf("name", "created", "amount"), 500)...)
	kinds := kindsOf(w)
	kinds["opportunities"], kinds["boards"] = deals, boardsOf(w, filters)
	for _, what := range []string{"accounts", "people", "tasks", "follow-ups", "boards", "opportunities"} {
		fmt.Printf("\n%s, %d deals: the slowest %s\n", kind, n, what)
		s.print(sampled(kinds[what]))
	}
	fmt.Printf("\n%s, %d deals: %d MB resident\n", kind, n, resident())
}

// filtersOf is one of every filter a list has.
func filtersOf(w *apptest.World) []string {
	account := "00000000-0000-7000-9000-000000000001"
	return []string{"", "q=1", "q=sj12", "q=%E6%B2%A1%E6%9C%89", "pipeline=" + w.Bid.PipelineID, "stage=" + w.Stage("报价"), "owner=" + w.ID[apptest.Seller(0)],
		"team=" + w.ID["二组"], "account=" + account, "region=%E5%8D%8E%E4%B8%9C", "source=%E5%B1%95%E4%BC%9A", "industry=%E6%B1%BD%E8%BD%A6",
		"state=open", "state=won&state=lost", "createdFrom=2024-01-01&createdTo=2024-04-01", "closedFrom=2025-01-01", "expectedFrom=2025-06-01&expectedTo=2025-07-01",
		"amountMin=80000000", "amountMax=200000", "lossKind=competitor", "noNextStep=true", "stalled=true", "overstayed=true", "passed=true", "waiting=true", "exceptions=true", "deleted=true", "provisional=true",
		"custom=level:%E9%AB%98", "custom=note:%E5%A4%87%E6%B3%A8+00a"}
}

// asked is one request, and the CPU it took.
type asked struct {
	who, path string
	took      time.Duration
	bytes     int // of the answer
}

func listsOf(filters []string) (out []asked) {
	for i, a := range filters {
		for _, b := range filters[i:] {
			for _, sort := range []string{"name", "created", "amount", "expected", "entered", "closed", "progress", "contact"} {
				for _, desc := range []string{"true", "false"} {
					for _, who := range []string{"rep", "manager", "director"} {
						if a == "" || a != b && parameter(a) != parameter(b) {
							out = append(out, asked{who: who, path: "/api/opportunities?limit=50&sort=" + sort + "&desc=" + desc + "&" + a + "&" + b})
						}
					}
				}
			}
		}
	}
	return out
}

// parameter is the name of a filter's first.
func parameter(filter string) string {
	name, _, _ := strings.Cut(filter, "=")
	return name
}

func boardsOf(w *apptest.World, filters []string) (out []asked) {
	for _, a := range filters {
		if parameter(a) == "pipeline" {
			continue
		}
		for _, who := range []string{"rep", "manager", "director"} {
			out = append(out, asked{who: who, path: "/api/board?pipeline=" + w.Bid.PipelineID + "&" + a})
		}
	}
	return out
}

type slowest struct {
	t      *testing.T
	db     *database.DB
	h      http.Handler
	as     map[string]client
	kind   string
	deals  int
	plain  *strings.Replacer
	before map[string]took // of the size before
}

// ask tells how many bytes the answer has.
func (s *slowest) ask(x asked) int {
	r := httptest.NewRequestWithContext(s.t.Context(), "GET", x.path, nil)
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: s.as[x.who].token})
	rec := httptest.NewRecorder()
	if s.h.ServeHTTP(rec, r); rec.Code != 200 {
		s.t.Fatalf("%s as %s: %d %.200s", x.path, x.who, rec.Code, rec.Body)
	}
	return rec.Body.Len()
}

// print asks each once, the slowest sixty again ten times, and prints the ten slowest of these.
func (s *slowest) print(list []asked) {
	measure := func(x *asked, times int) {
		before, start := databasetest.CPU(s.db), time.Now()
		for range times {
			x.bytes = s.ask(*x)
		}
		if x.took = (databasetest.CPU(s.db) - before) / time.Duration(times); s.db.Dialect() == database.PostgreSQL && times == 1 {
			x.took = time.Since(start) // its processes tell their CPU by the hundredth of a second
		}
	}
	bySlowness := func(a, b asked) int { return int(b.took - a.took) }
	for i := range list {
		measure(&list[i], 1)
		if s.db.Dialect() == database.SQLite {
			s.note(list[i])
		}
	}
	slices.SortFunc(list, bySlowness)
	worst := list[:min(60, len(list))]
	for i := range worst {
		measure(&worst[i], 10)
		s.note(worst[i])
	}
	slices.SortFunc(worst, bySlowness)
	fmt.Printf("%d asked\n| CPU | as | request | growth |\n|---:|---|---|---|\n", len(list))
	for _, x := range worst[:min(10, len(worst))] {
		fmt.Printf("| %.1f ms | %s | %s | %s |\n", ms(x.took), x.who, x.path, s.growth(x))
	}
}
