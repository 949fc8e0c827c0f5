package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
)

func (s *source) notAgain(id string) {
	s.T.Helper()
	if _, err := s.Intake.Undo(s.Ctx, s.As("管理员"), id); fault.CodeOf(err) != "import.not_undoable" {
		s.T.Errorf("there was nothing left to undo: %v", err)
	}
}

// TestWhatAnUndoKeptForALaterImportIsUndoneAfterIt: what the first made is kept while a later one
// stands, and never was once that is undone too.
func TestWhatAnUndoKeptForALaterImportIsUndoneAfterIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		first := s.run()
		w.Clock.Set("2026-03-04")
		more := newSource(w, dealsAndPeople, map[string]string{
			"x.csv": headOfDeals + "1,一号线改,,陈露,机会,150,主轴,2026-01-05,,2026-08-30,展会,未批\n"})
		later := more.run()
		if u := s.undo(first.ID); u.Removed != 3 || len(u.Kept) != 2 { // the deal changed since, and its account
			t.Errorf("%+v", u)
		}
		if u := s.undo(first.ID); u.Removed != 3 || len(u.Kept) != 2 {
			t.Errorf("asked again too early: %+v", u)
		}
		if u := more.undo(later.ID); u.Restored != 1 || len(u.Kept) != 0 {
			t.Errorf("%+v", u)
		}
		more.notAgain(later.ID)
		if u := s.undo(first.ID); u.Removed != 5 || len(u.Kept) != 0 || u.Left != 0 {
			t.Errorf("%+v", u)
		}
		s.nothingIsLeft()
		s.notAgain(first.ID)
	})
}

// freely is a pipeline whose stages ask for nothing, and deals with fields.
const freely = `version: 1
source: crm
fields: [{record: opportunity, key: budget, label: 预算, type: text}]
pipelines:
  - {name: 简易, stages: [{name: 一, kind: open, phase: early, success: 10}, {name: 二, kind: open, phase: middle, success: 20},
      {name: 赢, kind: won}, {name: 输, kind: lost}]}
files:
  - {match: x.csv, kind: opportunity, pipeline: 简易, columns: {externalId: id, name: name, owner: owner, stage: stage,
      createdOn: created, expectedOn: expected, custom.budget: budget}}
`

// TestOfAChangeUndoneInPartTheRestIsUndoneLater: fields and moves that a later import stood upon.
func TestOfAChangeUndoneInPartTheRestIsUndoneLater(t *testing.T) {
	for _, stage := range []string{"一", "二"} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			says := func(stage, expected, budget string) *source {
				return newSource(w, freely, map[string]string{"x.csv": "id,name,owner,stage,created,expected,budget\n" +
					"1,一号线,陈露," + stage + ",2026-01-05," + expected + "," + budget + "\n"})
			}
			s := says("一", "2026-06-30", "已批")
			s.run()
			at := s.named("一号线").StageID
			w.Clock.Set("2026-03-04")
			second := says(stage, "2026-07-30", "二批")
			b2 := second.run()
			third := says(stage, "2026-07-30", "三批")
			b3 := third.run()
			if u := second.undo(b2.ID); u.Restored != 1 || len(u.Kept) != 1 {
				t.Errorf("%s: %+v", stage, u)
			}
			if r := s.named("一号线"); r.ExpectedOn != "2026-06-30" || r.Custom["budget"] != "三批" {
				t.Errorf("%s: %s %v", stage, r.ExpectedOn, r.Custom)
			}
			third.undo(b3.ID)
			if u := second.undo(b2.ID); u.Restored != 1 || len(u.Kept) != 0 || u.Left != 0 {
				t.Errorf("%s: %+v", stage, u)
			}
			second.notAgain(b2.ID)
			r := s.named("一号线")
			if r.ExpectedOn != "2026-06-30" || r.Custom["budget"] != "已批" || r.StageID != at {
				t.Errorf("%s: %+v", stage, r)
			}
		})
	}
}

// TestAnAccountChangedInPartIsGivenBackWhole: the field the later import left alone at first, the
// other once that is undone.
func TestAnAccountChangedInPartIsGivenBackWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		file := func(industry, code string) *source {
			return newSource(w, dealsAndPeople, map[string]string{"c.csv": "id,name,industry,parent,code\nC1,东方集团," + industry + ",," + code + "\n"})
		}
		s := file("汽车", "A1")
		s.run()
		second, third := file("电子", "A2"), file("电子", "A3")
		b2, b3 := second.run(), third.run()
		if u := second.undo(b2.ID); u.Restored != 1 || len(u.Kept) != 1 {
			t.Errorf("%+v", u)
		}
		third.undo(b3.ID)
		if u := second.undo(b2.ID); u.Restored != 1 || len(u.Kept) != 0 {
			t.Errorf("%+v", u)
		}
		second.notAgain(b2.ID)
		s.counts(map[string]int64{"account WHERE name = '东方集团' AND industry = '汽车'": 1})
	})
}
