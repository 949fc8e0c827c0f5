package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
)

// reference answers as the world's funnel does, in SQL alone.
func reference(a *app.App) *funnel.Service {
	return &funnel.Service{DB: a.DB, Source: funneldb.Source{}, Pipelines: a.Pipelines, Opportunities: a.Opportunities, Calendar: a.Org.Calendar,
		Choices: a.Org.ChoicesKnown, Now: a.Now}
}

func fromMemory(a *app.App) *funnel.Service {
	f := reference(a)
	f.Source = engine.New(a.DB, funneldb.Source{}, enginedb.Rows{}, "")
	return f
}

// TestTheEngineAnswersAsTheReferenceDoes plays random histories and asks both, as
// several people, about random windows, days, groupings and filters, while the
// history goes on: the engine catches up entry by entry.
func TestTheEngineAnswersAsTheReferenceDoes(t *testing.T) {
	for _, seed := range seeds(15) {
		engineAgainstReference(t, seed)
	}
}

func engineAgainstReference(t *testing.T, seed uint64) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Text}); err != nil {
			t.Fatal(err)
		}
		ownFields(t, w)
		for name, role := range map[string]org.RoleKey{"产品经理": org.ProductManager, "售前": org.Partner} {
			w.AddMember(name, w.ID["公司"], false, role)
		}
		for currency, rate := range map[string]int64{"USD": 7_123_456, "JPY": 48_765} { // KWD has none
			if err := w.Org.SetRate(w.Ctx, w.As("管理员"), org.Rate{Currency: currency, From: "2026-03-20", Rate: rate}); err != nil {
				t.Fatal(err)
			}
		}
		rng := rand.New(rand.NewPCG(2+seed, 9))
		h := w.NewHistory(rng)
		columns := fromMemory(w.App).Source
		asked, opened := 0, 0
		for round := range 9 {
			h.Play(15)
			if round == 5 {
				changeAround(t, w)
			}
			if round == 8 {
				withoutShortlist(t, w)
			}
			w.Price(opportunity.Priced{}) // SQL filters by what is written, memory by the rates
			for range databasetest.Rounds(6, 12) {
				memory, sql := reference(w.App), reference(w.App) // anew: each keeps limits for a while
				memory.Source = columns
				who := pickOne(rng, "管理员", "总监", "蒋跃", "陈露", "周涛", "售前")
				ask := randomAsk(rng, w)
				want, got := answer(t, sql, w.As(who), ask), answer(t, memory, w.As(who), ask)
				if want != got {
					t.Fatalf("seed %d, as %s, %+v:\n SQL    %s\n memory %s", seed, who, ask, want, got)
				}
				who = pickOne(rng, "管理员", "总监", "蒋跃", "陈露", "周涛", "售前")
				setOwn(t, w, rng)
				m := randomFigure(t, rng, w, ask.Group)
				offset := rng.IntN(3)
				wantIDs, wantTotal, wantErr := sql.Records(t.Context(), w.As(who), ask, m, offset, 20)
				gotIDs, gotTotal, gotErr := memory.Records(t.Context(), w.As(who), ask, m, offset, 20)
				if want, got := fmt.Sprint(wantIDs, wantTotal, wantErr), fmt.Sprint(gotIDs, gotTotal, gotErr); want != got {
					t.Fatalf("seed %d, as %s, %+v, figure %+v:\n SQL    %s\n memory %s", seed, who, ask, m, want, got)
				}
				opened += int(gotTotal)
				sameList(t, w, rng, w.As(who), ofAList(rng, ask.Filter))
				seedOf := rng.Uint64()
				if want, got := analysis(t, seedOf, sql, w, w.As(who), ask), analysis(t, seedOf, memory, w, w.As(who), ask); want != got {
					t.Fatalf("seed %d, as %s, %+v:\n SQL    %s\n memory %s", seed, who, ask, want, got)
				}
				asked++
			}
		}
		if opened == 0 {
			t.Error("no figure had a record behind it")
		}
		if asked < 50 {
			t.Errorf("only %d questions", asked)
		}
	})
}

