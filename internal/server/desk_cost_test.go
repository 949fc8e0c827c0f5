package server_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/server"

	"github.com/google/uuid"
)

// TestDeskCosts prints what the desk takes through the API with 100,000 open deals (a third of those filled in are
// open), half of which have been decided on before, at 1 and at 16 clients: the median of 20. Read anew, time has gone by
// since the one before; changed, a deal was changed beside that, which is in the figure. It measures where
// YUNCHOU_BENCH is set (make bench).
func TestDeskCosts(t *testing.T) {
	benched(t, func(t *testing.T, kind string, db *database.DB, n int) { deskCosts(t, kind, db, 3*n) })
}

const deskTarget = 300 * time.Millisecond

func deskCosts(t *testing.T, kind string, db *database.DB, n int) {
	w := apptest.Filled(t, db, benchFolder(kind), n, "2026-03-02")
	ids := decided(t, w, db)
	h := server.New(w.App, "test", false)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(l) //nolint:errcheck // closed below
	defer srv.Close()
	hc, base := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}, "http://"+l.Addr().String()
	fmt.Printf("\n%s, %d deals, a third of them open: the desk, median of 20\n| desk of | read | clients | median | CPU a request | target |\n|---|---|---:|---:|---:|---:|\n", kind, n)
	for _, who := range []struct{ role, name, login string }{{"a director, who sees all", "总监", "director"}, {"a manager, who sees half", "蒋跃", "manager"}, {"a rep, with a sixtieth", apptest.Seller(0), "rep"}} {
		c := signIn(t, w, h, who.name, who.login)
		get := func(int) error { return sendAs(hc, base, c, "GET", "/api/desk", "") }
		anew := func(n int) error { // nothing is kept for longer than half a minute
			w.Clock.Move(31 * time.Second)
			return get(n)
		}
		changed := func(n int) error { // beside that, a deal was changed just now
			if err := again(w, ids[n%len(ids)]); err != nil {
				return err
			}
			return anew(n)
		}
		if err := get(0); err != nil {
			t.Fatal(err)
		}
		w.Funnel.Settle()
		for _, x := range []struct {
			how     string
			clients int
			get     func(int) error
		}{{"kept", 1, get}, {"kept", 16, get}, {"anew", 1, anew}, {"anew", 16, anew}, {"changed", 1, changed}, {"changed", 16, changed}} {
			w.Clock.Set("2026-03-02")
			got, err := measure(db, 20, x.clients, x.get)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Printf("| %s | %s | %d | %.1f ms | %.1f ms | %d ms |\n", who.role, x.how, x.clients, ms(got.median), ms(got.cpu), deskTarget.Milliseconds())
			if got.median > deskTarget {
				t.Errorf("%s, the desk of %s, %s, %d clients: %v, at most %v", kind, who.role, x.how, x.clients, got.median, deskTarget)
			}
		}
	}
}

// again writes another amount to a deal.
func again(w *apptest.World, id string) error {
	o, err := w.Opportunities.Get(w.Ctx, w.Admin, id)
	if err != nil {
		return err
	}
	worth := new(int64)
	if *worth = 1; o.AmountMinor != nil {
		*worth = *o.AmountMinor + 1
	}
	_, err = w.Opportunities.Edit(w.Ctx, w.Admin, id, 0, opportunity.Patch{AmountMinor: &worth})
	return err
}

// decided has a manager have decided on every second open deal, on what is not so any more; it returns all of them.
func decided(t *testing.T, w *apptest.World, db *database.DB) []string {
	t.Helper()
	ids, err := database.Write(w.Ctx, db, func(tx database.Tx) (ids []string, err error) {
		rows, err := tx.Query(w.Ctx, `SELECT id FROM opportunity WHERE tenant_id = $1 AND state = 'open' ORDER BY id`, w.Admin.TenantID)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		return ids, marked(w.Ctx, w, tx, ids)
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func marked(ctx context.Context, w *apptest.World, tx database.Tx, ids []string) error {
	var rows [][]any
	for n, id := range ids {
		if n%2 == 0 {
			rows = append(rows, []any{w.Admin.TenantID, uuid.NewString(), w.ID["蒋跃"], "opportunity", id, "stalled", "1x3k 2kd9", "done", "", "2026-02-20", w.Now(), true})
		}
	}
	return tx.InsertMany(ctx, "desk_mark", "tenant_id, id, member_id, record_kind, record_id, kinds, facts_key, decision, reason, decided_on, decided_at, last",
		"ON CONFLICT DO NOTHING", rows)
}
