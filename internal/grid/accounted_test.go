package grid_test

import (
	"strings"
	"testing"

	"yunchou/internal/grid"
	"yunchou/internal/grid/gridtest"

	"pgregory.net/rapid"
)

// TestEveryRowIsAccountedFor: whatever a sheet holds, each of its rows is of the header, of the
// table, or set aside and listed, and no cell of the table is other than it was.
func TestEveryRowIsAccountedFor(t *testing.T) {
	words := []string{"", "", "", "一期", "华信", "合计", "小计", "Total", "备注:无", "制表人:张三", "2026-03-02", "100", "200", "300", "7.5", "商机", "客户", "金额",
		"单位:万元", "K1", "K2", "以上为准。", "线索", "x"}
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.IntRange(1, 6).Draw(r, "width")
		var lines []string
		cells := map[int]string{}
		for n := range rapid.IntRange(1, 30).Draw(r, "rows") {
			row := rapid.SliceOfN(rapid.SampledFrom(words), width, width).Draw(r, "row")
			line := strings.Join(row, "|")
			if lines = append(lines, line); strings.Trim(line, "|") != "" {
				cells[n+1] = strings.TrimRight(line, "|")
			}
		}
		if len(cells) == 0 {
			return
		}
		w, err := read(t, gridtest.Zip(t, gridtest.Table(strings.Join(lines, "\n"))), grid.Stated{})
		if err != nil {
			r.Fatal(err)
		}
		if got := w.Layout.HeaderRows + len(w.Rows) + w.AsideCount; got != len(cells) {
			r.Fatalf("%d rows, %d of them accounted for: header %+v, rows %v, aside %v", len(cells), got, w.Layout, w.Lines, w.Asides)
		}
		for i, row := range w.Rows {
			if strings.TrimRight(row, "|") != cells[w.Lines[i]] {
				r.Fatalf("line %d is %q, was %q", w.Lines[i], row, cells[w.Lines[i]])
			}
		}
	})
}