// changeAround changes what stands around the opportunities: a rate, an account's
// industry, a company field.
func changeAround(t *testing.T, w *apptest.World) {
	t.Helper()
	boss := w.As("管理员")
	if err := w.Org.SetRate(w.Ctx, boss, org.Rate{Currency: "USD", From: boss.Today.Add(-10), Rate: 6_999_999}); err != nil {
		t.Fatal(err)
	}
	c, err := w.Accounts.Get(w.Ctx, boss, w.Account)
	if err != nil {
		t.Fatal(err)
	}
	c.Industry, c.Class = "机床", "B"
	if _, err := w.Accounts.Update(w.Ctx, boss, account.Account{ID: c.ID, Name: c.Name, Industry: "机床", Class: "B", Version: c.Version}); err != nil {
		t.Fatal(err)
	}
	o := w.Opportunity("陈露", "有等级的")
	if _, err := w.Opportunities.Edit(w.Ctx, boss, o.ID, 0, opportunity.Patch{Custom: field.Values{"grade": "甲"}}); err != nil {
		t.Fatal(err)
	}
}

// withoutShortlist publishes a version without a stage: what stood in it is remapped,
// and the history keeps a stage that is gone.
func withoutShortlist(t *testing.T, w *apptest.World) {
	t.Helper()
	draft := w.Bid
	draft.Stages = append([]pipeline.Stage{w.Bid.Stages[0]}, w.Bid.Stages[2:]...)
	if _, err := w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, w.Bid.ID, draft, map[string]string{w.Stage("入围"): w.Stage("方案制定")}); err != nil {
		t.Fatal(err)
	}
}

func pickOne[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

func randomAsk(rng *rand.Rand, w *apptest.World) funnel.Ask {
	today := w.As("管理员").Today
	ask := funnel.Ask{Pipeline: w.Bid.PipelineID, Group: pickOne(rng, append([]funnel.GroupBy{""}, funnel.Groupings...)...)}
	some := func() calendar.Date { return apptest.Start.Add(rng.IntN(today.Sub(apptest.Start) + 1)) }
	if rng.IntN(2) == 0 {
		ask.From = some()
		if rng.IntN(2) == 0 {
			ask.To = ask.From.Add(1 + rng.IntN(60))
		}
	}
	if rng.IntN(3) == 0 {
		ask.AsOf = some()
	}
	if rng.IntN(3) == 0 {
		ask.Knowledge = funnel.KnownThen
	}
	if rng.IntN(4) == 0 {
		ask.Version = 1 + rng.IntN(2)
	}
	amount := int64(rng.IntN(200)) * 1_000_00
	search := pickOne(rng, "商机", "sj", "HX", "产线 a", "改造", "é", "É", "abb变", "abbbianpin", "2", "shang", "zqé", "%", "没有")
	if rng.IntN(5) == 0 {
		ask.Filter = opportunity.Filter{Custom: someOwn(rng, w)}
		if rng.IntN(2) == 0 {
			ask.Filter.Team = w.ID["一组"]
		}
		return ask
	}
	ask.Filter = pickOne(rng, opportunity.Filter{}, opportunity.Filter{}, opportunity.Filter{Team: w.ID["一组"]}, opportunity.Filter{Owner: w.ID["陈露"]}, opportunity.Filter{Region: "华东"},
		opportunity.Filter{Source: "展会"}, opportunity.Filter{Industry: "汽车"}, opportunity.Filter{AmountMin: &amount}, opportunity.Filter{AmountMax: &amount}, opportunity.Filter{Overstayed: true}, opportunity.Filter{Stalled: true},
		opportunity.Filter{States: []opportunity.State{opportunity.Lost, opportunity.Open}}, opportunity.Filter{LossKind: "competitor"}, opportunity.Filter{ExpectedFrom: some()}, opportunity.Filter{CreatedFrom: some(), CreatedTo: today},
		opportunity.Filter{ClosedTo: some()}, opportunity.Filter{Query: search}, opportunity.Filter{Query: search, Team: w.ID["一组"]}, opportunity.Filter{NoNextStep: true}, opportunity.Filter{Custom: map[string]string{"grade": "甲"}}, opportunity.Filter{Account: w.Account}, opportunity.Filter{Stage: w.Stage("报价")},
		opportunity.Filter{ProductLine: someLine(rng, w)}, opportunity.Filter{ExpectedTo: some(), AmountMin: &amount},
		opportunity.Filter{ProductLine: someLine(rng, w), Account: w.Account, States: []opportunity.State{opportunity.Won, opportunity.Withdrawn}},
		opportunity.Filter{ClosedFrom: some(), LossKind: "invalid"}, opportunity.Filter{Region: "华东", NoNextStep: true}, opportunity.Filter{Deleted: true},
		opportunity.Filter{Account: strings.ToUpper(w.Account)}, opportunity.Filter{Account: "nobody"})
	return ask
}

// ownFields defines one field of opportunities of each type a column is kept of.
func ownFields(t *testing.T, w *apptest.World) {
	t.Helper()
	for _, f := range []field.Field{{Key: "level", Type: field.Choice, Options: []string{"高", "低"}}, {Key: "score", Type: field.Number},
		{Key: "budget", Type: field.Money}, {Key: "tender", Type: field.Date}, {Key: "engineer", Type: field.Person}} {
		f.Record, f.Label = "opportunity", f.Key
		if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), f); err != nil {
			t.Fatal(err)
		}
	}
}

