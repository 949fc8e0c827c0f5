package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/grid/gridtest"
	"yunchou/internal/intake"
)

// TestWhatIsWrongWithACellQuotesIt: by the column's name as in the file and what stands there,
// cut short; what a capability refuses likewise, with what its words need.
func TestWhatIsWrongWithACellQuotesIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if _, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-02"); err != nil {
			t.Fatal(err)
		}
		long := strings.Repeat("很长", 40)
		path := filepath.Join(t.TempDir(), "x.csv")
		text := "编号,商机 名称,客户,销售,阶段,金额(万),关闭日,信心\n" +
			"1,一号线,甲,陈露,机会,十几个亿吧,,\n" +
			"2,二号线,甲,小李,机会,10,,\n" +
			"3,三号线,甲,陈露," + long + ",10,,\n" +
			"4,四号线,甲,陈露,丢单,10,2026-13-01,\n" +
			"5,五号线,甲,陈露,中标,10,2026-02-03,130%\n" +
			"1,一号线,甲,陈露,中标,10,,\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := intake.ParseMapping([]byte(`version: 1
source: crm
files:
  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: 编号, name: {template: "{商机 名称} {编号}"}, account: 客户,
      owner: 销售, stage: 阶段, amount: {column: 金额(万), unit: "10000"}, closedOn: 关闭日, confidence: 信心}}
`))
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "x.csv", Path: path}}, false)
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, i := range list {
			got = append(got, i.Column+"|"+i.Value+"|"+i.Code)
			if i.Code == "org.member_left" && i.Params["on"] != "2026-03-02" {
				t.Errorf("%+v", i)
			}
		}
		want := []string{"金额(万)|十几个亿吧|import.bad_amount", "销售|小李|org.member_left",
			"阶段|" + strings.Repeat("很长", 19) + "很…|pipeline.stage_unknown", "关闭日|2026-13-01|import.bad_date", "信心|130%|import.bad_percent", "阶段|中标|pipeline.skip_not_allowed"}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestAnIssueNamesItsSheet, and an import the pipeline its deals went into: who comes back to the page is led there.
func TestAnIssueNamesItsSheet(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		path := filepath.Join(t.TempDir(), "台账.xlsx")
		const sheet = "xl/worksheets/sheet1.xml"
		parts := gridtest.Table("编号|商机名称|阶段|金额\n1|一号线|机会|十几个亿吧")
		parts["xl/worksheets/sheet2.xml"] = gridtest.Table("编号|商机名称|阶段|金额\n2|二号线|机会|好几万")[sheet]
		for of, text := range parts {
			text = strings.Replace(text, `<sheet name="S" sheetId="1" r:id="rId1"/>`, `<sheet name="华东" sheetId="1" r:id="rId1"/><sheet name="华南" sheetId="2" r:id="rId2"/>`, 1)
			if strings.HasSuffix(of, "workbook.xml.rels") {
				text = strings.Replace(text, "</Relationships>", `<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`, 1)
			}
			parts[of] = text
		}
		if err := os.WriteFile(path, gridtest.Zip(t, parts), 0o600); err != nil {
			t.Fatal(err)
		}
		columns := "columns: {externalId: 编号, name: 商机名称, stage: 阶段, amount: 金额}"
		for _, tt := range []struct{ files, want string }{
			{"[{match: 台账.xlsx, kind: opportunity, sheet: 华南, " + columns + "}]", "台账.xlsx|华南|2"},
			{"[{match: 台账.xlsx, kind: opportunity, sheet: 华东, " + columns + "}, {match: 台账.xlsx, kind: opportunity, sheet: 华南, " + columns + "}]",
				"台账.xlsx|华东|2 台账.xlsx|华南|2"},
		} {
			m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles: " + tt.files))
			if err != nil {
				t.Fatal(err)
			}
			b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "台账.xlsx", Path: path}}, false)
			if err != nil {
				t.Fatal(err)
			}
			list, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, i := range list {
				got = append(got, strings.Join(i.Cells()[:3], "|"))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
			for _, f := range b.Summary.Files {
				if f.Pipeline != w.Bid.PipelineID {
					t.Errorf("%s went into %q", f.Name, f.Pipeline)
				}
			}
		}
	})
}
