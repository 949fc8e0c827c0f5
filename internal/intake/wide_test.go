package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/sheet"
)

// TestAWideAndLongFileComesIn: forty columns and sixty thousand rows in the long form, as CSV and as a
// workbook, with a title above and a sum below, with what was suggested and nothing said.
func TestAWideAndLongFileComesIn(t *testing.T) {
	rows := 300
	if os.Getenv("YUNCHOU_SOAK") != "" {
		rows = 60_000
	}
	for _, format := range []string{sheet.CSV, sheet.XLSX} {
		path := filepath.Join(t.TempDir(), "销售台账."+format)
		cents := wide(t, path, format, rows)
		t.Run(format, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				w.Clock.Set("2026-11-26")
				a := w.As("管理员")
				f, err := os.Open(path)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				id, err := w.Intake.Upload(w.Ctx, a, "", f)
				if err != nil {
					t.Fatal(err)
				}
				p, err := w.Intake.Look(w.Ctx, a, id, intake.Looked{Name: filepath.Base(path)})
				if err != nil || p.RowCount != int64(rows) {
					t.Fatalf("%d rows: %v", p.RowCount, err)
				}
				b, err := w.Intake.Import(w.Ctx, a, p.Mapping, []intake.File{{Name: filepath.Base(path), Path: path}}, false)
				if err != nil || b.Summary.Refused > 0 {
					t.Fatalf("%v: %s", err, b.Summary)
				}
				for query, want := range map[string]int64{
					`SELECT count(*) FROM opportunity`:                           int64(rows),
					`SELECT sum(amount_minor) FROM opportunity`:                  cents,
					`SELECT count(*) FROM opportunity WHERE state = 'won'`:       int64(rows / 6),
					`SELECT count(DISTINCT account_id) FROM opportunity`:         int64(rows / 5),
					`SELECT count(DISTINCT owner_id) FROM opportunity`:           20,
					`SELECT count(*) FROM opportunity WHERE expected_on IS NULL`: int64(rows / 3),
				} {
					if got := one(t, db, query); got != want {
						t.Errorf("%s: %d, want %d", query, got, want)
					}
				}
			})
		})
	}
}

// wide writes such a file and returns the sum of its amounts in cents.
func wide(t *testing.T, path, format string, rows int) (cents int64) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := sheet.New(f, format)
	if err != nil {
		t.Fatal(err)
	}
	put := func(cells ...any) {
		if err := w.Row(cells); err != nil {
			t.Fatal(err)
		}
	}
	stages := []string{"初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单"}
	head := []any{"商机编号", "商机名称", "客户名称", "负责人", "商机阶段", "预计金额(万元)", "创建日期", "预计成交日期", "赢率", "来源", "区域", "输单原因"}
	for len(head) < 40 {
		head = append(head, fmt.Sprintf("自定义列%d", len(head)+1))
	}
	put("2026年销售台账")
	put(head...)
	for i := range rows {
		stage := stages[i%6]
		expected, wan := "", 1+i%400
		if i%6 < 4 {
			expected = fmt.Sprintf("2026年%d月%d日", 1+i%12, 1+i%28)
		}
		cents += int64(wan) * 1_000_000
		row := []any{fmt.Sprintf("SJ%06d", i), fmt.Sprintf("项目%d期", i), fmt.Sprintf("客户%d有限公司", i%(rows/5)), "陈" + string(rune('一'+i%20)), stage, fmt.Sprint(wan),
			fmt.Sprintf("2026/%d/%d", 1+i%9, 1+i%28), expected, fmt.Sprintf("%d%%", 10*(i%10)), "展会", "华东", ""}
		for len(row) < 40 {
			row = append(row, fmt.Sprintf("备注%d", i%(7*len(row))))
		}
		put(row...)
	}
	put("合计", "", "", "", "", fmt.Sprint(cents/1_000_000))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return cents
}
