package app_test

import (
	"encoding/csv"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/intake"
	"yunchou/internal/org"
)

// publicData is where the public sets lie beside a checkout; they may not ship.
func publicData(t *testing.T, set string) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", set)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("public data set %s is not beside this checkout (%s)", set, dir)
	}
	return dir
}

func importSet(t *testing.T, db *database.DB, set, mapping string, names ...string) (*app.App, org.Actor, intake.Batch) {
	t.Helper()
	dir := publicData(t, set)
	a := app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
	raw, err := os.ReadFile(filepath.Join("..", "..", "examples", "mappings", mapping))
	if err != nil {
		t.Fatal(err)
	}
	m, err := intake.ParseMapping(raw)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := a.NewCompany(t.Context(), org.Setup{Company: m.Company.Name, Currency: m.Company.Currency, Zone: m.Company.TimeZone, Locale: m.Company.Locale})
	if err != nil {
		t.Fatal(err)
	}
	var files []intake.File
	for _, n := range names {
		path, err := intake.Unpack(filepath.Join(dir, n), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, intake.File{Name: n, Path: path})
	}
	b, err := a.Intake.Import(t.Context(), actor, m, files, false)
	if err != nil {
		t.Fatal(err)
	}
	if actor, err = a.Org.System(t.Context(), actor.TenantID, "", "cli"); err != nil {
		t.Fatal(err)
	}
	return a, actor, b
}

func table(t *testing.T, path string) []map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// TestMavenAgreesWithAnIndependentCount counts the file itself, a few lines beside
// the product's own way, whole and by sales agent.
func TestMavenAgreesWithAnIndependentCount(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		a, actor, b := importSet(t, db, "maven-crm-sales", "maven-crm-sales.yaml", "sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv")
		for kind, want := range map[string]int64{"opportunity": 8800, "account": 85, "product": 7, "member": 35, "manager": 6, "team": 9} {
			if got := b.Summary.Created[kind]; got != want {
				t.Errorf("%d %s, want %d", got, kind, want)
			}
		}
		r, err := a.Funnel.Report(t.Context(), actor, funnel.Ask{Pipeline: "Maven", Group: funnel.ByOwner})
		if err != nil {
			t.Fatal(err)
		}
		type count struct {
			created, won, lost int64
			days               []int
		}
		by := map[string]*count{"": {}}
		for _, row := range table(t, filepath.Join(publicData(t, "maven-crm-sales"), "sales_pipeline.csv")) {
			who := row["sales_agent"]
			if by[who] == nil {
				by[who] = &count{}
			}
			for _, c := range []*count{by[who], by[""]} {
				c.created++
				switch row["deal_stage"] {
				case "Won":
					c.won++
					from, _ := time.Parse(time.DateOnly, row["engage_date"])
					to, _ := time.Parse(time.DateOnly, row["close_date"])
					c.days = append(c.days, int(to.Sub(from).Hours()/24))
				case "Lost":
					c.lost++
				}
			}
		}
		same := func(name string, c *count, p funnel.Population, cycle funnel.Days) {
			sort.Ints(c.days)
			n := len(c.days)
			median := float64(c.days[(n-1)/2]+c.days[n/2]) / 2
			if p.Created != c.created || p.Won != c.won || p.Lost != c.lost || *cycle.Median != median {
				t.Errorf("%q: %+v median %v, counted %d %d %d median %v", name, p, *cycle.Median, c.created, c.won, c.lost, median)
			}
		}
		same("whole", by[""], r.Population, r.Cycle.Won)
		if len(r.Groups) != len(by)-1 {
			t.Errorf("%d groups, counted %d", len(r.Groups), len(by)-1)
		}
		for _, g := range r.Groups {
			same(g.Key, by[g.Key], g.Population, g.Cycle.Won)
		}
		if r.Stages[0].Reached != 8800 || r.Stages[1].Reached != 8300 || r.Stages[2].Reached != 4238 || r.Stages[3].Reached != 2473 {
			t.Errorf("reached %d %d %d %d", r.Stages[0].Reached, r.Stages[1].Reached, r.Stages[2].Reached, r.Stages[3].Reached)
		}
		// The history answers the same for a past day as the columns do for today.
		past, err := a.Funnel.Report(t.Context(), actor, funnel.Ask{Pipeline: "Maven", AsOf: "2017-12-31"})
		if err != nil || past.Population.Won != 4238 || past.Population.Lost != 2473 || past.Population.Created != 8300 {
			t.Errorf("as of the last day of the data: %+v %v", past.Population, err)
		}
	})
}

