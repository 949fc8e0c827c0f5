package app_test

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

func benchmarking(t *testing.T) {
	t.Helper()
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("YUNCHOU_BENCH is not set; make bench sets it")
	}
}

// rate is how often per second so many writers get something done in a while.
func rate(t *testing.T, writers int, lasts time.Duration, do func(writer, i int) error) float64 {
	t.Helper()
	var wait sync.WaitGroup
	counts, end, start := make([]int, writers), time.Now().Add(lasts), time.Now()
	for w := range writers {
		wait.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				if err := do(w, i); err != nil {
					t.Error(err)
					return
				}
				counts[w]++
			}
		})
	}
	wait.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return float64(total) / time.Since(start).Seconds()
}

// TestMoveRates prints moves beside bare durable commits of one row, at 1 and 32 writers,
// within one company and across 32, and the CPU of a move.
func TestMoveRates(t *testing.T) {
	benchmarking(t)
	fmt.Printf("\n| engine | writers | companies | bare commits/s | moves/s | commits' worth of a move | CPU of a move |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		db := databasetest.SQLite(t)
		if kind == "PostgreSQL" {
			db = databasetest.PostgreSQL(t)
		}
		w := apptest.New(t, db)
		for _, x := range []struct{ writers, companies int }{{1, 1}, {32, 1}, {32, 32}} {
			records := make([]*mover, x.writers)
			for i := range records {
				if i < x.companies {
					records[i] = newCompany(t, w, fmt.Sprint(kind, x.writers, x.companies, i))
				} else {
					records[i] = &mover{actor: records[i%x.companies].actor}
				}
				records[i].ready(t, w, 1600/x.writers+20)
			}
			bare := rate(t, x.writers, 3*time.Second, func(writer, i int) error {
				return db.Write(w.Ctx, func(tx database.Tx) error {
					_, err := tx.Exec(w.Ctx, `UPDATE session SET agent = $1 WHERE id = $2`, strconv.Itoa(i), "nobody")
					if err != nil {
						return err
					}
					_, err = tx.Exec(w.Ctx, `UPDATE idempotency_key SET key = key WHERE tenant_id = $1`, strconv.Itoa(writer))
					if err != nil {
						return err
					}
					_, err = tx.Exec(w.Ctx, `UPDATE opportunity SET pushes = pushes + 1 WHERE tenant_id = $1 AND id = $2`, records[writer].actor.TenantID, records[writer].waiting[0])
					return err
				})
			})
			before, moved := databasetest.CPU(db), atomic.Int64{}
			moves := rate(t, x.writers, 3*time.Second, func(writer, _ int) error { moved.Add(1); return records[writer].move(w) })
			cpu := (databasetest.CPU(db) - before) / time.Duration(moved.Load())
			fmt.Printf("| %s | %d | %d | %.0f | %.0f | %.1f | %.2f ms |\n", kind, x.writers, x.companies, bare, moves, bare/moves, float64(cpu.Microseconds())/1000)
		}
	}
}

// mover walks records up their path, one after another, as deals go.
type mover struct {
	actor   org.Actor
	stages  []string
	waiting []string // records in the first stage
	at      int      // of the first of them
}

func newCompany(t *testing.T, w *apptest.World, name string) *mover {
	t.Helper()
	a, err := w.NewCompany(w.Ctx, org.Setup{Company: name, AdminName: "管理员"})
	if err != nil {
		t.Fatal(err)
	}
	return &mover{actor: a}
}

// ready creates records for a while's moves: creating them is not timed.
func (m *mover) ready(t *testing.T, w *apptest.World, n int) {
	t.Helper()
	v, err := w.Pipelines.Get(w.Ctx, m.actor, "投标流程")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range v.Stages {
		if s.Kind == "open" {
			m.stages = append(m.stages, s.ID)
		}
	}
	for range n {
		o, err := w.Opportunities.Create(w.Ctx, m.actor, opportunity.New{Name: "商机", PipelineID: v.PipelineID})
		if err != nil {
			t.Fatal(err)
		}
		m.waiting = append(m.waiting, o.ID)
	}
}

