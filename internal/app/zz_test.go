package app_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

func TestZZ(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	for _, kind := range []string{"sqlite", "pg"} {
		db := databasetest.SQLite(t)
		if kind == "pg" {
			db = databasetest.PostgreSQL(t)
		}
		w := apptest.New(t, db)
		w.Fill(100000)
		a := w.As("蒋跃")
		if err := w.Engine.Ready(w.Ctx, a.TenantID); err != nil {
			t.Fatal(err)
		}
		show := func(name string, run func() error) {
			for k := range 3 {
				var last time.Time
				var text string
				ctx := database.Observed(t.Context(), func(q string, args []any) {
					if !last.IsZero() && k == 2 && time.Since(last) > 300*time.Microsecond {
						fmt.Printf("   %s %.500s\n", time.Since(last), text)
					}
					last, text = time.Now(), q
				})
				old := w.Ctx
				w.Ctx = ctx
				start := time.Now()
				if err := run(); err != nil {
					t.Fatal(err)
				}
				w.Ctx = old
				if k == 2 {
					fmt.Printf("   %s %.500s\n%s %s: %s\n", time.Since(last), text, kind, name, time.Since(start))
				}
			}
		}
		for _, s := range []string{"amount", "expected", "created", "name"} {
			show("list "+s, func() error {
				_, _, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{Pipeline: w.Bid.PipelineID, States: []opportunity.State{"open"}}, page.Request{Sort: s, Desc: true}, w.Funnel)
				return err
			})
		}
		show("search", func() error {
			_, _, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{Query: "sj1001"}, page.Request{Sort: "created", Desc: true}, w.Funnel)
			return err
		})
		r, _, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{}, page.Request{}, w.Funnel)
		if err != nil {
			t.Fatal(err)
		}
		show("record", func() error { _, err := w.Opportunities.Get(w.Ctx, a, r.Items[0].ID); return err })
		show("limits", func() error {
			return w.DB.Read(w.Ctx, func(tx database.Tx) error { _, err := w.Funnel.StageLimits(w.Ctx, tx, a.TenantID); return err })
		})
		show("create", func() error { _, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: "x"}); return err })
	}
}
