package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/grid/gridtest"
	"yunchou/internal/intake"
)

// TestAPreviewIsOfTheWholeFile: what first stands on line 8,302 is offered as well, with how often.
func TestAPreviewIsOfTheWholeFile(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var file strings.Builder
		file.WriteString("编号,商机名称,销售阶段,金额\n")
		for n := range 9000 {
			stage := []string{"机会", "方案"}[n%2]
			if n >= 8300 {
				stage = "已放弃"
			}
			fmt.Fprintf(&file, "K%d,项目 %d,%s,%d\n", n, n, stage, n)
		}
		id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader(file.String()))
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "a.csv"})
		if err != nil {
			t.Fatal(err)
		}
		stage, name := p.Columns[2], p.Columns[1]
		want := []intake.Value{{Value: "机会", Count: 4150}, {Value: "方案", Count: 4150}, {Value: "已放弃", Count: 700}}
		if !slices.Equal(stage.Values, want) || stage.Many || stage.Filled != 9000 || stage.Distinct != 3 {
			t.Errorf("%+v", stage)
		}
		if !name.Many || name.Filled != 9000 || len(name.Values) != 0 || p.RowCount != 9000 || len(p.Rows) != 20 || len(p.Grid) != 30 {
			t.Errorf("%+v, %d rows, %d shown, %d as they are", name, p.RowCount, len(p.Rows), len(p.Grid))
		}
	})
}

// TestAPreviewCanBeAskedAgain with what a person says, and what was said is in the mapping.
func TestAPreviewCanBeAskedAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin := w.As("管理员")
		keep := func(text string) string {
			id, err := w.Intake.Upload(w.Ctx, admin, "", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := keep("\xd6\xd0;b\n1;2\n3;4\n")
		p, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "a.csv", Encoding: "gbk", Header: 2, Separator: ";"})
		if err != nil || p.Format.Encoding != "gb18030" || p.Layout.Header != 2 || !slices.Equal(p.Header, []string{"1", "2"}) || p.RowCount != 1 ||
			p.AsideCount != 1 || p.Aside[0].Why != "title" || p.Aside[0].Text != "中 b" {
			t.Errorf("%+v %v", p, err)
		}
		if f := p.Mapping.Files[0]; f.Encoding != "gbk" || f.Header != 2 || f.Separator != ";" || !strings.Contains(p.YAML, "header: 2") {
			t.Errorf("%+v", f)
		}
		parts := gridtest.Table("客户名称|行业\n华信|机电\n明德|医疗")
		parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "</sheets>", `<sheet name="联系人" sheetId="2" r:id="rId2"/></sheets>`, 1)
		parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], "</Rel",
			`<Relationship Id="rId2" Type="x/worksheet" Target="worksheets/sheet2.xml"/></Rel`, 1)
		parts["xl/worksheets/sheet2.xml"] = gridtest.Table("姓名|单位|手机\n张三|华信|13800138000")["xl/worksheets/sheet1.xml"]
		id = keep(string(gridtest.Zip(t, parts)))
		p, err = w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "b.xlsx", Sheet: "联系人"})
		if err != nil || p.Format.Sheet != "联系人" || p.Mapping.Files[0].Kind != "contact" || p.Mapping.Files[0].Sheet != "联系人" ||
			len(p.Sheets) != 2 || p.Sheets[0].Rows != 3 || p.Sheets[1].Rows != 2 {
			t.Errorf("%+v %v", p, err)
		}
		if _, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "b.xlsx", Sheet: "没有"}); fault.CodeOf(err) != "file.sheet_unknown" {
			t.Error(err)
		}
	})
}