// move goes one stage on; at the end of the path the next record begins.
func (m *mover) move(w *apptest.World) error {
	if m.at == len(m.stages)-1 {
		m.at = 0
		if m.waiting = m.waiting[1:]; len(m.waiting) == 0 {
			return errors.New("too few records were made ready")
		}
	}
	m.at++
	_, err := w.Opportunities.Move(w.Ctx, m.actor, m.waiting[0], opportunity.MoveRequest{To: m.stages[m.at], Exception: "急"})
	return err
}

// TestImportRates imports accounts and opportunities linked by a business key, and writes
// the same physical rows again by plain multi-row inserts into an empty database.
func TestImportRates(t *testing.T) {
	benchmarking(t)
	n := 20_000
	if text := os.Getenv("YUNCHOU_BENCH_IMPORT"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	dir := t.TempDir()
	files := writeFiles(t, dir, n)
	m, err := intake.ParseMapping([]byte(`version: 1
source: bench
files:
- match: accounts.*
  kind: account
  columns: {externalId: 客户编号, name: 客户名称, industry: 行业}
- match: deals.*
  kind: opportunity
  pipeline: 投标流程
  columns: {externalId: 编号, name: 商机名称, account: 客户名称, owner: 负责人, stage: 阶段, amount: 金额, createdOn: 创建日期, closedOn: 关闭日期}
`))
	if err != nil {
		t.Fatal(err)
	}
	books := asWorkbooks(t, dir, files)
	fmt.Printf("\n| engine | accounts + opportunities | import | CPU | plain inserts of its rows | share of their rate | as workbooks, CPU | target |\n|---|---:|---:|---:|---:|---:|---:|---|\n")
	for _, kind := range []string{"PostgreSQL", "SQLite"} {
		open := func() *database.DB {
			if kind == "PostgreSQL" {
				return databasetest.PostgreSQL(t)
			}
			return databasetest.SQLite(t)
		}
		db := open()
		w := apptest.New(t, db)
		empty := open
		if kind == "SQLite" {
			empty = copyOf(t, w, dir)
		}
		took, spent := importing(t, w, m, files, n)
		plain := copyRows(t, db, empty(), w.Admin.TenantID)
		_, ofBooks := importing(t, apptest.New(t, open()), m, books, n)
		target := "a third; 100,000 + 100,000 under 30 s; workbooks within a half"
		fmt.Printf("| %s | %d + %d | %s | %s | %s | %.2f | %.2f times | %s |\n", kind, n, n, took.Round(100*time.Millisecond), spent.Round(100*time.Millisecond),
			plain.Round(100*time.Millisecond), float64(plain)/float64(took), float64(ofBooks)/float64(spent), target)
	}
}

// importing imports files that make n accounts and as many deals, and says how long that took
// and how much CPU.
func importing(t *testing.T, w *apptest.World, m intake.Mapping, files []intake.File, n int) (took, spent time.Duration) {
	t.Helper()
	start, before := time.Now(), databasetest.CPU(w.DB)
	batch, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, files, false)
	if err != nil {
		t.Fatal(err)
	}
	took, spent = time.Since(start), databasetest.CPU(w.DB)-before
	if c := batch.Summary.Created; c["account"] != int64(n) || c["opportunity"] != int64(n) {
		t.Errorf("%+v", batch.Summary)
	}
	return took, spent
}

// copyOf copies a SQLite database as it is now and opens the copy when asked: what the rows an
// import makes refer to must be in the database they are copied into.
func copyOf(t *testing.T, w *apptest.World, dir string) func() *database.DB {
	t.Helper()
	before := filepath.Join(dir, "before", database.FileName)
	if err := os.MkdirAll(filepath.Dir(before), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DB.Backup(w.Ctx, before); err != nil {
		t.Fatal(err)
	}
	return func() *database.DB {
		copy, err := database.OpenSQLite(filepath.Dir(before))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { copy.Close() })
		return copy
	}
}

