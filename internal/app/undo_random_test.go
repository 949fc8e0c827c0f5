package app_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
)

// gamble makes files and acts by a seeded generator.
type gamble struct {
	*source
	r *rand.Rand
}

func (g *gamble) pick(of ...string) string { return of[g.r.IntN(len(of))] }

// deals writes a file of some deals; an id that was there before is another row about it.
func (g *gamble) deals(first, n int) string {
	var b strings.Builder
	b.WriteString(headOfDeals)
	for i := first; i < first+n; i++ {
		stage, closed := "机会", ""
		if g.r.IntN(4) == 0 {
			stage, closed = g.pick("丢单", "withdrawn"), "2026-03-0"+g.pick("1", "2")
		}
		fmt.Fprintf(&b, "%d,项目%d%s,%s,%s,%s,%d,%s,2026-01-0%d,%s,%s,%s,%s\n", i, i, g.pick("", "改", "二期"), g.pick("", "甲厂", "乙厂", "丙厂"),
			g.pick("陈露", "小李", ""), stage, 100*(1+g.r.IntN(50)), g.pick("", "主轴", "磨床"), 1+g.r.IntN(9), closed,
			g.pick("", "2026-06-30", "2026-09-30"), g.pick("", "展会", "转介绍"), g.pick("", "已批", "未批"))
	}
	return b.String()
}

func (g *gamble) files(deals string) *source {
	return newSource(g.World, dealsAndPeople, map[string]string{
		"c.csv": "id,name,industry,parent,code\nC1,甲厂," + g.pick("汽车", "航空") + ",,A1\nC2,乙厂,汽车," + g.pick("", "甲厂") + "," + g.pick("B1", "B2") + "\n",
		"p.csv": "id,name,account,mobile\nP1,刘工,甲厂,13800001111\nP2,王工,乙厂,\n",
		"x.csv": deals})
}

// said is all that is said of each deal and account by its id in the source, apart from ids.
func (g *gamble) said() map[string]string {
	g.T.Helper()
	out := map[string]string{}
	type ref struct{ kind, id, external string }
	var refs []ref
	must(g.T, g.DB.Read(g.Ctx, func(tx database.Tx) error {
		for _, kind := range []string{"opportunity", "account"} {
			all, err := g.Records.ByExternal(g.Ctx, tx, g.Admin.TenantID, kind, "crm")
			if err != nil {
				return err
			}
			for ext, id := range all {
				refs = append(refs, ref{kind, id, ext})
			}
		}
		return nil
	}))
	for _, x := range refs {
		if x.kind == "account" {
			c, err := g.Accounts.Get(g.Ctx, g.As("管理员"), x.id)
			must(g.T, err)
			out["account "+x.external] = fmt.Sprint(c.Name, c.Industry, c.Region, c.Class, c.ParentID != "", c.DeletedAt != nil, c.Custom)
			continue
		}
		o, err := g.Opportunities.Get(g.Ctx, g.As("管理员"), x.id)
		must(g.T, err)
		amount := int64(-1)
		if o.AmountMinor != nil {
			amount = *o.AmountMinor
		}
		var lines []int64
		for _, l := range o.Lines {
			lines = append(lines, l.AmountMinor)
		}
		values := g.count(`SELECT count(DISTINCT field) FROM dated_value WHERE record_id = $1 AND ended_seq IS NULL`, x.id)
		stays := g.count(`SELECT count(*) FROM stay WHERE opportunity_id = $1 AND ended_seq IS NULL`, x.id)
		credit := g.count(`SELECT count(*) FROM (SELECT 1 FROM credit_line WHERE fact_id = $1 GROUP BY COALESCE(reverses, id) HAVING sum(share_bp) <> 0) AS x`, x.id)
		out["deal "+x.external] = fmt.Sprint(o.Name, " ", amount, o.Currency, lines, " ", o.ExpectedOn, o.Pushes, " ", o.Source, o.State, o.ClosedOn,
			o.StageID, o.LossKind, o.DeletedAt != nil, o.Custom, o.OwnerID, o.AccountName, " ", values, stays, credit)
	}
	return out
}