// someOwn are values of some of these fields, and of one of free text.
func someOwn(rng *rand.Rand, w *apptest.World) map[string]string {
	all := map[string]string{"level": pickOne(rng, "高", "低"), "score": pickOne(rng, "1.5", "0", "-1", "-0.001"), "budget": pickOne(rng, "100", "0.02"),
		"tender": pickOne(rng, "2026-04-01", "2026-05-01"), "engineer": w.ID[pickOne(rng, "陈露", "蒋跃")], "grade": pickOne(rng, "甲", "乙", "高")}
	out := map[string]string{}
	for _, key := range []string{"level", "score", "budget", "tender", "engineer", "grade"} {
		if rng.IntN(4) == 0 || len(out) == 0 && key == "grade" {
			out[key] = all[key]
		}
	}
	return out
}

// setOwn writes or clears own fields of an opportunity.
func setOwn(t *testing.T, w *apptest.World, rng *rand.Rand) {
	t.Helper()
	list, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{}, page.Request{Limit: 20}, w.Funnel)
	if err != nil || len(list.Items) == 0 {
		t.Fatal(len(list.Items), err)
	}
	in := field.Values(someOwn(rng, w))
	if rng.IntN(4) == 0 {
		in[pickOne(rng, "level", "score", "tender")] = ""
	}
	_, err = w.Opportunities.Edit(w.Ctx, w.As("管理员"), pickOne(rng, list.Items...).ID, 0, opportunity.Patch{Custom: in})
	if err != nil && fault.As(err) == nil {
		t.Fatal(err)
	}
}

// someLine is one of the company's product lines.
func someLine(rng *rand.Rand, w *apptest.World) string {
	list, err := w.Accounts.ProductLines(w.Ctx, w.As("管理员"))
	if err != nil || len(list) == 0 {
		return "none"
	}
	return pickOne(rng, list...).ID
}

// ofAList is a filter of a list, that may be asked for what was deleted or is provisional too.
func ofAList(rng *rand.Rand, f opportunity.Filter) opportunity.Filter {
	switch rng.IntN(8) {
	case 0:
		f.Deleted = true
	case 1:
		f.WithDeleted = true
	case 2:
		f.Provisional = true
	case 3:
		f.NoNextStep = true
	case 4:
		f.Stalled = true
	}
	return f
}