// TestAnImportTakesTheTableAndSaysTheRest: sums make nothing and are listed, merged customers are
// filled, several sheets of a workbook are read, and what has no place in the header is told by its
// line.
func TestAnImportTakesTheTableAndSaysTheRest(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin, dir := w.As("管理员"), t.TempDir()
		file := func(name string, raw []byte) intake.File {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			return intake.File{Name: name, Path: path}
		}
		parts := gridtest.Table("2026年客户台账|||\n行业|客户名称|地区|年产值\n机电|华信|华东|100\n|明德|华南|200|超出\n小计|||300\n\n制表人:张三|||", "A1:D1", "A3:A4")
		parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "</sheets>", `<sheet name="联系人" sheetId="2" r:id="rId2"/></sheets>`, 1)
		parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], "</Rel",
			`<Relationship Id="rId2" Type="x/worksheet" Target="worksheets/sheet2.xml"/></Rel`, 1)
		parts["xl/worksheets/sheet2.xml"] = gridtest.Table("姓名|单位|手机\n李四|华信|13800138000")["xl/worksheets/sheet1.xml"]
		m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles:\n" +
			"- {match: b.xlsx, kind: contact, sheet: 联系人, columns: {name: 姓名, account: 单位, mobile: 手机}}\n" +
			"- {match: b.xlsx, kind: account, sheet: S, columns: {name: 客户名称, industry: 行业}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Intake.Import(w.Ctx, admin, m, []intake.File{file("b.xlsx", gridtest.Zip(t, parts))}, false)
		if err != nil {
			t.Fatal(err)
		}
		sum := b.Summary
		if sum.Created["account"] != 2 || sum.Created["contact"] != 1 || sum.Rows != 3 || sum.Refused != 0 {
			t.Errorf("%+v", sum)
		}
		var of intake.FileSummary
		for _, f := range sum.Files {
			if f.Kind == "account" {
				of = f
			}
		}
		var aside []string
		for _, a := range of.Aside {
			aside = append(aside, fmt.Sprint(a.Line, a.Why))
		}
		if !slices.Contains(of.Unused, "E") { // a column without a name has a letter
			t.Errorf("unused %v", of.Unused)
		}
		if of.Layout.Header != 2 || of.AsideCount != 3 || !slices.Equal(aside, []string{"1title", "5sum", "7note"}) {
			t.Errorf("%+v", of)
		}
		m, err = intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles: [{match: '*', kind: account, columns: {name: 客户名称}}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		b, err = w.Intake.Import(w.Ctx, admin, m, []intake.File{file("c.csv", []byte("客户名称,年产值\n华信,1,234\n明德,5\n"))}, false)
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.Intake.Issues(w.Ctx, admin, b.ID, 0, 100)
		if err != nil || len(list) != 1 || list[0].Line != 2 || list[0].Code != "import.row_longer" || list[0].Value != "234" || list[0].Level != "warning" {
			t.Errorf("told %+v %v", list, err)
		}
	})
}

// TestAFileIsTheSameInWhateverItIsWritten: the same table is the same import, in whatever it is written.
func TestAFileIsTheSameInWhateverItIsWritten(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		text := "客户名称|行业|成立\n华信|机电|2020-03-02\n明德|医疗|2021-05-06"
		m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles: [{match: '*', kind: account, columns: {name: 客户名称, industry: 行业, createdOn: 成立}}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		page := "<table><tr><td>" + strings.NewReplacer("|", "</td><td>", "\n", "</td></tr><tr><td>").Replace(text) + "</td></tr></table>"
		for n, raw := range [][]byte{[]byte(strings.ReplaceAll(text, "|", ",")), gridtest.Zip(t, gridtest.Table(text)), []byte(page)} {
			path := filepath.Join(dir, fmt.Sprint(n))
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "x", Path: path}}, false)
			if err != nil {
				t.Fatal(err)
			}
			sum := b.Summary
			if sum.Rows != 2 || sum.Refused != 0 || n == 0 && sum.Created["account"] != 2 || n > 0 && sum.Created["account"] != 0 {
				t.Errorf("%d: %+v", n, sum)
			}
		}
	})
}