// people does something to a random deal, or the program does; it answers the id that was
// touched by a person.
func (g *gamble) people() string {
	ids := g.ids()
	id := ids[g.r.IntN(len(ids))]
	o, err := g.Opportunities.Get(g.Ctx, g.As("管理员"), id)
	must(g.T, err)
	switch g.r.IntN(5) {
	case 0:
		name := o.Name + "(改名)"
		_, err = g.Opportunities.Edit(g.Ctx, g.As("管理员"), id, 0, opportunity.Patch{Name: &name})
	case 1:
		if o.State != opportunity.Open {
			_, err = g.Opportunities.Move(g.Ctx, g.As("管理员"), id, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
			break
		}
		amount := int64(777)
		next := &amount
		_, err = g.Opportunities.Edit(g.Ctx, g.As("管理员"), id, 0, opportunity.Patch{AmountMinor: &next})
	case 2:
		err = g.Opportunities.Delete(g.Ctx, g.As("管理员"), id, true)
		must(g.T, err)
		err = g.Opportunities.Delete(g.Ctx, g.As("管理员"), id, false)
	default: // nobody's doing
		to := g.ID[g.pick("一组", "二组")]
		a := g.As("管理员")
		if team, _ := a.Structure.TeamOf(g.ID["陈露"], a.Today); team != to {
			must(g.T, g.Org.Transfer(g.Ctx, a, g.ID["陈露"], to, "", false, a.Today))
		}
		return ""
	}
	must(g.T, err)
	return id
}

func (g *gamble) ids() (out []string) {
	must(g.T, g.DB.Read(g.Ctx, func(tx database.Tx) error {
		all, err := g.Records.ByExternal(g.Ctx, tx, g.Admin.TenantID, "opportunity", "crm")
		out = slices.Sorted(maps.Values(all))
		return err
	}))
	return out
}

// external is the deal's id in the source.
func (g *gamble) external(id string) (ext string) {
	must(g.T, g.DB.Read(g.Ctx, func(tx database.Tx) error {
		list, err := g.Records.External(g.Ctx, tx, g.Admin.TenantID, id)
		if len(list) > 0 {
			ext = list[0].ID
		}
		return err
	}))
	return ext
}

// dyingRows is a process that is killed before a write of its own.
type dyingRows struct {
	intake.Rows
	left int
	dead atomic.Bool
}

var errKilled = errors.New("killed")

func (d *dyingRows) step() error {
	if d.left--; d.left <= 0 {
		d.dead.Store(true)
		return errKilled
	}
	return nil
}

func (d *dyingRows) SetUndone(ctx context.Context, tx database.Tx, tenant, batch string, list []intake.Change, o []intake.Outcome) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Rows.SetUndone(ctx, tx, tenant, batch, list, o)
}

func (d *dyingRows) InsertChanges(ctx context.Context, tx database.Tx, tenant, batch string, changes []intake.Change) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Rows.InsertChanges(ctx, tx, tenant, batch, changes)
}

func (d *dyingRows) EndUndo(ctx context.Context, tx database.Tx, tenant, id, status, by string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Rows.EndUndo(ctx, tx, tenant, id, status, by)
}

// The dead write nothing more, not even that they end.
func (d *dyingRows) SaveBatch(ctx context.Context, tx database.Tx, tenant string, b intake.Batch) error {
	if d.left <= 0 {
		return errKilled
	}
	return d.Rows.SaveBatch(ctx, tx, tenant, b)
}

func (d *dyingRows) LetGo(ctx context.Context, tx database.Tx, tenant, id, by string) error {
	if d.left <= 0 {
		return errKilled
	}
	return d.Rows.LetGo(ctx, tx, tenant, id, by)
}

