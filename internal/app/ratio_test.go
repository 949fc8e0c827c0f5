package app_test

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/opportunity"
)

// TestFunnelRatios prints the engine beside PostgreSQL and beside a straight scan of
// memory, as ratios in one run. It measures only where YUNCHOU_BENCH names sizes
// (make bench), and fails on a wrong answer, never on a slow one.
func TestFunnelRatios(t *testing.T) {
	sizes := os.Getenv("YUNCHOU_BENCH")
	if sizes == "" {
		t.Skip("YUNCHOU_BENCH names no sizes; make bench does")
	}
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		ratios(t, n)
	}
}

// sqlUpTo is the size beyond which the SQL answers take minutes each.
const sqlUpTo = 100_000

func ratios(t *testing.T, n int) {
	w := apptest.New(t, databasetest.PostgreSQL(t))
	stays := w.Fill(n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	memory, sql, dir := reference(w.App), reference(w.App), t.TempDir()
	columns := engine.New(w.DB, funneldb.Source{}, enginedb.Rows{}, dir)
	memory.Source = columns
	boss := w.As("管理员")
	whole := funnel.Ask{Pipeline: w.Bid.PipelineID}
	start := time.Now()
	if err := columns.Ready(w.Ctx, boss.TenantID); err != nil {
		t.Fatal(err)
	}
	load := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Printf("\n%d opportunities, %d stays: loaded in %s, %.0f bytes of memory each\n", n, stays, load.Round(time.Millisecond), float64(after.HeapAlloc-before.HeapAlloc)/float64(n))
	start = time.Now()
	if err := columns.Keep(); err != nil {
		t.Fatal(err)
	}
	kept := time.Since(start)
	next := engine.New(w.DB, funneldb.Source{}, &counted{}, dir)
	start = time.Now()
	if err := next.Ready(w.Ctx, boss.TenantID); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	if next.Rows.(*counted).pages > 0 {
		t.Error("the kept columns were not taken up")
	}
	fmt.Printf("kept as a file in %s, taken up from it in %s: %.0f times quicker than loading\n\n", kept.Round(time.Millisecond), took.Round(time.Millisecond), float64(load)/float64(took))
	single(t, w, columns, boss)
	fmt.Printf("\n| whole report | memory | SQL reference | times faster |\n|---|---:|---:|---:|\n")
	today := boss.Today
	for _, q := range []struct {
		name string
		ask  funnel.Ask
	}{
		{"whole", whole},
		{"by owner", funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByOwner}},
		{"by team, last year", funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByTeam, From: today.Add(-365)}},
		{"by month", funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByMonth}},
		{"as of a year ago", funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: today.Add(-365)}},
		{"one owner", funnel.Ask{Pipeline: w.Bid.PipelineID, Filter: opportunity.Filter{Owner: w.ID[apptest.Seller(7)]}}},
	} {
		var a, b string
		mem := median(t, 5, func() { a = answer(t, memory, boss, q.ask) })
		if n > sqlUpTo {
			fmt.Printf("| %s | %s | — | — |\n", q.name, mem.Round(10*time.Microsecond))
			continue
		}
		rel := median(t, 1, func() { b = answer(t, sql, boss, q.ask) })
		if a != b {
			t.Errorf("%s: the answers differ:\n%s\n%s", q.name, a, b)
		}
		fmt.Printf("| %s | %s | %s | %.0f |\n", q.name, mem.Round(10*time.Microsecond), rel.Round(time.Millisecond), float64(rel)/float64(mem))
	}
	bytes := make([]int64, int(after.HeapAlloc-before.HeapAlloc)/8)
	var sum int64
	straight := median(t, 5, func() {
		for _, v := range bytes {
			sum += v
		}
	})
	fmt.Printf("straight scan of as many bytes, one processor: %s (%d)\n", straight.Round(10*time.Microsecond), sum)
}

func median(t *testing.T, times int, run func()) time.Duration {
	t.Helper()
	var took []time.Duration
	for range times {
		start := time.Now()
		run()
		took = append(took, time.Since(start))
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	return took[len(took)/2]
}
