package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// gated reads deals when its gate is open.
type gated struct {
	enginedb.Rows
	gate atomic.Pointer[chan struct{}]
}

func (g *gated) close() (open func()) {
	c := make(chan struct{})
	g.gate.Store(&c)
	return func() { close(c) }
}

func (g *gated) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	<-*g.gate.Load()
	return g.Rows.Page(ctx, tx, tenant, after, limit)
}

func forget(t *testing.T, e *engine.Engine, tenant string) {
	t.Helper()
	if err := e.Forget(tenant); err != nil {
		t.Fatal(err)
	}
}

// TestNoTransactionWaitsForALoad: where columns are read anew, because they are of another history or
// many entries behind, or what was known earlier is, no question waits with its transaction open, of
// however many; a list is told to ask SQL, and a report is there when it is read.
func TestNoTransactionWaitsForALoad(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for range 3 {
			w.Opportunity("陈露", "二期改造")
		}
		rows := &gated{}
		rows.close()()
		e := engine.New(db, funneldb.Source{}, rows, "")
		f := &funnel.Service{DB: db, Source: e, Pipelines: w.Pipelines, Opportunities: w.Opportunities, Calendar: w.Org.Calendar,
			Choices: w.Org.ChoicesKnown, Now: w.Now, Wait: time.Minute}
		report := func(ask funnel.Ask) error {
			ask.Pipeline = w.Bid.PipelineID
			_, err := f.Report(w.Ctx, w.As("陈露"), ask)
			return err
		}
		find := func() (known bool, err error) {
			err = db.Read(w.Ctx, func(tx database.Tx) error {
				a := w.As("陈露")
				_, known, err = e.Find(w.Ctx, tx, opportunity.Wanted{TenantID: a.TenantID, Scope: org.Scope{All: true},
					Page: page.Request{Sort: "created", Desc: true, Limit: 10}, Currency: "CNY", Today: a.Today})
				return err
			})
			return known, err
		}
		if err := report(funnel.Ask{}); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			name   string
			behind func()
			ask    funnel.Ask
			lists  bool // are known meanwhile
		}{
			{"more than is caught up", func() { w.Touch(20_500, 20_500) }, funnel.Ask{}, false},
			{"what was known then", func() { w.Clock.Set("2026-03-09"); w.Opportunity("陈露", "三期改造") },
				funnel.Ask{AsOf: apptest.Start, Knowledge: funnel.KnownThen}, true},
			{"no columns any more", func() { forget(t, e, w.Admin.TenantID) }, funnel.Ask{}, false},
		} {
			name := x.name
			x.behind()
			open := rows.close()
			answers := make(chan error, 60)
			for range cap(answers) {
				go func() { answers <- report(x.ask) }()
			}
			for n, deadline := 0, time.Now().Add(500*time.Millisecond); time.Now().Before(deadline); n++ {
				if known, err := find(); err != nil || known != x.lists {
					t.Fatalf("%s: list %d is known %v: %v", name, n, known, err)
				}
			}
			open()
			for range cap(answers) {
				if err := <-answers; err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		var b *funnel.Behind
		if err := e.Behind(w.Admin.TenantID); !errors.As(err, &b) || fault.CodeOf(err) != "funnel.loading" || !fault.Is(err, fault.Busy) {
			t.Errorf("a page is told %v", err)
		}
	})
}