// process is another process on the same database, which dies after some writes; 0 does not.
func (g *gamble) process(writes int) *app.App {
	a := app.New(g.DB, g.T.TempDir(), g.Log, g.Clock.Now)
	if writes > 0 {
		a.Intake.Rows = &dyingRows{Rows: a.Intake.Rows, left: writes}
	}
	return a
}

// undone undoes a batch by processes that die, one after the other, and by one that does not.
func (g *gamble) undone(id string) intake.Undone {
	for range 3 {
		if g.r.IntN(2) == 0 {
			u, err := g.process(1+g.r.IntN(3)).Intake.Undo(g.Ctx, g.As("管理员"), id)
			if err == nil {
				return u
			}
			if !errors.Is(err, errKilled) {
				g.T.Fatal(err)
			}
			g.Clock.Set(g.As("管理员").Today.Add(1)) // its lease ends
		}
	}
	return g.undo(id)
}

func rounds() int {
	if os.Getenv("YUNCHOU_SOAK") != "" {
		return 60
	}
	return 4
}

// TestAnUndoGivesBackWhatNobodyTouched: random files, random acts between, processes that die
// while they undo. What nobody touched is as it was before the import, in every field, line,
// own field and day; what somebody touched is named; then the first import is undone too, and
// the same files bring everything again.
func TestAnUndoGivesBackWhatNobodyTouched(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for seed := range rounds() {
			w := apptest.New(t, db)
			g := &gamble{&source{World: w}, rand.New(rand.NewPCG(uint64(seed), 11))}
			firstFiles := g.files(g.deals(1, 12))
			first := firstFiles.run()
			asFirst := g.said()
			w.Clock.Set("2026-03-04")
			second := g.files(g.deals(7, 12)) // six it knows, six more
			b := second.run()
			if b.Summary.Refused > 0 && b.Summary.Created["opportunity"] == 0 {
				t.Fatalf("%+v", *b.Summary)
			}
			w.Clock.Set("2026-03-05")
			touched := map[string]bool{}
			for range g.r.IntN(5) {
				if id := g.people(); id != "" {
					touched[id] = true
				}
			}
			g.checkUndone(seed, g.undone(b.ID), asFirst, touched)
			again := g.undone(first.ID)
			for _, kept := range again.Kept {
				kind, id, _ := strings.Cut(kept, ":")
				if kind == "opportunity" && !touched[id] {
					t.Errorf("%d: the first import's %s was kept and nobody touched it", seed, kept)
				}
			}
			if t.Failed() {
				return
			}
			g.checkAgain(seed, firstFiles, asFirst, touched)
		}
	})
}

func (g *gamble) checkUndone(seed int, u intake.Undone, was map[string]string, touched map[string]bool) {
	g.T.Helper()
	names := map[string]bool{}
	for id := range touched {
		names["deal "+g.external(id)] = true
	}
	now := g.said()
	for key, text := range was {
		if !names[key] && now[key] != text {
			g.T.Errorf("%d: nobody touched %s, and after the undo it is\n  %s, was\n  %s; %+v", seed, key, now[key], text, u)
		}
	}
	for key := range now {
		if was[key] == "" && !names[key] && strings.HasPrefix(key, "deal") {
			g.T.Errorf("%d: %s is left of the undone import", seed, key)
		}
	}
}

// checkAgain imports what was undone again: what nobody touched is there as it was at first.
func (g *gamble) checkAgain(seed int, files *source, was map[string]string, touched map[string]bool) {
	g.T.Helper()
	names := map[string]bool{}
	for id := range touched {
		names["deal "+g.external(id)] = true
	}
	files.run()
	now := g.said()
	for key, text := range was {
		if strings.HasPrefix(key, "deal") && !names[key] && now[key] != text {
			g.T.Errorf("%d: imported again %s is\n  %s, was\n  %s", seed, key, now[key], text)
		}
	}
}

