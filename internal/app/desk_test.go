package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitydb"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
)

// TestTheDeskTellsWhatOneQueryTells plants exceptions of every sort and compares what the desk
// reads from its indexes with one query over all stays, for many scopes.
func TestTheDeskTellsWhatOneQueryTells(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rng := apptest.New(t, db), rand.New(rand.NewPCG(3, 9))
		w.Fill(900)
		plantExceptions(t, w, rng, 2600)
		for range 40 {
			a := w.As(pickOne(rng, "管理员", "总监", "蒋跃", "何峰", apptest.Seller(0)))
			s := a.Scope(record.Opportunity, org.Write)
			if rng.IntN(2) == 0 {
				s = org.Scope{Write: true}
				for range rng.IntN(8) {
					s.Owners = append(s.Owners, w.ID[apptest.Seller(rng.IntN(apptest.Sellers))])
				}
				if rng.IntN(2) == 0 {
					s.DealTeams = []string{w.ID[apptest.Seller(1)]}
				}
				if rng.IntN(4) == 0 {
					s.Regions = []string{"华东"}
				}
			}
			limit := pickOne(rng, 3, 50)
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				got, all, err := opportunitydb.Rows{}.Exceptions(w.Ctx, tx, a, s, limit)
				must(t, err)
				want, wins, others := exceptionsByOneQuery(t, w.Ctx, tx, a, s)
				if n := min(wins, opportunity.MostExceptions) + min(others, opportunity.MostExceptions); all != int64(n) {
					t.Errorf("%+v: %d in all, want %d and %d", s, all, wins, others)
				}
				if want = want[:min(limit, len(want))]; len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, %d:\n%v\n%v", s, limit, got, want)
				}
				return nil
			}))
		}
	})
}

// plantExceptions turns stays into exceptions, some of them seen, accepted or voided.
func plantExceptions(t *testing.T, w *apptest.World, rng *rand.Rand, n int) {
	t.Helper()
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT id FROM stay WHERE tenant_id = $1 ORDER BY state DESC, id LIMIT 4000`, w.Admin.TenantID)
		ids, err := database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
		must(t, err)
		some := func(one int, v any) any {
			if rng.IntN(one) == 0 {
				return v
			}
			return nil
		}
		for _, at := range rng.Perm(len(ids))[:min(n, len(ids))] {
			by := pickOne(rng, w.Admin.MemberID, w.ID["蒋跃"], w.ID[apptest.Seller(rng.IntN(apptest.Sellers))])
			_, err := tx.Exec(w.Ctx, `UPDATE stay SET exception = true, member_id = $3, recorded_at = $4, exception_seen_at = $5,
				accepted_seq = $6, voided_at = $7, reason = $8 WHERE tenant_id = $1 AND id = $2`, w.Admin.TenantID, ids[at], by,
				w.Clock.Now().Add(-1e9*3600*60*24*(1<<uint(rng.IntN(5)))), some(6, w.Clock.Now()), some(9, 1), some(9, w.Clock.Now()), fmt.Sprint("急 ", at))
			must(t, err)
		}
		_, err = tx.Exec(w.Ctx, `UPDATE opportunity SET deleted_at = created_at WHERE tenant_id = $1 AND id LIKE '%7'`, w.Admin.TenantID)
		must(t, err)
		_, err = tx.Exec(w.Ctx, `INSERT INTO deal_team (tenant_id, opportunity_id, member_id, role) SELECT tenant_id, id, $2, '' FROM opportunity
			WHERE tenant_id = $1 AND id LIKE '%3'`, w.Admin.TenantID, w.ID[apptest.Seller(1)])
		return err
	}))
}

// exceptionsByOneQuery is the reference: all there are, and how many of each part.
func exceptionsByOneQuery(t *testing.T, ctx context.Context, tx database.Tx, a org.Actor, s org.Scope) (
	list []opportunity.ExceptionTaken, wins, others int) {
	t.Helper()
	args := &database.Args{}
	me := "(" + args.Add(a.Effective()) + ", " + args.Add(a.MemberID) + ")"
	rows, err := tx.Query(ctx, `SELECT o.id, o.name, COALESCE(o.owner_id, ''), s.member_id, COALESCE(s.stage_id, ''), s.reason, COALESCE(s.entered_on, ''),
			CASE WHEN s.state = 'won' AND s.left_move IS NULL THEN 1 ELSE 0 END AS win
		FROM stay s JOIN opportunity o ON o.tenant_id = s.tenant_id AND o.id = s.opportunity_id
		WHERE s.tenant_id = `+args.Add(a.TenantID)+` AND s.exception AND s.voided_at IS NULL AND s.accepted_seq IS NULL AND o.deleted_at IS NULL
			AND (CASE WHEN s.state = 'won' AND s.left_move IS NULL THEN COALESCE(o.owner_id, '') NOT IN `+me+`
				ELSE s.exception_seen_at IS NULL END) AND s.member_id NOT IN `+me+` AND `+scopedb.Opportunity(args, s)+`
		ORDER BY win DESC, s.recorded_at DESC, s.id DESC`, args.Values...)
	list, err = database.All(rows, err, func(r *sql.Rows) (e opportunity.ExceptionTaken, err error) {
		var win int
		err = r.Scan(&e.OpportunityID, &e.Opportunity, &e.OwnerID, &e.MemberID, &e.StageID, &e.Reason, &e.On, &win)
		if e.Win = win == 1; e.Win {
			wins++
		} else {
			others++
		}
		return e, err
	})
	must(t, err)
	return list, wins, others
}
