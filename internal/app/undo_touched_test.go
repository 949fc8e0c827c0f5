package app_test

import (
	"fmt"
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// oneDeal is a file of one deal that stands in a stage.
func oneDeal(stage string) map[string]string {
	return map[string]string{"x.csv": headOfDeals + "1,一号线,,陈露," + stage + ",100,主轴,2026-01-05,,2026-06-30,展会,已批\n"}
}

// without publishes a version of a pipeline that lacks a stage, whose records go to the next.
func without(t *testing.T, w *apptest.World, called, stage string) {
	t.Helper()
	v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), called)
	must(t, err)
	at := slices.IndexFunc(v.Stages, func(s pipeline.Stage) bool { return s.Name == stage })
	draft := v
	draft.Stages = slices.Delete(slices.Clone(v.Stages), at, at+1)
	_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), v.PipelineID, v.ID, draft, map[string]string{v.Stages[at].ID: v.Stages[at+1].ID})
	must(t, err)
}

// ofTheProgram is what happens to a record without anybody touching it.
var ofTheProgram = map[string]func(*testing.T, *source){
	"its owner changes teams": func(t *testing.T, s *source) {
		must(t, s.Org.Transfer(s.Ctx, s.As("管理员"), s.ID["陈露"], s.ID["二组"], "", false, "2026-03-04"))
	},
	"its owner changes teams as was announced": func(t *testing.T, s *source) {
		must(t, s.Org.Transfer(s.Ctx, s.As("管理员"), s.ID["陈露"], s.ID["二组"], "", false, "2026-03-10"))
		s.Clock.Set("2026-03-10")
		must(t, s.Opportunities.Follow(s.Ctx, s.As("管理员"), "2026-03-04"))
	},
	"a new version keeps its stage": func(t *testing.T, s *source) { without(t, s.World, "投标流程", s.Bid.Stages[3].Name) },
	"a new version lacks its stage": func(t *testing.T, s *source) { without(t, s.World, "投标流程", "机会") },
	"two new versions lack a stage": func(t *testing.T, s *source) {
		without(t, s.World, "投标流程", "机会")
		without(t, s.World, "投标流程", s.Bid.Stages[2].Name)
	},
	"a rate is stated":               func(t *testing.T, s *source) { s.rate(t, "USD") },
	"another import of it is undone": func(t *testing.T, s *source) { s.again("一号线改", "150") },
	"an import that restored it is undone": func(t *testing.T, s *source) {
		more := newSource(s.World, dealsAndPeople, oneDeal("机会"))
		for i := range more.m.Files {
			more.m.Files[i].Deleted = "restore"
		}
		more.undo(more.run().ID) // there was nothing to restore
	},
}

func (s *source) rate(t *testing.T, currency string) {
	t.Helper()
	must(t, s.Org.SetRate(s.Ctx, s.As("管理员"), org.Rate{Currency: currency, From: "2026-01-01", Rate: 7_100_000}))
	_, err := s.Opportunities.Price(s.Ctx, s.As("管理员"), opportunity.Priced{}, func(database.Tx, opportunity.Priced) error { return nil })
	must(t, err)
}

// again imports the deal under another name and amount, and undoes that.
func (s *source) again(name, amount string) {
	more := newSource(s.World, dealsAndPeople, map[string]string{
		"x.csv": headOfDeals + "1," + name + ",,陈露,机会," + amount + ",磨床,2026-01-05,,2026-09-30,转介绍,未批\n"})
	more.undo(more.run().ID)
}

// TestWhatTheProgramDoesToARecordIsNobodysTouching: the import that made it is undone whole.
func TestWhatTheProgramDoesToARecordIsNobodysTouching(t *testing.T) {
	for what, act := range ofTheProgram {
		t.Run(what, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				s := newSource(w, dealsAndPeople, oneDeal("机会"))
				b := s.run()
				w.Clock.Set("2026-03-04")
				act(t, s)
				if u := s.undo(b.ID); len(u.Kept) > 0 {
					t.Errorf("%+v", u)
				}
				s.nothingIsLeft()
			})
		})
	}
}

