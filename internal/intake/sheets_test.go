package intake_test

import (
	"bytes"
	"fmt"
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

// TestSheetsOfOneFormAreReadTogether: one for each month makes one pipeline of all their stages, one for each
// person gives him its deals; editions of one list without ids are not added up, and one that is stated is
// read alone.
func TestSheetsOfOneFormAreReadTogether(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		first := apptest.New(t, db)
		months := [][2]string{
			{"汇总", "月份|金额\n1月|3\n2月|7"},
			{"1月", "1月台账||\n编号|商机名称|阶段|金额(万元)\nA1|甲|接触|1\nA2|乙|方案|2"},
			{"2月", "2月台账||\n编号|商机名称|阶段|金额(万元)\nA3|丙|赢单|3\nA4|丁|谈判|4"},
		}
		people := [][2]string{
			{"王芳", "商机名称|阶段|金额\n甲|接触|1\n乙|方案|2"}, {"李娜", "商机名称|阶段|金额\n丙|谈判|3"}, {"说明", "每周更新"},
		}
		editions := [][2]string{
			{"9月", "商机名称|阶段|金额\n甲|接触|1\n乙|方案|2\n丙|方案|2"}, {"10月", "商机名称|阶段|金额\n甲|方案|1\n乙|谈判|2"},
		}
		for _, c := range []struct {
			name, stated string
			sheets       [][2]string
			want         string
		}{
			{"months", "", months, "甲/接触 乙/方案 丙/赢单 丁/谈判"}, {"a stated month", "2月", months, "丙/赢单 丁/谈判"},
			{"people", "", people, "甲/接触/王芳 乙/方案/王芳 丙/谈判/李娜"}, {"editions", "", editions, "甲/接触 乙/方案 丙/方案"},
		} {
			w := first.Another()
			admin, raw := w.As("管理员"), book(t, c.sheets)
			path := filepath.Join(t.TempDir(), "x.xlsx")
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			id, err := w.Intake.Upload(w.Ctx, admin, "", bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "x.xlsx", Sheet: c.stated})
			if err != nil {
				t.Fatal(err)
			}
			b, err := w.Intake.Import(w.Ctx, admin, p.Mapping, []intake.File{{Name: "x.xlsx", Path: path}}, false)
			if err != nil || b.Summary.Refused > 0 {
				t.Errorf("%s: %v %+v\n%s", c.name, err, b.Summary, p.YAML)
				continue
			}
			if got := strings.Join(dealsOf(t, w, b.ID), " "); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	})
}

// book is a workbook of several sheets by name and text.
func book(t *testing.T, sheets [][2]string) []byte {
	parts := gridtest.Table(sheets[0][1])
	parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], `name="S"`, `name="`+sheets[0][0]+`"`, 1)
	for i, s := range sheets[1:] {
		n := i + 2
		parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "</sheets>", fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d"/></sheets>`, s[0], n, n), 1)
		parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], "</Rel",
			fmt.Sprintf(`<Relationship Id="rId%d" Type="x/worksheet" Target="worksheets/sheet%d.xml"/></Rel`, n, n), 1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", n)] = gridtest.Table(s[1])["xl/worksheets/sheet1.xml"]
	}
	return gridtest.Zip(t, parts)
}

// dealsOf are the deals of an import: their names, stages, and owners where they have some.
func dealsOf(t *testing.T, w *apptest.World, batch string) (out []string) {
	err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT o.name, s.name, coalesce(m.name, '') FROM opportunity o JOIN stage s ON s.tenant_id = o.tenant_id AND s.id = o.stage_id
			LEFT JOIN member m ON m.tenant_id = o.tenant_id AND m.id = o.owner_id WHERE o.batch_id = $1 ORDER BY o.id`, batch)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, stage, owner string
			if err := rows.Scan(&name, &stage, &owner); err != nil {
				return err
			}
			out = append(out, strings.TrimSuffix(name+"/"+stage+"/"+owner, "/"))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
