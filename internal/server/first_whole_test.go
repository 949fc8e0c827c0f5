package server_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/server"
)

// TestTheFirstListAfterAStopIsWhole: columns are kept by an orderly stop, and taken up in a moment: the
// list waits for them instead of saying that its totals are being computed.
func TestTheFirstListAfterAStopIsWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Fill(3000)
		c := signIn(t, w, server.New(w.App, "test", false), "总监", "director")
		want := read(t, c, "/api/opportunities?sort=amount&limit=20")
		w.Funnel.Settle()
		must(t, w.Engine.Keep())
		keepLimits(t, w)
		again := app.New(db, w.Dir, slog.New(slog.NewTextHandler(io.Discard, nil)), w.Clock.Now)
		again.Funnel.Wait = time.Minute // for a machine that has much else to do
		got := read(t, client{t, server.New(again, "test", false), c.token, c.csrf}, "/api/opportunities?sort=amount&limit=20")
		if got["counting"] != false || len(got["totals"].([]any)) != len(want["totals"].([]any)) || got["next"] != want["next"] {
			t.Errorf("counting %v, totals %v of %v", got["counting"], got["totals"], want["totals"])
		}
		again.Funnel.Settle()
	})
}

// keepLimits writes the file of limits, as where they are dear to compute: they are there at once after
// a start, before the columns.
func keepLimits(t *testing.T, w *apptest.World) {
	t.Helper()
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		versions, err := w.Pipelines.VersionsInForce(w.Ctx, tx, w.Admin.TenantID)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(map[string]any{"versions": versions, "took": time.Second, "value": map[string]any{}})
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(w.Funnel.Dir, w.Admin.TenantID+".limits"), raw, 0o600)
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// gated are rows of which no deal is loaded until the gate opens.
type gated struct {
	enginedb.Rows
	gate chan struct{}
}

func (g *gated) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	select {
	case <-g.gate:
		return g.Rows.Page(ctx, tx, tenant, after, limit)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestATableWaitsForLimitsAndAPageDoesNot: while columns are loaded, a list of what is stalled says so
// at once, because somebody sits before it; a table of them is a link that was followed, and comes
// when they are there.
func TestATableWaitsForLimitsAndAPageDoesNot(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		deal := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2027-03-02")
		again := app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), w.Clock.Now)
		again.Funnel.Wait = time.Hour // no page waits so long: the load is known to be one
		slow := &gated{gate: make(chan struct{})}
		again.Engine.Rows = slow
		w.App = again
		c := signIn(t, w, server.New(again, "test", false), "总监", "director")
		taken := make(chan struct{})
		go func() {
			again.Engine.TakenUp(t.Context(), w.Admin.TenantID, time.Hour)
			close(taken)
		}()
		select {
		case <-taken:
		case <-time.After(20 * time.Second):
			t.Fatal("waits for a load as if it were a moment's")
		}
		again.Funnel.Wait = time.Millisecond
		if rec := c.do("GET", "/api/opportunities?stalled=true", ""); rec.Code != 503 || !strings.Contains(rec.Body.String(), "funnel.loading") {
			t.Errorf("a list while columns are loaded: %d %s", rec.Code, rec.Body)
		}
		table := make(chan string)
		go func() {
			rec := c.do("GET", "/api/exports/opportunities?stalled=true&format=csv", "")
			table <- rec.Body.String()
		}()
		select {
		case got := <-table:
			t.Fatalf("a table before limits are there: %s", got)
		case <-time.After(100 * time.Millisecond):
		}
		close(slow.gate)
		if got := <-table; !strings.Contains(got, deal.ID) {
			t.Errorf("the table: %s", got)
		}
		again.Funnel.Settle()
	})
}
