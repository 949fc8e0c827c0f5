package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestAProductLineAnImportMakesHasAnIDOfItsOwn: one of a file of product lines, and one a deal
// names; not one made of its name, which two who make it at once would quarrel about.
func TestAProductLineAnImportMakesHasAnIDOfItsOwn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, `version: 1
source: crm
files:
  - {match: p.csv, kind: product, columns: {name: name}}
  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: id, name: name, stage: stage, product: product}}
`, map[string]string{"p.csv": "name\n加工中心\n", "x.csv": "id,name,stage,product\n1,一号线,机会,五轴\n"})
		if b := s.run(); b.Summary.Created["product"] != 2 || b.Summary.Errors > 0 {
			t.Fatalf("%+v", *b.Summary)
		}
		s.counts(map[string]int64{"product_line WHERE name IN ('加工中心', '五轴')": 2, "product_line WHERE length(id) <> 36": 0})
	})
}

// TestAFurtherLineThatIsRefusedRefusesItsRecord: a product line nobody knows, in the second
// line of a deal.
func TestAFurtherLineThatIsRefusedRefusesItsRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, `version: 1
source: crm
files:
  - {match: p.csv, kind: product, columns: {name: name}}
  - {match: x.csv, kind: opportunity, pipeline: 投标流程, repeated: lines, unknown: refuse,
      columns: {externalId: id, name: name, stage: stage, product: product, amount: amount}}
`, map[string]string{"p.csv": "name\n加工中心\n",
			"x.csv": "id,name,stage,product,amount\n1,一号线,机会,加工中心,100\n1,一号线,机会,没有的,200\n2,二号线,机会,加工中心,300\n"})
		b := s.run()
		if b.Status != "done" || b.Summary.Created["opportunity"] != 1 || b.Summary.Refused != 1 {
			t.Errorf("%s %s %+v", b.Status, b.Error, *b.Summary)
		}
		list, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
		must(t, err)
		if len(list) != 1 || list[0].Line != 3 || list[0].Code != "product.unknown" {
			t.Errorf("%+v", list)
		}
	})
}

// TestAnEventWithoutItsCaseIsToldByItsColumn: what is wrong is in the column the file has.
func TestAnEventWithoutItsCaseIsToldByItsColumn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, `version: 1
source: log
files:
  - {match: x.csv, kind: events, pipeline: 投标流程, columns: {case: 工单, activity: 环节, time: 时间}}
`, map[string]string{"x.csv": "工单,环节,时间\n,机会,2026-02-02\n7,机会,2026-02-02\n"})
		b := s.run()
		list, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
		must(t, err)
		if len(list) != 1 || list[0].Field != "case" || list[0].Column != "工单" || b.Summary.Created["opportunity"] != 1 {
			t.Errorf("%+v, %+v", list, *b.Summary)
		}
	})
}