// sameList compares pages of a list in some order, its totals, and the board, from memory with
// those by SQL.
func sameList(t *testing.T, w *apptest.World, rng *rand.Rand, a org.Actor, f opportunity.Filter) {
	t.Helper()
	if err := w.Engine.Ready(t.Context(), a.TenantID); err != nil {
		t.Fatal(err)
	}
	inSQL := *w.Opportunities
	inSQL.Memory = nil
	p := page.Request{Sort: pickOne(rng, orders...), Desc: rng.IntN(2) == 0, Limit: 1 + rng.IntN(3)} // few, so that there are pages
	list := func(s *opportunity.Service, p page.Request) (string, string) {
		list, totals, err := s.List(t.Context(), a, f, p, w.Funnel)
		ids := ""
		for _, o := range list.Items {
			ids += fmt.Sprint(o.ID, o.Version, o.AccountName, o.Custom, o.Provisional, " ")
		}
		return fmt.Sprint(ids, list.Next, totals, err), list.Next
	}
	for pages := 0; ; pages++ {
		want, next := list(&inSQL, p)
		if got, _ := list(w.Opportunities, p); want != got {
			t.Fatalf("list of %+v, %+v: SQL\n%s\nmemory\n%s", f, p, want, got)
		}
		if p.Cursor = next; next == "" || pages == 6 {
			break
		}
	}
	var stages []string
	for _, st := range w.Bid.Stages {
		stages = append(stages, st.ID)
	}
	board := func(s *opportunity.Service) string {
		lists, err := s.Board(t.Context(), a, f, stages, page.Request{Sort: p.Sort, Desc: p.Desc, Limit: p.Limit}, w.Funnel)
		out := fmt.Sprint(err)
		for _, l := range lists {
			raw, err := json.Marshal(l.Items) // by SQL they are records read whole
			out += fmt.Sprint(l.StageID, string(raw), err, l.Next, l.Totals)
		}
		return out
	}
	if want, got := board(&inSQL), board(w.Opportunities); want != got {
		t.Fatalf("board of %+v, %+v: SQL\n%s\nmemory\n%s", f, p, want, got)
	}
}

// orders are those a list of opportunities has.
var orders = []string{"", "name", "created", "amount", "expected", "entered", "closed", "progress", "contact"}

// analysis is one of the other answers, by chance, as text.
func analysis(t *testing.T, seed uint64, f *funnel.Service, w *apptest.World, a org.Actor, ask funnel.Ask) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	stage := func() string { return w.Bid.Stages[rng.IntN(len(w.Bid.Stages))].ID }
	var out any
	var err error
	switch rng.IntN(6) {
	case 0:
		ask.AsOf = ""
		out, err = f.Forecast(t.Context(), a, ask)
	case 1:
		out, err = f.Trend(t.Context(), a, ask, pickOne(rng, "month", "quarter"), 3)
	case 2:
		out, err = f.Cohorts(t.Context(), a, ask, pickOne(rng, "", stage()), pickOne(rng, "", stage()))
	case 3:
		out, err = f.Rivals(t.Context(), a, ask)
	case 4:
		out, err = f.Against(t.Context(), a, ask, aRival(t, w, rng))
	default:
		ask.Compare = pickOne(rng, funnel.Previous, funnel.LastYear)
		return answer(t, f, a, ask)
	}
	if err != nil {
		return err.Error()
	}
	raw, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// aRival is one of the company's competitors, a spelling of one, or none there is.
func aRival(t *testing.T, w *apptest.World, rng *rand.Rand) string {
	t.Helper()
	all, err := w.Accounts.Competitors(w.Ctx, w.As("管理员"))
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"nobody"}
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	sort.Strings(ids)
	return ids[rng.IntN(len(ids))]
}

// randomFigure is a figure to open: of the whole, of a stage, of a loss, of a group.
func randomFigure(t *testing.T, rng *rand.Rand, w *apptest.World, group funnel.GroupBy) funnel.Measure {
	m := funnel.Measure{Name: pickOne(rng, "created", "created_open", "created_won", "created_lost", "created_withdrawn", "open", "won", "lost", "undated", "closed_undated", "pathless", "no_amount", "loss", "lost_kind", "lost_stage", "reached", "advanced", "stage_lost",
		"stage_open", "taken_out", "stage_undated", "stage_now", "expected", "expected_overdue", "expected_none", "rival_won", "rival_lost", "rival_lost_to", "rival_lost_stage", "cohort", "cohort_reached",
		"closed", "rival_closed", "qualified_closed", "stays", "cohort_advanced", "cohort_lost", "cohort_open", "cohort_out", "qualified_open", "qualified_won", "stayed", "stayed_forward", "staying")}
	m.Month, m.Months, m.Bin, m.Target = pickOne(rng, "2026-03", "2026-04", "2026-06"), rng.IntN(3), funnel.Bins[rng.IntN(4)], w.Bid.Stages[rng.IntN(len(w.Bid.Stages))].ID
	m.StageID = w.Bid.Stages[rng.IntN(len(w.Bid.Stages))].ID
	if m.OfStays() && rng.IntN(3) == 0 {
		m.StageID = ""
	}
	if strings.HasPrefix(m.Name, "los") && m.Name != "lost" {
		m.LossKind = pickOne(rng, "competitor", "no_decision", "unknown", "cancelled")
		if rng.IntN(4) == 0 {
			m.StageID = ""
		}
	}
	if strings.HasPrefix(m.Name, "rival_") && rng.IntN(3) > 0 {
		m.CompetitorID = aRival(t, w, rng)
	}
	if group != "" && rng.IntN(2) == 0 {
		key := pickOne(rng, "", w.ID["陈露"], w.ID["一组"], "华东", "展会", "汽车", "B", "2026-03")
		m.Key = &key
	}
	return m
}

