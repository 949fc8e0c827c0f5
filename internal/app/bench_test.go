package app_test

import (
	"fmt"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// bench runs a benchmark on both databases; PostgreSQL is left out where no server
// is named.
func bench(b *testing.B, run func(b *testing.B, w *apptest.World)) {
	b.Run("sqlite", func(b *testing.B) { run(b, apptest.New(b, databasetest.SQLite(b))) })
	b.Run("postgresql", func(b *testing.B) { run(b, apptest.New(b, databasetest.PostgreSQL(b))) })
}

// BenchmarkMove beside BenchmarkBareCommit gives the cost of a stage move in
// durable commits.
func BenchmarkMove(b *testing.B) {
	bench(b, func(b *testing.B, w *apptest.World) {
		a := w.As("陈露")
		walk := []string{w.Stage("入围"), w.Stage("方案制定"), w.Stage("报价"), w.Stage("入围"), w.Stage("方案制定")}
		id, i := "", 0
		for b.Loop() {
			if i%len(walk) == 0 {
				b.StopTimer() // a record of usual length, not one with a thousand stays
				id = w.Opportunity("陈露", "二期改造").ID
				b.StartTimer()
			}
			if _, err := w.Opportunities.Move(w.Ctx, a, id, opportunity.MoveRequest{To: walk[i%len(walk)], Reason: "r", Exception: "e"}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

func BenchmarkBareCommit(b *testing.B) {
	bench(b, func(b *testing.B, w *apptest.World) {
		for b.Loop() {
			err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
				_, err := tx.Exec(w.Ctx, `UPDATE tenant SET backdate_days = backdate_days WHERE id = $1`, w.Admin.TenantID)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkReading asks for a list page, a record and the report over 2,000 records.
func BenchmarkReading(b *testing.B) {
	bench(b, func(b *testing.B, w *apptest.World) {
		a := w.As("陈露")
		id := ""
		for i := range 2000 {
			amount := int64(i * 100)
			o, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: fmt.Sprintf("商机 %d", i), PipelineID: w.Bid.PipelineID, AmountMinor: &amount})
			if err != nil {
				b.Fatal(err)
			}
			id = o.ID
		}
		if err := w.DB.Analyze(w.Ctx); err != nil {
			b.Fatal(err)
		}
		for name, read := range map[string]func() error{
			"list": func() error {
				_, _, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{}, page.Request{Sort: "amount", Desc: true}, w.Funnel)
				return err
			},
			"record": func() error { _, err := w.Opportunities.Get(w.Ctx, a, id); return err },
			"report": func() error {
				_, err := w.Funnel.Report(w.Ctx, a, funnel.Ask{Pipeline: "投标流程"})
				return err
			},
		} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					if err := read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}
