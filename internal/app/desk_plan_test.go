package app_test

import (
	"context"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestTheDeskWalksNoTable asks for the plan of all that waits on a desk, of who sees everything,
// of a manager and of a rep, with statistics and without: each large table is entered by an
// index that holds what is asked for, never by one that holds the whole company's.
func TestTheDeskWalksNoTable(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, filled := range []bool{false, true} {
			if filled {
				w.Fill(4000)
				plantExceptions(t, w, rand.New(rand.NewPCG(1, 2)), 300)
				plantWork(t, w)
			} else if db.Dialect() == database.PostgreSQL {
				continue // which keeps statistics by itself
			}
			for _, who := range []string{"管理员", "总监", "蒋跃", "陈露"} {
				a := w.As(who)
				p := &plans{t: t, w: w, walks: true}
				p.look("desk of "+who, false, func(ctx context.Context) error {
					_, err := w.Opportunities.TodayOf(ctx, a)
					must(t, err)
					_, err = w.Tasks.Due(ctx, a, 50)
					must(t, err)
					_, err = w.Handovers.Waiting(ctx, a)
					must(t, err)
					if who != "陈露" {
						_, err = w.Handovers.Leavers(ctx, a)
					}
					return err
				})
				if p.seen < 3 {
					t.Errorf("%s: %d statements looked at", who, p.seen)
				}
			}
		}
	})
}

// plantWork gives every open deal of a filled world a task and evidence, every third in vain,
// and has the engine look at them.
func plantWork(t *testing.T, w *apptest.World) {
	t.Helper()
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		for _, text := range []string{
			`INSERT INTO task (tenant_id, id, what, member_id, due_on, customer_agreed, created_at, created_by, result, version)
				SELECT tenant_id, 'task ' || id, '送样', owner_id, '2026-03-01', false, created_at, owner_id, '', 1 FROM opportunity WHERE tenant_id = $1 AND state <> 'lost'`,
			`INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id)
				SELECT tenant_id, 'task', 'task ' || id, 'opportunity', id FROM opportunity WHERE tenant_id = $1 AND state <> 'lost'`,
			`INSERT INTO evidence (tenant_id, id, opportunity_id, stage_id, milestone_key, status, submitted_on, submitted_at, submitted_by)
				SELECT tenant_id, 'evidence ' || id, id, stage_id, 'm', CASE WHEN id LIKE '%5' THEN 'submitted' ELSE 'accepted' END, '2026-02-01', created_at, owner_id
				FROM opportunity WHERE tenant_id = $1`,
		} {
			if _, err := tx.Exec(w.Ctx, text, w.Admin.TenantID); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, w.DB.Analyze(w.Ctx))
	if w.DB.Dialect() == database.PostgreSQL {
		must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(w.Ctx, `ANALYZE task, record_link, evidence`)
			return err
		}))
	}
}

// few are the indexes that hold only what waits.
var few = map[string]bool{"stay_unseen": true, "stay_to_accept": true, "evidence_waiting": true}

var (
	liteWalk = regexp.MustCompile(`SEARCH (\w+) USING (?:COVERING )?(?:INDEX (\w+)|PRIMARY KEY) \(tenant_id=\?\)`)
	pgAll    = regexp.MustCompile(`(?:using|Index Scan on) (\w+)(?: on (\w+))?[^\n]*\n\s+Index Cond: \(\(?tenant_id = '[^']*'::text\)\)?\n`)
)

// walked names the large tables a plan walks all of a company's rows of.
func walked(engine database.Dialect, plan, query string) (bad []string) {
	alias := map[string]string{}
	for _, m := range aliased.FindAllStringSubmatch(query, -1) {
		alias[m[2]] = m[1]
	}
	if engine == database.SQLite {
		for _, m := range liteWalk.FindAllStringSubmatch(plan, -1) {
			if (large[m[1]] || large[alias[m[1]]]) && !few[m[2]] {
				bad = append(bad, "walk over all of "+m[1])
			}
		}
		return bad
	}
	for _, m := range pgAll.FindAllStringSubmatch(plan+"\n", -1) {
		table := m[2]
		if table == "" {
			table, _, _ = strings.Cut(m[1], "_")
		}
		if large[table] && !few[m[1]] {
			bad = append(bad, "walk over all of "+table+" by "+m[1])
		}
	}
	return bad
}