// answer is a report as text, its lists in a fixed order.
func answer(t *testing.T, f *funnel.Service, a org.Actor, ask funnel.Ask) string {
	t.Helper()
	r, err := f.Report(t.Context(), a, ask)
	if err != nil {
		return err.Error()
	}
	for x := &r; x != nil; x = x.Compared {
		sort.Slice(x.Losses, func(i, j int) bool { return fmt.Sprint(x.Losses[i]) < fmt.Sprint(x.Losses[j]) })
	}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestAMoveThroughOneProcessIsInTheOthersNextAnswer: two programs on one database.
func TestAMoveThroughOneProcessIsInTheOthersNextAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		other := fromMemory(w.App) // shares nothing with w.Funnel but the database
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID}
		o := w.Opportunity("陈露", "二期改造")
		for _, stage := range []string{"入围", "方案制定", "报价"} {
			w.Move("陈露", o.ID, stage, apptest.Exception)
			for name, f := range map[string]*funnel.Service{"one": w.Funnel, "other": other} {
				r, err := f.Report(w.Ctx, w.As("陈露"), ask)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range r.Stages {
					if s.Kind == "open" && (s.Open == 1) != (s.Name == stage) {
						t.Errorf("%s: after the move to %s, %s holds %d", name, stage, s.Name, s.Open)
					}
				}
			}
		}
	})
}

