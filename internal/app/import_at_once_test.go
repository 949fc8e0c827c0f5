package app_test

import (
	"fmt"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
)

// atOnce imports some sources at the same time; every run comes to its end without an error.
func atOnce(t *testing.T, sources ...*source) {
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() {
			b, err := s.Intake.Import(s.Ctx, s.As("管理员"), s.m, s.files, false)
			if err != nil || b.Status != "done" || b.Summary.Errors > 0 {
				t.Errorf("%d: %s %s, %+v: %v", i, b.Status, b.Error, b.Summary, err)
			}
		})
	}
	wg.Wait()
}

func (s *source) counts(want map[string]int64) {
	s.T.Helper()
	for query, n := range want {
		if got := s.count(`SELECT count(*) FROM ` + query); got != n {
			s.T.Errorf("%d of %s, want %d", got, query, n)
		}
	}
}

// everything is a mapping with every kind of record.
const everything = `version: 1
source: crm
fields: [{record: opportunity, key: budget, label: 预算, type: text}]
pipelines:
  - {name: 简易, stages: [{name: 一, kind: open, phase: early, success: 10}, {name: 赢, kind: won}, {name: 输, kind: lost}]}
files:
  - {match: m.csv, kind: member, columns: {name: name, manager: manager, region: region}}
  - {match: c.csv, kind: account, columns: {externalId: id, name: name, industry: industry}}
  - {match: p.csv, kind: contact, columns: {externalId: id, name: name, account: account}}
  - {match: x.csv, kind: opportunity, pipeline: 简易, columns: {externalId: id, name: name, account: account, owner: owner, stage: stage,
      amount: amount, product: product, createdOn: created, competitor: rival, closedOn: closed, custom.budget: budget}}
`

func everyKind(deals int) map[string]string {
	files := map[string]string{"m.csv": "name,manager,region\n", "c.csv": "id,name,industry\n", "p.csv": "id,name,account\n",
		"x.csv": "id,name,account,owner,stage,amount,product,created,rival,closed,budget\n"}
	for i := range 6 {
		files["m.csv"] += fmt.Sprintf("销售%d,经理%d,区%d\n", i, i%2, i%2)
		files["c.csv"] += fmt.Sprintf("C%d,客户%d,汽车\n", i, i)
		files["p.csv"] += fmt.Sprintf("P%d,联系人%d,客户%d\n", i, i, i)
	}
	for i := range deals {
		stage, closed := "一", ""
		if i%3 == 0 {
			stage, closed = "输", "2026-02-03"
		}
		files["x.csv"] += fmt.Sprintf("%d,项目%d,客户%d,销售%d,%s,100,产品%d,2026-01-05,对手%d,%s,有\n", i, i, i%9, i%6, stage, i%4, i%2, closed)
	}
	return files
}

// TestTheSameFilesImportedAtOnceBringEachRecordOnce: accounts, people, members, teams,
// pipelines, own fields, product lines, competitors and deals.
func TestTheSameFilesImportedAtOnceBringEachRecordOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, everything, everyKind(40))
		atOnce(t, s, s, s)
		s.counts(map[string]int64{
			"opportunity WHERE deleted_at IS NULL":                        40,
			"account WHERE name LIKE '客户%' AND deleted_at IS NULL":        9,
			"contact WHERE deleted_at IS NULL":                            6,
			"member WHERE name LIKE '销售%' OR name LIKE '经理%'":             8,
			"team WHERE name LIKE '区%' OR name LIKE '经理%'":                4,
			"pipeline WHERE name = '简易'":                                  1,
			"custom_field WHERE key = 'budget'":                           1,
			"product_line WHERE name LIKE '产品%'":                          4,
			"competitor WHERE name LIKE '对手%'":                            2,
			"external_ref":                                                40 + 6 + 6,
			"opportunity_line":                                            40,
			"import_change WHERE created AND record_kind = 'opportunity'": 40,
		})
		if n := s.count(`SELECT count(*) FROM opportunity WHERE account_id NOT IN (SELECT id FROM account)`); n != 0 {
			t.Errorf("%d deals hang on accounts that are not there", n)
		}
	})
}

// TestTwoFilesThatNameTheSameAccountAtOnceMakeItOnce: under ids of their own, or none.
func TestTwoFilesThatNameTheSameAccountAtOnceMakeItOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		file := func(from string, first int) *source {
			text := headOfDeals
			for i := range 30 {
				text += fmt.Sprintf("%d,项目%d,客户%d,陈露,机会,100,主轴,2026-01-05,,2026-06-30,展会,已批\n", first+i, first+i, i%5)
			}
			s := newSource(w, dealsAndPeople, map[string]string{"x.csv": text, "c.csv": "id,name,industry,parent,code\n" + from + ",客户0,汽车,,A1\n"})
			s.m.Source = from
			return s
		}
		one := file("erp", 0)
		atOnce(t, one, file("crm", 100), file("xls", 200))
		one.counts(map[string]int64{"account WHERE name LIKE '客户%' AND deleted_at IS NULL": 5, "opportunity": 90})
	})
}

// TestAnAccountTypedInWhileAnImportRunsIsThereOnce: whoever is later finds it.
func TestAnAccountTypedInWhileAnImportRunsIsThereOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		files := map[string]string{"x.csv": headOfDeals}
		for i := range 60 {
			files["x.csv"] += fmt.Sprintf("%d,项目%d,客户%d,陈露,机会,100,主轴,2026-01-05,,2026-06-30,展会,已批\n", i, i, i)
		}
		s := newSource(w, dealsAndPeople, files)
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				_, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: fmt.Sprintf("客户 %d", 59-i)}, false)
				if err != nil && fault.CodeOf(err) != "account.name_taken" {
					t.Errorf("typed in: %v", err)
				}
			})
		}
		atOnce(t, s)
		wg.Wait()
		s.counts(map[string]int64{"account WHERE name LIKE '客户%' AND deleted_at IS NULL": 60, "opportunity": 60})
	})
}
