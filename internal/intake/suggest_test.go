package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/intake"
)

func TestSuggestKnowsWhatAFileHolds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db) // its pipeline has 机会, 报价, 中标, 丢单
		for _, c := range []struct {
			name   string
			header []string
			kind   string
			column map[string]string
		}{
			{"accounts.csv", []string{"account", "sector", "office_location", "subsidiary_of"}, "account", map[string]string{"name": "account", "industry": "sector", "parent": "subsidiary_of"}},
			{"products.csv", []string{"product", "series", "sales_price"}, "product", map[string]string{"listPrice": "sales_price"}},
			{"sales_teams.csv", []string{"sales_agent", "manager", "regional_office"}, "member", map[string]string{"name": "sales_agent", "manager": "manager"}},
			{"log.csv", []string{"case:concept:name", "concept:name", "time:timestamp"}, "events", map[string]string{"case": "case:concept:name"}},
			{"商机.xlsx", []string{"商机名称", "客户名称", "负责人", "销售阶段", "金额", "报价日期"}, "opportunity", map[string]string{"stage": "销售阶段", "entered.报价": "报价日期"}},
			{"联系人.xlsx", []string{"姓名", "单位", "职务", "手机"}, "contact", map[string]string{"account": "单位"}},
			{"what.csv", []string{"a", "b"}, "opportunity", nil},
		} {
			text := strings.Join(c.header, ",") + "\n,,,机会\n"
			id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: c.name})
			if err != nil {
				t.Fatal(err)
			}
			got := p.Mapping.Files[0]
			if got.Kind != c.kind || len(p.Other) != 5 {
				t.Errorf("%s is taken for %s, %d others", c.name, got.Kind, len(p.Other))
			}
			for target, column := range c.column {
				if got.Columns[target].Column != column {
					t.Errorf("%s: %s from %q, want %q", c.name, target, got.Columns[target].Column, column)
				}
			}
		}
	})
}

// TestAPipelineThatKnowsTheFileIsTaken: a name it has for an end counts as known too, whatever the word;
// one that knows less than half of the way is not.
func TestAPipelineThatKnowsTheFileIsTaken(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db) // its pipeline has 机会, 报价, 中标, 丢单
		for stages, own := range map[string]bool{"机会 没有这个阶段 中标 丢单": false, "机会 报价 中标": false, "甲 乙 中标 丢单": true, "机会 甲 乙 丙 中标": true} {
			text := "id,name,stage\n"
			for i, s := range strings.Fields(stages) {
				text += fmt.Sprintf("%d,n%d,%s\n", i, i, s)
			}
			id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "x.csv"})
			if err != nil {
				t.Fatal(err)
			}
			if made := len(p.Mapping.Pipelines) == 1; made != own || made == (p.Mapping.Files[0].Pipeline == "投标流程") {
				t.Errorf("%s: a pipeline of its own: %v, of %s", stages, made, p.Mapping.Files[0].Pipeline)
			}
		}
	})
}

// TestOwnFieldsAreRecognised by what the company calls them, and are read as what they are.
func TestOwnFieldsAreRecognised(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, f := range []field.Field{{Record: "opportunity", Key: "budget", Label: "客户预算", Type: field.Money}, {Record: "opportunity", Key: "delivery", Label: "交付日", Type: field.Date}} {
			if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), f); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "x.csv")
		if err := os.WriteFile(path, []byte("编号,商机名称,阶段,客户预算,交付日\n1,一号,机会,约30万,13/12/2026\n2,二号,机会,5千,1/12/2026\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "x.csv"})
		if err != nil {
			t.Fatal(err)
		}
		got := p.Mapping.Files[0].Columns
		if got["custom.budget"].Column != "客户预算" || got["custom.delivery"].Column != "交付日" || got["custom.delivery"].Format != "dmy" {
			t.Fatalf("%+v", got)
		}
		if _, err := w.Intake.Import(w.Ctx, w.As("管理员"), p.Mapping, []intake.File{{Name: "x.csv", Path: path}}, false); err != nil {
			t.Fatal(err)
		}
		if n := one(t, db, `SELECT sum(number_value) FROM custom_value`); n != 30_500_000 {
			t.Errorf("budgets of %d", n)
		}
		if n := one(t, db, `SELECT count(*) FROM custom_value WHERE text_value IN ('2026-12-13', '2026-12-01')`); n != 2 {
			t.Errorf("%d days", n)
		}
	})
}