// ofPeople is what a person does to a record, alone or to many at once.
var ofPeople = map[string]func(*source, string) error{
	"a field": func(s *source, id string) error {
		name := "一号线(李)"
		_, err := s.Opportunities.Edit(s.Ctx, s.As("陈露"), id, 0, opportunity.Patch{Name: &name})
		return err
	},
	"a move of many": func(s *source, id string) error {
		_, err := s.Opportunities.MoveMany(s.Ctx, s.As("管理员"), []string{id}, opportunity.MoveRequest{To: "withdrawn", LossKind: "invalid"})
		return err
	},
	"a hand-over of all": func(s *source, _ string) error {
		_, err := s.Handovers.HandOver(s.Ctx, s.As("管理员"), handover.Ask{FromID: s.ID["陈露"], ToID: s.ID["小李"], Reason: "分工"})
		return err
	},
	"a team that is set": func(s *source, id string) error {
		if err := s.Org.AddPost(s.Ctx, s.As("管理员"), s.ID["陈露"], org.Post{TeamID: s.ID["二组"], From: "2026-03-04"}); err != nil {
			return err
		}
		_, err := s.Opportunities.Belong(s.Ctx, s.As("管理员"), id, 0, s.ID["二组"])
		return err
	},
	"deleted and restored": func(s *source, id string) error {
		if err := s.Opportunities.Delete(s.Ctx, s.As("管理员"), id, true); err != nil {
			return err
		}
		return s.Opportunities.Delete(s.Ctx, s.As("管理员"), id, false)
	},
	"another import": func(s *source, _ string) error {
		newSource(s.World, dealsAndPeople, map[string]string{
			"x.csv": headOfDeals + "1,一号线,,陈露,机会,150,主轴,2026-01-05,,2026-06-30,展会,已批\n"}).run()
		return nil
	},
}

// TestWhatAPersonDoesToARecordKeepsIt: also where the program did something besides.
func TestWhatAPersonDoesToARecordKeepsIt(t *testing.T) {
	for what, act := range ofPeople {
		t.Run(what, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				s := newSource(w, dealsAndPeople, oneDeal("机会"))
				b := s.run()
				id := s.named("一号线").ID
				w.Clock.Set("2026-03-04")
				must(t, act(s, id))
				without(t, w, "投标流程", s.Bid.Stages[3].Name)
				if u := s.undo(b.ID); len(u.Kept) != 1 || u.Removed != 0 {
					t.Errorf("%+v", u)
				}
			})
		})
	}
}

// TestTwoImportsUndoneOneAfterTheOther: the later one first; nothing is left.
func TestTwoImportsUndoneOneAfterTheOther(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, oneDeal("机会"))
		first := s.run()
		var later []*source
		var batches []string
		for i := range 3 {
			w.Clock.Set("2026-03-04")
			x := newSource(w, dealsAndPeople, map[string]string{"x.csv": headOfDeals +
				fmt.Sprintf("1,一号线改%d,,陈露,机会,%d,主轴,2026-01-05,,2026-0%d-30,展会%d,批%d\n", i, 150+i, 4+i, i, i)})
			later, batches = append(later, x), append(batches, x.run().ID)
		}
		w.Clock.Set("2026-03-05")
		for i := range slices.Backward(later) {
			if u := later[i].undo(batches[i]); len(u.Kept) > 0 || u.Restored != 1 {
				t.Errorf("%d: %+v", i, u)
			}
		}
		if r := s.named("一号线"); *r.AmountMinor != 100_00 || r.Custom["budget"] != "已批" || r.ExpectedOn != "2026-06-30" {
			t.Errorf("%+v", r)
		}
		if u := s.undo(first.ID); len(u.Kept) > 0 {
			t.Errorf("%+v", u)
		}
		s.nothingIsLeft()
	})
}

// plainly is a pipeline whose stages ask for nothing.
const plainly = `version: 1
source: crm
pipelines:
  - {name: 简易, stages: [{name: 一, kind: open, phase: early, success: 10}, {name: 二, kind: open, phase: middle, success: 20},
      {name: 三, kind: open, phase: late, success: 30}, {name: 赢, kind: won}, {name: 输, kind: lost}]}
files:
  - {match: x.csv, kind: opportunity, pipeline: 简易, columns: {externalId: id, name: name, owner: owner, stage: stage, amount: amount, createdOn: created}}
`

// TestAMoveOfAnImportIsTakenBackThroughANewVersion: the stage it had reached is gone since,
// or the one it came from.
func TestAMoveOfAnImportIsTakenBackThroughANewVersion(t *testing.T) {
	for _, gone := range []string{"一", "二"} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			in := func(stage string) *source {
				return newSource(w, plainly, map[string]string{"x.csv": "id,name,owner,stage,amount,created\n1,一号线,陈露," + stage + ",100,2026-01-05\n"})
			}
			in("一").run()
			more := in("二")
			b := more.run()
			if b.Summary.Updated["opportunity"] != 1 {
				t.Fatalf("%+v", *b.Summary)
			}
			w.Clock.Set("2026-03-04")
			without(t, w, "简易", gone)
			if u := more.undo(b.ID); len(u.Kept) > 0 || u.Restored != 1 {
				t.Errorf("%s gone: %+v", gone, u)
			}
			r := more.named("一号线")
			v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "简易")
			must(t, err)
			if r.StageID != v.Stages[0].ID || r.VersionID != v.ID {
				t.Errorf("%s gone: it stands in %s of %s, not in the first of %s", gone, r.StageID, r.VersionID, v.ID)
			}
		})
	}
}