// TestARestoredBackupUnderARunningProcessIsNoticed: the database goes back to an older
// day, with another journal after it, while the columns are those of the newer one.
func TestARestoredBackupUnderARunningProcessIsNoticed(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	w.Opportunity("陈露", "备份之前")
	backup := filepath.Join(t.TempDir(), "old", database.FileName)
	if err := os.MkdirAll(filepath.Dir(backup), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DB.Backup(w.Ctx, backup); err != nil {
		t.Fatal(err)
	}
	memory := engine.New(w.DB, funneldb.Source{}, enginedb.Rows{}, "")
	count := func(db *database.DB) int64 {
		t.Helper()
		f := reference(w.App)
		f.DB, f.Source, memory.DB = db, memory, db
		f.Opportunities = w.Opportunities
		r, err := f.Report(w.Ctx, w.As("陈露"), funnel.Ask{Pipeline: w.Bid.PipelineID})
		if err != nil {
			t.Fatal(err)
		}
		return r.Population.Created
	}
	for range 3 {
		w.Opportunity("陈露", "备份之后")
	}
	if n := count(w.DB); n != 4 {
		t.Fatalf("before the restore %d", n)
	}
	restored, err := database.OpenSQLite(filepath.Dir(backup))
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if n := count(restored); n != 1 {
		t.Errorf("after the restore the columns still say %d", n)
	}
	// As many entries again, but others: the number of the last one is known, its id not.
	was := w.App.DB
	w.App = app.New(restored, t.TempDir(), w.Log, w.Clock.Now)
	for range 3 {
		w.Opportunity("陈露", "恢复之后")
	}
	w.Opportunity("陈露", "又一个")
	if n := count(restored); n != 5 {
		t.Errorf("after new work on the restored one %d", n)
	}
	w.App = app.New(was, t.TempDir(), w.Log, w.Clock.Now)
	if n := count(was); n != 4 {
		t.Errorf("back on the newer one %d", n)
	}
}

// TestTheEngineTakesInImportsAndTheirUndo: many records by one act, and back.
func TestTheEngineTakesInImportsAndTheirUndo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		memory, sql := fromMemory(w.App), reference(w.App)
		same := func(when string) {
			t.Helper()
			for _, ask := range []funnel.Ask{{Pipeline: w.Bid.PipelineID, Group: funnel.ByProduct}, {Pipeline: w.Bid.PipelineID, Group: funnel.ByIndustry, From: "2026-01-10", To: "2026-02-20"},
				{Pipeline: w.Bid.PipelineID, AsOf: "2026-02-01", Group: funnel.ByOwner}} {
				if want, got := answer(t, sql, w.As("管理员"), ask), answer(t, memory, w.As("管理员"), ask); want != got {
					t.Errorf("%s, %+v:\n SQL    %s\n memory %s", when, ask, want, got)
				}
			}
		}
		same("empty")
		var text strings.Builder
		text.WriteString("编号,商机名称,客户名称,行业,负责人,阶段,金额,创建日期,关闭日期,产品\n")
		for i := range 1200 {
			stage := []string{"机会", "报价", "中标", "丢单"}[i%4]
			closed := ""
			if i%4 > 1 && i%8 != 7 { // some closed on a day nobody knows
				closed = fmt.Sprintf("2026-02-%02d", 1+i%28)
			}
			created := ""
			if i%5 > 0 {
				created = fmt.Sprintf("2026-01-%02d", 1+i%28)
			}
			fmt.Fprintf(&text, "N%d,商机%d,客户%d,%s,陈露,%s,%d,%s,%s,产品%d\n", i, i, i%40, []string{"汽车", "电子"}[i%2], stage, 1000+i, created, closed, i%3)
		}
		path := filepath.Join(t.TempDir(), "deals.csv")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := intake.ParseMapping([]byte("version: 1\nsource: test\nfiles:\n- match: deals.csv\n  kind: opportunity\n  pipeline: 投标流程\n  columns: {externalId: 编号, name: 商机名称, account: 客户名称, account.industry: 行业, owner: 负责人, stage: 阶段, amount: 金额, createdOn: 创建日期, closedOn: 关闭日期, product: 产品}\n"))
		if err != nil {
			t.Fatal(err)
		}
		boss := w.As("管理员")
		batch, err := w.Intake.Import(w.Ctx, boss, m, []intake.File{{Name: "deals.csv", Path: path}}, false)
		if err != nil {
			t.Fatal(err)
		}
		same("imported")
		if _, err := w.Intake.Undo(w.Ctx, w.As("管理员"), batch.ID); err != nil {
			t.Fatal(err)
		}
		same("undone")
	})
}

