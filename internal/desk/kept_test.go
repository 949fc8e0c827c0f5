package desk_test

import (
	"cmp"
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// set is by what desks weigh while a test is on: other limits and rates are one assignment.
type set struct {
	limits map[string]opportunity.Limits
	rates  map[string]int
}

func (s *set) now(context.Context, database.Tx, string) (map[string]opportunity.Limits, bool, error) {
	return s.limits, true, nil
}

func (s *set) StageLimits(context.Context, database.Tx, string) (map[string]opportunity.Limits, error) {
	return s.limits, nil
}

func (s *set) rated(context.Context, database.Tx, org.Actor) (map[string]int, bool, error) {
	return s.rates, true, nil
}

// by has a desk weigh by it.
func (s *set) by(d *desk.Service, deals *opportunity.Service) {
	of := opportunity.OnDesk{Service: deals, Limits: s.now}
	d.Rates, d.Weighs, d.Sources[0] = s.rated, of, of
}

// oneByOne is memory of which every open record is asked by name, so that each becomes a line of its own and is looked at
// as a line, and nothing of what is kept for all is used.
type oneByOne struct{ opportunity.Finder }

func (o oneByOne) Pressing(ctx context.Context, tx database.Tx, q opportunity.Pressed) (opportunity.Pressings, bool, error) {
	rows, err := tx.Query(ctx, `SELECT id FROM opportunity WHERE tenant_id = $1 AND state = 'open'`, q.TenantID)
	if err != nil {
		return opportunity.Pressings{}, false, err
	}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return opportunity.Pressings{}, false, err
		}
		q.Also = append(q.Also, id)
	}
	if err := cmp.Or(rows.Err(), rows.Close()); err != nil {
		return opportunity.Pressings{}, false, err
	}
	p, known, err := o.Finder.Pressing(ctx, tx, q)
	for n := range p.Sheets {
		if p.Sheets[n].At == nil && len(p.Sheets[n].Rows) > 0 || len(p.Sheets[n].At) > 0 {
			panic("a record that was asked by name is told twice")
		}
	}
	return p, known, err
}

// TestADeskIsWhatItIsReadFromNothing plays random histories: deals are made, expected, moved, closed, opened again, handed over,
// deleted and priced, members change teams and roles, promises lapse, lines are decided on, put off, asked about and taken
// back, limits, rates and levels change, days go by and decisions are lost by a restore. After each the desk of everybody,
// from what is kept, is what a process that has just begun says, which looks at each record as a line; and the counts
// beside it are those of SQL.
func TestADeskIsWhatItIsReadFromNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		seen := map[string]int{}
		for seed := range uint64(2) {
			g := newGame(t, db, rand.New(rand.NewPCG(seed, 37)))
			for n := range 45 {
				if g.turn(); n%20 == 19 {
					g.did = "restored"
					g.restore(g.member())
				}
				g.compare(seen)
			}
		}
		for _, what := range []string{"stalled", "passed", "long", "no_step", "promise", "asked", "marked", "done", "until", "not_issue", "back", "restored", "several"} {
			if seen[what] == 0 {
				t.Errorf("no %s among %v", what, seen)
			}
		}
	})
}

type game struct {
	*world
	history *apptest.History
	rng     *rand.Rand
	set     set
	members []string
	last    map[string]desk.Mark // by reader
	did     string
}

func newGame(t *testing.T, db *database.DB, rng *rand.Rand) *game {
	g := &game{world: newWorld(t, db, "2026-01-05"), rng: rng, members: []string{"管理员", "总监", "蒋跃", "何峰", "小李", "陈露", "周涛"}, last: map[string]desk.Mark{}}
	g.history = g.NewHistory(rng)
	g.limit()
	g.set.by(g.Desk, g.Opportunities)
	for range 6 {
		g.expected("小李", "旧单", g.As("管理员").Today.Add(g.rng.IntN(9)), int64(1+g.rng.IntN(300))*1_000_00)
	}
	g.history.Play(8)
	return g
}

