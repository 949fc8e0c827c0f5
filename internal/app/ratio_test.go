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
	"yunchou/internal/database"
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
	for i := range 60 {
		w.AddMember(fmt.Sprintf("销售%d", i), w.ID[[]string{"一组", "二组"}[i%2]], false, "rep")
	}
	stays := fill(t, w, n)
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
		{"one owner", funnel.Ask{Pipeline: w.Bid.PipelineID, Filter: opportunity.Filter{Owner: w.ID["销售7"]}}},
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

// fill writes n opportunities with their stays by SQL: about five stays each over
// five years, a sixth won, half lost.
func fill(t *testing.T, w *apptest.World, n int) (stays int64) {
	t.Helper()
	var open []string
	for _, s := range w.Bid.Stages {
		if s.Kind == "open" {
			open = append(open, "'"+s.ID+"'")
		}
	}
	var sellers []string
	for i := range 60 {
		sellers = append(sellers, "'"+w.ID[fmt.Sprintf("销售%d", i)]+"'")
	}
	arrays := fmt.Sprintf("(ARRAY[%s])", strings.Join(open, ","))
	shape := fmt.Sprintf(`WITH x AS (SELECT i, '00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS id, (i * 2654435761) %% 1000003 AS h, (i * 40503) %% 100 AS o FROM generate_series(CAST(1 AS bigint), %d) AS i),
		y AS (SELECT x.*, CASE WHEN o < 16 THEN 6 ELSE 2 + h %% 5 END AS depth, CASE WHEN o < 16 THEN 'won' WHEN o < 66 THEN 'lost' ELSE 'open' END AS state, date '2021-01-01' + CAST(h %% 1800 AS int) AS began, CAST(3 + h %% 9 AS int) AS step FROM x) `, n)
	closing := func(alias string) string {
		return fmt.Sprintf("CASE %s.state WHEN 'won' THEN '%s' WHEN 'lost' THEN '%s' END", alias, w.Bid.OfKind("won").ID, w.Bid.OfKind("lost").ID)
	}
	for _, q := range []string{
		shape + fmt.Sprintf(`INSERT INTO opportunity (tenant_id, id, name, name_key, pinyin, initials, pipeline_id, version_id, owner_id, region, amount_minor, contract_minor, currency, expected_on, confidence_bp, source, created_on, created_at, created_by, state, stage_id, entered_on, closed_on, loss_kind, progress_on, version)
			SELECT $1, id, '商机' || i, '商机' || i, 'shangji' || i, 'sj' || i, '%s', '%s', (ARRAY[%s])[1 + h %% 60], '华东', 100000 * (1 + h %% 900), CASE WHEN state = 'won' THEN 100000 * (1 + h %% 900) END, 'CNY', to_char(began + 150, 'YYYY-MM-DD'),
				CASE WHEN h %% 3 = 0 THEN 1000 + 100 * (h %% 20) END, (ARRAY['展会','转介绍',''])[1 + h %% 3], to_char(began, 'YYYY-MM-DD'), to_char(began, 'YYYY-MM-DD') || 'T02:00:00.000Z', '%s', state,
				COALESCE(%s, %s[depth]), to_char(began + CAST(CASE WHEN state = 'open' THEN depth - 1 ELSE depth END AS int) * step, 'YYYY-MM-DD'), CASE WHEN state <> 'open' THEN to_char(began + CAST(depth AS int) * step, 'YYYY-MM-DD') END,
				CASE WHEN state = 'lost' THEN (ARRAY['competitor','no_decision','cancelled'])[1 + h %% 3] END, to_char(began, 'YYYY-MM-DD'), 1 FROM y`, w.Bid.PipelineID, w.Bid.ID, strings.Join(sellers, ","), w.Admin.MemberID, closing("y"), arrays),
		shape + fmt.Sprintf(`INSERT INTO stay (tenant_id, opportunity_id, ord, id, pipeline_id, version_id, stage_id, state, move, entered_on, recorded_at, recorded_on, member_id, left_on, left_move)
			SELECT $1, id, k * 1000, id || '-' || k, '%s', '%s', CASE WHEN k <= depth THEN %s[k] ELSE %s END, CASE WHEN k <= depth THEN 'open' ELSE state END, CASE WHEN k = 1 THEN 'create' WHEN k <= depth THEN 'advance' WHEN state = 'won' THEN 'win' ELSE 'lose' END,
				to_char(began + CAST(k - 1 AS int) * step, 'YYYY-MM-DD'), to_char(began, 'YYYY-MM-DD') || 'T02:00:00.000Z', to_char(began + CAST(k - 1 AS int) * step, 'YYYY-MM-DD'), '%s',
				CASE WHEN k < depth OR k = depth AND state <> 'open' THEN to_char(began + CAST(k AS int) * step, 'YYYY-MM-DD') END, CASE WHEN k < depth THEN 'advance' WHEN k = depth AND state = 'won' THEN 'win' WHEN k = depth AND state = 'lost' THEN 'lose' END
			FROM y, LATERAL generate_series(1, depth + CASE WHEN state = 'open' THEN 0 ELSE 1 END) AS k`, w.Bid.PipelineID, w.Bid.ID, arrays, closing("y"), w.Admin.MemberID),
		`INSERT INTO ownership (tenant_id, record_id, ord, record_kind, member_id, from_on) SELECT tenant_id, id, 1, 'opportunity', owner_id, '1900-01-01' FROM opportunity WHERE tenant_id = $1`,
	} {
		err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
			// References hold by the way the rows are made; checking 15 million takes longer than writing them.
			if _, err := tx.Exec(w.Ctx, "SET LOCAL session_replication_role = replica"); err != nil {
				return err
			}
			_, err := tx.Exec(w.Ctx, q, w.Admin.TenantID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DB.Analyze(w.Ctx); err != nil {
		t.Fatal(err)
	}
	err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT count(*) FROM stay WHERE tenant_id = $1`, w.Admin.TenantID).Scan(&stays)
	})
	if err != nil {
		t.Fatal(err)
	}
	return stays
}