// TestAnImportKilledAnywhereCanBeUndoneAndDoneAgain: nobody takes it for dead before its lease
// ends; then it has failed, its undo leaves nothing, also where that is killed at every step,
// and the same files bring everything.
func TestAnImportKilledAnywhereCanBeUndoneAndDoneAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		g := &gamble{&source{World: w}, rand.New(rand.NewPCG(1, 1))}
		s := newSource(w, dealsAndPeople, dealsFiles)
		for kill := 1; ; kill++ {
			day := func() { w.Clock.Set(w.As("管理员").Today.Add(1)) }
			b, err := g.process(kill).Intake.Import(w.Ctx, w.As("管理员"), s.m, s.files, false)
			if err == nil {
				if kill < 4 {
					t.Errorf("only %d writes of an import", kill-1)
				}
				stepping(t, g, b.ID)
				s.nothingIsLeft()
				return
			}
			must(t, w.Intake.Recover(w.Ctx))
			if now, err := w.Intake.Get(w.Ctx, w.As("管理员"), b.ID); err != nil || now.Status != "running" {
				t.Errorf("killed at %d: %s before its lease ended, %v", kill, now.Status, err)
			}
			day()
			must(t, w.Intake.Recover(w.Ctx))
			if now, err := w.Intake.Get(w.Ctx, w.As("管理员"), b.ID); err != nil || now.Status != "failed" || now.Error != "import.interrupted" {
				t.Errorf("killed at %d: %s %s, %v", kill, now.Status, now.Error, err)
			}
			if u := g.undone(b.ID); len(u.Kept) > 0 || u.Left > 0 {
				t.Errorf("killed at %d: %+v", kill, u)
			}
			s.nothingIsLeft()
		}
	})
}

// stepping undoes a batch by a process for each step, each of which dies at the next.
func stepping(t *testing.T, g *gamble, id string) {
	t.Helper()

	for step := 1; ; step++ {
		_, err := g.process(step).Intake.Undo(g.Ctx, g.As("管理员"), id)
		if err == nil {
			return
		}
		if !errors.Is(err, errKilled) || step > 20 {
			t.Fatalf("step %d: %v", step, err)
		}
		g.Clock.Set(g.As("管理员").Today.Add(1))
	}
}

// TestAnUndoWhoseProcessDiesIsGoneOnWithByTheNext: it is on the timetable, and whoever works that
// off takes it up where it stopped.
func TestAnUndoWhoseProcessDiesIsGoneOnWithByTheNext(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		b := s.run()
		g := &gamble{s, rand.New(rand.NewPCG(1, 1))}
		_, err := w.Intake.StartUndo(w.Ctx, w.As("管理员"), b.ID)
		must(t, err)
		for writes := 2; ; writes++ { // of a process that works the timetable off, until it dies
			ctx, stop := context.WithCancel(w.Ctx)
			a, worked := g.process(writes), make(chan struct{})
			go func() { defer close(worked); a.Work(ctx) }()
			dead := func() bool { return a.Intake.Rows.(*dyingRows).dead.Load() }
			done := func() bool {
				now, err := w.Intake.Get(w.Ctx, w.As("管理员"), b.ID)
				must(t, err)
				return now.Status == "undone"
			}
			for i := 0; !dead() && !done(); i++ {
				if i > 4000 {
					t.Fatalf("%d writes: neither dead nor done", writes)
				}
				time.Sleep(5 * time.Millisecond)
			}
			stop()
			<-worked
			if done() {
				break
			}
			w.Clock.Set(w.As("管理员").Today.Add(1)) // its leases end, and the job is due again
		}
		now, err := w.Intake.Get(w.Ctx, w.As("管理员"), b.ID)
		must(t, err)
		if u := now.Undone; u == nil || u.Removed != 5 || len(u.Kept) > 0 || u.Left > 0 {
			t.Errorf("%+v", u)
		}
		s.nothingIsLeft()
	})
}