// limit sets other limits and rates.
func (g *game) limit() {
	g.set = set{map[string]opportunity.Limits{}, map[string]int{}}
	for _, st := range g.Bid.Stages {
		if g.rng.IntN(5) > 0 {
			n := 1 + g.rng.IntN(12)
			g.set.limits[st.ID] = opportunity.Limits{Stalled: n, Overstayed: n + 3, LongStalled: 3 * n, Gaps: g.rng.IntN(30)}
		}
		g.set.rates[st.ID] = g.rng.IntN(10_001)
	}
}

func (g *game) may(err error) {
	g.t.Helper()
	if err != nil && fault.As(err) == nil {
		g.t.Fatal(g.did, err)
	}
}

func (g *game) member() string { return g.members[g.rng.IntN(len(g.members))] }

// turn has something happen.
func (g *game) turn() {
	g.did = ""
	switch k := g.rng.IntN(24); {
	case k >= 20:
		g.did = "expected"
		g.expected([]string{"小李", "陈露", "周涛", "何峰"}[g.rng.IntN(4)], "新单", g.As("管理员").Today.Add(g.rng.IntN(12)), int64(1+g.rng.IntN(300))*1_000_00)
	case k < 8:
		g.history.Play(1)
	case k < 15:
		g.decision()
	case k == 15:
		g.did = "limits"
		g.limit()
	case k == 16:
		g.did = "levels"
		_, _, err := g.Desk.SetLevels(g.Ctx, g.As("管理员"), desk.Bars{int64(g.rng.IntN(100)) * 1_000_00, int64(100+g.rng.IntN(100)) * 1_000_00})
		g.may(err)
	case k == 17:
		g.did = "role"
		g.may(g.Org.SetRole(g.Ctx, g.As("管理员"), g.ID["陈露"], []org.RoleKey{org.Rep, org.Manager, org.Director}[g.rng.IntN(3)], nil, nil))
	case k == 18:
		g.did = "promise"
		if id := g.deal(); id != "" {
			_, err := g.Tasks.Add(g.Ctx, g.As("管理员"), task.Task{What: "交方案", MemberID: g.ID["小李"], DueOn: g.As("管理员").Today, CustomerAgreed: true, On: []record.Ref{opportunity.Ref(id)}})
			g.may(err)
		}
	default:
		g.did = "days"
		g.Clock.Set(g.As("管理员").Today.Add(1 + g.rng.IntN(25)))
	}
	g.Clock.Move(time.Minute) // nothing is shared with the turn before
}

func (g *game) deal() (id string) {
	g.must(g.DB.Read(g.Ctx, func(tx database.Tx) error {
		err := tx.QueryRow(g.Ctx, `SELECT max(id) FROM opportunity WHERE tenant_id = $1 AND state = 'open' AND deleted_at IS NULL`, g.Admin.TenantID).Scan(&id)
		return err
	}))
	return id
}

// decision has somebody decide on a line of his, or take back what he decided last.
func (g *game) decision() {
	who := g.member()
	if g.last[who].ID != "" && g.rng.IntN(5) == 0 {
		g.did = "back"
		g.may(g.Desk.TakeBack(g.Ctx, g.As(who), g.last[who].ID))
		return
	}
	d := []desk.Deciding{{Decision: desk.Done, Reason: "看过"}, {Decision: desk.NotIssue, Reason: "没事"}, {Decision: desk.Until, Until: g.As(who).Today.Add(1 + g.rng.IntN(20)), Reason: "再等"},
		{Decision: desk.Asked, What: "为什么?"}}[g.rng.IntN(4)]
	lines := slices.DeleteFunc(g.read(who).Lines, func(l desk.Line) bool { return l.Group() })
	if len(lines) == 0 {
		return
	}
	l := lines[g.rng.IntN(len(lines))]
	d.Of, d.Facts = l.On, l.Facts
	m, err := g.Desk.Decide(g.Ctx, g.As(who), d)
	g.may(err)
	if err == nil {
		g.did, g.last[who] = string(d.Decision), m
	}
}

