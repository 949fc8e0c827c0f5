package app_test

import (
	"database/sql"
	"fmt"
	"sort"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// single prints single questions beside SQL written by hand for each of them alone,
// on indexes made for them, and compares the answers. What every report asks in
// passing — scope, day of the report, currencies, deletions — is left out of the SQL.
func single(t *testing.T, w *apptest.World, columns funnel.Source, boss org.Actor) {
	t.Helper()
	for _, index := range []string{
		`CREATE INDEX bench_open ON opportunity (tenant_id, pipeline_id, state, stage_id) INCLUDE (amount_minor)`,
		`CREATE INDEX bench_closed ON opportunity (tenant_id, pipeline_id, state, closed_on) INCLUDE (owner_id, amount_minor, contract_minor)`,
		`CREATE INDEX bench_path ON stay (tenant_id, pipeline_id, opportunity_id) INCLUDE (stage_id, state)`,
		`CREATE INDEX bench_dwell ON stay (tenant_id, pipeline_id, stage_id, left_on) INCLUDE (entered_on, state)`,
	} {
		err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(w.Ctx, index)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DB.Analyze(w.Ctx); err != nil {
		t.Fatal(err)
	}
	q := funnel.Query{TenantID: boss.TenantID, Pipeline: w.Bid, Path: pipeline.NewPath(w.Bid, []pipeline.Version{w.Bid}), AsOf: boss.Today, Today: boss.Today,
		Scope: org.Scope{All: true}, Figures: org.Figures{All: true}, Currency: "CNY"}
	year := boss.Today.Add(-365)
	lastYear := q
	lastYear.From, lastYear.Group = year, funnel.ByOwner
	fmt.Printf("| single question | memory | PostgreSQL, by hand | times faster |\n|---|---:|---:|---:|\n")
	for _, x := range []struct {
		name   string
		memory func(tx database.Tx, src funnel.Source) (string, error)
		query  funnel.Query
		text   string
		args   []any
	}{
		{"open deals and amount by stage", func(tx database.Tx, src funnel.Source) (string, error) {
			rows, err := src.Open(w.Ctx, tx, q)
			sums := map[string][2]int64{}
			for _, r := range rows {
				s := sums[r.StageID]
				sums[r.StageID] = [2]int64{s[0] + r.N, s[1] + r.Minor}
			}
			return flat(sums), err
		}, q, `SELECT stage_id, count(*), CAST(sum(amount_minor) AS bigint) FROM opportunity WHERE tenant_id = $1 AND pipeline_id = $2 AND state = 'open' GROUP BY stage_id`, nil},
		{"won and lost by owner, last year", func(tx database.Tx, src funnel.Source) (string, error) {
			rows, err := src.Counts(w.Ctx, tx, lastYear)
			sums := map[string][2]int64{}
			for _, r := range rows {
				if r.InClosed && (r.State == "won" || r.State == "lost") {
					s := sums[r.Key]
					sums[r.Key] = [2]int64{s[0] + r.N, s[1] + r.Minor}
				}
			}
			return flat(sums), err
		}, lastYear, `SELECT owner_id, count(*), CAST(sum(COALESCE(contract_minor, amount_minor)) AS bigint) FROM opportunity WHERE tenant_id = $1 AND pipeline_id = $2 AND state IN ('won', 'lost') AND closed_on >= $3 GROUP BY owner_id`, []any{string(year)}},
		{"how many reached each stage", func(tx database.Tx, src funnel.Source) (string, error) {
			rows, err := src.Reached(w.Ctx, tx, q)
			sums := map[string][2]int64{}
			for _, r := range rows {
				if s, _ := w.Bid.Stage(r.StageID); s.Kind != "lost" {
					sums[r.StageID] = [2]int64{sums[r.StageID][0] + r.N, 0}
				}
			}
			return flat(sums), err
		}, q, `SELECT k.id, count(*), CAST(0 AS bigint) FROM (SELECT s.opportunity_id, max(g.position) AS far FROM stay s JOIN stage g ON g.tenant_id = s.tenant_id AND g.id = s.stage_id AND g.kind <> 'lost'
			WHERE s.tenant_id = $1 AND s.pipeline_id = $2 GROUP BY s.opportunity_id) x JOIN stage k ON k.tenant_id = $1 AND k.pipeline_id = $2 AND k.kind <> 'lost' AND k.position <= x.far GROUP BY k.id`, nil},
		{"median and p90 of dwell by stage", func(tx database.Tx, src funnel.Source) (string, error) {
			stays, err := src.Stays(w.Ctx, tx, q)
			by := map[string][]funnel.Duration{}
			for _, r := range stays.Days {
				by[r.StageID] = append(by[r.StageID], funnel.Duration{Days: r.Length, Count: r.N})
			}
			sums := map[string][2]int64{}
			for stage, list := range by {
				d := funnel.Summarise(list)
				sums[stage] = [2]int64{d.N, int64(*d.P90)}
			}
			return flat(sums), err
		}, q, `SELECT stage_id, count(*), CAST(percentile_disc(0.9) WITHIN GROUP (ORDER BY CAST(left_on AS date) - CAST(entered_on AS date)) AS bigint) FROM stay
			WHERE tenant_id = $1 AND pipeline_id = $2 AND state = 'open' AND left_on IS NOT NULL GROUP BY stage_id`, nil},
	} {
		var got, want string
		mem := median(t, 5, func() {
			err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
				src, err := columns.Begin(w.Ctx, tx, x.query)
				if err != nil {
					return err
				}
				got, err = x.memory(tx, src)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
		rel := median(t, 3, func() {
			err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
				rows, err := tx.Query(w.Ctx, x.text, append([]any{boss.TenantID, w.Bid.PipelineID}, x.args...)...)
				list, err := database.All(rows, err, func(r *sql.Rows) (v keyed, err error) { return v, r.Scan(&v.key, &v.n, &v.sum) })
				sums := map[string][2]int64{}
				for _, v := range list {
					sums[v.key] = [2]int64{v.n, v.sum}
				}
				want = flat(sums)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
		if got != want {
			t.Errorf("%s:\n memory %s\n SQL    %s", x.name, got, want)
		}
		fmt.Printf("| %s | %s | %s | %.0f |\n", x.name, mem.Round(10*time.Microsecond), rel.Round(100*time.Microsecond), float64(rel)/float64(mem))
	}
}

type keyed struct {
	key    string
	n, sum int64
}

func flat(sums map[string][2]int64) string {
	var keys []string
	for k := range sums {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := ""
	for _, k := range keys {
		out += fmt.Sprint(k, sums[k], " ")
	}
	return out
}