// asWorkbooks writes CSV files as workbooks.
func asWorkbooks(t *testing.T, dir string, files []intake.File) (books []intake.File) {
	t.Helper()
	for _, f := range files {
		raw, err := os.ReadFile(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(f.Name, ".csv") + ".xlsx"
		out, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		table, err := sheet.New(out, sheet.XLSX)
		for line := range strings.Lines(string(raw)) {
			var cells []any
			for _, c := range strings.Split(strings.TrimSpace(line), ",") {
				cells = append(cells, c)
			}
			err = errors.Join(err, table.Row(cells))
		}
		if err = errors.Join(err, table.Close()); err != nil {
			t.Fatal(err)
		}
		books = append(books, intake.File{Name: name, Path: out.Name()})
	}
	return books
}

func writeFiles(t *testing.T, dir string, n int) []intake.File {
	t.Helper()
	write := func(name, head string, line func(i int) string) intake.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b := bufio.NewWriter(f)
		fmt.Fprintln(b, head)
		for i := range n {
			fmt.Fprintln(b, line(i))
		}
		if err := b.Flush(); err != nil {
			t.Fatal(err)
		}
		return intake.File{Name: name, Path: filepath.Join(dir, name)}
	}
	return []intake.File{
		write("accounts.csv", "客户编号,客户名称,行业", func(i int) string {
			return fmt.Sprintf("K%06d,华新机电第%d公司,%s", i, i, []string{"汽车", "电子"}[i%2])
		}),
		write("deals.csv", "编号,商机名称,客户名称,负责人,阶段,金额,创建日期,关闭日期", func(i int) string {
			stage, closed := []string{"机会", "报价", "中标", "丢单"}[i%4], ""
			if i%4 > 1 {
				closed = fmt.Sprintf("2026-02-%02d", 1+i%28)
			}
			return fmt.Sprintf("N%06d,产线改造%d,华新机电第%d公司,陈露,%s,%d,2026-01-%02d,%s", i, i, (i*7919)%n, stage, 1000+i%5000, 1+i%28, closed)
		}),
	}
}

// copied are the tables an import fills, in the order their references allow.
var copied = []string{"import_batch", "account", "opportunity", "stay", "ownership", "opportunity_share", "external_ref", "credit_line", "import_change", "journal"}

// copyRows writes the rows an import made into a database without them, by multi-row
// inserts in transactions as large as an import's, references checked. What the rows refer
// to is copied first and not timed.
func copyRows(t *testing.T, from, to *database.DB, tenant string) (took time.Duration) {
	t.Helper()
	for _, table := range referredTo(t, from) {
		if _, err := copyTable(t, from, to, table, tenant, true); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	for _, table := range copied {
		d, err := copyTable(t, from, to, table, tenant, false)
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		took += d
	}
	return took
}

// referredTo are the other tables of a company: on SQLite the database they are in was
// copied whole.
func referredTo(t *testing.T, db *database.DB) (tables []string) {
	if db.Dialect() == database.SQLite {
		return nil
	}
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'`)
		tables, err = database.All(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tables = slices.DeleteFunc(tables, func(name string) bool { return slices.Contains(copied, name) })
	return append([]string{"tenant"}, tables...)
}

func copyTable(t *testing.T, from, to *database.DB, table, tenant string, unchecked bool) (took time.Duration, err error) {
	t.Helper()
	ctx := t.Context()
	var columns []string
	var all [][]any
	key := "tenant_id"
	if table == "tenant" {
		key = "id"
	}
	err = from.Read(ctx, func(tx database.Tx) error {
		rows, err := tx.Query(ctx, "SELECT * FROM "+table+" WHERE "+key+" = $1", tenant)
		if err != nil {
			return err
		}
		defer rows.Close()
		if columns, err = rows.Columns(); err != nil {
			return err
		}
		for rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			all = append(all, row)
		}
		return rows.Err()
	})
	for from := 0; from < len(all) && err == nil; from += database.MaxRecords {
		part := all[from:min(len(all), from+database.MaxRecords)]
		start := time.Now()
		err = to.Write(ctx, func(tx database.Tx) error {
			if unchecked {
				if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
					return err
				}
			}
			return tx.InsertMany(ctx, table, strings.Join(columns, ", "), "ON CONFLICT DO NOTHING", part)
		})
		took += time.Since(start)
	}
	return took, err
}