// restore has somebody decide on a line, and puts the company back to before that.
func (g *game) restore(who string) {
	before := g.head()
	lines := slices.DeleteFunc(g.read(who).Lines, func(l desk.Line) bool { return l.Group() })
	if len(lines) == 0 {
		return
	}
	l := lines[0]
	m, err := g.Desk.Decide(g.Ctx, g.As(who), desk.Deciding{Of: l.On, Facts: l.Facts, Decision: desk.Done, Reason: "看过"})
	g.must(err)
	g.read(who)
	g.must(g.DB.Write(g.Ctx, func(tx database.Tx) error {
		for _, do := range []struct {
			sql  string
			args []any
		}{
			{`DELETE FROM desk_mark WHERE tenant_id = $1 AND id = $2`, []any{m.ID}},
			{`UPDATE desk_mark SET last = true WHERE tenant_id = $1 AND id = (SELECT max(x.id) FROM desk_mark x
				WHERE x.tenant_id = $1 AND x.member_id = $2 AND x.record_kind = $3 AND x.record_id = $4)`, []any{m.MemberID, m.Of.Kind, m.Of.ID}},
			{`DELETE FROM journal WHERE tenant_id = $1 AND seq > $2`, []any{before}},
			{`UPDATE journal_counter SET seq = $2 WHERE tenant_id = $1`, []any{before}},
		} {
			if _, err := tx.Exec(g.Ctx, do.sql, append([]any{g.Admin.TenantID}, do.args...)...); err != nil {
				return err
			}
		}
		return nil
	}))
}

// compare compares everybody's desk with one read from nothing.
func (g *game) compare(seen map[string]int) {
	g.t.Helper()
	seen[g.did]++
	p := g.Process()
	p.Engine.Wait = time.Minute
	p.Opportunities.Memory = oneByOne{p.Opportunities.Memory}
	g.set.by(p.Desk, p.Opportunities)
	g.must(p.Engine.Ready(g.Ctx, g.Admin.TenantID))
	for _, who := range g.members {
		a := g.As(who)
		most := []int{desk.Open, desk.Most}[g.rng.IntN(2)]
		var got desk.Lines
		g.Eventually("columns of another history are loaded anew", func() bool {
			var err error
			got, err = g.Desk.Read(g.Ctx, a, most)
			g.must(err)
			return !got.Computing
		})
		want, err := p.Desk.Read(g.Ctx, a, most)
		g.must(err)
		if told(got) != told(want) {
			g.t.Fatalf("on %s after %q: the desk of %s is\n%s\nwant\n%s", a.Today, g.did, who, told(got), told(want))
		}
		for _, l := range got.Lines {
			seen["several"] += len(l.Signs) / 2
			for _, s := range l.Signs {
				if seen[s.Kind]++; slices.Contains(s.Facts, "long") {
					seen["long"]++
				}
			}
		}
		seen["asked"] += len(got.Asked)
		seen["marked"] += int(got.Count) * min(1, len(g.last))
		g.counts(a)
	}
}

// counts compares the counts beside a desk with those of SQL.
func (g *game) counts(a org.Actor) {
	g.t.Helper()
	got, err := g.Opportunities.Standings(g.Ctx, a, &g.set)
	g.must(err)
	bySQL := *g.Opportunities
	bySQL.Memory = nil
	want, err := bySQL.Standings(g.Ctx, a, &g.set)
	g.must(err)
	if text(got) != text(want) {
		g.t.Fatalf("on %s after %q: they stand %s\nwant %s", a.Today, g.did, text(got), text(want))
	}
	for owner, st := range got {
		if other := want[owner]; st.Worth.Stated() != other.Worth.Stated() {
			g.t.Fatalf("on %s: worth %+v, want %+v", a.Today, st.Worth.Stated(), other.Worth.Stated())
		}
	}
}

// told is a desk as a text, without what is not told of it.
func told(l desk.Lines) string { return text(l) }

func text(v any) string {
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	return string(raw)
}
