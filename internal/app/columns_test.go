package app_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/record/recorddb"
)

// columnsAstray lists open records whose columns, which say how it is today, say something
// else than the facts do of today.
func columnsAstray(t *testing.T, w *apptest.World, today string) (out []string) {
	t.Helper()
	dated := func(field, key, what string) string {
		return `(SELECT v.` + what + ` FROM dated_value v WHERE v.tenant_id = o.tenant_id AND v.record_id = o.id AND v.field = '` + field + `' AND v.key = ` + key +
			` AND v.ended_seq IS NULL AND v.day <= '` + today + `' ORDER BY v.day DESC, v.seq DESC LIMIT 1)`
	}
	owned := func(what string) string {
		return `(SELECT w.` + what + ` FROM ownership w WHERE w.tenant_id = o.tenant_id AND w.record_id = o.id AND w.ended_seq IS NULL AND w.from_on <= '` + today +
			`' ORDER BY w.from_on DESC, w.seq DESC, w.ord DESC LIMIT 1)`
	}
	for _, x := range [][3]string{
		{"amount", "o.amount_minor", dated("amount", "''", "number_value")},
		{"confidence", "o.confidence_bp", dated("confidence", "''", "number_value")},
		{"expected", "COALESCE(o.expected_on, '')", "COALESCE(" + dated("expected", "''", "text_value") + ", '')"},
		{"region", "COALESCE(o.region, '')", "COALESCE(" + dated("region", "''", "text_value") + ", '')"},
		{"owner", "COALESCE(o.owner_id, '')", "COALESCE(" + owned("member_id") + ", '')"},
		{"team", "COALESCE(o.team_id, '')", "COALESCE(" + owned("team_id") + ", '')"},
		{"shares", "0", `(SELECT count(*) FROM opportunity_share sh WHERE sh.tenant_id = o.tenant_id AND sh.opportunity_id = o.id
			AND sh.share_bp <> COALESCE(` + dated("share", "sh.member_id || ':' || sh.kind", "number_value") + `, 0))`},
		{"lines", "(SELECT COALESCE(sum(l.amount_minor), 0) FROM opportunity_line l WHERE l.tenant_id = o.tenant_id AND l.opportunity_id = o.id)",
			`(SELECT COALESCE(sum(v.number_value), 0) FROM dated_value v WHERE v.tenant_id = o.tenant_id AND v.record_id = o.id AND v.field = 'line' AND v.ended_seq IS NULL AND v.day <= '` + today + `'
			 AND NOT EXISTS (SELECT 1 FROM dated_value n WHERE n.tenant_id = v.tenant_id AND n.record_id = v.record_id AND n.field = v.field AND n.key = v.key AND n.ended_seq IS NULL
			 AND n.day <= '` + today + `' AND (n.day > v.day OR n.day = v.day AND n.seq > v.seq)))`},
	} {
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			rows, err := tx.Query(w.Ctx, `SELECT id, said, is_so FROM (SELECT o.id, `+x[1]+` AS said, `+x[2]+` AS is_so FROM opportunity o
				WHERE o.tenant_id = $1 AND o.state = 'open' AND o.deleted_at IS NULL) AS x WHERE (said IS NULL) <> (is_so IS NULL) OR said <> is_so`, w.Admin.TenantID)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id string
				var said, is sql.NullString
				if err := rows.Scan(&id, &said, &is); err != nil {
					return err
				}
				out = append(out, fmt.Sprintf("%s of %s: the column says %s, the facts %s", x[0], id, said.String, is.String))
			}
			return rows.Err()
		}))
	}
	return out
}

// Columns that repeat facts say how it is today, after whatever history.
func TestColumnsSayHowItIsToday(t *testing.T) {
	for _, seed := range []uint64{36} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			s := newCheck(t, db, 900+seed)
			kinds := map[string]bool{}
			for range 50 {
				s.Play(1)
				must(t, s.Opportunities.Follow(s.Ctx, s.As("管理员"), s.Today().Add(-5)))
				for _, x := range columnsAstray(t, s.World, string(s.Today())) {
					if kind := x[:4]; !kinds[kind] {
						kinds[kind] = true
						t.Errorf("seed %d, %s: %s\n%s", seed, s.Today(), s.Truth.Named(x), s.tell(x))
					}
				}
			}
		})
	}
}

// tell tells the facts of the records a complaint names.
func (x *check) tell(complaint string) (out string) {
	for _, id := range x.Truth.Deals() {
		if strings.Contains(complaint, id) {
			out += x.Truth.Tell(id)
		}
	}
	return out
}

// A move dated back before an edit does not leave the column with one confidence and the
// facts of today with another: what was stated since is held to the stage it is in.
func TestAConfidenceStatedAfterABackDatedMove(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-04")
		w.Move("管理员", o.ID, "报价", apptest.Exception)
		w.Clock.Set("2026-03-09")
		believe(t, w, o.ID, 7000)
		w.Clock.Set("2026-03-10")
		w.Move("管理员", o.ID, "入围", func(r *opportunity.MoveRequest) { r.On = "2026-03-06" }) // a return: at most 40 %
		for _, x := range columnsAstray(t, w, "2026-03-10") {
			t.Error(x)
		}
		r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), o.ID)
		must(t, err)
		if r.ConfidenceBP == nil || *r.ConfidenceBP != 4000 {
			t.Errorf("confidence %v, want that of the stage it is in", r.ConfidenceBP)
		}
	})
}

