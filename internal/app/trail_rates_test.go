package app_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/page"
)

// TestTrailRates prints what pages of the audit trail take at a million entries, beside the same at
// ten thousand: a page is a walk along an index, so the ratio stays near one. It measures only where
// YUNCHOU_BENCH names sizes (make bench), and fails on a wrong answer, never on a slow one.
func TestTrailRates(t *testing.T) {
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("YUNCHOU_BENCH names no sizes; make bench does")
	}
	const few, many = 10_000, 1_000_000
	for name, open := range map[string]func(testing.TB) *database.DB{"SQLite": databasetest.SQLite, "PostgreSQL": databasetest.PostgreSQL} {
		t.Run(name, func(t *testing.T) { compareTrails(t, name, open, few, many) })
	}
}

func compareTrails(t *testing.T, name string, open func(testing.TB) *database.DB, few, many int) {
	small := trailed(t, open(t), few)
	large := trailed(t, open(t), many)
	fmt.Printf("\n%s, a page of 50 of the audit trail\n\n| page | %d entries | %d entries | ratio |\n|---|---:|---:|---:|\n", name, few, many)
	for _, x := range []string{"first", "first, of a rare kind", "first, of a common kind", "first, of a person", "first, about a member",
		"first, from an address", "first, of a month two years ago", "first, what failed", "first, of a rare failure", "in the middle, by its cursor",
		"in the middle, of a person"} {
		a, b := small.page(t, x), large.page(t, x)
		fmt.Printf("| %s | %s | %s | %.1f |\n", x, a.Round(10*time.Microsecond), b.Round(10*time.Microsecond), float64(b)/float64(a))
	}
	large.export(t)
}

// trail is a filled world, and where the middle of it is.
type trail struct {
	*apptest.World
	middle time.Time
}

func trailed(t *testing.T, db *database.DB, n int) trail {
	w := apptest.New(t, db)
	start := time.Now()
	w.FillTrail(n)
	fmt.Printf("%d entries, a fifth of them in the trail, filled in %s\n", n, time.Since(start).Round(time.Second))
	return trail{w, time.Date(2022, 6, 1, 0, 0, 0, 0, time.UTC)}
}

// page is how long a page takes, the median of eleven.
func (w trail) page(t *testing.T, which string) time.Duration {
	t.Helper()
	q, r := audit.Query{}, page.Request{}
	switch which {
	case "first, of a rare kind":
		q.Kind = "member.role_set"
	case "first, of a common kind":
		q.Kind = "member.signed_in"
	case "first, of a person":
		q.Person = w.ID["陈露"]
	case "first, about a member":
		q.About = w.ID["陈露"]
	case "first, from an address":
		q.Address = "198.51.100.35"
	case "first, of a month two years ago":
		q.From, q.To = w.middle.AddDate(0, -1, 0), w.middle
	case "first, what failed":
		q.Outcome = audit.Failed
	case "first, of a rare failure":
		q.Kind = audit.FactorFailed
	case "in the middle, by its cursor", "in the middle, of a person":
		if which == "in the middle, of a person" {
			q.Person = w.ID["陈露"]
		}
		to := q
		to.To = w.middle
		list, err := w.Audit.List(w.Ctx, w.As("管理员"), to, page.Request{})
		if err != nil || list.Next == "" {
			t.Fatal(which, err)
		}
		r.Cursor = list.Next
	}
	return median(t, 11, func() {
		list, err := w.Audit.List(w.Ctx, w.As("管理员"), q, r)
		if err != nil || len(list.Items) == 0 && which != "first, of a rare kind" {
			t.Fatal(which, len(list.Items), err)
		}
	})
}

// export walks the whole trail as a file is made of it, and prints how much memory that holds.
func (w trail) export(t *testing.T) {
	t.Helper()
	var most uint64
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, rows, start := m.HeapAlloc, 0, time.Now()
	err := w.Audit.Export(w.Ctx, w.As("管理员"), audit.Query{}, "csv", func(audit.Item) error {
		if rows++; rows%20_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	fmt.Printf("\nthe whole trail as a file: %d rows in %s, %.0f a second, %.1f MiB held more than before\n", rows, took.Round(100*time.Millisecond),
		float64(rows)/took.Seconds(), (float64(most)-float64(before))/(1<<20))
}