// TestWhatIsEvictedIsLoadedAgain: idle columns go, and the next answer is the same.
func TestWhatIsEvictedIsLoadedAgain(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	w.NewHistory(rand.New(rand.NewPCG(4, 4))).Play(30)
	ask := funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByOwner}
	before := answer(t, w.Funnel, w.As("管理员"), ask)
	if n, err := w.Engine.Evict(time.Hour); n != 0 || err != nil {
		t.Errorf("%d companies went that were just asked about, %v", n, err)
	}
	if n, err := w.Engine.Evict(0); n != 1 || err != nil {
		t.Errorf("%d companies went, %v", n, err)
	}
	if after := answer(t, w.Funnel, w.As("管理员"), ask); after != before {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

// TestKeptColumnsAreTakenUpAndCaughtUp: a process that ends keeps its columns; the
// next one reads them instead of the database, applies what came after, and passes
// over a file that is broken, another company's, or of another history.
func TestKeptColumnsAreTakenUpAndCaughtUp(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := w.NewHistory(rand.New(rand.NewPCG(5, 5)))
		h.Play(40)
		boss, ask, dir := w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByOwner}, t.TempDir()
		process := func() (*funnel.Service, *engine.Engine, *counted) {
			f, rows := reference(w.App), &counted{Rows: enginedb.Rows{}}
			e := engine.New(w.DB, funneldb.Source{}, rows, dir)
			f.Source = e
			return f, e, rows
		}
		same := func(f *funnel.Service, when string) {
			t.Helper()
			if want, got := answer(t, reference(w.App), boss, ask), answer(t, f, boss, ask); want != got {
				t.Errorf("%s:\n SQL    %s\n memory %s", when, want, got)
			}
		}
		f, e, rows := process()
		same(f, "at first")
		h.Play(5)
		same(f, "caught up")
		if err := e.Keep(); err != nil || rows.pages == 0 {
			t.Fatalf("%d pages loaded, %v", rows.pages, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("files %v, %v", files, err)
		}
		whole, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		h.Play(20)
		f, e, rows = process()
		same(f, "in the next process")
		if rows.pages != 0 {
			t.Errorf("it loaded %d pages though a file was there", rows.pages)
		}
		h.Play(10)
		same(f, "and on")
		if n, err := e.Evict(0); n != 1 || err != nil {
			t.Errorf("%d evicted, %v", n, err)
		}
		same(f, "evicted and taken up")
		if rows.pages != 0 {
			t.Errorf("%d pages loaded after eviction", rows.pages)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		for name, broken := range map[string][]byte{"empty": {}, "cut": whole[:len(whole)/2], "one bit": flipped(whole, rng.IntN(len(whole))), "foreign": []byte("not a file of columns at all, but long enough to look like one"),
			"a huge length": append(append([]byte{}, 0xff, 0xff, 0xff, 0x7f), whole[4:]...)} {
			if err := os.WriteFile(files[0], broken, 0o600); err != nil {
				t.Fatal(err)
			}
			f, _, rows = process()
			same(f, name)
			if rows.pages == 0 {
				t.Errorf("%s: the file was taken up", name)
			}
		}
		// The same seq with another entry: the file is of a history that is gone.
		if err := os.WriteFile(files[0], whole, 0o600); err != nil {
			t.Fatal(err)
		}
		err = w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(w.Ctx, `UPDATE journal SET id = 'x' || substr(id, 2) WHERE tenant_id = $1`, w.Admin.TenantID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		f, _, rows = process()
		same(f, "another history")
		if rows.pages == 0 {
			t.Error("a file of another history was taken up")
		}
	})
}

func flipped(b []byte, at int) []byte {
	out := append([]byte{}, b...)
	out[at] ^= 0x10
	return out
}

// counted counts the pages a load reads.
type counted struct {
	enginedb.Rows
	pages int
}

func (c *counted) Page(ctx context.Context, tx database.Tx, tenant, after string, limit int) ([]engine.Deal, error) {
	c.pages++
	return c.Rows.Page(ctx, tx, tenant, after, limit)
}

// TestReadersAndWritersAtOnce asks from many sides while records move: every answer
// is whole (the population is the sum of its parts), and the last equals the
// reference.
func TestReadersAndWritersAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.NewHistory(rand.New(rand.NewPCG(8, 1))).Play(30)
		boss := w.As("管理员")
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByOwner}
		past := funnel.Ask{Pipeline: w.Bid.PipelineID, Knowledge: funnel.KnownThen, AsOf: boss.Today.Add(-10)}
		done := make(chan struct{})
		errs := make(chan error, 4)
		for i := range 4 {
			ask := []funnel.Ask{ask, past}[i%2]
			go func() {
				for {
					select {
					case <-done:
						errs <- nil
						return
					default:
					}
					r, err := w.Funnel.Report(t.Context(), boss, ask)
					if p := r.Population; err == nil && p.Created != p.Open+p.Won+p.Lost+p.Withdrawn {
						err = fmt.Errorf("torn answer %+v", p)
					}
					if err != nil {
						errs <- err
						return
					}
				}
			}()
		}
		amount := int64(100)
		for i := range 60 {
			o, err := w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: fmt.Sprint("并发", i), PipelineID: w.Bid.PipelineID, AmountMinor: &amount})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Opportunities.Move(w.Ctx, boss, o.ID, opportunity.MoveRequest{To: w.Stage("入围"), Exception: "急"}); err != nil {
				t.Fatal(err)
			}
		}
		close(done)
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		for _, ask := range []funnel.Ask{ask, past} {
			memory := reference(w.App)
			memory.Source = w.Engine
			if want, got := answer(t, reference(w.App), boss, ask), answer(t, memory, boss, ask); want != got {
				t.Errorf("at the end, %s\n%s", ask.Knowledge, apart(want, got))
			}
		}
	})
}
