package engine

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// TestBesideDuckDB prints single questions beside DuckDB in memory over the same columns, in one
// run: CPU and ratio. YUNCHOU_DUCKDB is where its npm package is installed (make bench does). It
// fails on a wrong answer, never on a slow one.
func TestBesideDuckDB(t *testing.T) {
	packages := os.Getenv("YUNCHOU_DUCKDB")
	if packages == "" {
		t.Skip("YUNCHOU_DUCKDB names no directory with DuckDB's package; make bench does")
	}
	n := benchDeals()
	s, q := synthetic(n)
	lastYear := q
	lastYear.From, lastYear.Filter.States = q.AsOf.Add(-365), []opportunity.State{opportunity.Won, opportunity.Lost}
	dir := t.TempDir()
	writeColumns(t, s, dir)
	raw, err := exec.CommandContext(t.Context(), "node", "../../../scripts/duckdb.mjs", packages, dir, fmt.Sprint(dayOf(lastYear.From))).Output()
	if err != nil {
		t.Fatalf("%v %s", err, raw)
	}
	theirs := map[string]struct {
		MS   float64
		Rows []string
	}{}
	if err := json.Unmarshal(raw, &theirs); err != nil {
		t.Fatal(err)
	}
	year := &session{snapshot: s.snapshot}
	if err := year.prepare(t.Context(), database.Tx{}, nil, lastYear); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("\n%d deals, CPU\n| question | memory, first asked | DuckDB | times faster |\n|---|---:|---:|---:|\n", n)
	for _, x := range besideDuckDB(t, s, year, q) {
		var took []float64
		var rows []string
		for range 7 {
			s.memos, year.memos, year.picked = newMemos(), newMemos(), nil
			before := cpuNow(t)
			rows = x.ask()
			took = append(took, float64((cpuNow(t)-before).Microseconds())/1000)
		}
		slices.Sort(took)
		slices.Sort(rows)
		them := theirs[x.name]
		if want := strings.Join(them.Rows, "\n"); want != strings.Join(rows, "\n") {
			t.Errorf("%s:\nDuckDB\n%.400s\nmemory\n%.400s", x.name, want, strings.Join(rows, "\n"))
		}
		fmt.Printf("| %s | %.1f ms | %.1f ms | %.1f |\n", x.name, took[3], them.MS, them.MS/took[3])
	}
}

func cpuNow(t *testing.T) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

type besides struct {
	name string
	ask  func() []string // key, number and sum
}

// byKey adds rows up by key.
func byKey[T any](list []T, err error, of func(x T) (key string, n, sum int64)) (out []string) {
	sums := map[string][2]int64{}
	for _, x := range list {
		if key, n, sum := of(x); key != "" {
			sums[key] = [2]int64{sums[key][0] + n, sums[key][1] + sum}
		}
	}
	for key, v := range sums {
		out = append(out, fmt.Sprint(key[1:], " ", v[0], " ", v[1]))
	}
	if err != nil {
		panic(err)
	}
	return out
}

func besideDuckDB(t *testing.T, s, year *session, q funnel.Query) []besides {
	byOwner := q
	byOwner.Group = funnel.ByOwner
	return []besides{
		{"open deals and amount by stage", func() []string {
			list, err := s.Open(t.Context(), database.Tx{}, q)
			return byKey(list, err, func(x funnel.OpenSum) (string, int64, int64) { return x.StageID, x.N, x.Minor })
		}},
		{"won and lost by owner, last year", func() []string {
			list, err := year.Counts(t.Context(), database.Tx{}, byOwner)
			return byKey(list, err, func(x funnel.Count) (string, int64, int64) {
				if x.State == "open" || !x.InClosed {
					return "", 0, 0
				}
				return x.Key, x.N, x.Minor
			})
		}},
		{"how many reached each stage", func() []string {
			list, err := s.Reached(t.Context(), database.Tx{}, q)
			return byKey(list, err, func(x funnel.Reach) (string, int64, int64) {
				if x.StageID == "s7" {
					return "", 0, 0
				}
				return x.StageID, x.N, 0
			})
		}},
		{"p90 of dwell by stage", func() []string {
			list, err := s.Stays(t.Context(), database.Tx{}, q)
			by := map[string][]funnel.Duration{}
			for _, x := range list.Days {
				by[x.StageID] = append(by[x.StageID], funnel.Duration{Days: x.Length, Count: x.N})
			}
			var out []string
			for stage, list := range by {
				d := funnel.Summarise(list)
				out = append(out, fmt.Sprint(stage[1:], " ", d.N, " ", *d.P90))
			}
			if err != nil {
				t.Fatal(err)
			}
			return out
		}},
	}
}

// writeColumns writes what the questions read as CSV.
func writeColumns(t *testing.T, s *session, dir string) {
	t.Helper()
	var files [2]*bufio.Writer
	for k, name := range []string{"deal.csv", "stay.csv"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[k] = bufio.NewWriter(f)
		defer files[k].Flush() //nolint:errcheck // a file cut short gives a wrong answer
	}
	fmt.Fprintln(files[0], "id,state,stage,owner,amount,closed")
	fmt.Fprintln(files[1], "deal,stage,state,entered_on,left_on")
	number := func(text string) string { return text[strings.LastIndexByte(text, 's')+1:] } // of a stage
	id := 0
	for _, c := range s.chunks {
		for i := range c.id {
			id++
			fmt.Fprintf(files[0], "%d,%d,%s,%s,%d,%d\n", id, c.state.at(i), number(s.text[c.stage.at(i)]), s.text[c.owner.at(i)][1:],
				c.amount.at(i), c.closed.at(i))
			stays := c.stays.at(i)
			for k := range stays {
				left := ""
				if k+1 < len(stays) {
					left = fmt.Sprint(stays[k+1].since)
				}
				fmt.Fprintf(files[1], "%d,%s,%d,%d,%s\n", id, number(s.pairs[stays[k].pair]), stays[k].state(), stays[k].since, left)
			}
		}
	}
}