func believe(t *testing.T, w *apptest.World, id string, bp int64) {
	t.Helper()
	p := &bp
	_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), id, 0, opportunity.Patch{ConfidenceBP: &p})
	must(t, err)
}

// Whatever is moved, dated back, corrected, taken back and believed of a deal, its columns say
// what its facts say of today, no day of a stage it moved to has more confidence than the stage
// allows, and the journal gives the same back.
func TestConfidenceIsHeldOnEveryDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		rng := rand.New(rand.NewPCG(7, 7))
		said := map[string]int{}
		for deal := range 6 {
			o := w.Opportunity("陈露", fmt.Sprint("第", deal))
			for range 25 {
				w.Clock.Set(w.As("管理员").Today.Add(rng.IntN(3)))
				act := someAct(t, w, rng, o.ID)
				said[act]++
				for _, x := range append(columnsAstray(t, w, string(w.As("管理员").Today)), overCap(t, w, o.ID)...) {
					t.Fatalf("after %s: %s", act, x)
				}
			}
		}
		for _, act := range []string{"move", "return", "lose", "reopen", "correct", "take back", "believe"} {
			if said[act] == 0 {
				t.Errorf("no %s among %v", act, said)
			}
		}
		w.Again([]string{""}, "opportunity", "stay", "dated_value", "ownership", "credit_line")
	})
}

// someAct does something with a deal, dated back as often as not, and says what came of it.
func someAct(t *testing.T, w *apptest.World, rng *rand.Rand, id string) string {
	t.Helper()
	boss := w.As("管理员")
	r, err := w.Opportunities.Get(w.Ctx, boss, id)
	must(t, err)
	var counted []opportunity.Stay
	for _, st := range r.Stays {
		if st.VoidedAt == nil {
			counted = append(counted, st)
		}
	}
	last := counted[len(counted)-1]
	day := last.EnteredOn.Add(rng.IntN(max(0, boss.Today.Sub(last.EnteredOn)) + 1))
	name := "refused"
	try := func(what string, err error) {
		if err != nil && fault.As(err) == nil {
			t.Fatal(what, err)
		}
		if err == nil {
			name = what
		}
	}
	move := func(what string, m opportunity.MoveRequest) {
		m.On, m.Reason = day, "改期"
		_, err := w.Opportunities.Move(w.Ctx, boss, id, m)
		try(what, err)
	}
	stage := w.Bid.Stages[rng.IntN(6)]
	switch k := rng.IntN(10); {
	case r.State != opportunity.Open && k < 6:
		move("reopen", opportunity.MoveRequest{To: "reopen"})
	case k < 3 && rankOf(w, stage.ID) < rankOf(w, r.StageID):
		move("return", opportunity.MoveRequest{To: stage.ID})
	case k < 4:
		move("move", opportunity.MoveRequest{To: stage.ID, Exception: "急"})
	case k == 4:
		move("lose", opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: "no_decision"})
	case k == 5:
		_, err := w.Opportunities.TakeBack(w.Ctx, boss, id, "点错了")
		try("take back", err)
	case k < 8:
		at := counted[rng.IntN(len(counted))]
		_, err := w.Opportunities.Correct(w.Ctx, boss, id, opportunity.Correction{StayID: at.ID, On: at.EnteredOn.Add(rng.IntN(5) - 2), Reason: "写错了"})
		try("correct", err)
	default:
		bp := int64(rng.IntN(101) * 100)
		p := &bp
		_, err := w.Opportunities.Edit(w.Ctx, boss, id, 0, opportunity.Patch{ConfidenceBP: &p})
		try("believe", err)
	}
	return name
}

func rankOf(w *apptest.World, stage string) int {
	return slices.IndexFunc(w.Bid.Stages, func(s pipeline.Stage) bool { return s.ID == stage })
}

// overCap lists the days on which a deal's confidence is beyond the stage it moved to.
func overCap(t *testing.T, w *apptest.World, id string) (out []string) {
	t.Helper()
	boss := w.As("管理员")
	r, err := w.Opportunities.Get(w.Ctx, boss, id)
	must(t, err)
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		values, err := recorddb.Values{}.Of(w.Ctx, tx, boss.TenantID, id)
		if err != nil {
			return err
		}
		for day := apptest.Start; day <= boss.Today; day = day.Add(1) {
			at := opportunity.Stay{}
			for _, st := range r.Stays {
				if st.VoidedAt == nil && st.EnteredOn <= day {
					at = st
				}
			}
			st, rank := w.Bid.Stage(at.StageID)
			said := record.On(values, day)[[2]string{"confidence", ""}].Number
			if rank >= 0 && at.State == opportunity.Open && at.Move != pipeline.Create && said != nil && *said > int64(st.ConfidenceCapBP) {
				out = append(out, fmt.Sprintf("on %s in %s: %d, at most %d", day, st.Name, *said, st.ConfidenceCapBP))
			}
		}
		return nil
	}))
	return out
}