// TestHelpdeskStaysAgreeWithTheLog walks the event log and counts stays: an event
// that repeats the present activity continues the stay.
func TestHelpdeskStaysAgreeWithTheLog(t *testing.T) {
	db := databasetest.SQLite(t)
	a, actor, b := importSet(t, db, "helpdesk-log", "helpdesk-log.yaml", "helpdesk.csv")
	if b.Summary.Created["opportunity"] != 4580 || b.Summary.Rows != 21348 || b.Summary.Refused != 0 {
		t.Errorf("%+v", b.Summary)
	}
	type event struct {
		activity string
		at       time.Time
	}
	cases := map[string][]event{}
	for _, row := range table(t, filepath.Join(publicData(t, "helpdesk-log"), "helpdesk.csv")) {
		at, err := time.Parse("2006-01-02T15:04:05.000Z07:00", row["time:timestamp"])
		if err != nil {
			t.Fatal(err)
		}
		id := row["case:concept:name"]
		cases[id] = append(cases[id], event{row["concept:name"], at})
	}
	want := map[string]int64{}
	for _, log := range cases {
		sort.SliceStable(log, func(i, j int) bool { return log[i].at.Before(log[j].at) })
		last := ""
		for _, e := range log {
			if e.activity != last {
				want[e.activity]++
			}
			last = e.activity
		}
	}
	want["withdrawn"] = want["DUPLICATE"]
	delete(want, "DUPLICATE")
	got := map[string]int64{}
	err := a.DB.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT COALESCE(st.name, 'withdrawn'), count(*) FROM stay s LEFT JOIN stage st ON st.tenant_id = s.tenant_id AND st.id = s.stage_id
			WHERE s.tenant_id = $1 AND s.voided_at IS NULL GROUP BY st.name`, actor.TenantID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var n int64
			if err := rows.Scan(&name, &n); err != nil {
				return err
			}
			got[name] = n
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: %d stays, the log has %d", name, got[name], n)
		}
	}
}

func TestTheOtherPublicSetsImportWithTheirDirtNamed(t *testing.T) {
	for _, tt := range []struct {
		set, mapping, file string
		created            map[string]int64
		notes              map[string]int64
	}{
		{"eci-open-opportunities", "eci-open-opportunities.yaml", "Validacion_ECI_2020.csv", map[string]int64{"opportunity": 1567, "account": 508, "member": 35}, map[string]int64{"header_blank": 1}},
		{"it-services-bids", "it-services-bids.yaml", "deals_2011_2017.csv", map[string]int64{"opportunity": 7697, "member": 235}, map[string]int64{"closed_undated": 7697}},
		{"ibm-sales-win-loss", "ibm-sales-win-loss.yaml", "sales_win_loss_train.csv.gz", map[string]int64{"opportunity": 54623}, map[string]int64{"id_repeated_kept": 143}},
	} {
		t.Run(tt.set, func(t *testing.T) {
			if tt.set == "ibm-sales-win-loss" && os.Getenv("YUNCHOU_SOAK") == "" {
				t.Skip("54,623 rows: in make soak")
			}
			_, _, b := importSet(t, databasetest.SQLite(t), tt.set, tt.mapping, tt.file)
			for kind, want := range tt.created {
				if b.Summary.Created[kind] != want {
					t.Errorf("%d %s, want %d", b.Summary.Created[kind], kind, want)
				}
			}
			notes := map[string]int64{}
			for _, n := range b.Summary.Notes {
				notes[n.Code] += n.Count
			}
			for code, want := range tt.notes {
				if notes[code] != want {
					t.Errorf("%s noted %d times, want %d", code, notes[code], want)
				}
			}
			if b.Summary.Refused != 0 {
				t.Errorf("%d rows refused", b.Summary.Refused)
			}
		})
	}
}
