package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// TestNoListScansWhateverTheStatisticsSay asks for every list by every filter as every kind of reader,
// and for the plans of what it sent: with the statistics of what is there, of a million records of one
// company, and of twenty companies. SQLite keeps statistics of samples, which may be far off.
func TestNoListScansWhateverTheStatisticsSay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if db.Dialect() != database.SQLite { // a plan depends on the minute a table is vacuumed
			for _, table := range []string{"opportunity", "account", "contact", "file", "deal_team"} {
				must(t, db.Write(w.Ctx, func(tx database.Tx) error {
					_, err := tx.Exec(w.Ctx, `ALTER TABLE `+table+` SET (autovacuum_enabled = false)`)
					return err
				}))
			}
		}
		w.Fill(3000)
		attachments(t, w, 400)
		ownFields(t, w)
		if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Text}); err != nil {
			t.Fatal(err)
		}
		must(t, w.Engine.Ready(w.Ctx, w.Admin.TenantID))
		_, err := w.Accounts.Contacts(w.Ctx, w.As("管理员"), "", "", page.Request{}) // people are loaded, and limits computed
		_, _, err2 := w.Funnel.Limits(w.Ctx, w.Admin.TenantID)
		must(t, errors.Join(err, err2))
		profiles := []statistics{{"as analysed", 1, 1}}
		if db.Dialect() == database.SQLite {
			profiles = append(profiles, statistics{"a million in one company", 300, 1}, statistics{"a million in twenty", 300, 20})
		}
		for _, s := range profiles {
			s.tell(t, w)
			p := &plans{t: t, w: w, once: map[string]bool{}, walks: db.Dialect() == database.SQLite}
			everyList(p, s.name)
			if p.seen < 20 {
				t.Errorf("%s: only %d statements looked at", s.name, p.seen)
			}
			t.Logf("%s: %d statements looked at", s.name, p.seen)
		}
	})
}

// everyList looks at each list, whoever reads it.
func everyList(p *plans, as string) {
	w := p.w
	for _, who := range []string{apptest.Seller(0), "蒋跃", "总监", "管理员"} {
		a := w.As(who)
		for _, f := range filtersOfLists(w) {
			name := fmt.Sprintf("%s, %s: %+v", as, who, f)
			for _, r := range []page.Request{{Sort: "name"}, {Sort: "amount", Desc: true, Cursor: "next"}} {
				p.look(name, false, func(ctx context.Context) error { return listedBy(ctx, w, a, f, r) })
			}
			p.look(name+", board", false, func(ctx context.Context) error {
				_, err := w.Opportunities.Board(ctx, a, f, []string{w.Stage("报价"), w.Stage("入围")}, page.Request{Sort: "amount", Desc: true}, w.Funnel)
				return err
			})
		}
		for _, f := range []account.Filter{{}, {Query: "1"}, {Owner: a.MemberID}, {Industry: "汽车"}, {Region: "华东"}, {Class: "A"}, {Parent: w.Account}, {Deleted: true}} {
			p.look(fmt.Sprintf("%s, %s: accounts %+v", as, who, f), false, func(ctx context.Context) error {
				_, _, err := w.Accounts.List(ctx, a, f, page.Request{Limit: 5})
				return err
			})
		}
		for _, of := range []string{"", w.Account} {
			p.look(fmt.Sprintf("%s, %s: people of %q", as, who, of), false, func(ctx context.Context) error {
				_, err := w.Accounts.Contacts(ctx, a, of, "1", page.Request{Limit: 5})
				return err
			})
		}
		filesOf(p, fmt.Sprint(as, ", ", who), a)
	}
}

// listedBy reads a page, and where the cursor says so the one after it.
func listedBy(ctx context.Context, w *apptest.World, a org.Actor, f opportunity.Filter, r page.Request) error {
	further := r.Cursor != ""
	r.Cursor, r.Limit = "", 5
	out, _, err := w.Opportunities.List(ctx, a, f, r, w.Funnel)
	if r.Cursor = out.Next; err != nil || !further || r.Cursor == "" {
		return err
	}
	_, _, err = w.Opportunities.List(ctx, a, f, r, w.Funnel)
	return err
}

// filesOf looks at the lists of attachments: one's own by size and age, and the company's.
func filesOf(p *plans, name string, a org.Actor) {
	defer func(walks bool) { p.walks = walks }(p.walks)
	for _, all := range []bool{false, true} {
		p.walks = p.walks && !all // the company's lie along an index
		if all && !a.Can(org.SettingsEdit) {
			continue
		}
		for _, sort := range []string{"size", "created"} {
			for _, desc := range []bool{true, false} {
				p.look(fmt.Sprintf("%s: attachments by %s, all %v", name, sort, all), all, func(ctx context.Context) error {
					r := page.Request{Sort: sort, Desc: desc, Limit: 5}
					out, err := p.w.Files.List(ctx, a, all, r)
					if r.Cursor = out.Next; err != nil || r.Cursor == "" {
						return err
					}
					_, err = p.w.Files.List(ctx, a, all, r)
					return err
				})
			}
		}
	}
}

// filtersOfLists is one of every filter a list has.
func filtersOfLists(w *apptest.World) []opportunity.Filter {
	amount := int64(80_000_000)
	return []opportunity.Filter{
		{}, {Query: "1"}, {Query: "没有"}, {Pipeline: w.Bid.PipelineID}, {Stage: w.Stage("报价")}, {Owner: w.ID[apptest.Seller(0)]}, {Team: w.ID["二组"]},
		{Account: w.Account}, {Region: "华东"}, {Source: "展会"}, {Industry: "汽车"}, {ProductLine: w.Account}, {States: []opportunity.State{opportunity.Open}},
		{CreatedFrom: "2024-01-01"}, {ClosedTo: "2025-01-01"}, {ExpectedFrom: "2025-06-01"}, {AmountMin: &amount}, {AmountMax: &amount},
		{LossKind: "competitor"}, {NoNextStep: true}, {Stalled: true}, {Overstayed: true}, {Deleted: true}, {Provisional: true}, {Passed: true}, {Waiting: true}, {Exceptions: true},
		{Custom: map[string]string{"level": "高"}}, {Custom: map[string]string{"score": "1"}}, {Custom: map[string]string{"grade": "甲"}},
		{IDs: []string{"00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"}},
	}
}

// attachments writes so many files on deals of a filled world, of three people.
func attachments(t *testing.T, w *apptest.World, n int) {
	t.Helper()
	rows, links := make([][]any, n), make([][]any, n)
	by := []string{w.ID[apptest.Seller(0)], w.ID["蒋跃"], w.ID["管理员"]}
	for i := range rows {
		id, deal := fmt.Sprintf("00000000-0000-7000-f000-%012x", i), fmt.Sprintf("00000000-0000-7000-8000-%012x", 1+i)
		rows[i] = []any{w.Admin.TenantID, id, "opportunity", deal, fmt.Sprint(i, ".txt"), "text/plain", i % 97, fmt.Sprint("hash", i), w.Now().Add(time.Duration(i) * time.Second), by[i%3]}
		links[i] = []any{w.Admin.TenantID, "file", id, "opportunity", deal}
	}
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		if err := tx.InsertMany(w.Ctx, "file", "tenant_id, id, owner_kind, owner_id, name, type, size, hash, created_at, created_by", "", rows); err != nil {
			return err
		}
		if err := tx.InsertMany(w.Ctx, "record_link", "tenant_id, kind, id, to_kind, to_id", "", links); err != nil {
			return err
		}
		// Somebody at each account: of a table without rows no plan is better than another.
		_, err := tx.Exec(w.Ctx, `INSERT INTO contact (tenant_id, id, name, name_key, pinyin, initials, spelled, account_id, created_at, created_by, version)
			SELECT tenant_id, id, name, name_key, pinyin, initials, spelled, id, created_at, created_by, 1 FROM account`)
		return err
	}))
	must(t, w.DB.Analyze(w.Ctx))
}

// statistics are what SQLite is told that its tables hold: so many times as much, in so many companies.
type statistics struct {
	name             string
	times, companies int64
}

// tell writes them, for the connection that is asked for plans.
func (s statistics) tell(t *testing.T, w *apptest.World) {
	t.Helper()
	if s.times == 1 {
		return
	}
	must(t, w.DB.Analyze(w.Ctx))
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT rowid, stat FROM sqlite_stat1`)
		type stat struct {
			row  int64
			text string
		}
		list, err := database.All(rows, err, func(r *sql.Rows) (x stat, err error) { return x, r.Scan(&x.row, &x.text) })
		if err != nil {
			return err
		}
		for _, x := range list {
			if _, err := tx.Exec(w.Ctx, `UPDATE sqlite_stat1 SET stat = $2 WHERE rowid = $1`, x.row, s.of(x.text)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(w.Ctx, `ANALYZE sqlite_schema`)
		return err
	}))
}

// of is the statistics of an index: how many rows it has, and how many for each value of its first
// column, its first two and so on. What is one row's stays one row's.
func (s statistics) of(stat string) string {
	parts := strings.Fields(stat)
	for i, part := range parts {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil || n == 1 {
			continue // a word, or one row's
		}
		if n *= s.times; i > 0 {
			n = max(1, n/s.companies)
		}
		parts[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(slices.Clip(parts), " ")
}
